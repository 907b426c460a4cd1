"""(patients, figures) -> the same patients with what they answered, and what is decided of them."""

from collections.abc import Iterable, Iterator

from backtriage.conditions import Facts, evaluate
from backtriage.model import Answers, RuleSet
from backtriage.study.decisions import decide
from backtriage.study.intervals import Share, estimate_weighted_share
from backtriage.study.simulate.draw import Asking, Patient, draw, size_strata
from backtriage.study.simulate.population import Cause, Values
from backtriage.study.simulate.results import SimulatedPerson


def draw_people(
    asking: Asking, setting: str, patients: int, seed: int
) -> Iterator[tuple[Patient, float]]:
    """Patients of a setting, each with a weight.

    The weight is for how many people a patient stands, if there are as many comers as patients.
    """
    sizes = size_strata(asking.population, setting, patients)
    for patient in draw(asking.population, setting, patients, seed):
        share = asking.population.get_share(patient.cause, setting, {})
        yield patient, share * patients / sizes[patient.cause.id]


def ask_people(
    asking: Asking, patients: Iterable[tuple[Patient, float]], values: Values
) -> Iterator[SimulatedPerson]:
    """Ask patients, each with a weight, and decide on all of them; `values` as in `Asking.ask`."""
    asked = [(patient, weight, asking.ask(patient, values)) for patient, weight in patients]
    decisions = decide(asking.rule_set, (said.answers for _, _, said in asked))
    for (patient, weight, said), decision in zip(asked, decisions, strict=True):
        reports_sign = _reports_sign(patient.cause, asking.rule_set, said.answers)
        yield SimulatedPerson(patient, said, decision, weight, reports_sign)


def _reports_sign(cause: Cause, rule_set: RuleSet, answers: Answers) -> bool:
    """Whether somebody reports a sign of the cause; "not sure" counts as the question says."""
    return cause.signs is not None and evaluate(cause.signs, Facts(rule_set, answers)) is True


def count_now_by_doubt(asking: Asking, people: Iterable[SimulatedPerson]) -> Share:
    """The share of the people who are sent now, and would not be if nobody said "not sure"."""
    first = list(people)
    sent_now = ((person.patient, person.weight) for person in first if person.now)
    again = ask_people(asking, sent_now, _no_doubts(asking))
    still_now = {person.patient.number for person in again if person.now}
    return estimate_weighted_share(
        (person.weight, person.now and person.patient.number not in still_now) for person in first
    )


def _no_doubts(asking: Asking) -> dict[str, float]:
    """Values with which nobody says "not sure"."""
    own = [model.unsure for models in asking.models.values() for model in models]
    return {figure.id: 0.0 for figure in (asking.population.unsure, *own) if figure}
