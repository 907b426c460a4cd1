"""population.yaml of a rule set -> Cohort, or every mistake in it at once."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from backtriage.errors import Issue, RuleSetError, shorten, suggest_nearest
from backtriage.loader.fitting import fit
from backtriage.loader.folder import POPULATION, build_unreadable, read_file
from backtriage.loader.yaml_nodes import Node, get_child
from backtriage.loader.yaml_reader import read
from backtriage.model import RuleSet
from backtriage.study.simulate.figures import FigureReader
from backtriage.study.simulate.population import (
    AnswerModel,
    Calibration,
    Cause,
    Population,
    Setting,
    StudyFlag,
    Target,
)
from backtriage.study.simulate.population_shapes import (
    AnswerShape,
    CauseShape,
    PopulationShape,
    StudyFlagShape,
)

_POPULATION: TypeAdapter[PopulationShape] = TypeAdapter(PopulationShape)


def read_population(folder: Path, rule_set: RuleSet) -> Population:
    """Read population.yaml; raises RuleSetError with every issue, sorted by place."""
    path = folder / POPULATION
    if not path.exists():
        message = "the file is missing, so there is nothing to draw patients from"
        raise RuleSetError([Issue(code="missing-file", message=message, file=str(path))])
    try:
        data, issues = read_file(path), list[Issue]()
    except OSError as error:
        raise RuleSetError([build_unreadable(path, error)]) from None
    node = read(data, str(path), issues)
    shape = fit(_POPULATION, node, issues) if node is not None else None
    population = None
    if node is not None and shape is not None:
        population = _PopulationReader(rule_set, issues).read_population(
            node, shape, hashlib.sha256(data).hexdigest()
        )
    if issues or population is None:
        raise RuleSetError(sorted(dict.fromkeys(issues), key=Issue.get_sort_key))
    return population


class _PopulationReader(FigureReader):
    """Reads the parts that are more than figures; every step adds to `issues` and goes on."""

    def read_population(self, node: Node, shape: PopulationShape, digest: str) -> Population | None:
        """The population, or None after telling why it cannot be drawn from."""
        unsure = self.read_figure(_at(node, "unsure"), "unsure", shape.unsure)
        answers = self._answers(_at(node, "answers"), shape.answers, "answers")
        settings = {
            name: Setting(
                id=name,
                label=setting.label,
                answers=self._answers(
                    _at(node, "settings", name, "answers"), setting.answers, f"settings.{name}"
                ),
            )
            for name, setting in shape.settings.items()
        }
        causes = {
            name: self._cause(_at(node, "causes", name), name, cause)
            for name, cause in shape.causes.items()
        }
        target = self._target(node, shape)
        calibration = self._calibration(node, shape)
        self._check_complete(node, shape)
        self._check_causes(node, shape)
        if self.issues:
            return None
        return Population(
            file=node.place.file,
            hash=digest,
            note=shape.note,
            settings=settings,
            unsure=unsure,
            clustering=shape.unsure.clustering,
            answers=answers,
            causes=causes,
            target=target,
            calibration=calibration,
        )

    def _answers(
        self, node: Node, shapes: Mapping[str, AnswerShape], where: str
    ) -> dict[str, AnswerModel]:
        """The answers of one part of the file; at the top, a condition may only use what stands further up."""
        found = {}
        order = list(self.order)
        for name, shape in shapes.items():
            if where == "answers":
                self.order.append(name)
                order = list(self.order)
            if name not in self.rule_set.questions:
                self.report_unknown(node, name, "question", list(self.rule_set.questions))
                continue
            before = order[: order.index(name)] if name in order else order
            model = self.read_answer(_at(node, name), f"{where}.{name}", name, shape, before)
            if model is not None:
                found[name] = model
        return found

    def _cause(self, node: Node, name: str, shape: CauseShape) -> Cause:
        if shape.suspect is not None and shape.suspect not in self.rule_set.suspicions:
            self.report_unknown(
                node, shape.suspect, "suspicion", list(self.rule_set.suspicions), "suspect"
            )
        if shape.must_be_caught and shape.signs is None:
            self.issues.append(
                node.place.build_issue(
                    "missing-key", '"signs" is missing', "say what people may report"
                )
            )
        shares = _at(node, "share")
        return Cause(
            id=name,
            label=shape.label,
            suspect=shape.suspect,
            serious=shape.serious,
            expected=shape.expected,
            must_be_caught=shape.must_be_caught,
            shares={
                setting: self.read_figure(
                    _at(shares, setting), f"causes.{name}.share.{setting}", figure
                )
                for setting, figure in shape.share.items()
            },
            signs=self.read_condition(node, "signs"),
            answers=self._answers(_at(node, "answers"), shape.answers, f"causes.{name}"),
        )

    def _target(self, node: Node, shape: PopulationShape) -> Target | None:
        if shape.target is None:
            return None
        now = [
            flag.id for flag in self.rule_set.red_flags.values() if flag.advice == "seek_care_now"
        ]
        for name in shape.target.by_guidance:
            if name not in now:
                message = f'"{shorten(name)}" is no red flag that says seek_care_now'
                place = _at(node, "target", "by_guidance").place
                self.issues.append(
                    place.build_issue("wrong-value", message, suggest_nearest(name, now))
                )
        return Target(
            now_at_most=shape.target.now_at_most,
            by_guidance=shape.target.by_guidance,
            note=shape.target.note,
        )

    def _calibration(self, node: Node, shape: PopulationShape) -> Calibration:
        found, part = shape.calibration, _at(node, "calibration")
        if found.setting not in shape.settings:
            self.report_unknown(part, found.setting, "setting", list(shape.settings), "setting")
        if found.source not in self.rule_set.sources:
            self.report_unknown(part, found.source, "source", list(self.rule_set.sources), "source")
        flags = (
            self._flag(_at(part, "flags", name), name, flag) for name, flag in found.flags.items()
        )
        return Calibration(
            setting=found.setting,
            source=found.source,
            any_flag=found.any_flag,
            median=found.median,
            quartiles=found.quartiles,
            flags=tuple(flags),
            missing=found.missing,
        )

    def _flag(self, node: Node, name: str, shape: StudyFlagShape) -> StudyFlag:
        if (shape.when is None) == (shape.figure is None):
            self.issues.append(
                node.place.build_issue("missing-key", 'give either "when" or "figure"')
            )
        return StudyFlag(
            id=name,
            label=shape.label,
            when=self.read_condition(node, "when"),
            figure=self.read_figure(_at(node, "figure"), f"calibration.{name}", shape.figure)
            if shape.figure
            else None,
            severity=shape.severity,
            note=shape.note,
        )

    def _check_complete(self, node: Node, shape: PopulationShape) -> None:
        missing = [name for name in self.rule_set.questions if name not in shape.answers]
        if missing:
            message = f"there are no figures for the answers to: {', '.join(missing)}"
            self.issues.append(_at(node, "answers").place.build_issue("missing-key", message))

    def _check_causes(self, node: Node, shape: PopulationShape) -> None:
        part = _at(node, "causes")
        rest = [name for name, cause in shape.causes.items() if not cause.share]
        if len(rest) != 1:
            message = (
                f'one cause must have no "share", as the rest have it; here {len(rest)} have none'
            )
            self.issues.append(part.place.build_issue("wrong-value", message))
        for setting in dict.fromkeys(
            name for cause in shape.causes.values() for name in cause.share
        ):
            self._check_setting(part, setting, shape)

    def _check_setting(self, part: Node, setting: str, shape: PopulationShape) -> None:
        given = [
            (name, cause.share[setting])
            for name, cause in shape.causes.items()
            if setting in cause.share
        ]
        if setting not in shape.settings:
            self.report_unknown(
                _at(part, given[0][0], "share"), setting, "setting", list(shape.settings)
            )
        if sum(figure.share[2] for _, figure in given) >= 1:
            message = f"the causes have more than all people in {setting}, if each share is as high as it may be"
            self.issues.append(part.place.build_issue("out-of-range", message))


def _at(node: Node, *keys: str) -> Node:
    """What stands under the keys, as far as they lead."""
    for key in keys:
        node = get_child(node, key) or node
    return node
