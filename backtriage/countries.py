"""What somebody calls a country -> the country, and the number to call there."""

from collections.abc import Iterator
from difflib import get_close_matches

from backtriage.answer_words import normalize
from backtriage.language import say
from backtriage.model import Country, EmergencyNumbers

_LONGEST_NAME = 64
"""A longer text is near no name."""
_NEAR_ENOUGH = 0.8
"""Where a letter or two are wrong; below that are other countries, and places of stories."""


def find_country(numbers: EmergencyNumbers, text: str) -> Country | None:
    """The country that a text names: by its code, its name or another one; None if it is none."""
    wanted = _simplify(text)
    for code, country in numbers.countries.items():
        if wanted in {_simplify(name) for name in _list_names(code, country)}:
            return country
    return None


def suggest_country(numbers: EmergencyNumbers, text: str) -> str:
    """What to write for a text that names no country of the list."""
    names = {
        _simplify(name): (code, country.name)
        for code, country in numbers.countries.items()
        for name in _list_names(code, country)
        if len(name) > len(code)
    }
    is_short = len(text) <= _LONGEST_NAME
    near = is_short and get_close_matches(_simplify(text), names, n=1, cutoff=_NEAR_ENOUGH)
    if not near:
        return say("write its name, or two letters as in GB")
    code, name = names[near[0]]
    return say("did you mean {code} for {country}?", code=code, country=name)


def _list_names(code: str, country: Country) -> Iterator[str]:
    yield from (code, country.name, *country.also)


def _simplify(name: str) -> str:
    """A name as it is compared: without case, full stops and the article."""
    return normalize(name).replace(".", "").removeprefix("the ")
