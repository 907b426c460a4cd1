"""(people of a cause, what they answer) -> how many of them are sent where, by planes.

All are whole numbers, so that no sum depends on how many people are in hand at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from backtriage.model import AdviceId, Urgency
from backtriage.status import HOME_CARE, make_index
from backtriage.study.simulate.asking import Asking, Said
from backtriage.study.simulate.chances import Crowd
from backtriage.study.simulate.plan import Plan
from backtriage.tables.decide import unpack_plane

Told: TypeAlias = tuple[AdviceId | None, int | None]
"""An advice and its deadline in days, None for what is open; home care has no deadline."""


@dataclass(slots=True)
class Tally:
    """Of the people with one cause: how many there are, are sent now, report a sign, and both."""

    people: int = 0
    now: int = 0
    with_sign: int = 0
    now_with_sign: int = 0

    def add(self, other: "Tally") -> None:
        """Count other people in."""
        self.people += other.people
        self.now += other.now
        self.with_sign += other.with_sign
        self.now_with_sign += other.now_with_sign


Tallies = Mapping[str, Tally]
"""By id of the cause."""


@dataclass(slots=True)
class Counts:
    """How many of the people with one cause there are of each kind.

    `told` is by advice and deadline, `told_with_sign` the same of those who report a sign of the
    cause. `by_guidance` have a red flag that guidance sends now by itself, `now_by_doubt` are sent
    now only because they said "not sure". By red flag that says now: `present` have it, `alone`
    have no other such. By flag of the study, in its order: `flags` have it; `numbers` is by how
    many of them somebody has.
    """

    tally: Tally = field(default_factory=Tally)
    told: Counter[Told] = field(default_factory=Counter)
    told_with_sign: Counter[Told] = field(default_factory=Counter)
    by_guidance: int = 0
    now_by_doubt: int = 0
    present: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    flags: Counter[int] = field(default_factory=Counter)
    numbers: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        """Count other people in."""
        self.tally.add(other.tally)
        self.by_guidance += other.by_guidance
        self.now_by_doubt += other.now_by_doubt
        for name in ("told", "told_with_sign", "present", "alone", "flags", "numbers"):
            getattr(self, name).update(getattr(other, name))


class Decided:
    """What is decided of people by what they answer, as planes.

    `now` are told to seek care now, and `sign` report a sign of their cause.
    """

    def __init__(self, asking: Asking, plan: Plan, crowd: Crowd, said: Said) -> None:
        self.all = crowd.all
        self._levels = make_index(asking.rule_set).levels
        self._outcomes = asking.run(crowd.all, said.answers)
        self.now = 0
        for urgency, flags in self._levels:
            if urgency.advice == "seek_care_now":
                self.now |= self._join(flags, open_too=False)
        self.sign = plan.signs(crowd.all, said.answers)[0] if plan.signs else 0

    def _join(self, flags: Iterable[tuple[str, int]], *, open_too: bool) -> int:
        """Who has one of these red flags; with `open_too` also who may have one."""
        people = 0
        for _, place in flags:
            people |= self.all & ~self._outcomes[place + 1] if open_too else self._outcomes[place]
        return people

    def list_told(self) -> Iterator[tuple[Told, int]]:
        """Each advice and deadline, and who is told it."""
        at_most = list(self._part(open_too=True))
        for least, those in self._part(open_too=False):
            for most, these in at_most:
                if those & these:
                    yield _tell(least, most), those & these

    def _part(self, *, open_too: bool) -> Iterator[tuple[Urgency, int]]:
        """The people by the most urgent of the red flags that they have, or may have."""
        rest = self.all
        for urgency, flags in self._levels:
            having = self._join(flags, open_too=open_too)
            yield urgency, rest & having
            rest &= ~having
        yield HOME_CARE, rest

    def list_present(self, advice: AdviceId) -> Iterator[tuple[str, int]]:
        """Each red flag with this advice, and who has it."""
        for urgency, flags in self._levels:
            if urgency.advice == advice:
                yield from ((name, self._outcomes[place]) for name, place in flags)

    def count(self) -> Tally:
        """How many are sent now, and report a sign."""
        return Tally(
            people=self.all.bit_count(),
            now=self.now.bit_count(),
            with_sign=self.sign.bit_count(),
            now_with_sign=(self.now & self.sign).bit_count(),
        )


def _tell(at_least: Urgency, at_most: Urgency) -> Told:
    """What somebody is told whose urgency lies between these two."""
    if at_least == at_most:
        return at_least.advice, at_least.within_days
    return at_least.advice if at_least.advice == at_most.advice else None, None


def count_people(asking: Asking, plan: Plan, crowd: Crowd, said: Said, decided: Decided) -> Counts:
    """Count people by what they say, and what is decided of them by it."""
    counts = Counts(tally=decided.count())
    for told, people in decided.list_told():
        counts.told[told] += people.bit_count()
        counts.told_with_sign[told] += (people & decided.sign).bit_count()
    calm = asking.ask(plan, crowd, asking.no_doubts, said)
    still = Decided(asking, plan, crowd, calm).now
    counts.now_by_doubt = (decided.now & ~still).bit_count()
    _count_costs(counts, dict(decided.list_present("seek_care_now")), asking)
    _count_flags(counts, _list_flags(asking, plan, crowd, said), crowd)
    return counts


def _count_costs(counts: Counts, present: Mapping[str, int], asking: Asking) -> None:
    """Count by the red flags that say now; by guidance only such are named."""
    once = twice = by_guidance = 0
    named = asking.population.target.by_guidance if asking.population.target else ()
    for name, people in present.items():
        twice |= once & people
        once |= people
        by_guidance |= people if name in named else 0
    counts.by_guidance = by_guidance.bit_count()
    for name, people in present.items():
        if people:
            counts.present[name] = people.bit_count()
            counts.alone[name] = (people & ~twice).bit_count()


def _list_flags(asking: Asking, plan: Plan, crowd: Crowd, said: Said) -> Iterator[int]:
    """Who has each flag of the study: by what is true of them, or else by chance."""
    mapped = iter(asking.run_study(crowd.all, said.truth)[::2])
    for flag, chance in zip(asking.population.calibration.flags, plan.flags, strict=True):
        if flag.when is not None:
            yield next(mapped)
        else:
            yield crowd.find_above(chance, 1 - flag.figure.share) if flag.figure else 0


def _count_flags(counts: Counts, flags: Iterable[int], crowd: Crowd) -> None:
    numbers: Any = np.zeros(crowd.people, np.int64)
    for place, plane in enumerate(flags):
        counts.flags[place] = plane.bit_count()
        numbers += unpack_plane(plane, crowd.people)
    counts.numbers.update(dict(enumerate(np.bincount(numbers).tolist())))
