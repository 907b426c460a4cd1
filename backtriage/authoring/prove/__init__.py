"""Authored -> what its rules get wrong for some patient, and how long an interview is.

Exact, with a solver: `claims` says what has to hold of the rules, `forms` of answers that nobody
asked for, and `told` of the texts; `lengths` how long an interview can be, `mutants` whether a
mistake could show in anybody. They write conditions as formulas (`encoding`), let the solver look
for somebody (`search`), and ask the engine about them (`patients`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from backtriage.authoring.case_outcomes import find_well_patient
from backtriage.authoring.codes import PROVE
from backtriage.authoring.excuses import Judged, judge
from backtriage.extras import require
from backtriage.interrupts import postpone_interrupts
from backtriage.loader.authored import Authored
from backtriage.model import Case

if TYPE_CHECKING:
    from backtriage.authoring.prove.lengths import Length


@dataclass(frozen=True, slots=True)
class Proof:
    """The claims that were refuted, as issues, and how long interviews can be (see `lengths`)."""

    judged: Judged
    shortest: "Length"
    longest: "Length"
    longest_with_checks: "Length"


def prove(authored: Authored, cases: Iterable[Case] = ()) -> Proof:
    """Prove or refute every claim of `codes.PROVE`, for all patients that there can be.

    The patients that are shown answer like somebody of the cases who is well, as far as can be.
    Raises MissingExtra without the solver.
    """
    require("prove", "z3")  # an extra: only now may it be imported
    from backtriage.authoring.prove.claims import Claims
    from backtriage.authoring.prove.forms import FormClaims
    from backtriage.authoring.prove.lengths import measure_lengths
    from backtriage.authoring.prove.told import ToldClaims

    with postpone_interrupts():
        claims = Claims(authored, like=find_well_patient(authored.rule_set, cases))
        refuted = chain(
            claims.find_refuted(),
            FormClaims(claims).find_refuted(),
            ToldClaims(claims).find_refuted(),
        )
        judged = judge(authored, refuted, PROVE)
        lengths = measure_lengths(authored.rule_set)
    return Proof(judged, *lengths)
