"""(Draft, Rules) -> questions, or whole areas, that wait for what is asked later."""

from collections.abc import Iterator, Mapping, Sequence

from backtriage.condition_parts import list_comparisons
from backtriage.errors import Issue
from backtriage.loader.drafts import Draft
from backtriage.loader.yaml_nodes import get_place
from backtriage.model import Question, Rules, YesNo


def check_order(draft: Draft, rules: Rules, issues: list[Issue]) -> None:
    """An `ask_if` may only wait for questions asked before.

    A later answer must not unmake one that was given. Where several wait in vain because one area
    is out of its place, that alone is told.
    """
    later = dict(_find_later(rules))
    area_of = {name: area.id for name, area in rules.area_of.items()}
    across = [
        (area_of[question], area_of[other])
        for question, others in later.items()
        for other in others
        if area_of[question] != area_of[other]
    ]
    moved = _find_move(rules, area_of) if len(across) > 1 else None
    if moved is not None:
        issues.append(_explain_move(draft, rules, *moved))
        later = {
            question: others
            for question, others in later.items()
            if any(area_of[question] == area_of[other] for other in others)
        }
    places = {
        shape.id: get_place(node, "ask_if")
        for area in draft.areas
        for node, shape in area.questions
    }
    for question, others in later.items():
        message = f"this waits for a question that is asked later: {', '.join(others)}"
        suggestion = "move it behind that question"
        issues.append(places[question].build_issue("waits-for-later", message, suggestion))


def _find_later(rules: Rules) -> Iterator[tuple[str, list[str]]]:
    """Each question that waits for others that are asked later, and these."""
    asked: set[str] = set()
    asked_before_list: dict[str, set[str]] = {}
    for question in rules.questions.values():
        before = asked
        if isinstance(question, YesNo) and question.list:  # a list is asked at its first item
            before = asked_before_list.setdefault(question.list, set(asked))
        if later := sorted(_find_awaited(question, rules) - before):
            yield question.id, later
        asked.add(question.id)


def _find_awaited(question: Question, rules: Rules) -> set[str]:
    """The questions that a question waits for."""
    if question.ask_if is None:
        return set()
    comparisons = list_comparisons(question.ask_if, rules.definitions)
    return {comparison.question for comparison in comparisons}


def _find_move(rules: Rules, area_of: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """An area, and the order of all with this one moved as little as may be, in which none waits.

    None if moving one area is not enough.
    """
    needs = {
        (area_of[question.id], area_of[other])
        for area in rules.areas
        for question in area.questions
        for other in _find_awaited(question, rules)
    }
    order = [area.id for area in rules.areas]
    moves = (
        (abs(place - order.index(area)), area, _move(order, area, place))
        for area in order
        for place in range(len(order))
    )
    sound = [move for move in moves if _keeps(move[2], needs)]
    if not sound:
        return None
    _, area, moved = min(sound)
    return area, moved


def _move(order: Sequence[str], area: str, place: int) -> list[str]:
    others = [other for other in order if other != area]
    return [*others[:place], area, *others[place:]]


def _keeps(order: Sequence[str], needs: set[tuple[str, str]]) -> bool:
    """Whether no area stands in front of one that it needs."""
    return all(order.index(needed) <= order.index(waiting) for waiting, needed in needs)


def _explain_move(draft: Draft, rules: Rules, area: str, moved: Sequence[str]) -> Issue:
    """The issue for an area that should stand elsewhere, at its place in ruleset.yaml."""
    old, new = [one.id for one in rules.areas].index(area), moved.index(area)
    if new < old:
        message = f'"{area}" stands too late: questions of areas before it wait for its own'
        suggestion = f'move it in front of "{moved[new + 1]}"'
    else:
        message = f'"{area}" stands too early: its questions wait for those of areas behind it'
        suggestion = f'move it behind "{moved[new - 1]}"'
    place = get_place(draft.nodes["ruleset"], "areas", old)
    return place.build_issue("waits-for-later", message, suggestion)
