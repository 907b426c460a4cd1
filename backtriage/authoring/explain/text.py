"""Explanations -> text for a reader: sections with nested lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from backtriage.authoring.explain.areas import AreaExplained, QuestionInShort
from backtriage.authoring.explain.definitions import DefinitionExplained
from backtriage.authoring.explain.in_short import FlagInShort
from backtriage.authoring.explain.questions import QuestionExplained
from backtriage.authoring.explain.red_flags import (
    Boundary,
    CaseUse,
    Company,
    Dependence,
    Expectations,
    RedFlagExplained,
)
from backtriage.authoring.explain.sources import SourceExplained
from backtriage.authoring.explain.suspicions import SuspicionExplained
from backtriage.authoring.explain.users import StepUser, User, Users
from backtriage.errors import make_printable
from backtriage.model import Source
from backtriage.report.layout import Phrase, lay_out_bullets, lay_out_heading, wrap_text
from backtriage.report.words import count_noun

Explanation = (
    RedFlagExplained
    | QuestionExplained
    | DefinitionExplained
    | SuspicionExplained
    | SourceExplained
    | AreaExplained
)
"""What is told of one part of a rule set."""


@dataclass(frozen=True, slots=True)
class ExplainedSection:
    """A heading with a paragraph and nested items under it; without both it is left out."""

    heading: str
    items: tuple[Phrase, ...] = ()
    paragraph: str | None = None


def render_text(explanations: Iterable[Explanation], width: int) -> str:
    """The explanations one after the other.

    In lines of at most `width` characters, where words allow that.
    """
    texts = ("\n".join(_lines(explained, width)) + "\n" for explained in explanations)
    return make_printable("\n\n".join(texts))


def _lines(explained: Explanation, width: int) -> Iterator[str]:
    yield from lay_out_heading(f"{explained.sort.capitalize()}: {explained.id}", "=", width)
    if not isinstance(explained, SuspicionExplained):
        yield f"{explained.where.file}:{explained.where.line}"
    for section in _sections(explained):
        if section.items or section.paragraph:
            yield from ("", *lay_out_heading(section.heading, "-", width))
            yield from wrap_text(section.paragraph or "", width)
            yield from lay_out_bullets(section.items, width)


def _sections(explained: Explanation) -> Iterable[ExplainedSection]:
    match explained:
        case RedFlagExplained():
            return _red_flag(explained)
        case QuestionExplained():
            return _question(explained)
        case DefinitionExplained():
            return _definition(explained)
        case SuspicionExplained():
            return _suspicion(explained)
        case SourceExplained():
            return _source(explained)
        case AreaExplained():
            return _area(explained)
        case _:
            assert_never(explained)


_WORSE = {
    "yes": "yes",
    "no": "no",
    "higher": "higher",
    "lower": "lower",
    "later": "the later options",
    None: "neither",
}
"""Which answer is the more worrying, as `Question.worse` has it -> in words."""


def _condition(heading: str, condition: Phrase) -> ExplainedSection:
    """A condition under a heading: how it combines its parts, then these."""
    return ExplainedSection(heading, condition.parts, paragraph=condition.text)


def _phrases(*texts: str | None) -> tuple[Phrase, ...]:
    return tuple(Phrase(text) for text in texts if text)


# Red flag -----------------------------------------------------------------------------------------


def _red_flag(flag: RedFlagExplained) -> Iterator[ExplainedSection]:
    suspicion = f"Suspicion {flag.suspect}: {flag.suspicion}"
    yield ExplainedSection(
        "In short", _phrases(f"Advice: {flag.urgency}", suspicion, f"Area: {flag.area}")
    )
    yield ExplainedSection("Because", paragraph=flag.because)
    yield ExplainedSection("Rationale", paragraph=flag.rationale)
    yield _condition("When it is present", flag.condition)
    yield ExplainedSection("Questions it depends on", tuple(map(_dependence, flag.questions)))
    yield ExplainedSection("Boundaries", tuple(map(_boundary, flag.boundaries)))
    yield ExplainedSection("Sources", tuple(map(_citation, flag.sources)))
    yield from _cases(flag.cases)
    yield _company(flag)


def _dependence(question: Dependence) -> Phrase:
    asked = "Asked if:" if question.asked else "Always asked."
    details = [
        Phrase(asked, (question.asked,) if question.asked else ()),
        Phrase(_not_sure(question.not_sure)),
    ]
    if not question.direct:
        details.insert(0, Phrase("Named only by when another question is asked."))
    return Phrase(f"{question.label} ({question.id})", tuple(details))


def _not_sure(counts_as: str) -> str:
    if counts_as == "refused":
        return '"Not sure" is refused.'
    return f'"Not sure" counts as: {counts_as}'


def _boundary(boundary: Boundary) -> Phrase:
    points = (
        f"{point.words}: {'holds' if point.holds else 'does not hold'}" for point in boundary.points
    )
    return Phrase(boundary.words, _phrases(*points))


def _citation(source: Source) -> Phrase:
    return Phrase(f"{source.id}: {source.citation}", _references(source))


def _references(source: Source) -> tuple[Phrase, ...]:
    doi = f"doi: {source.doi}" if source.doi else None
    pmid = f"PubMed: {source.pmid}" if source.pmid else None
    return _phrases(doi, pmid, source.url, f"Note: {source.note}" if source.note else None)


def _cases(cases: Expectations) -> Iterator[ExplainedSection]:
    yield ExplainedSection("Cases in which it must be present", tuple(map(_case, cases.findings)))
    yield ExplainedSection("Cases in which it must be absent", tuple(map(_case, cases.absent)))
    yield ExplainedSection("Cases in which it must stay open", tuple(map(_case, cases.unresolved)))
    if not (cases.findings or cases.absent or cases.unresolved):
        yield ExplainedSection("Cases", paragraph="No case names it.")


def _case(case: CaseUse) -> Phrase:
    return Phrase(f"{case.id} ({case.where}): {case.note}")


def _company(flag: RedFlagExplained) -> ExplainedSection:
    times = count_noun(flag.present_in, "case")
    if not flag.present_in:
        lead = "It is present in no case."
    elif not flag.together:
        lead = f"It is present in {times}, named there or not, and nothing else is."
    else:
        lead = f"It is present in {times}, named there or not. In these, so is:"
    companions = tuple(map(_companion, flag.together))
    return ExplainedSection("What else is present with it", companions, paragraph=lead)


def _companion(other: Company) -> Phrase:
    outranks = "; outranks it" if other.outranks else ""
    return Phrase(f"{other.id}, in {other.cases} ({other.urgency}{outranks})")


def _told_as(event: str | None, say: str | None) -> Iterator[str]:
    """How an answer is told in the safety net, and to a doctor."""
    if event is not None:
        yield f"As something that may happen: if {event}"
    if say is not None:
        yield f"As the person tells it: {say}"


# Question, definition -----------------------------------------------------------------------------


def _question(question: QuestionExplained) -> Iterator[ExplainedSection]:
    texts = _phrases(f"Label: {question.label}", *_told_as(question.event, question.say))
    yield ExplainedSection("Text", texts, question.ask)
    yield ExplainedSection("Why", paragraph=question.why)
    options = tuple(
        Phrase(f"{option.id}: {option.label}", _phrases(*_told_as(option.event, option.say)))
        for option in question.options
    )
    nature = "A symptom"
    if question.background:
        nature = "Background: it cannot change from one day to the next"
    answers = (
        Phrase(f"Kind: {question.kind} ({question.answers})", options),
        Phrase(_not_sure(question.not_sure)),
        Phrase(f"More worrying: {_WORSE[question.worse]}"),
        Phrase(nature),
    )
    yield ExplainedSection("Answers", answers)
    yield ExplainedSection("Asked once more of who is not sure", paragraph=question.check)
    yield _condition("When it is asked", question.ask_if or Phrase("Always."))
    if question.list:
        item = _phrases(f"There it is called: {question.list.item}")
        yield ExplainedSection("List", item, f"{question.list.id}: {question.list.ask}")
    yield from _users(question.users)


def _definition(definition: DefinitionExplained) -> Iterator[ExplainedSection]:
    yield _condition("What it means", definition.condition)
    yield from _users(definition.users)


def _users(users: Users) -> Iterator[ExplainedSection]:
    yield ExplainedSection("Red flags that use it", tuple(map(_user, users.red_flags)))
    yield ExplainedSection("Definitions that use it", tuple(map(_user, users.definitions)))
    asked = tuple(map(_user, users.ask_ifs))
    yield ExplainedSection("Questions that are asked, or not, because of it", asked)
    steps = tuple(map(_step, users.advice_steps))
    yield ExplainedSection("Steps of an advice that depend on it", steps)
    if not (users.red_flags or users.definitions or users.ask_ifs or users.advice_steps):
        yield ExplainedSection("What uses it", paragraph="Nothing.")


def _user(user: User) -> Phrase:
    words = f" ({user.words})" if user.words else ""
    return Phrase(f"{user.id}{words}{_through(user.through)}")


def _step(step: StepUser) -> Phrase:
    return Phrase(f"{step.advice}, {step.key}{_through(step.through)}: {step.text}")


def _through(definitions: tuple[str, ...]) -> str:
    return f", through {' and '.join(definitions)}" if definitions else ""


# Suspicion, source, area --------------------------------------------------------------------------


def _suspicion(suspicion: SuspicionExplained) -> Iterator[ExplainedSection]:
    yield ExplainedSection("In words", paragraph=suspicion.name)
    flags = tuple(map(_flag, suspicion.red_flags))
    yield ExplainedSection("Red flags, the most urgent first", flags)


def _source(source: SourceExplained) -> Iterator[ExplainedSection]:
    yield ExplainedSection("Citation", _references(source.source), source.source.citation)
    yield ExplainedSection("Red flags that cite it", tuple(map(_flag, source.red_flags)))
    if source.emergency_numbers:
        yield ExplainedSection("Emergency numbers", paragraph="The emergency numbers cite it too.")


def _area(area: AreaExplained) -> Iterator[ExplainedSection]:
    yield ExplainedSection("Title", paragraph=area.title)
    questions = tuple(map(_question_in_short, area.questions))
    yield ExplainedSection("Questions, in the order of asking", questions)
    yield ExplainedSection("Definitions", _phrases(*area.definitions))
    yield ExplainedSection("Red flags", tuple(map(_flag, area.red_flags)))


def _question_in_short(question: QuestionInShort) -> Phrase:
    details = [question.id]
    if question.follow_up:
        details.append("follow-up")
    if question.list:
        details.append(f"list {question.list}")
    return Phrase(f"{question.label} ({', '.join(details)})")


def _flag(flag: FlagInShort) -> Phrase:
    return Phrase(f"{flag.id} ({flag.urgency}): {flag.because}")
