"""A text in another language -> how hard it is to read, by a formula that was made for that one.

German: the first Wiener Sachtextformel, in years of school. Spanish: Fernandez Huerta's reading
ease, of 100. Syllables are the parts in which a word may be hyphenated.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import pyphen

FEWEST_WORDS = 12
"""So many words must a text have to be measured."""

_SENTENCE_END = re.compile(r"[.?!:;]+(?:\s|$)|\n")
_WORD = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Ease:
    """What a formula gives for a text, and how far it may go.

    `limits` are for what is asked and for what is told; `is_ease` where more is easier.
    """

    formula: str
    value: float
    limits: tuple[float, float]
    is_ease: bool

    def is_easy(self, *, asked: bool) -> bool:
        """Whether the text is as easy as it should be."""
        limit = self.limits[0 if asked else 1]
        return self.value >= limit if self.is_ease else self.value <= limit

    def describe(self) -> str:
        """The value in words."""
        return f"{self.formula} gives {self.value:.1f}"


def has_formula(language: str) -> bool:
    """Whether there is a formula for a language."""
    return language.partition("_")[0] in _FORMULAS


def measure_ease(text: str, language: str) -> Ease | None:
    """How hard a text is to read; None where it is short, or there is no formula."""
    base = language.partition("_")[0]
    words = _WORD.findall(text)
    if not has_formula(language) or len(words) < FEWEST_WORDS:
        return None
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    return _FORMULAS[base](words, len(sentences), _count_syllables(words, base))


def _measure_german(words: Sequence[str], sentences: int, syllables: Sequence[int]) -> Ease:
    share = 100 / len(words)
    long_words = share * sum(count >= 3 for count in syllables)
    many_letters = share * sum(len(word) > 6 for word in words)
    short_words = share * sum(count == 1 for count in syllables)
    length = len(words) / sentences
    value = (
        0.1935 * long_words + 0.1672 * length + 0.1297 * many_letters - 0.0327 * short_words - 0.875
    )
    return Ease("the Wiener Sachtextformel", value, (8, 10), is_ease=False)


def _measure_spanish(words: Sequence[str], sentences: int, syllables: Sequence[int]) -> Ease:
    value = 206.84 - 60 * sum(syllables) / len(words) - 1.02 * len(words) / sentences
    return Ease("Fernandez Huerta's formula", value, (70, 60), is_ease=True)


_FORMULAS: dict[str, Callable[[Sequence[str], int, Sequence[int]], Ease]] = {
    "de": _measure_german,
    "es": _measure_spanish,
}


@cache
def _get_hyphens(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang={"de": "de_DE", "es": "es"}[language], left=1, right=1)


def _count_syllables(words: Sequence[str], language: str) -> list[int]:
    hyphens = _get_hyphens(language)
    return [len(hyphens.inserted(word).split("-")) for word in words]
