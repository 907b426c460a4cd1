"""Parts of population.yaml -> figures, distributions, conditions, and what is wrong with them."""

from collections.abc import Iterator, Sequence

from backtriage.condition_parts import list_comparisons
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
"""Under which key the answers to a kind of question stand."""


def find_node(node: Node, *keys: str) -> Node:
    """What stands under the keys, as far as they lead: so that an issue has a place in any case."""
    for key in keys:
        node = get_child(node, key) or node
    return node


class FigureReader:
    """Reads figures; every step adds to `issues` and goes on as far as it can."""

    def __init__(self, rule_set: RuleSet, issues: list[Issue]) -> None:
        self.rule_set = rule_set
        self.issues = issues
        self._conditions = ConditionParser(
            rule_set.questions, set(rule_set.definitions), True, issues
        )

    def report_unknown(
        self, node: Node, name: str, sort: str, known: list[str], key: str | None = None
    ) -> None:
        """Tell that a name is not known that stands under a key, or that is a key without one."""
        place = find_node(node, key).place if key else node.place
        if not key and isinstance(node, MappingNode):
            place = node.keys.get(name, node.place)
        code = f"unknown-{sort}" if sort != "setting" else "wrong-value"
        message = f'there is no {sort} "{shorten(name)}"'
        self.issues.append(place.build_issue(code, message, suggest_nearest(name, known)))

    def read_condition(self, node: Node, key: str) -> Condition | None:
        """The condition under a key, or None if there is none or it is told to be wrong."""
        inner = get_child(node, key)
        return self._conditions.parse(inner) if inner is not None else None

    def read_figure(self, node: Node, name: str, shape: FigureShape) -> Figure:
        """One share with what it rests on; `name` becomes its id."""
        figure = Figure(name, *shape.share, self._basis(node, shape))
        self._check_range(node, shape, [figure])
        return figure

    def read_answer(
        self, node: Node, path: str, name: str, shape: AnswerShape, before: Sequence[str]
    ) -> AnswerModel | None:
        """How the question by this name is answered, or None after telling what is wrong.

        The ids of the figures begin with `path`; `before` are the questions that are drawn earlier.
        """
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
        """Those entries of `where` with nothing wrong in them."""
        entries = zip(get_children(get_child(node, "where")), shape.where, strict=True)
        for number, (entry, entry_shape) in enumerate(entries, 1):
            when = self.read_condition(entry, "when")
            distribution = self._distribution(entry, f"{path}.where{number}", question, entry_shape)
            if when is not None:
                self._check_order(entry, when, before)
            if when is not None and distribution is not None:
                yield when, distribution

    def _check_order(self, node: Node, when: Condition, before: Sequence[str]) -> None:
        comparisons = list_comparisons(when, self.rule_set.definitions)
        later = {comparison.question for comparison in comparisons} - set(before)
        if later:
            message = f"this waits for answers that are drawn later: {', '.join(sorted(later))}"
            place = find_node(node, "when").place
            self.issues.append(place.build_issue("waits-for-later", message))

    def _distribution(
        self, node: Node, path: str, question: Question, shape: DistributionShape
    ) -> Distribution | None:
        wanted = _KINDS[type(question)]
        given = [key for key in _KINDS.values() if getattr(shape, key) is not None]
        if given != [wanted]:
            instead = f"here {' and '.join(given) or 'none'} is given"
            message = f'"{question.id}" needs "{wanted}" and nothing else, {instead}'
            self.issues.append(node.place.build_issue("wrong-value", message))
            return None
        figures = self._figures(node, path, shape)
        self._check_range(node, shape, figures)
        # At its least each share may be 0, and shares that are all 0 cannot be scaled to 1.
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
        known = [option.id for option in question.options]
        options_node = get_child(node, "options")
        given = shape.options or {}
        for name in given:
            if name not in known and options_node is not None:
                self.report_unknown(options_node, name, "option", known)
        return Options(tuple(zip(given, figures, strict=True)))

    def _bands(
        self, node: Node, question: Number, shapes: Sequence[BandShape], figures: list[Figure]
    ) -> Bands | None:
        bands = []
        nodes = get_children(get_child(node, "bands"))
        for band, shape, figure in zip(nodes, shapes, figures, strict=True):
            low = self._quantity(band, "at_least", shape.at_least, question)
            high = self._quantity(band, "below", shape.below, question)
            if low is None or high is None:
                return None
            if not question.minimum <= low < high <= question.maximum + 1:
                bounds = f"{question.minimum:g} to {question.maximum:g}"
                message = f"a band must lie in {bounds}, and not be empty"
                self.issues.append(band.place.build_issue("out-of-range", message))
            bands.append((low, high, figure))
        return Bands(tuple(bands))

    def _quantity(self, node: Node, key: str, value: float | str, question: Number) -> float | None:
        try:
            return parse_quantity(value, question.unit) if isinstance(value, str) else value
        except QuantityError as error:
            place = find_node(node, key).place
            self.issues.append(place.build_issue("wrong-type", str(error)))
            return None

    def _basis(self, node: Node, shape: BasisShape) -> Basis:
        for name in shape.sources:
            if name not in self.rule_set.sources:
                self.report_unknown(node, name, "source", list(self.rule_set.sources), "sources")
        return Basis(shape.tag, shape.sources, shape.note)

    def _check_range(self, node: Node, shape: BasisShape, figures: Sequence[Figure]) -> None:
        """What is assumed must say so: with a reason, a range, and no source to hide behind."""
        place = find_node(node, "tag").place
        if shape.note is None and not shape.sources:
            message = 'a figure needs "sources" or a "note"'
            self.issues.append(place.build_issue("missing-key", message))
        if shape.tag not in ("A", "M?"):
            return
        if not any(figure.uncertain for figure in figures):
            message = f"a figure with the tag {shape.tag} needs a range"
            hint = "write it as [share, low, high]"
            self.issues.append(place.build_issue("wrong-value", message, hint))
        if shape.tag == "A" and (shape.sources or shape.note is None):
            message = 'an assumption needs a "note", and has no "sources"'
            self.issues.append(place.build_issue("wrong-value", message))
