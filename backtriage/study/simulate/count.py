"""(people of a cause, what they answer) -> how many of them are sent where, by planes.

All are whole numbers, so that no sum depends on how many people are in hand at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import numpy as np

from backtriage.model import AdviceId, Urgency
from backtriage.status import HOME_CARE, make_index
from backtriage.study.simulate.asking import Asking, People, Said
from backtriage.study.simulate.chances import Span
from backtriage.tables.decide import unpack_plane

Told: TypeAlias = tuple[AdviceId | None, int | None]
"""An advice and its deadline in days, None for what is open; home care has no deadline."""


Counted = TypeVar("Counted")


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

    def __init__(self, people: People, said: Said) -> None:
        asking, crowd = people.asking, people.crowd
        self.all = crowd.all
        self._causes = crowd.causes
        self._levels = make_index(asking.rule_set).levels
        self._outcomes = asking.run(crowd.all, said.answers)
        self.now = 0
        for urgency, flags in self._levels:
            if urgency.advice == "seek_care_now":
                self.now |= self._join(flags, open_too=False)
        self.sign = 0
        for cause, span in crowd.causes.items():
            signs = asking.plans[cause].signs
            if signs is not None:
                self.sign |= signs(crowd.all, said.answers)[0] & span.plane

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

    def count(self) -> dict[str, Tally]:
        """By cause how many there are, are sent now, and report a sign."""
        return {cause: self._count(span) for cause, span in self._causes.items()}

    def _count(self, span: Span) -> Tally:
        now, sign = self.now & span.plane, self.sign & span.plane
        return Tally(
            people=span.end - span.start,
            now=now.bit_count(),
            with_sign=sign.bit_count(),
            now_with_sign=(now & sign).bit_count(),
        )


def _tell(at_least: Urgency, at_most: Urgency) -> Told:
    """What somebody is told whose urgency lies between these two."""
    if at_least == at_most:
        return at_least.advice, at_least.within_days
    return at_least.advice if at_least.advice == at_most.advice else None, None


def count_people(people: People, said: Said, decided: Decided) -> dict[str, Counts]:
    """Count people, by cause, by what they say and what is decided of them by it."""
    told = list(decided.list_told())
    by_doubt = decided.now & ~Decided(people, people.ask(people.asking.no_doubts, said)).now
    costs = _Costs(people.asking, dict(decided.list_present("seek_care_now")))
    flags = list(_list_flags(people, said))
    numbers: Any = np.zeros(people.crowd.people, np.int64)
    for plane in flags:
        numbers += unpack_plane(plane, people.crowd.people)
    counts = {}
    for cause, tally in decided.count().items():
        span = people.crowd.causes[cause]
        these = span.plane
        counts[cause] = Counts(
            tally=tally,
            told=_count(told, these),
            told_with_sign=_count(told, these & decided.sign),
            by_guidance=(costs.by_guidance & these).bit_count(),
            now_by_doubt=(by_doubt & these).bit_count(),
            present=_count(costs.present.items(), these),
            alone=_count(costs.alone.items(), these),
            flags=_count(enumerate(flags), these),
            numbers=Counter(numbers[span.start : span.end].tolist()),
        )
    return counts


def _count(planes: Iterable[tuple[Counted, int]], these: int) -> Counter[Counted]:
    """How many of these people are in each plane; of what nobody has nothing is told."""
    counter: Counter[Counted] = Counter()
    for one, plane in planes:
        counter[one] += (plane & these).bit_count()
    return +counter


class _Costs:
    """Who has a red flag that says now: each of them, one alone, and one that guidance names."""

    def __init__(self, asking: Asking, present: Mapping[str, int]) -> None:
        target = asking.population.target
        named = target.by_guidance if target else ()  # such red flags say now, all of them
        once = twice = self.by_guidance = 0
        for name, people in present.items():
            twice |= once & people
            once |= people
            self.by_guidance |= people if name in named else 0
        self.present = present
        self.alone = {name: people & ~twice for name, people in present.items()}


def _list_flags(people: People, said: Said) -> Iterator[int]:
    """Who has each flag of the study: by what is true of them, or else by chance."""
    asking, crowd = people.asking, people.crowd
    mapped = iter(asking.run_study(crowd.all, said.truth)[::2])
    for flag, chance in zip(asking.population.calibration.flags, asking.flags, strict=True):
        if flag.when is not None:
            yield next(mapped)
        elif flag.figure is not None:
            yield crowd.find_above(chance, 1 - flag.figure.share, crowd.span)
        else:
            yield 0
