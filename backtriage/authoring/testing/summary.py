"""Tested -> text for a reader, or JSON: what holds, what fails and why, what no case tests."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from backtriage.authoring.case_outcomes import Failure
from backtriage.authoring.testing import Tested
from backtriage.authoring.testing.mutation import MutationScore, Survivor
from backtriage.conditions import Facts
from backtriage.errors import make_printable
from backtriage.loader.authored import Part
from backtriage.loader.condition_writer import write_condition
from backtriage.model import Answers, RuleSet
from backtriage.report.layout import wrap_text
from backtriage.report.words import describe_patient, describe_urgency_in_brief
from backtriage.status import Status
from backtriage.strict_json import write_json

MOST_FAILURES = 10
"""So many cases that fail are shown as text."""


# Text ---------------------------------------------------------------------------------------------


def render_text(tested: Tested, width: int) -> str:
    """What came of it, in lines of at most `width` characters where words allow that."""
    texts = [*_cases(tested)]
    if tested.cases:
        texts += [*_red_flags(tested), *_legs(tested), *_mutants(tested)]
    lines = [line for text in texts for line in _wrap(text, width)]
    return make_printable("".join(f"{line}\n" for line in lines))


def _wrap(text: str, width: int) -> list[str]:
    """The lines of a text, as far in as it is; the name of a file stays whole."""
    indent = text[: len(text) - len(text.lstrip())]
    further = f"{indent}  " if indent else ""
    return wrap_text(text, width, further) or [""]


def _cases(tested: Tested) -> Iterator[str]:
    failed = len(tested.failures)
    if not tested.cases:
        folder = tested.authored.folder / "cases"
        yield f"There are no cases in {folder}, so nothing of this rule set is tested."
        return
    yield f"Cases: {tested.cases - failed} of {tested.cases} hold."
    yield from _common_reason(tested)
    for failure in tested.failures[:MOST_FAILURES]:
        case = failure.case
        yield ""
        yield f"{case.file}:{case.line}: case {case.id}"
        yield f"  {case.note}"
        yield from (f"  Difference: {difference}" for difference in failure.differences)
        yield from (f"  Why: {why}" for why in failure.why)
        yield f"  Answers: {describe_patient(tested.authored.rule_set, case.answers.values)}"
    if failed > MOST_FAILURES:
        yield ""
        yield f"and {failed - MOST_FAILURES} more; --format json has them all"
    if failed:
        yield ""


def _common_reason(tested: Tested) -> Iterator[str]:
    """What keeps many cases from holding at once: a new question that nobody there has answered."""
    waiting = Counter(flag for failure in tested.failures for flag in failure.waiting)
    for flag, times in waiting.most_common(1):
        if times > 1:
            waited_for = [failure.waiting.get(flag, ()) for failure in tested.failures]
            questions = dict.fromkeys(question for names in waited_for for question in names)
            yield (
                f"In {times} of the others the red flag {flag} is open, "
                f"as {', '.join(questions)} is not answered. "
                "Unknown is never no: add the answer to the patients of cases/patients.yaml."
            )


def _red_flags(tested: Tested) -> Iterator[str]:
    flags, missing = len(tested.authored.rule_set.red_flags), tested.coverage.never_named
    yield f"Red flags: {flags - len(missing)} of {flags} are wanted by a case."
    for flag in missing:
        yield f"{_place(tested, ('red flag', flag))}: no case wants it to be found"


def _legs(tested: Tested) -> Iterator[str]:
    legs, idle = len(tested.coverage.legs), tested.coverage.never_decisive
    yield f"Legs of conditions: {legs - len(idle)} of {legs} decide in a case."
    for part, group in groupby(idle, key=lambda leg: leg.part):
        yield f"{_place(tested, part)}: never decided"
        for leg in group:
            yield f"  {write_condition(leg.condition, tested.authored.rule_set)}"


def _mutants(tested: Tested) -> Iterator[str]:
    score = tested.score
    if score is None:
        return
    equivalent = len(score.survivors) - len(score.unexplained)
    telling = score.tried - equivalent
    share = score.noticed * 100 // max(telling, 1)  # rounded down: only all of them are 100
    are = "more is" if equivalent == 1 else "more are"
    same = f" {equivalent} {are} like the rule set, whatever the answers." if equivalent else ""
    yield f"Mutants: {score.noticed} of {telling} are noticed by a case ({share}%).{same}"
    for part, group in groupby(score.unexplained, key=lambda survivor: survivor.mutant.part):
        yield f"{_place(tested, part)}: not noticed"
        for survivor in group:
            yield f"  {survivor.mutant.change}"
            yield from _patient(tested.authored.rule_set, survivor)


def _patient(rule_set: RuleSet, survivor: Survivor) -> Iterator[str]:
    """Who could notice a mistake, and by what."""
    if survivor.patient is not None:
        before = _describe_outcome(rule_set, survivor.patient)
        after = _describe_outcome(survivor.mutant.rule_set, survivor.patient)
        yield f"    in: {describe_patient(rule_set, survivor.patient.values)}"
        yield f"    {before}; with the mistake {after}"


def _describe_outcome(rule_set: RuleSet, patient: Answers) -> str:
    """What comes out for a patient: the urgency, and the red flags."""
    status = Status.of(rule_set.red_flags.values(), Facts(rule_set, patient))
    low = describe_urgency_in_brief(status.at_least)
    high = describe_urgency_in_brief(status.at_most)
    urgency = low if low == high else f"{low} to {high}"
    present = ", ".join(flag.id for flag in status.present) or "none"
    unresolved = ", ".join(flag.id for flag in status.open) or "none"
    return f"{urgency} (present: {present}; unresolved: {unresolved})"


def _place(tested: Tested, part: Part) -> str:
    """Where a part stands, and what it is."""
    place = tested.authored.places[part]
    return f"{place.file}:{place.line}: {' '.join(part)}"


# JSON ---------------------------------------------------------------------------------------------


def render_json(tested: Tested) -> str:
    """What came of it as one JSON object, every failure and survivor in it."""
    rule_set, coverage = tested.authored.rule_set, tested.coverage
    data = {
        "holds": tested.holds,
        "cases": tested.cases,
        "failures": [_failure(failure) for failure in tested.failures],
        "red_flags": len(rule_set.red_flags),
        "never_named": [_where(tested, ("red flag", flag)) for flag in coverage.never_named],
        "legs": len(coverage.legs),
        "never_decisive": [
            _where(tested, leg.part) | {"leg": write_condition(leg.condition, rule_set)}
            for leg in coverage.never_decisive
        ],
        "mutation": _mutation(tested, tested.score) if tested.score is not None else None,
    }
    return write_json(data, indent=2) + "\n"


def _failure(failure: Failure) -> dict[str, Any]:
    case = failure.case
    return {
        "id": case.id,
        "file": case.file,
        "line": case.line,
        "note": case.note,
        "answers": dict(case.answers.values),
        "differences": failure.differences,
        "why": failure.why,
    }


def _mutation(tested: Tested, score: MutationScore) -> dict[str, Any]:
    survivors = [
        _where(tested, survivor.mutant.part)
        | {
            "kind": survivor.mutant.kind,
            "change": survivor.mutant.change,
            "verdict": survivor.verdict,
            "patient": dict(survivor.patient.values) if survivor.patient is not None else None,
        }
        for survivor in score.survivors
    ]
    return {"tried": score.tried, "noticed": score.noticed, "survivors": survivors}


def _where(tested: Tested, part: Part) -> dict[str, Any]:
    place, (sort, name) = tested.authored.places[part], part
    return {"part": {"sort": sort, "id": name}, "file": place.file, "line": place.line}
