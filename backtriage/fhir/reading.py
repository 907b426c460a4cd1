"""A filled-in form in FHIR -> Answers, or every mistake in it with its linkId and FHIRPath."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backtriage.answers import parse_answer
from backtriage.errors import AnswersError, Issue, limit_issues, shorten, suggest_nearest
from backtriage.fhir.layout import find_places
from backtriage.fhir.names import NOT_SURE_SUFFIX, Resource, get_questionnaire_url, get_version
from backtriage.fhir.questionnaire import DISPLAYED, NOT_SURE_TEXT
from backtriage.fhir.shape import ANSWER, ITEM, RESPONSE, STATUSES, At, list_odd_elements
from backtriage.fhir.values import ValueFault, read_not_sure, read_value
from backtriage.model import NOT_SURE, Answer, Answers, Number, Question, RuleSet

_KIND = "QuestionnaireResponse"
KINDS = (_KIND, "Bundle")
"""What an input in FHIR may be."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A response as it was sent: its place, and its address where a Bundle gives it one."""

    response: Resource
    at: At
    full_url: str | None = None


def is_fhir(raw: object) -> bool:
    """Whether a JSON value says of itself that it is FHIR; no question can have this id."""
    return isinstance(raw, Mapping) and "resourceType" in raw


def read_fhir(rule_set: RuleSet, raw: object) -> Answers:
    """The answers of a QuestionnaireResponse, or of the one in a Bundle; raises AnswersError."""
    sent = find_response(rule_set, raw)
    response, at = sent.response, sent.at
    issues = _list_head_issues(rule_set, response, at)
    if not any(issue.code.startswith("other-") for issue in issues):
        reader = _Reader(rule_set)
        if "item" in response:
            reader.read_items(response["item"], at.move_to("item"), ())
        issues += reader.issues
        if not issues:
            return Answers(reader.values)
    raise AnswersError(limit_issues(issues, lambda issue: issue))


def find_response(rule_set: RuleSet, raw: object) -> Sent:
    """The response to our form in what was sent; raises AnswersError.

    A Bundle may have other resources too, but only one response to this form: it is one person.
    """
    kind = raw.get("resourceType") if isinstance(raw, Mapping) else None
    if not isinstance(raw, dict) or kind not in KINDS:
        what = f'a "{shorten(kind)}"' if isinstance(kind, str) else "not FHIR"
        message = f"this is {what}; a {_KIND} is asked for, or a Bundle with one"
        raise AnswersError([Issue(code="not-fhir", message=message)])
    if kind == _KIND:
        return Sent(raw, At(_KIND))
    found = _list_responses(raw)
    form = get_questionnaire_url(rule_set)
    ours = [sent for sent in found if _split_canonical(sent.response)[0] == form]
    chosen = ours or found
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        issue = At("Bundle.entry").build_issue("not-answers", f"there is no {_KIND} in this Bundle")
        raise AnswersError([issue])
    way_out = "send each person's alone, such as one on each line"
    message = f"this is the first of {len(chosen)} responses, and only one can be meant"
    raise AnswersError([chosen[0].at.build_issue("many-responses", message, way_out)])


def _list_responses(bundle: Resource) -> list[Sent]:
    entries = bundle.get("entry", [])
    found = []
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == _KIND:
            url = entry.get("fullUrl")
            address = url if isinstance(url, str) else None
            found.append(Sent(resource, At(f"Bundle.entry[{place}].resource"), address))
    return found


# What stands above the items ---------------------------------------------------------------------


def _list_head_issues(rule_set: RuleSet, response: Resource, at: At) -> list[Issue]:
    issues = list(list_odd_elements(response, RESPONSE, at))
    issues += _list_form_issues(rule_set, response, at.move_to("questionnaire"))
    status = response.get("status")
    if status not in STATUSES:
        message = "there must be a status" if status is None else f"{_quote(status)} is refused"
        way_out = f"choose from {', '.join(STATUSES)}"
        issues.append(at.move_to("status").build_issue("wrong-status", message, way_out))
    if not isinstance(response.get("subject", {}), Mapping):
        message = "it must be a reference"
        issues.append(at.move_to("subject").build_issue("wrong-type", message))
    return issues


def _list_form_issues(rule_set: RuleSet, response: Resource, at: At) -> list[Issue]:
    """Whether it is this very form that was filled in."""
    ours, version = get_questionnaire_url(rule_set), get_version(rule_set)
    way_out = f"it should be {ours}|{version}"
    if isinstance(response.get("questionnaire"), Mapping):
        message = "this is a reference, as in STU3; R4 has a canonical address"
        return [at.build_issue("other-fhir-version", message, way_out)]
    url, given = _split_canonical(response)
    if not url:
        return [at.build_issue("no-questionnaire", "it does not say which form it is of", way_out)]
    if url != ours:
        message = f'these are answers to another form, "{shorten(url)}"'
        return [at.build_issue("other-questionnaire", message, way_out)]
    if not given:
        return [at.build_issue("no-version", "it does not say of which version", way_out)]
    if given != version:
        message = (
            f'these are answers to version "{shorten(given)}" of the form; '
            f"the rules are {version}, and its questions may mean something else"
        )
        way_out = "export the form again, or use the rules of that version"
        return [at.build_issue("other-version", message, way_out)]
    return []


def _split_canonical(response: Resource) -> tuple[str, str]:
    """The address of the form and its version, as a response names them."""
    canonical = response.get("questionnaire")
    url, _, version = canonical.partition("|") if isinstance(canonical, str) else ("", "", "")
    return url, version


# Items -------------------------------------------------------------------------------------------


class _Reader:
    """Reads the items of one response; what it has found stands in `values` and `issues`."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.values: dict[str, Answer] = {}
        self.issues: list[Issue] = []
        self._places = find_places(rule_set)
        self._seen: dict[str, str] = {}

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
        self.issues += list_odd_elements(item, ITEM, at)
        if not isinstance(name, str) or not name:
            self._tell(at, "missing-link-id", "an item must have a linkId")
            self._read_below(item, at, None)
        elif name.startswith(DISPLAYED) and "answer" not in item:
            pass  # some renderers send back what they only show
        elif (place := self._find_place(name)) is None:
            near = suggest_nearest(name, self._places) or "the form has none by this name"
            self._tell(at, "unknown-link-id", "there is no such item in the form", near)
            self._read_below(item, at, None)
        else:
            self._check_place(name, at, above, place)
            self._read_known(item, name, at, (*place, name))

    def _read_below(self, item: Resource, at: At, above: tuple[str, ...] | None) -> None:
        if "item" in item:
            self.read_items(item["item"], At(at.path).move_to("item"), above)

    def _find_place(self, name: str) -> tuple[str, ...] | None:
        """The groups that an item of the form stands in; None where there is no such item."""
        base = name.removesuffix(NOT_SURE_SUFFIX)
        if base != name:
            question = self.rule_set.questions.get(base)
            if not isinstance(question, Number) or question.not_sure is None:
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
        question = self.rule_set.questions.get(name.removesuffix(NOT_SURE_SUFFIX))
        self._read_below(item, at, inside)
        if question is None:
            if "answer" in item:
                self._tell(at.move_to("answer"), "wrong-type", "a group has no answer")
            return
        is_not_sure = name != question.id
        self._check_text(item, NOT_SURE_TEXT if is_not_sure else question.ask, at)
        if "answer" in item:
            self._read_answers(item["answer"], question, at.move_to("answer"), is_not_sure)

    def _check_text(self, item: Resource, text: str, at: At) -> None:
        """What was shown must be what we ask: other words may mean something else."""
        given = item.get("text")
        if given in (None, text) or (isinstance(given, str) and given.split() == text.split()):
            return
        message = f"the question was shown as {_quote(given)}, and reads {_quote(text)}"
        self._tell(at.move_to("text"), "other-text", message, "send the text as it is in the form")

    def _read_answers(self, answers: object, question: Question, at: At, is_not_sure: bool) -> None:
        if not isinstance(answers, list) or len(answers) != 1:
            many = f"there are {len(answers)}" if isinstance(answers, list) else "it is no list"
            self._tell(at, "many-answers", f"there must be one answer, and {many}")
            return
        at = at.move_to("[0]")
        (answer,) = answers
        if not isinstance(answer, dict):
            self._tell(at, "wrong-type", "an answer must be an object")
            return
        others = [name for name in answer if not name.removeprefix("_").startswith("value")]
        self.issues += list_odd_elements(others, ANSWER, at)
        self._read_below(answer, at, (question.id,))
        try:
            value = self._read_answer(question, answer, is_not_sure)
        except ValueFault as fault:
            where = at.move_to(fault.step) if fault.step else at
            self._tell(where, fault.code, fault.message, fault.suggestion)
        except AnswersError as error:
            issue = error.issues[0]
            self._tell(at.move_to("value"), issue.code, issue.message, issue.suggestion)
        else:
            self._keep(question, value, at)

    def _read_answer(self, question: Question, answer: Resource, is_not_sure: bool) -> Answer:
        if is_not_sure:
            return read_not_sure(answer)
        return parse_answer(question, read_value(self.rule_set, question, answer))

    def _keep(self, question: Question, value: Answer, at: At) -> None:
        before = self.values.get(question.id, value)
        if isinstance(question, Number) and (before is NOT_SURE) != (value is NOT_SURE):
            message = "there is a number, and it is said that nobody is sure of it"
            self._tell(at, "contradiction", message, "send one of them")
        self.values[question.id] = value


def _describe_place(groups: tuple[str, ...]) -> str:
    return f'in "{groups[-1]}"' if groups else "at the top"


def _quote(value: Any) -> str:
    return f'"{shorten(value)}"' if isinstance(value, str) else "what is no text"
