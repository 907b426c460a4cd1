"""Packages that only some commands need -> the same, or an error that says how to get them."""

from importlib.util import find_spec

from backtriage.errors import Issue, MissingExtra


def require(extra: str, *modules: str) -> None:
    """Raise MissingExtra unless the modules that an extra of the package brings are installed."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        message = f"this needs {' and '.join(missing)}, which the extra {extra} brings"
        raise MissingExtra([Issue(code="missing-extra", message=message, suggestion=how_to_install(extra))])


def how_to_install(extra: str) -> str:
    """The command that installs an extra."""
    return f"install it with: pip install 'backtriage[{extra}]'"
