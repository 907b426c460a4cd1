"""Authored -> what its rules get wrong for some patient, and how long an interview is: exact, with a solver."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backtriage.authoring.case_outcomes import find_well_patient
from backtriage.authoring.codes import PROVE
from backtriage.authoring.excuses import Judged, judge
from backtriage.extras import require
from backtriage.loader.authored import Authored
from backtriage.model import Case

if TYPE_CHECKING:
    from backtriage.authoring.prove.lengths import Length


@dataclass(frozen=True, slots=True)
class Proof:
    """What was refuted, what of it is excused, and the shortest and the longest interview."""

    judged: Judged
    shortest: "Length"
    longest: "Length"


def prove(authored: Authored, cases: Iterable[Case] = ()) -> Proof:
    """Prove or refute every claim of `codes.PROVE`; raises MissingExtra without the solver.

    The patients that are shown answer like somebody of the cases who is well, as far as can be.
    """
    require("prove", "z3")
    from backtriage.authoring.prove.claims import Claims
    from backtriage.authoring.prove.lengths import measure_lengths

    judged = judge(
        authored,
        Claims(authored, find_well_patient(authored.rule_set, cases)).find_refuted(),
        PROVE,
    )
    return Proof(judged, *measure_lengths(authored.rule_set))
