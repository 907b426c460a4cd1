"""Panel -> the order of its questions and red flags in which their lines cross little.

The barycentre heuristic of layered drawings: each side in turn is sorted by the mean place of its neighbours. Red flags
stay sorted by urgency all the while, so that the lines on to the advices never cross.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from backtriage.authoring.graph.picture import AskedNode, FlagNode, Panel

_ROUNDS = 8
_FAR = 0.5
"""How many crossings it is worth that a follow-up stands one place nearer to its question."""

Order = tuple[tuple[AskedNode, ...], tuple[FlagNode, ...]]


def find_order(panel: Panel) -> Order:
    """The questions and the red flags, each from top to bottom: the best order of a few rounds."""
    questions, flags = panel.questions, panel.red_flags
    found: list[Order] = [(questions, flags)]
    for _ in range(_ROUNDS):
        questions = _sorted_questions(questions, flags, panel)
        flags = _sorted_flags(flags, questions)
        found.append((questions, flags))
    return min(found, key=lambda find_order: _cost(find_order, panel))


def _sorted_questions(
    questions: tuple[AskedNode, ...], flags: tuple[FlagNode, ...], panel: Panel
) -> tuple[AskedNode, ...]:
    at, here = _places(flags), _places(questions)
    neighbours: dict[str, list[float]] = {question.id: [] for question in questions}
    for link in (link for flag in flags for link in flag.links):
        neighbours[link.question].append(at[link.on])
    for link in panel.follow_ups:
        neighbours[link.question].append(here[link.on])
        neighbours[link.on].append(here[link.question])
    return tuple(
        sorted(questions, key=lambda question: _mean(neighbours[question.id], here[question.id]))
    )


def _sorted_flags(
    flags: tuple[FlagNode, ...], questions: tuple[AskedNode, ...]
) -> tuple[FlagNode, ...]:
    at, here = _places(questions), _places(flags)
    groups = list(dict.fromkeys(flag.advice for flag in flags))

    def key(flag: FlagNode) -> tuple[int, float]:
        return groups.index(flag.advice), _mean(
            [at[link.question] for link in flag.links], here[flag.id]
        )

    return tuple(sorted(flags, key=key))


def _places(nodes: Sequence[AskedNode | FlagNode]) -> dict[str, float]:
    """How far down each stands, from 0 to 1, since the columns may be of different lengths."""
    return {node.id: (place + 0.5) / len(nodes) for place, node in enumerate(nodes)}


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _cost(found: Order, panel: Panel) -> float:
    questions, flags = found
    at = {question.id: place for place, question in enumerate(questions)}
    lines = [(at[link.question], place) for place, flag in enumerate(flags) for link in flag.links]
    return _crossings(lines) + _FAR * _distance(panel, at)


def _crossings(lines: Iterable[tuple[int, int]]) -> int:
    return sum(
        (one[0] - other[0]) * (one[1] - other[1]) < 0 for one, other in combinations(lines, 2)
    )


def _distance(panel: Panel, at: Mapping[str, int]) -> int:
    return sum(abs(at[link.question] - at[link.on]) - 1 for link in panel.follow_ups)
