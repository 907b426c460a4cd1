"""Parts of population.yaml -> figures, distributions and conditions, every mistake in them with its place."""

from collections.abc import Iterator, Sequence

from backtriage.conditions import list_comparisons
from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.yaml_nodes import MappingNode, Node, get_child, get_children
from backtriage.model import Choice, Condition, Number, Question, RuleSet, YesNo
from backtriage.study.simulate.population import (
    AnswerModel,
    Bands,
    Basis,
    Distribution,
    Figure,
    Options,
    YesOrNo,
)
from backtriage.study.simulate.population_shapes import (
    Amount,
    AnswerShape,
    BandShape,
    BasisShape,
    DistributionShape,
    FigureShape,
)
from backtriage.units import QuantityError, parse_quantity

_KINDS = {YesNo: "yes", Choice: "options", Number: "bands"}


class FigureReader:
    """Reads figures; every step adds to `issues` and goes on as far as it can. `order` is that of the answers."""

    def __init__(self, rule_set: RuleSet, issues: list[Issue]) -> None:
        self.rule_set = rule_set
        self.issues = issues
        self.order: list[str] = []
        self._conditions = ConditionParser(
            rule_set.questions, set(rule_set.definitions), True, issues
        )

    def report_unknown(
        self, node: Node, name: str, sort: str, known: list[str], key: str | None = None
    ) -> None:
        """Tell that a name under a key, or that is a key, is not known."""
        place = (get_child(node, key) or node).place if key else node.place
        if not key and isinstance(node, MappingNode):
            place = node.keys.get(name, node.place)
        code = f"unknown-{sort}" if sort != "setting" else "wrong-value"
        self.issues.append(
            place.build_issue(
                code, f'there is no {sort} "{shorten(name)}"', suggest_nearest(name, known)
            )
        )

    def read_condition(self, node: Node, key: str) -> Condition | None:
        """The condition under a key, if there is one."""
        found = get_child(node, key)
        return self._conditions.parse(found) if found is not None else None

    def read_figure(self, node: Node, name: str, shape: FigureShape) -> Figure:
        """One share with what it rests on."""
        figure = Figure(name, *shape.share, self._basis(node, shape))
        self._check_range(node, shape, [figure])
        return figure

    def read_answer(
        self, node: Node, path: str, name: str, shape: AnswerShape, before: Sequence[str]
    ) -> AnswerModel | None:
        """How a question is answered; `before` are the questions whose answers are drawn earlier."""
        question = self.rule_set.questions[name]
        otherwise = self._distribution(node, path, question, shape)
        where = list(self._where(node, path, question, shape, before))
        basis = self._basis(node, shape)
        unsure = Figure(f"{path}.unsure", *shape.unsure, basis) if shape.unsure else None
        if otherwise is None or len(where) < len(shape.where):
            return None
        return AnswerModel(name, otherwise, tuple(where), shape.severity, unsure)

    def _where(
        self, node: Node, path: str, question: Question, shape: AnswerShape, before: Sequence[str]
    ) -> Iterator[tuple[Condition, Distribution]]:
        for number, (part, inner) in enumerate(
            zip(get_children(get_child(node, "where")), shape.where, strict=True), 1
        ):
            when = self.read_condition(part, "when")
            distribution = self._distribution(part, f"{path}.where{number}", question, inner)
            if when is not None:
                self._check_order(part, when, before)
            if when is not None and distribution is not None:
                yield when, distribution

    def _check_order(self, node: Node, when: Condition, before: Sequence[str]) -> None:
        later = {atom.question for atom in list_comparisons(when, self.rule_set.definitions)} - set(
            before
        )
        if later:
            message = f"this waits for answers that are drawn later: {', '.join(sorted(later))}"
            self.issues.append(
                (get_child(node, "when") or node).place.build_issue("waits-for-later", message)
            )

    def _distribution(
        self, node: Node, path: str, question: Question, shape: DistributionShape
    ) -> Distribution | None:
        wanted = _KINDS[type(question)]
        given = [key for key in _KINDS.values() if getattr(shape, key) is not None]
        if given != [wanted]:
            message = f'"{question.id}" needs "{wanted}" and nothing else, here {" and ".join(given) or "none"} is given'
            self.issues.append(node.place.build_issue("wrong-value", message))
            return None
        figures = self._figures(node, path, shape)
        self._check_range(node, shape, figures)
        if len(figures) > 1 and not any(figure.low for figure in figures):
            message = "one of the shares must be above 0, however low they are"
            self.issues.append(node.place.build_issue("out-of-range", message))
        if shape.yes is not None:
            return YesOrNo(figures[0])
        if isinstance(question, Choice):
            return self._options(node, question, shape, figures)
        assert isinstance(question, Number)
        return self._bands(node, question, shape.bands or (), figures)

    def _figures(self, node: Node, path: str, shape: DistributionShape) -> list[Figure]:
        amounts: dict[str, Amount] = {}
        if shape.yes is not None:
            amounts = {path: shape.yes}
        if shape.options is not None:
            amounts = {f"{path}.{name}": amount for name, amount in shape.options.items()}
        if shape.bands is not None:
            amounts = {f"{path}.{band.at_least}-{band.below}": band.share for band in shape.bands}
        basis = self._basis(node, shape)
        return [Figure(name, *amount, basis) for name, amount in amounts.items()]

    def _options(
        self, node: Node, question: Choice, shape: DistributionShape, figures: list[Figure]
    ) -> Options | None:
        known, part = [option.id for option in question.options], get_child(node, "options")
        given = shape.options or {}
        for name in given:
            if name not in known and part is not None:
                self.report_unknown(part, name, "option", known)
        return Options(tuple(zip(given, figures, strict=True)))

    def _bands(
        self, node: Node, question: Number, bands: Sequence[BandShape], figures: list[Figure]
    ) -> Bands | None:
        found = []
        for part, band, figure in zip(
            get_children(get_child(node, "bands")), bands, figures, strict=True
        ):
            low = self._quantity(part, "at_least", band.at_least, question)
            high = self._quantity(part, "below", band.below, question)
            if low is None or high is None:
                return None
            if not question.minimum <= low < high <= question.maximum + 1:
                message = f"a band must lie in {question.minimum:g} to {question.maximum:g}, and not be empty"
                self.issues.append(part.place.build_issue("out-of-range", message))
            found.append((low, high, figure))
        return Bands(tuple(found))

    def _quantity(self, node: Node, key: str, value: float | str, question: Number) -> float | None:
        try:
            return parse_quantity(value, question.unit) if isinstance(value, str) else value
        except QuantityError as error:
            self.issues.append(
                (get_child(node, key) or node).place.build_issue("wrong-type", str(error))
            )
            return None

    def _basis(self, node: Node, shape: BasisShape) -> Basis:
        for name in shape.sources:
            if name not in self.rule_set.sources:
                self.report_unknown(node, name, "source", list(self.rule_set.sources), "sources")
        return Basis(shape.tag, shape.sources, shape.note)

    def _check_range(self, node: Node, shape: BasisShape, figures: Sequence[Figure]) -> None:
        """What is assumed must say so: with a reason, a range, and no source that it could hide behind."""
        place = (get_child(node, "tag") or node).place
        if shape.note is None and not shape.sources:
            self.issues.append(
                place.build_issue("missing-key", 'a figure needs "sources" or a "note"')
            )
        if shape.tag not in ("A", "M?"):
            return
        if not any(figure.uncertain for figure in figures):
            message = f"a figure with the tag {shape.tag} needs a range"
            self.issues.append(
                place.build_issue("wrong-value", message, "write it as [share, low, high]")
            )
        if shape.tag == "A" and (shape.sources or shape.note is None):
            self.issues.append(
                place.build_issue(
                    "wrong-value", 'an assumption needs a "note", and has no "sources"'
                )
            )
