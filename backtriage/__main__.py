"""`python -m backtriage`, and the `backtriage` command."""

import signal
import sys

from backtriage.exit_codes import ExitCode


def main() -> None:
    """Run the command line."""
    # typer alone would take as long to import as this may take in all
    if sys.argv[1:] in (["--version"], ["-V"]):
        from backtriage._version import __version__

        print(f"backtriage {__version__}")
        return
    try:
        from backtriage.cli import run

        code = run()
        # all is done, and only the exit code could still be lost
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(code)
    except KeyboardInterrupt:  # while the modules are still being imported
        sys.exit(ExitCode.BROKEN_OFF)


if __name__ == "__main__":
    main()
