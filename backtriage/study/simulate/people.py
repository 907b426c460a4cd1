"""(Asking, who is drawn) -> single patients with their answers, for those who want to read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from backtriage.answers import get_check
from backtriage.model import NOT_SURE, Answer, Answers, AskedTwice, Number
from backtriage.planes import hold_answers
from backtriage.report.words import describe_patient
from backtriage.status import find_status
from backtriage.study.simulate.asking import Asking, People, Said, choose_options, find_people
from backtriage.study.simulate.chances import Chance, Crowd
from backtriage.study.simulate.draw import Sample, compute_weights, draw, size_strata
from backtriage.study.simulate.population import Bands, Cause
from backtriage.study.simulate.results import MissedPerson
from backtriage.study.simulate.rows import Part, find_starts, place_number
from backtriage.tables.decide import unpack_plane


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """A simulated patient with what was answered; `weight` is for how many comers it stands."""

    number: int
    cause: Cause
    weight: float
    answers: Answers


def draw_people(asking: Asking, sample: Sample) -> Iterator[SimulatedPerson]:
    """All patients of a sample, one by one."""
    sizes = size_strata(asking.population, asking.setting, sample.patients)
    weights = compute_weights(asking.population, asking.setting, sizes)
    number = 0
    for people in draw(asking, sample):
        said = people.ask({})
        for name, span in people.crowd.causes.items():
            cause = asking.population.causes[name]
            for answers in list_answers(people, said, span.plane):
                number += 1
                yield SimulatedPerson(number, cause, weights[name], answers)


def describe_missed(people: People, said: Said, missed: int, most: int) -> Iterator[MissedPerson]:
    """The first `most` of the people in a plane who are not sent now, and should be."""
    first, rule_set = _take_first(missed, most), people.asking.rule_set
    answers = list(list_answers(people, said, first)) if first else []
    for given in answers:
        status = find_status(rule_set, hold_answers(rule_set, given.values))
        yield MissedPerson(
            advice=status.advice,
            within_days=status.within_days,
            red_flag=next((flag.id for flag in status.present), None),
            answers=describe_patient(rule_set, given.values),
        )


def _take_first(plane: int, most: int) -> int:
    """The plane of the first so many of the people in a plane."""
    first = 0
    for _ in range(most):
        lowest = plane & -plane
        first |= lowest
        plane ^= lowest
    return first


def list_answers(people: People, said: Said, which: int) -> Iterator[Answers]:
    """The answers of each of the people in a plane; numbers are by the figures of the file."""
    asking, total = people.asking, people.crowd.people
    wanted = unpack_plane(which, total)
    columns: dict[str, list[Answer | None]] = {}
    for name, question in asking.rule_set.questions.items():
        column = np.full(total, None, object)
        if isinstance(question, Number):
            column[:] = _find_numbers(people, name, said.truth).tolist()
        else:
            slot = asking.slots[name]
            for place, mark in enumerate(slot.marks, slot.place + 1):
                column[unpack_plane(said.truth[place], total)] = mark
        doubt = AskedTwice.NOT_SURE if get_check(question) else NOT_SURE
        column[unpack_plane(said.doubts[name], total)] = doubt
        column[~unpack_plane(said.applies[name], total)] = None
        columns[name] = column[wanted].tolist()
    for row in zip(*columns.values(), strict=True):
        pairs = zip(columns, row, strict=True)
        yield Answers({name: answer for name, answer in pairs if answer is not None})


def _find_numbers(people: People, question: str, truth: Sequence[int]) -> Any:
    """The number that is true of each person, with the figures of the file."""
    crowd = people.crowd
    numbers = np.zeros(crowd.people, np.int64)
    for variant in people.variants[question]:
        chance = variant.asked.chance
        for place, chosen in choose_options(crowd, variant, truth):
            distribution = variant.asked.options[place].distribution
            assert isinstance(distribution, Bands)
            shares = [figure.share for _, _, figure in distribution.bands]
            parts = pairwise(find_starts(distribution, shares))
            for (low, high, _), part in zip(distribution.bands, parts, strict=True):
                those = chosen & find_people(crowd, chance, [part], crowd.span)
                here = np.flatnonzero(unpack_plane(those, crowd.people))
                numbers[here] = _search_band(crowd, chance, here, (low, high), part)
    return numbers


def _search_band(
    crowd: Crowd, chance: Chance, people: Any, band: tuple[float, float], part: Part
) -> Any:
    """The number of each person in a band: the highest from which on the person stands."""
    low, high = band
    least = np.full(len(people), int(low))
    most = np.full(len(people), ceil(high) - 1)
    while (least < most).any():
        middle = (least + most + 1) // 2
        is_above = crowd.check_above(chance, people, place_number(low, high, *part, middle))
        least = np.where(is_above, middle, least)
        most = np.where(is_above, most, middle - 1)
    return least
