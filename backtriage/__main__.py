"""`python -m backtriage`, and the `backtriage` command."""

import gc
import os
import signal
import sys

from backtriage.exit_codes import ExitCode


def main() -> None:
    """Run the command line."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    # what is imported stays to the end; to look for garbage in it takes a seventh of a start
    gc.disable()
    try:
        # typer alone would take as long to import as this may take in all
        if sys.argv[1:] in (["--version"], ["-V"]):
            code: int = _show_version()
        else:
            from backtriage.cli import run

            code = run(_begin)
        gc.freeze()  # so that the interpreter does not look there either, before it ends
        # all is done, and only the exit code could still be lost
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(code)
    except KeyboardInterrupt:  # where no command has begun yet
        sys.exit(ExitCode.BROKEN_OFF)


def _begin() -> None:
    """Do what belongs between the imports and the command."""
    gc.freeze()
    gc.enable()
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(*_: object) -> None:
    """End at once, where there is nothing yet to clean up.

    An exception in the middle of an import may be lost, or be taken for an error of a library.
    """
    os._exit(ExitCode.BROKEN_OFF)


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
