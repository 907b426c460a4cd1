"""(RuleSet, what was counted of one way to decide) -> how well it fits what is right: shares."""

from collections import Counter

from backtriage.model import ADVICES, AdviceId, RuleSet
from backtriage.study.evaluate.counting import Changes, Matrix, Suspected, WayCounts
from backtriage.study.evaluate.missed import count_levels
from backtriage.study.evaluate.results import Accuracy, Moves, Score
from backtriage.study.evaluate.tallies import NOBODY, Tally, add_up, estimate_tallied_share


def score_counts(name: str, rule_set: RuleSet, counts: WayCounts) -> Score:
    """How well one way to decide does; `name` is that of the way."""
    settled: dict[int, Tally] = {}
    for (expected, advice), tally in counts.matrix.items():
        if advice is not None:
            levels = count_levels(expected, advice)
            settled[levels] = settled.get(levels, NOBODY) + tally
    of, everybody = add_up(settled.values()), add_up(counts.matrix.values())
    still_open = add_up(counts.matrix.get((expected, None), NOBODY) for expected in ADVICES)
    shares = {
        levels: estimate_tallied_share(settled.get(levels, NOBODY), of) for levels in range(-2, 3)
    }
    some = {key: tally for key, tally in counts.matrix.items() if tally.people}
    return Score(
        name=name,
        matrix={key: tally.people for key, tally in some.items()},
        weights={key: tally.weight for key, tally in some.items()},
        unsettled=estimate_tallied_share(still_open, everybody),
        exact=shares[0],
        under_by_one=shares[1],
        under_by_two=shares[2],
        over_by_one=shares[-1],
        over_by_two=shares[-2],
        by_advice={advice: _score_advice(advice, counts.matrix) for advice in reversed(ADVICES)},
        by_suspicion={
            suspicion: accuracy
            for suspicion in rule_set.suspicions
            if (accuracy := _score_suspicion(suspicion, counts.suspected)) is not None
        },
    )


def _score_advice(advice: AdviceId, matrix: Matrix) -> Accuracy:
    cells: dict[tuple[bool, bool | None], Tally] = {}
    for (expected, given), tally in matrix.items():
        key = expected == advice, None if given is None else given == advice
        cells[key] = cells.get(key, NOBODY) + tally
    return _build_accuracy(cells)


def _score_suspicion(suspicion: str, suspected: Suspected) -> Accuracy | None:
    """None for one that no patient has as diagnosis, and that is raised in nobody."""
    cells = {
        (is_diagnosis, is_raised): tally
        for (name, is_diagnosis, is_raised), tally in suspected.items()
        if name == suspicion
    }
    named = (tally.people for (has, is_raised), tally in cells.items() if has or is_raised)
    return _build_accuracy(cells) if any(named) else None


def _build_accuracy(cells: dict[tuple[bool, bool | None], Tally]) -> Accuracy:
    """From the patients by what is so and what was said, which is None if it is still open."""
    hits, spared = cells.get((True, True), NOBODY), cells.get((False, False), NOBODY)
    return Accuracy(
        sensitivity=estimate_tallied_share(hits, hits + cells.get((True, False), NOBODY)),
        specificity=estimate_tallied_share(spared, spared + cells.get((False, True), NOBODY)),
        open_with=cells.get((True, None), NOBODY).people,
        open_without=cells.get((False, None), NOBODY).people,
    )


def count_moves(name: str, changes: Changes) -> Moves:
    """What changes for the same patients from one way to decide to another, which has the name."""
    counts: Counter[str] = Counter()
    for (expected, old, new), people in changes.items():
        if old is None or new is None:
            counts["unsettled"] += people
            continue
        before, after = count_levels(expected, old), count_levels(expected, new)
        counts["more" if after < before else "less" if after > before else "same"] += people
        if abs(after) != abs(before):
            counts["nearer" if abs(after) < abs(before) else "farther"] += people
    kinds = ("more", "less", "same", "unsettled", "nearer", "farther")
    return Moves(name, **{kind: counts[kind] for kind in kinds})
