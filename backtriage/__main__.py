"""`python -m backtriage`, and the `backtriage` command."""

import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:  # typer alone would take as long to import as this may take in all
        from backtriage._version import __version__

        print(f"backtriage {__version__}")
        return
    try:
        from backtriage.cli import run

        sys.exit(run())
    except KeyboardInterrupt:  # while the modules are still being imported
        sys.exit(130)


if __name__ == "__main__":
    main()
