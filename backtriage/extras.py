"""Packages that only some commands need -> the same, or an error that says how to get them."""

from importlib.util import find_spec

from backtriage.errors import Issue, MissingExtra


def require(extra: str, *modules: str) -> None:
    """Raise MissingExtra unless the modules that an extra of the package brings are installed."""
    if is_missing(*modules):
        message = f"this needs {' and '.join(modules)}, which the extra {extra} brings"
        raise MissingExtra(
            [Issue(code="missing-extra", message=message, suggestion=describe_installation(extra))]
        )


def is_missing(*modules: str) -> bool:
    """Whether one of the modules is not installed."""
    return any(find_spec(module) is None for module in modules)


def describe_installation(extra: str) -> str:
    """The command that installs an extra."""
    return (
        f"install it with: pip install 'backtriage[{extra}]' (in a clone: pip install '.[{extra}]')"
    )
