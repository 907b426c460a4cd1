"""A raw value, as it was given -> how it is quoted in a message, and what kind of value it is."""

from collections.abc import Callable, Mapping

from backtriage.errors import shorten

_LITERALS: dict[object, str] = {True: "true", False: "false", None: "null"}


def quote_value(given: object) -> str:
    """A value as it would stand in JSON, shortened."""
    if isinstance(given, str):
        return f'"{shorten(given)}"'
    if isinstance(given, bool) or given is None:
        return _LITERALS[given]
    return shorten(_as_text(given)) if isinstance(given, int | float) else name_kind(given)


def _as_text(number: float) -> str:
    try:
        return str(number)
    except ValueError:  # Python refuses to print integers of thousands of digits
        return "a number with too many digits"


_KINDS: tuple[tuple[Callable[[object], bool], str], ...] = (
    (lambda raw: raw is None, "null"),
    (lambda raw: isinstance(raw, bool), "true or false"),
    (lambda raw: isinstance(raw, int | float), "a number"),
    (lambda raw: isinstance(raw, str), "a text"),
    (lambda raw: isinstance(raw, Mapping), "an object"),
    (lambda raw: isinstance(raw, list | tuple), "a list"),
)
"""The first that fits: a bool is an int too."""


def name_kind(raw: object) -> str:
    """What a value is, with its article: "a text", "an object"."""
    return next((name for fits, name in _KINDS if fits(raw)), f"a Python {type(raw).__name__}")
