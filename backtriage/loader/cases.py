"""The folder cases/ of a rule set -> its cases, or every mistake in them at once."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from backtriage.answers import parse_answers
from backtriage.errors import AnswersError, Issue, suggest_nearest
from backtriage.loader.fitting import fit
from backtriage.loader.folder import build_unreadable, list_visible, read_file
from backtriage.loader.lookalikes import build_error
from backtriage.loader.shapes import CaseShape, CasesShape, ExpectedShape, PatientsShape
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    Place,
    SequenceNode,
    build_data,
    get_child,
    get_children,
    get_place,
)
from backtriage.loader.yaml_reader import read
from backtriage.model import Answers, Case, Expected, RuleSet

T = TypeVar("T")

_CASE: TypeAdapter[CaseShape] = TypeAdapter(CaseShape)
_CASES: TypeAdapter[CasesShape] = TypeAdapter(CasesShape)
_PATIENTS: TypeAdapter[PatientsShape] = TypeAdapter(PatientsShape)


def load_cases(folder: Path, rule_set: RuleSet) -> tuple[Case, ...]:
    """The cases of the rule set in a folder, in the order of files and lines.

    Raises RuleSetError with every issue, sorted by place.
    """
    reader = _CaseReader(rule_set)
    files = reader.list_files(folder / "cases")
    # first the patients, whose answers the cases start from
    for path in files:
        if path.stem == "patients":
            reader.read_patients(path)
    cases = [case for path in files if path.stem != "patients" for case in reader.read_cases(path)]
    if reader.issues:
        raise build_error(reader.issues)
    return tuple(cases)


class _CaseReader:
    """One run over the files; every step adds to `issues` and goes on as far as it can."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.issues: list[Issue] = []
        self.patients: dict[str, dict[str, Any]] = {}
        self.ids: dict[str, Place] = {}

    def list_files(self, folder: Path) -> list[Path]:
        """The files of cases, in the order of their names.

        What lies there and is not read is told, since nobody would miss its cases.
        """
        if not folder.exists():
            return []
        if not folder.is_dir():
            self._report_unused(folder)
            return []
        paths = list_visible(folder, below=True)
        used = [path for path in paths if path.parent == folder and path.suffix == ".yaml"]
        for path in paths:
            if path not in used and path.suffix in (".yaml", ".yml"):
                self._report_unused(path)
        return used

    def _report_unused(self, path: Path) -> None:
        message = (
            "the file is not read: cases stand in the folder cases/ itself, "
            "in files that end in .yaml"
        )
        self.issues.append(Issue(code="unused-file", message=message, file=str(path)))

    def read_patients(self, path: Path) -> None:
        """Keep the answers of the patients from whom cases may start."""
        node = self._read(path)
        if node is not None and fit(_PATIENTS, node, self.issues) is not None:
            patients = get_child(node, "patients")
            assert isinstance(patients, MappingNode)  # as the shape fits
            for name, answers in patients.entries.items():
                self._parse(answers)
                self.patients[name] = build_data(answers)

    def read_cases(self, path: Path) -> list[Case]:
        """The cases of one file that have no mistake."""
        node = self._read(path)
        if node is None:
            return []
        section = get_child(node, "cases")
        has_more = isinstance(node, MappingNode) and len(node.entries) > 1
        if not isinstance(section, SequenceNode) or has_more:
            fit(_CASES, node, self.issues)
            return []
        fitted = [(item, fit(_CASE, item, self.issues)) for item in get_children(section)]
        cases = [self._case(item, shape) for item, shape in fitted if shape is not None]
        return [case for case in cases if case is not None]

    def _read(self, path: Path) -> Node | None:
        try:
            data = read_file(path)
        except OSError as error:
            self.issues.append(build_unreadable(path, error))
            return None
        return read(data, str(path), self.issues)

    def _case(self, node: Node, shape: CaseShape) -> Case | None:
        place = get_place(node, "id")
        if shape.id in self.ids:
            first = self.ids[shape.id]
            where = f"{Path(first.file).name}:{first.line}"
            message = f'there is a case "{shape.id}" already, in {where}'
            self.issues.append(place.build_issue("duplicate-id", message))
        self.ids.setdefault(shape.id, place)
        answers = self._answers(node, shape)
        self._check_expected(get_child(node, "expect") or node, shape.expect)
        if answers is None:
            return None
        expected = Expected(
            advice=None if shape.expect.advice == "open" else shape.expect.advice,
            **shape.expect.model_dump(exclude={"advice"}),
        )
        return Case(
            id=shape.id,
            note=shape.note,
            file=place.file,
            line=place.line,
            answers=answers,
            expected=expected,
        )

    def _answers(self, node: Node, shape: CaseShape) -> Answers | None:
        """The answers of the base patient, under those of the case, without those taken away."""
        questions = list(self.rule_set.questions)
        self._check_names("without", shape.without, node, questions, "question")
        if shape.patient is not None:
            self._check_names("from", (shape.patient,), node, list(self.patients), "patient")
        own = get_child(node, "answers")
        if own is not None and self._parse(own) is None:
            return None
        given = self.patients.get(shape.patient or "", {}) | shape.answers
        raw = {key: value for key, value in given.items() if key not in shape.without}
        try:
            return parse_answers(self.rule_set, raw)
        except AnswersError:
            return None  # the base patient is faulty, which was told with it

    def _parse(self, node: Node) -> Answers | None:
        """The answers in a mapping; each mistake in them is told at its own line."""
        try:
            return parse_answers(self.rule_set, build_data(node))
        except AnswersError as error:
            for issue in error.issues:
                place = get_place(node, issue.path or "")
                message = f"{issue.path}: {issue.message}"
                self.issues.append(place.build_issue(issue.code, message, issue.suggestion))
            return None

    def _check_expected(self, node: Node, shape: ExpectedShape) -> None:
        flags = list(self.rule_set.red_flags)
        for key in ("findings", "absent", "unresolved"):
            self._check_names(key, getattr(shape, key), node, flags, "red-flag")
        if shape.advice == "home_care" and shape.within_days is not None:
            message = "home_care has no within_days"
            self.issues.append(node.place.build_issue("wrong-value", message, "leave it out"))

    def _check_names(
        self, key: str, names: tuple[str, ...], node: Node, known: list[str], sort: str
    ) -> None:
        """What is named under a key must be known; `sort` says what it is, as in the code."""
        child = get_child(node, key)
        leaves = [child] if isinstance(child, Leaf) else get_children(child)
        for name, leaf in zip(names, leaves, strict=True):
            if name not in known:
                message = f'"{key}" names no {sort.replace("-", " ")} "{name}"'
                suggestion = suggest_nearest(name, known)
                if sort == "patient" and known:  # there are few
                    suggestion = suggestion or f"choose from {', '.join(known)}"
                self.issues.append(leaf.place.build_issue(f"unknown-{sort}", message, suggestion))
