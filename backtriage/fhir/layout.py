"""RuleSet -> the groups of its form, in which the questions stand as they are asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from backtriage.fhir.names import OPENING, WHY
from backtriage.model import AnyOf, Area, Condition, Question, RuleSet
from backtriage.steps import list_steps


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading; `link_id` is unlike the id of any question.

    The heading of a list is why it is asked: how it is asked is meant for a single prompt ("type
    all their numbers"), while in a form each of its questions stands in full.
    """

    link_id: str
    text: str
    of: tuple["Group | Question", ...]


def build_groups(rule_set: RuleSet) -> tuple[Group, ...]:
    """A group for each area that has questions, with the lists in it as groups of their own."""
    return tuple(_of_area(rule_set, area) for area in rule_set.areas if area.questions)


def _of_area(rule_set: RuleSet, area: Area) -> Group:
    parts: list[Group | Question] = []
    for step in list_steps(rule_set, [question.id for question in area.questions]):
        if step.list is None:
            parts += step.questions
        else:
            listed = Group(f"list.{step.list.id}", step.list.why, step.questions)
            parts.append(listed)
    return Group(f"area.{area.id}", area.title, tuple(parts))


def list_members(group: Group) -> Iterator[Question]:
    """All questions of a group, also those of groups in it."""
    return (part for part, _ in _walk(group.of, ()) if not isinstance(part, Group))


def find_ask_if(group: Group) -> Condition | None:
    """When a group has anything to ask; None where it always does."""
    conditions = [question.ask_if for question in list_members(group)]
    known = [condition for condition in conditions if condition is not None]
    if len(known) < len(conditions):
        return None
    distinct = tuple(dict.fromkeys(known))
    return distinct[0] if len(distinct) == 1 else AnyOf(distinct)


@lru_cache(maxsize=8)  # of many patients each form is read with it
def find_places(rule_set: RuleSet) -> Mapping[str, tuple[str, ...]]:
    """For each group and question, by linkId, the linkIds of the groups that it stands in."""
    return {
        part.link_id if isinstance(part, Group) else part.id: above
        for part, above in _walk(build_groups(rule_set), ())
    }


def _walk(
    parts: Iterable[Group | Question], above: tuple[str, ...]
) -> Iterator[tuple[Group | Question, tuple[str, ...]]]:
    """These and all in them, each with the linkIds of the groups that it stands in."""
    for part in parts:
        yield part, above
        if isinstance(part, Group):
            yield from _walk(part.of, (*above, part.link_id))


@lru_cache(maxsize=8)
def find_displayed(rule_set: RuleSet) -> Mapping[str, tuple[str, ...]]:
    """The same for the items that are only shown: the opening, and in each question why it is
    asked.
    """
    opening = {f"{OPENING}{place}": () for place in range(1, len(rule_set.opening) + 2)}
    places = find_places(rule_set)
    return opening | {f"{WHY}{name}": (*places[name], name) for name in rule_set.questions}


@lru_cache(maxsize=8)
def find_group_texts(rule_set: RuleSet) -> Mapping[str, str]:
    """The text of each group, by its linkId."""
    walked = _walk(build_groups(rule_set), ())
    return {part.link_id: part.text for part, _ in walked if isinstance(part, Group)}
