"""(simulated people, figures that may be otherwise) -> what comes out then.

The people stay the same. Of all of them only those are asked again whom another figure makes answer
otherwise, so that hundreds of figures can be varied.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from backtriage.conditions import Facts
from backtriage.model import Answers
from backtriage.study.simulate.draw import Asking, choose_distribution
from backtriage.study.simulate.people import ask_people
from backtriage.study.simulate.population import Figure, Population, Values, find_answer
from backtriage.study.simulate.results import Measures, SimulatedPerson, Swing, Varied

Progress = Callable[[int, int], None]
"""Is told how many figures of how many have been varied."""


def ignore_progress(_done: int, _of: int) -> None:
    """Tells nobody."""


@dataclass(slots=True)
class Tally:
    """Of the people with one cause: how many there are, are sent now, report a sign, and both."""

    people: int = 0
    now: int = 0
    with_sign: int = 0
    now_with_sign: int = 0

    def add(self, person: SimulatedPerson, times: int = 1) -> None:
        """Count a person in, or out again with `times` of -1."""
        self.people += times
        self.now += times * person.now
        self.with_sign += times * person.reports_sign
        self.now_with_sign += times * (person.now and person.reports_sign)


Tallies = Mapping[str, Tally]
"""By id of the cause."""


def build_tallies(people: Iterable[SimulatedPerson]) -> dict[str, Tally]:
    """The tally of each cause that somebody has."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for person in people:
        tallies[person.patient.cause.id].add(person)
    return tallies


def compute_measures(
    population: Population, setting: str, tallies: Tallies, values: Values
) -> Measures:
    """What the tallies come to, if the causes are as frequent as the values say."""
    causes = [(population.causes[name], tally) for name, tally in tallies.items()]
    must_be_caught = [(cause.id, tally) for cause, tally in causes if cause.must_be_caught]
    return Measures(
        now=sum(
            population.get_share(cause, setting, values) * tally.now / tally.people
            for cause, tally in causes
        ),
        caught={name: tally.now / tally.people for name, tally in must_be_caught},
        with_sign={
            name: tally.now_with_sign / tally.with_sign
            for name, tally in must_be_caught
            if tally.with_sign
        },
    )


class Variation:
    """The people of a simulation, and which figures bear on which of their answers."""

    def __init__(self, asking: Asking, setting: str, people: Sequence[SimulatedPerson]) -> None:
        self.asking = asking
        self.population = asking.population
        self.setting = setting
        self.people = people
        self.tallies = build_tallies(people)
        self.by_cause: dict[str, list[SimulatedPerson]] = defaultdict(list)
        for person in people:
            self.by_cause[person.patient.cause.id].append(person)
        self.answers = _places_of_answers(asking)
        self.doubts = _places_of_doubts(asking)

    def run(self, progress: Progress = ignore_progress) -> Varied:
        """Vary each figure by itself, and then all together."""
        figures = list(self.population.list_uncertain(self.setting).values())
        swings = []
        for done, figure in enumerate(figures, 1):
            low = self.measure_with_figure(figure, figure.low)
            high = self.measure_with_figure(figure, figure.high)
            swings.append(Swing(figure, low, high))
            progress(done, len(figures))
        return Varied(
            swings=tuple(swings),
            fewest_now=self.measure_with_all(swings, lambda measures: measures.now),
            most_now=self.measure_with_all(swings, lambda measures: -measures.now),
            least_caught=self.measure_with_all(swings, _sum_of_caught),
            most_caught=self.measure_with_all(swings, lambda measures: -_sum_of_caught(measures)),
        )

    def measure_with_figure(self, figure: Figure, value: float) -> Measures:
        """What comes out if one figure has another value."""
        values = {figure.id: value}
        touched = list(self._touched(figure, values))
        tallies = {name: replace(tally) for name, tally in self.tallies.items()}
        again = ask_people(
            self.asking, ((person.patient, person.weight) for person in touched), values
        )
        for before, after in zip(touched, again, strict=True):
            tallies[before.patient.cause.id].add(before, -1)
            tallies[before.patient.cause.id].add(after)
        return compute_measures(self.population, self.setting, tallies, values)

    def measure_with_all(
        self, swings: Iterable[Swing], measure: Callable[[Measures], float]
    ) -> Measures:
        """What comes out if each figure is at the end at which, by itself, the measure is lower."""
        values: dict[str, float] = {}
        for swing in swings:
            is_low = measure(swing.low) <= measure(swing.high)
            values[swing.figure.id] = swing.figure.low if is_low else swing.figure.high
        people = ask_people(
            self.asking, ((person.patient, person.weight) for person in self.people), values
        )
        return compute_measures(self.population, self.setting, build_tallies(people), values)

    def _touched(self, figure: Figure, values: Values) -> Iterator[SimulatedPerson]:
        """The people who answer otherwise with the values, in which the figure has another one.

        A figure bears on answers or on doubts, never on both, so that nobody comes twice.
        """
        for cause, places in self.answers[figure.id].items():
            for person in self.by_cause[cause]:
                if any(self._answers_otherwise(person, place, values) for place in places):
                    yield person
        edges = [1 - share for share in (figure.share, figure.get_share(values))]
        for cause, places in self.doubts[figure.id].items():
            for person in self.by_cause[cause]:
                if any(min(edges) <= person.patient.doubts[place] < max(edges) for place in places):
                    yield person

    def _answers_otherwise(self, person: SimulatedPerson, place: int, values: Values) -> bool:
        # By what was true before: if an earlier answer changes too, the person is touched by that.
        model = self.asking.models[person.patient.cause.id][place]
        facts = Facts(self.asking.rule_set, Answers(person.said.truth))
        distribution = choose_distribution(model, facts)
        answer = find_answer(distribution, person.patient.chances[place], values)
        return answer != person.said.truth[model.question]


_Places = dict[str, dict[str, list[int]]]
"""By id of the figure and of the cause: the places of the answers that the figure bears on."""


def _places_of_answers(asking: Asking) -> _Places:
    """Where each figure says how often an answer is given."""
    places: _Places = defaultdict(lambda: defaultdict(list))
    for cause, models in asking.models.items():
        for place, model in enumerate(models):
            for figure in set(model.list_figures()):
                places[figure.id][cause].append(place)
    return places


def _places_of_doubts(asking: Asking) -> _Places:
    """Where each figure says how often "not sure" is answered."""
    places: _Places = defaultdict(lambda: defaultdict(list))
    for cause, models in asking.models.items():
        for place, model in enumerate(models):
            places[asking.population.get_unsure(model).id][cause].append(place)
    return places


def _sum_of_caught(measures: Measures) -> float:
    return sum(measures.caught.values())
