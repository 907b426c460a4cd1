"""A filled-in form in FHIR -> Answers, or every mistake in it with its linkId and FHIRPath."""

from backtriage.answers import get_check, parse_answer
from backtriage.conditions import hold_both
from backtriage.errors import (
    MOST_ISSUES,
    AnswersError,
    Issue,
    limit_issues,
    suggest_nearest,
)
from backtriage.fhir.coding import FindWords, find_no_words, is_said_for
from backtriage.fhir.layout import find_displayed, find_group_texts, find_places
from backtriage.fhir.names import (
    CHECK_SUFFIX,
    NOT_SURE_SUFFIX,
    Resource,
)
from backtriage.fhir.questionnaire import describe_not_sure_item
from backtriage.fhir.r4 import list_odd_elements
from backtriage.fhir.sent import find_response, list_head_issues
from backtriage.fhir.shape import At, quote_sent
from backtriage.fhir.values import ValueFault, list_reasons, read_not_sure, read_value
from backtriage.language import ENGLISH, hold_language
from backtriage.model import NOT_SURE, Answer, Answers, Number, Question, RuleSet

_ITEM, _ANSWER = "QuestionnaireResponse_Item", "QuestionnaireResponse_Answer"
_READ_OF_ITEM = ("linkId", "text", "answer", "item")


def read_fhir(rule_set: RuleSet, raw: object, find_words: FindWords = find_no_words) -> Answers:
    """The answers of a QuestionnaireResponse, or of the one in a Bundle; raises AnswersError.

    The rule set is in English, as the form is; `find_words` finds what stands for its texts in the
    other languages in which it may have been shown.
    """
    with hold_language(ENGLISH):
        return _read(rule_set, raw, find_words)


def _read(rule_set: RuleSet, raw: object, find_words: FindWords) -> Answers:
    sent = find_response(rule_set, raw)
    response, at = sent.response, sent.at
    issues = list_head_issues(rule_set, sent)
    if not any(issue.code.startswith("other-") for issue in issues):
        reader = _Reader(rule_set, find_words)
        if "item" in response:
            reader.read_items(response["item"], at.move_to("item"), ())
            reader.join_checks()
        issues += reader.issues
        if not issues:
            return Answers(reader.values)
    raise AnswersError(limit_issues(issues, lambda issue: issue))


class _Reader:
    """Reads the items of one response; what it has found stands in `values` and `issues`."""

    def __init__(self, rule_set: RuleSet, find_words: FindWords) -> None:
        self.rule_set = rule_set
        self._find_words = find_words
        self.values: dict[str, Answer] = {}
        self.issues: list[Issue] = []
        self._checks: dict[str, tuple[Answer, At]] = {}
        self._places = find_places(rule_set)
        self._displayed = find_displayed(rule_set)
        self._seen: dict[str, str] = {}
        self._unread: set[str] = set()

    def _tell(self, at: At, code: str, message: str, suggestion: str | None = None) -> None:
        self.issues.append(at.build_issue(code, message, suggestion))

    def read_items(self, items: object, at: At, above: tuple[str, ...] | None) -> None:
        """Read items that stand in groups with these linkIds; None where that cannot be told."""
        if not isinstance(items, list) or not items:
            self._tell(at, "wrong-type", "this must be a list of items, and not empty")
            return
        for place, item in enumerate(items):
            here = at.move_to(f"[{place}]")
            if isinstance(item, dict):
                self._read_item(item, here, above)
            else:
                self._tell(here, "wrong-type", "an item must be an object")

    def _read_item(self, item: Resource, at: At, above: tuple[str, ...] | None) -> None:
        name = item.get("linkId")
        at = At(at.path, name if isinstance(name, str) else None)
        self.issues += list_odd_elements(item, _ITEM, at, besides=_READ_OF_ITEM)
        for step, _ in list_reasons(item):
            message = "a reason why there is no answer belongs into the answer"
            self._tell(at.move_to(step) if step else at, "misplaced-reason", message)
        if not isinstance(name, str) or not name:
            self._tell(at, "missing-link-id", "an item must have a linkId")
            self._read_below(item, at, None)
        elif name in self._displayed:
            self._read_displayed(item, name, at, above)
        elif (place := self._find_place(name)) is None:
            near = suggest_nearest(name, self._places) if len(self.issues) < MOST_ISSUES else None
            way_out = near or "the form has none by this name"
            self._tell(at, "unknown-link-id", "there is no such item in the form", way_out)
            self._read_below(item, at, None)
        else:
            self._check_place(name, at, above, place)
            self._read_known(item, name, at, (*place, name))

    def _read_displayed(
        self, item: Resource, name: str, at: At, above: tuple[str, ...] | None
    ) -> None:
        """What is only shown; some renderers send it back."""
        self._check_place(name, at, above, self._displayed[name])
        for element in ("answer", "item"):
            if element in item:
                message = "this is only shown, and has no answer and no items"
                self._tell(at.move_to(element), "wrong-type", message)

    def _read_below(self, item: Resource, at: At, above: tuple[str, ...] | None) -> None:
        if "item" in item:
            self.read_items(item["item"], At(at.path).move_to("item"), above)

    def _find_place(self, name: str) -> tuple[str, ...] | None:
        """The groups that an item of the form stands in; None where there is no such item."""
        base, suffix = _split_link_id(name)
        question = self.rule_set.questions.get(base)
        if suffix and (question is None or suffix != _find_suffix(question)):
            return None
        return self._places.get(base)

    def _check_place(
        self, name: str, at: At, above: tuple[str, ...] | None, place: tuple[str, ...]
    ) -> None:
        first = self._seen.setdefault(name, at.path)
        if first != at.path:
            message = f"this linkId stands at {first} too, and may stand only once"
            self._tell(at, "duplicate-link-id", message, "keep the one that holds")
        elif above is not None and above != place:
            stands, belongs = _describe_place(above), _describe_place(place)
            self._tell(at, "misplaced-item", f"it stands {stands}, and belongs {belongs}")

    def _read_known(self, item: Resource, name: str, at: At, inside: tuple[str, ...]) -> None:
        base, suffix = _split_link_id(name)
        question = self.rule_set.questions.get(base)
        self._read_below(item, at, inside)
        if question is None:
            self._check_text(item, find_group_texts(self.rule_set)[name], at)
            if "answer" in item:
                self._tell(at.move_to("answer"), "wrong-type", "a group has no answer")
            return
        self._check_text(item, _find_text(question, suffix), at)
        if "answer" in item:
            self._read_answers(item["answer"], question, at.move_to("answer"), suffix, inside)

    def _check_text(self, item: Resource, text: str, at: At) -> None:
        """What was shown must be what we ask: other words may mean something else."""
        given = item.get("text", text)
        if isinstance(given, str) and (
            given.split() == text.split() or is_said_for(given, text, self._find_words)
        ):
            return
        message = f"this was shown as {quote_sent(given)}, and reads {quote_sent(text)}"
        self._tell(at.move_to("text"), "other-text", message, "send the text as it is in the form")

    def _read_answers(
        self, answers: object, question: Question, at: At, suffix: str, inside: tuple[str, ...]
    ) -> None:
        if not isinstance(answers, list) or len(answers) != 1:
            many = f"there are {len(answers)}" if isinstance(answers, list) else "it is no list"
            self._tell(at, "many-answers", f"there must be one answer, and {many}")
            return
        at = at.move_to("[0]")
        (answer,) = answers
        if not isinstance(answer, dict):
            self._tell(at, "wrong-type", "an answer must be an object")
            return
        values = [name for name in answer if name.removeprefix("_").startswith("value")]
        self.issues += list_odd_elements(answer, _ANSWER, at, besides=[*values, "item"])
        self._read_below(answer, at, inside)
        try:
            value = self._read_answer(question, answer, suffix)
        except ValueFault as fault:
            self._unread.add(question.id)
            where = at.move_to(fault.step) if fault.step else at
            self._tell(where, fault.code, fault.message, fault.suggestion)
        except AnswersError as error:
            self._unread.add(question.id)
            issue = error.issues[0]
            self._tell(at.move_to("value"), issue.code, issue.message, issue.suggestion)
        else:
            self.issues += list_odd_elements({one: answer[one] for one in values}, _ANSWER, at)
            self._keep(question, value, at, suffix)

    def _read_answer(self, question: Question, answer: Resource, suffix: str) -> Answer:
        if suffix == NOT_SURE_SUFFIX:
            return read_not_sure(answer, self._find_words)
        value = read_value(self.rule_set, question, answer, self._find_words)
        return parse_answer(question, value)

    def _keep(self, question: Question, value: Answer, at: At, suffix: str) -> None:
        if suffix == CHECK_SUFFIX:
            self._checks[question.id] = value, at
            return
        before = self.values.get(question.id, value)
        if isinstance(question, Number) and (before is NOT_SURE) != (value is NOT_SURE):
            message = "there is a number, and it is said that nobody is sure of it"
            self._tell(at, "contradiction", message, "send one of them")
        self.values[question.id] = value

    def join_checks(self) -> None:
        """Put each answer to a check together with the "not sure" that it follows.

        The same answer twice is that answer: some programs show the check to everybody.
        """
        for name, (second, at) in self._checks.items():
            first = self.values.get(name)
            if first is NOT_SURE:
                self.values[name] = hold_both(second)
            elif first != second and name not in self._unread:
                message = 'this is asked only after a "not sure", and that was not the answer'
                self._tell(at, "contradiction", message, "send the answer that holds alone")


def _split_link_id(name: str) -> tuple[str, str]:
    """The id of a question and what the linkId of an item beside it has behind that."""
    for suffix in (NOT_SURE_SUFFIX, CHECK_SUFFIX):
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix
    return name, ""


def _find_suffix(question: Question) -> str | None:
    """What the linkId of the item beside that of a question has, where there is one."""
    if isinstance(question, Number):
        return NOT_SURE_SUFFIX if question.not_sure is not None else None
    return None if get_check(question) is None else CHECK_SUFFIX


def _find_text(question: Question, suffix: str) -> str:
    """What an item of a question, or the one beside it, asks."""
    if suffix == NOT_SURE_SUFFIX:
        return describe_not_sure_item()
    return get_check(question) or question.ask if suffix else question.ask


def _describe_place(groups: tuple[str, ...]) -> str:
    return f'in "{groups[-1]}"' if groups else "at the top"
