"""`python -m backtriage`, and the `backtriage` command."""

import gc
import signal
import sys

from backtriage.exit_codes import ExitCode


def main() -> None:
    """Run the command line."""
    # what is imported stays to the end; to look for garbage in it takes a seventh of a start
    gc.disable()
    try:
        # typer alone would take as long to import as this may take in all
        if sys.argv[1:] in (["--version"], ["-V"]):
            code: int = _show_version()
        else:
            from backtriage.cli import run

            gc.freeze()
            gc.enable()
            code = run()
        gc.freeze()  # so that the interpreter does not look there either, before it ends
        # all is done, and only the exit code could still be lost
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(code)
    except KeyboardInterrupt:  # while the modules are still being imported
        sys.exit(ExitCode.BROKEN_OFF)


def _show_version() -> ExitCode:
    """Show the version, and give the exit code."""
    from backtriage._version import __version__
    from backtriage.streams import open_streams, tell_stream_failed

    if not open_streams():
        return ExitCode.FILE
    try:
        print(f"backtriage {__version__}", flush=True)
    except OSError as error:
        return tell_stream_failed(error)
    return ExitCode.FINE


if __name__ == "__main__":
    main()
