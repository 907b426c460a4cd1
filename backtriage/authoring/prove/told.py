"""Claims -> what people are told that contradicts the rules, as issues with such a patient."""

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from backtriage.authoring.prove.claims import Claims
from backtriage.authoring.prove.encoding import TRUE, Formula
from backtriage.authoring.prove.patients import build_patient, find_urgency
from backtriage.errors import Issue
from backtriage.loader.authored import Part
from backtriage.model import (
    AdviceId,
    AdvicePart,
    AdviceStep,
    Condition,
    How,
    RuleSet,
    Urgency,
    Watch,
)
from backtriage.report.words import describe_urgency_in_brief
from backtriage.status import choose_how, rank

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is told, and where it stands: the part, the keys that lead there from it.

    `advice` is the one under which it is told; None: under each that is less urgent than it says.
    `within` is the part of the advice that it belongs to, which may have conditions too.
    """

    step: AdviceStep
    part: Part
    keys: Keys
    advice: AdviceId | None
    within: AdvicePart | None = None


def list_lines(rule_set: RuleSet) -> Iterator[_Line]:
    """Every line of the advices."""
    for name, text in rule_set.advice.items():
        part = ("advice", name)
        for place, step in enumerate(text.steps):
            yield _Line(step, part, ("steps", place), name)
        for number, group in enumerate(text.parts):
            for place, step in enumerate(group.steps):
                yield _Line(step, part, ("parts", number, "steps", place), name, group)
        for place, net in enumerate(text.safety_net):
            yield _Line(net.step, part, ("safety_net", place), name)
    for place, step in enumerate(rule_set.also_watch_for):
        yield _Line(step, ("advice", "also_watch_for"), (place,), None)


class ToldClaims:
    """What has to hold for the texts of the advices; each method yields the issues that refute it.

    They are decided for the patients of `claims`.
    """

    def __init__(self, claims: Claims) -> None:
        self.claims = claims
        self.rule_set = claims.rule_set

    def find_refuted(self) -> Iterator[Issue]:
        """All the issues, line by line, and then those of the advices as a whole."""
        for line in list_lines(self.rule_set):
            yield from self.check_promise(line)
            if line.step.watch is not None and line.step.watch.answers:
                yield from self.check_not_milder(line, line.step.watch)
                yield from self.check_not_known(line, line.step.watch)
        yield from self.check_way_is_told()
        yield from self.check_date_is_told()

    # Line by line -----------------------------------------------------------------------------

    def check_promise(self, line: _Line) -> Iterator[Issue]:
        """Nobody of whom its `never_if` is true is told the line."""
        holders = (line.step, line.within) if line.within else (line.step,)
        for holder in holders:
            if holder.never_if is not None:
                message = 'this is told to somebody of whom its "never_if" is true'
                holds = self._true(holder.never_if)
                yield from self._issue(line, "told-wrongly", message, self._told(line), holds)

    def check_not_milder(self, line: _Line, watch: Watch) -> Iterator[Issue]:
        """If what it tells to look for comes true, nobody is more urgent than it says."""
        values = self.claims.find_with(
            self._told(line), self._substitute(watch, self._above(watch.then))
        )
        if values is None:
            return
        then = find_urgency(
            self.rule_set, build_patient(self.rule_set, {**values, **watch.answers})
        )
        said = describe_urgency_in_brief(watch.then)
        message = (
            f"this says {said}, but for somebody who is told it, "
            f"it would be {describe_urgency_in_brief(then)}"
        )
        assert rank(then) > rank(watch.then)  # the engine judges, whatever the solver has found
        patient = build_patient(self.rule_set, values)
        yield self.claims.authored.build_issue(
            line.part, "milder-than-rules", message, patient=patient, at=line.keys
        )

    def check_not_known(self, line: _Line, watch: Watch) -> Iterator[Issue]:
        """Nobody is told to look for what they have answered already."""
        person = self.claims.person
        answered = [
            z3.And(
                self.claims.encoding.build_given(question), person.build_answers(question, value)
            )
            for question, value in watch.answers.items()
        ]
        message = "this tells somebody to look for what they have answered already"
        yield from self._issue(line, "watches-for-known", message, self._told(line), *answered)

    # All together -----------------------------------------------------------------------------

    def check_way_is_told(self) -> Iterator[Issue]:
        """Everybody with an emergency is told how to get help, and no other way than the right."""
        if self.rule_set.ambulance is None:
            return
        lines = [line for line in list_lines(self.rule_set) if line.advice == "seek_care_now"]
        called = self._true(self.rule_set.ambulance)
        for needed in (True, False):
            how = choose_how("seek_care_now", needs_ambulance=needed)
            these = z3.And(self._with_advice("seek_care_now"), called if needed else z3.Not(called))
            yield from self._check_way(how, these, lines)

    def _check_way(self, how: How, these: Formula, lines: list[_Line]) -> Iterator[Issue]:
        words = how.replace("_", " ")
        told = [self._told(line) for line in lines if line.step.how == how]
        values = self.claims.find_with(these, z3.Not(z3.Or(told)))
        if values is not None:
            message = f'somebody who needs "{words}" is told no line with "how: {how}"'
            patient = build_patient(self.rule_set, values)
            yield self.claims.authored.build_issue(
                ("advice", "seek_care_now"), "way-not-told", message, patient=patient
            )
        for line in lines:
            if line.step.how not in (how, None):
                message = f'somebody who needs "{words}" is told this, with "how: {line.step.how}"'
                yield from self._issue(line, "told-wrongly", message, these, self._told(line))

    def check_date_is_told(self) -> Iterator[Issue]:
        """Nobody is sent home without a day to look again."""
        lines = [
            line
            for line in list_lines(self.rule_set)
            if line.advice == "home_care" and line.keys[0] == "safety_net"
        ]
        told = z3.Or([self._told(line) for line in lines])
        values = self.claims.find_with(self._with_advice("home_care"), z3.Not(told))
        if values is not None:
            yield self.claims.authored.build_issue(
                ("advice", "home_care"),
                "no-date",
                "somebody is sent home without a day to look again",
                patient=build_patient(self.rule_set, values),
                at=("safety_net",),
            )

    # What they share --------------------------------------------------------------------------

    def _issue(self, line: _Line, code: str, message: str, *formulas: Formula) -> Iterator[Issue]:
        """An issue with somebody for whom the formulas hold, if there is anybody."""
        values = self.claims.find_with(*formulas)
        if values is not None:
            patient = build_patient(self.rule_set, values)
            yield self.claims.authored.build_issue(
                line.part, code, message, patient=patient, at=line.keys
            )

    def _told(self, line: _Line) -> Formula:
        """Who is told a line."""
        holders = (line.step, line.within) if line.within else (line.step,)
        parts = [self._true(holder.when) for holder in holders if holder.when is not None]
        parts += [
            z3.Not(self._true(holder.unless)) for holder in holders if holder.unless is not None
        ]
        if line.advice is not None:
            parts.append(self._with_advice(line.advice))
        elif line.step.watch is not None:
            milder = self.claims.encoding.build_at_least(rank(line.step.watch.then))
            parts.append(z3.Not(milder))
        return z3.And([TRUE, *parts])

    def _with_advice(self, advice: AdviceId) -> Formula:
        """Who gets this advice."""
        flags = self.claims.flags
        present = self.claims.encoding.build_any_present
        now = present(flag for flag in flags if flag.advice == "seek_care_now")
        match advice:
            case "seek_care_now":
                return now
            case "see_doctor_soon":
                return z3.And(present(flags), z3.Not(now))
            case "home_care":
                return z3.Not(present(flags))

    def _above(self, urgency: Urgency) -> Formula:
        """Who is more urgent than that."""
        flags = [flag for flag in self.claims.flags if rank(flag) > rank(urgency)]
        return self.claims.encoding.build_any_present(flags)

    def _substitute(self, watch: Watch, formula: Formula) -> Formula:
        """A formula as it is once the answers are those that are watched for."""
        symbols = [
            pair
            for question, value in watch.answers.items()
            for pair in self.claims.person.list_symbols(question, value)
        ]
        return z3.substitute(formula, *symbols)

    def _true(self, condition: Condition) -> Formula:
        return self.claims.encoding.build_truth(condition).true
