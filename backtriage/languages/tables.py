"""A language -> how days, numbers and quantities are written in it, out of Unicode's CLDR by Babel.

Only when the package is built, and for authors: what comes out is kept as data.
"""

import re
from gettext import c2py
from typing import Any

from babel.core import Locale
from babel.dates import get_date_format
from babel.messages.catalog import Catalog
from babel.units import format_unit

_UNITS = {
    "minute": "duration-minute",
    "hour": "duration-hour",
    "day": "duration-day",
    "week": "duration-week",
    "month": "duration-month",
    "year": "duration-year",
}
"""Those whose names are words; all others are signs, or words that are asked for in English."""

_NUMBERS = 300
_FIELDS = {"EEEE": "{weekday}", "d": "{day}", "MMMM": "{month}", "y": "{year}"}
_KEEP_CAPITALS = ("de", "lb")
"""Languages whose nouns begin with a capital wherever they stand."""


def build_tables(language: str) -> dict[str, Any]:
    """The fields of `language.Language` that need no translator."""
    locale = Locale.parse(language)
    weekdays, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    forms = build_forms(Catalog(locale=language))
    return {
        "code": language,
        "name": locale.get_display_name() or language,
        "is_rtl": locale.text_direction == "rtl",
        "keeps_capitals": locale.language in _KEEP_CAPITALS,
        "decimal": locale.number_symbols["latn"]["decimal"],
        "day": _build_day(get_date_format("full", locale).pattern),
        "weekdays": [weekdays[day] for day in range(7)],
        "months": [months[month] for month in range(1, 13)],
        "forms": forms,
        "quantities": {
            unit: [_build_quantity(number, name, locale) for number in _choose_samples(forms)]
            for unit, name in _UNITS.items()
        },
    }


def build_forms(catalog: Catalog) -> str:
    """The place of the plural form for each number from 0 on, as the head of a catalogue says."""
    choose = c2py(catalog.plural_expr)
    return "".join(str(choose(number)) for number in range(_NUMBERS))


def _choose_samples(forms: str) -> list[float]:
    """For each plural form a number that has it; a fraction for one of millions alone."""
    most = int(max(forms))
    return [forms.index(str(form)) if str(form) in forms else 0.5 for form in range(most + 1)]


def _build_quantity(number: float, unit: str, locale: Locale) -> str:
    """So many of a unit in words, with a place for the number: "{number} Tage"."""
    written = format_unit(number, unit, length="long", locale=locale, numbering_system="latn")
    return re.sub(r"[\d.,]*\d", "{number}", written, count=1)


def _build_day(pattern: str) -> str:
    """A pattern such as "EEEE, d 'de' MMMM" with names in braces; what is quoted is a word."""
    pieces = re.findall(r"'[^']*'|[A-Za-z]+|[^A-Za-z']+", pattern)
    return "".join(_FIELDS.get(piece, piece.strip("'")) for piece in pieces)
