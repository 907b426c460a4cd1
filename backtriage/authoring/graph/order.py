"""Panel -> the order of its questions and red flags in which their lines cross little.

The barycentre heuristic of layered drawings: each side in turn is sorted by the mean place of its
neighbours. Red flags stay sorted by urgency all the while, so that the lines on to the advices
never cross.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from backtriage.authoring.graph.picture import AskedNode, FlagNode, Panel

_ROUNDS = 8
_FAR = 0.5
"""How many crossings it is worth that a follow-up stands one place nearer to its question."""

Order = tuple[tuple[AskedNode, ...], tuple[FlagNode, ...]]
"""The questions and the red flags, each from top to bottom."""


def find_order(panel: Panel) -> Order:
    """The best order of a few rounds; the heuristic may come by it and go on to a worse one."""
    questions, flags = panel.questions, panel.red_flags
    tried: list[Order] = [(questions, flags)]
    for _ in range(_ROUNDS):
        questions = _sort_questions(questions, flags, panel)
        flags = _sort_flags(flags, questions)
        tried.append((questions, flags))
    return min(tried, key=lambda order: _measure_cost(order, panel))


def _sort_questions(
    questions: tuple[AskedNode, ...], flags: tuple[FlagNode, ...], panel: Panel
) -> tuple[AskedNode, ...]:
    """By the mean place of their red flags, and of the questions that they are follow-ups of."""
    at, here = _places(flags), _places(questions)
    neighbours: dict[str, list[float]] = {question.id: [] for question in questions}
    for link in (link for flag in flags for link in flag.links):
        neighbours[link.question].append(at[link.on])
    for link in panel.follow_ups:
        neighbours[link.question].append(here[link.on])
        neighbours[link.on].append(here[link.question])
    means = {name: _mean(places, here[name]) for name, places in neighbours.items()}
    return tuple(sorted(questions, key=lambda question: means[question.id]))


def _sort_flags(
    flags: tuple[FlagNode, ...], questions: tuple[AskedNode, ...]
) -> tuple[FlagNode, ...]:
    """By urgency, then by the mean place of their questions."""
    at, here = _places(questions), _places(flags)
    groups = list(dict.fromkeys(flag.advice for flag in flags))

    def key(flag: FlagNode) -> tuple[int, float]:
        mean = _mean([at[link.question] for link in flag.links], here[flag.id])
        return groups.index(flag.advice), mean

    return tuple(sorted(flags, key=key))


def _places(nodes: Sequence[AskedNode | FlagNode]) -> dict[str, float]:
    """How far down each stands, from 0 to 1, since the columns may be of different lengths."""
    return {node.id: (place + 0.5) / len(nodes) for place, node in enumerate(nodes)}


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _measure_cost(order: Order, panel: Panel) -> float:
    """How many lines cross, and how far follow-ups stand from their questions."""
    questions, flags = order
    at = {question.id: place for place, question in enumerate(questions)}
    lines = [(at[link.question], place) for place, flag in enumerate(flags) for link in flag.links]
    return _count_crossings(lines) + _FAR * _measure_distance(panel, at)


def _count_crossings(lines: Iterable[tuple[int, int]]) -> int:
    """How many of the lines, each from a place on one side to a place on the other, cross."""
    pairs = combinations(lines, 2)
    return sum((from1 - from2) * (to1 - to2) < 0 for (from1, to1), (from2, to2) in pairs)


def _measure_distance(panel: Panel, at: Mapping[str, int]) -> int:
    return sum(abs(at[link.question] - at[link.on]) - 1 for link in panel.follow_ups)
