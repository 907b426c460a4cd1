"""Two rule sets -> the texts that are in both and read otherwise; none of it changes who gets which urgency."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import AdviceStep, Choice, RuleSet


@dataclass(frozen=True, slots=True)
class Rewording:
    """A text, by the part it belongs to and what it is there, as it was and as it is."""

    where: str
    old: str
    new: str


def find_rewordings(old: RuleSet, new: RuleSet) -> Iterator[Rewording]:
    """The texts that have changed, in the order of the new rule set."""
    before = dict(_texts(old))
    for where, text in _texts(new):
        if where in before and before[where] != text:
            yield Rewording(where, before[where], text)


def _texts(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    yield "rule set: title", rule_set.title
    yield "rule set: scope", rule_set.scope
    yield "rule set: limits", "\n".join(rule_set.limits)
    for name, suspicion in rule_set.suspicions.items():
        yield f"suspicion {name}", suspicion
    for area in rule_set.areas:
        yield f"area {area.id}: title", area.title
    yield from _of_questions(rule_set)
    for entry in rule_set.lists.values():
        yield f"list {entry.id}: ask", entry.ask
        yield f"list {entry.id}: why", entry.why
    for flag in rule_set.red_flags.values():
        yield f"red flag {flag.id}: because", flag.because
        yield f"red flag {flag.id}: rationale", flag.rationale or ""
        yield f"red flag {flag.id}: suspect", flag.suspect
        yield f"red flag {flag.id}: sources", ", ".join(flag.sources)
    yield from _of_advice(rule_set)
    for source in rule_set.sources.values():
        found = (source.citation, source.doi, source.pmid, source.url, source.note)
        yield f"source {source.id}", " ".join(str(part) for part in found if part is not None)


def _of_questions(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    for question in rule_set.questions.values():
        where = f"question {question.id}"
        yield f"{where}: label", question.label
        yield f"{where}: ask", question.ask
        yield f"{where}: why", question.why
        if isinstance(question, Choice):
            yield from (
                (f"{where}: option {option.id}", option.label) for option in question.options
            )


def _of_advice(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    for name, text in rule_set.advice.items():
        yield f"advice {name}: title", text.title
        yield f"advice {name}: lead", text.lead
        yield f"advice {name}: say", text.say or ""
        yield f"advice {name}: steps", _steps(text.steps)
        yield (
            f"advice {name}: parts",
            "\n".join(f"{part.title}:\n{_steps(part.steps)}" for part in text.parts),
        )
        nets = (f"{net.within_days} days: {net.text}" for net in text.safety_net)
        yield f"advice {name}: safety_net", "\n".join(nets)


def _steps(steps: tuple[AdviceStep, ...]) -> str:
    """The steps as they stand, each with its conditions, which bear on the advice but not on the urgency."""
    lines = []
    for step in steps:
        conditions = {"when": step.when, "unless": step.unless}
        given = {
            key: build_condition_data(condition)
            for key, condition in conditions.items()
            if condition
        }
        lines.append(f"- {step.text}{f' {json.dumps(given)}' if given else ''}")
    return "\n".join(lines)
