"""population.yaml of a rule set -> Population, or every mistake in it at once."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from backtriage.answers import get_check
from backtriage.errors import Issue, RuleSetError, shorten, suggest_nearest
from backtriage.loader.fitting import fit
from backtriage.loader.folder import OLD_POPULATION, POPULATION, build_unreadable, read_file
from backtriage.loader.lookalikes import build_error
from backtriage.loader.yaml_nodes import Node
from backtriage.loader.yaml_reader import read
from backtriage.model import RuleSet
from backtriage.study.simulate.figures import FigureReader, find_node
from backtriage.study.simulate.population import (
    AnswerModel,
    Calibration,
    Cause,
    Figure,
    Population,
    Setting,
    StudyFlag,
    Target,
)
from backtriage.study.simulate.population_shapes import (
    AnswerShape,
    CauseShape,
    PopulationShape,
    SettingShape,
    StudyFlagShape,
    UnsureShape,
)

_POPULATION: TypeAdapter[PopulationShape] = TypeAdapter(PopulationShape)


def read_population(folder: Path, rule_set: RuleSet) -> Population:
    """Read population.yaml; raises RuleSetError with every issue, sorted by place."""
    path = folder / POPULATION
    if not path.exists():
        message = "the file is missing, so there is nothing to draw patients from"
        is_old = (folder / OLD_POPULATION).exists()
        way_out = f"{OLD_POPULATION} is called so now; rename it" if is_old else None
        issue = Issue(code="missing-file", message=message, suggestion=way_out, file=str(path))
        raise RuleSetError([issue])
    try:
        data = read_file(path)
    except OSError as error:
        raise RuleSetError([build_unreadable(path, error)]) from None
    issues: list[Issue] = []
    node = read(data, str(path), issues)
    shape = fit(_POPULATION, node, issues) if node is not None else None
    population = None
    if node is not None and shape is not None:
        reader = _PopulationReader(rule_set, issues, list(shape.answers))
        population = reader.read_population(node, shape, hashlib.sha256(data).hexdigest())
    if issues or population is None:
        raise build_error(issues)
    return population


class _PopulationReader(FigureReader):
    """Reads the parts that are more than figures; every step adds to `issues` and goes on.

    `order` has the questions in the order of drawing.
    """

    def __init__(self, rule_set: RuleSet, issues: list[Issue], order: Sequence[str]) -> None:
        super().__init__(rule_set, issues)
        self._order = order

    def read_population(self, node: Node, shape: PopulationShape, digest: str) -> Population | None:
        """The population, or None after telling why it cannot be drawn from."""
        unsure = self.read_figure(find_node(node, "unsure"), "unsure", shape.unsure)
        after_check = self._after_check(find_node(node, "unsure"), shape.unsure)
        answers = self._answers(find_node(node, "answers"), shape.answers, "answers")
        settings = {
            name: self._setting(find_node(node, "settings", name), name, setting)
            for name, setting in shape.settings.items()
        }
        causes = {
            name: self._cause(find_node(node, "causes", name), name, cause)
            for name, cause in shape.causes.items()
        }
        self._check_causes_as(node, shape)
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
            after_check=after_check,
            clustering=shape.unsure.clustering,
            answers=answers,
            causes=causes,
            target=target,
            calibration=calibration,
        )

    def _after_check(self, node: Node, shape: UnsureShape) -> Figure | None:
        """How many are still not sure after a check; it is needed where a question has one."""
        if shape.after_check is not None:
            inner = find_node(node, "after_check")
            return self.read_figure(inner, "unsure.after_check", shape.after_check)
        if any(get_check(question) for question in self.rule_set.questions.values()):
            message = '"after_check" is missing, as there are questions with a check'
            hint = "say how many of those who are not sure still are after it"
            self.issues.append(node.place.build_issue("missing-key", message, hint))
        return None

    def _answers(
        self, node: Node, shapes: Mapping[str, AnswerShape], path: str
    ) -> dict[str, AnswerModel]:
        """The answers in one part of the file, by question; ids of figures begin with `path`."""
        models = {}
        for name, shape in shapes.items():
            if name not in self.rule_set.questions:
                self.report_unknown(node, name, "question", list(self.rule_set.questions))
                continue
            model = self.read_answer(
                find_node(node, name), f"{path}.{name}", name, shape, self._drawn_before(name)
            )
            if model is not None:
                models[name] = model
        return models

    def _drawn_before(self, question: str) -> Sequence[str]:
        """The questions whose answers a condition of this one's may use."""
        if question not in self._order:
            return self._order
        return self._order[: self._order.index(question)]

    def _setting(self, node: Node, name: str, shape: SettingShape) -> Setting:
        answers = self._answers(find_node(node, "answers"), shape.answers, f"settings.{name}")
        return Setting(
            id=name, label=shape.label, causes_as=shape.causes_as or name, answers=answers
        )

    def _cause(self, node: Node, name: str, shape: CauseShape) -> Cause:
        if shape.suspect is not None and shape.suspect not in self.rule_set.suspicions:
            suspicions = list(self.rule_set.suspicions)
            self.report_unknown(node, shape.suspect, "suspicion", suspicions, "suspect")
        if shape.must_be_caught and shape.signs is None:
            hint = "say what people may report"
            self.issues.append(node.place.build_issue("missing-key", '"signs" is missing', hint))
        shares_node = find_node(node, "share")
        shares = {
            setting: self.read_figure(
                find_node(shares_node, setting), f"causes.{name}.share.{setting}", figure
            )
            for setting, figure in shape.share.items()
        }
        return Cause(
            id=name,
            label=shape.label,
            suspect=shape.suspect,
            serious=shape.serious,
            expected=shape.expected,
            must_be_caught=shape.must_be_caught,
            shares=shares,
            signs=self.read_condition(node, "signs"),
            answers=self._answers(find_node(node, "answers"), shape.answers, f"causes.{name}"),
        )

    def _target(self, node: Node, shape: PopulationShape) -> Target | None:
        if shape.target is None:
            return None
        flags = self.rule_set.red_flags.values()
        say_now = [flag.id for flag in flags if flag.advice == "seek_care_now"]
        for name in shape.target.by_guidance:
            if name not in say_now:
                message = f'"{shorten(name)}" is no red flag that says seek_care_now'
                hint = suggest_nearest(name, say_now)
                place = find_node(node, "target", "by_guidance").place
                self.issues.append(place.build_issue("wrong-value", message, hint))
        return Target(
            now_at_most=shape.target.now_at_most,
            by_guidance=shape.target.by_guidance,
            note=shape.target.note,
        )

    def _calibration(self, node: Node, shape: PopulationShape) -> Calibration:
        study, study_node = shape.calibration, find_node(node, "calibration")
        if study.setting not in shape.settings:
            settings = list(shape.settings)
            self.report_unknown(study_node, study.setting, "setting", settings, "setting")
        if study.source not in self.rule_set.sources:
            sources = list(self.rule_set.sources)
            self.report_unknown(study_node, study.source, "source", sources, "source")
        return Calibration(
            setting=study.setting,
            source=study.source,
            any_flag=study.any_flag,
            median=study.median,
            quartiles=study.quartiles,
            flags=tuple(
                self._flag(find_node(study_node, "flags", name), name, flag)
                for name, flag in study.flags.items()
            ),
            missing=study.missing,
        )

    def _flag(self, node: Node, name: str, shape: StudyFlagShape) -> StudyFlag:
        if (shape.when is None) == (shape.figure is None):
            message = 'give either "when" or "figure"'
            self.issues.append(node.place.build_issue("missing-key", message))
        figure = None
        if shape.figure:
            figure_node = find_node(node, "figure")
            figure = self.read_figure(figure_node, f"calibration.{name}", shape.figure)
        return StudyFlag(
            id=name,
            label=shape.label,
            when=self.read_condition(node, "when"),
            figure=figure,
            severity=shape.severity,
            note=shape.note,
        )

    def _check_complete(self, node: Node, shape: PopulationShape) -> None:
        missing = [name for name in self.rule_set.questions if name not in shape.answers]
        if missing:
            message = f"there are no figures for the answers to: {', '.join(missing)}"
            place = find_node(node, "answers").place
            self.issues.append(place.build_issue("missing-key", message))

    def _check_causes(self, node: Node, shape: PopulationShape) -> None:
        causes_node = find_node(node, "causes")
        rest = [name for name, cause in shape.causes.items() if not cause.share]
        if len(rest) != 1:
            message = (
                f'one cause must have no "share", as the rest have it; here {len(rest)} have none'
            )
            self.issues.append(causes_node.place.build_issue("wrong-value", message))
        settings = dict.fromkeys(name for cause in shape.causes.values() for name in cause.share)
        for setting in settings:
            self._check_shares(causes_node, setting, shape)

    def _check_causes_as(self, node: Node, shape: PopulationShape) -> None:
        """Whether each setting whose causes are as in another one names one that is there."""
        own = [name for name, setting in shape.settings.items() if setting.causes_as is None]
        for name, setting in shape.settings.items():
            if setting.causes_as is not None and setting.causes_as not in own:
                place = find_node(node, "settings", name)
                self.report_unknown(place, setting.causes_as, "setting", own, "causes_as")

    def _check_shares(self, causes_node: Node, setting: str, shape: PopulationShape) -> None:
        """Whether a setting in which causes have a share is there, and leaves room for the rest."""
        shares = {
            name: cause.share[setting]
            for name, cause in shape.causes.items()
            if setting in cause.share
        }
        if setting not in shape.settings:
            first = find_node(causes_node, next(iter(shares)), "share")
            self.report_unknown(first, setting, "setting", list(shape.settings))
        most = sum(figure.share[2] for figure in shares.values())
        if most >= 1:
            message = (
                f"the causes have more than all people in {setting}, "
                "if each share is as high as it may be"
            )
            self.issues.append(causes_node.place.build_issue("out-of-range", message))
