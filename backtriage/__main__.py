"""`python -m backtriage`, and the `backtriage` command."""

import signal
import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == [
        "--version"
    ]:  # typer alone would take as long to import as this may take in all
        from backtriage._version import __version__

        print(f"backtriage {__version__}")
        return
    try:
        from backtriage.cli import run

        code = run()
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # all is done, and only the exit code could still be lost
        sys.exit(code)
    except KeyboardInterrupt:  # while the modules are still being imported
        sys.exit(130)


if __name__ == "__main__":
    main()
