"""A folder of YAML files -> RuleSet, or every mistake in them at once."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from backtriage.conditions import Facts, evaluate
from backtriage.errors import Issue, RuleSetError
from backtriage.files import describe_failure
from backtriage.loader.advice import (
    build_advice,
    build_also_watch_for,
    build_ambulance,
    check_named_questions,
)
from backtriage.loader.authored import Authored, build_authored
from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.drafts import AreaDraft, Draft, read_draft
from backtriage.loader.folder import list_rule_files
from backtriage.loader.links import check_deadline, check_ids, check_labels, check_names, list_ids
from backtriage.loader.lookalikes import build_error
from backtriage.loader.nesting import check_circles, check_sizes
from backtriage.loader.order import check_order
from backtriage.loader.placeholders import check_placeholders
from backtriage.loader.questions import build_question
from backtriage.loader.shapes import RedFlagShape
from backtriage.loader.yaml_nodes import Node, build_data, get_child, get_place
from backtriage.model import (
    AdviceId,
    AdviceStep,
    AdviceText,
    Answers,
    Area,
    Country,
    EmergencyNumbers,
    Question,
    QuestionList,
    RedFlag,
    Rules,
    RuleSet,
    Source,
    YesNo,
)

_MOST_MISSING_EVENTS = 5
"""So many are told one by one."""


def build(folder: Path) -> RuleSet:
    """Read and check a rule set folder; raises RuleSetError with every issue, sorted by place."""
    return read_folder(folder).rule_set


def read_folder(folder: Path) -> Authored:
    """Read and check a rule set folder as its authors need it: with the place of each part.

    It is not held to its lock, since an author edits first and locks then.
    Raises RuleSetError with every issue, sorted by place.
    """
    _check_folder(folder)
    issues: list[Issue] = []
    draft = read_draft(folder, issues)
    repeated = check_ids(draft, issues)
    parser = _build_parser(draft, repeated, issues)
    areas = tuple(_build_area(area, parser) for area in draft.areas)
    rules = Rules(areas=areas, ambulance=build_ambulance(draft, parser))
    advice = build_advice(draft, parser)
    watched = build_also_watch_for(draft, parser)
    check_named_questions(draft, parser)
    check_names(draft, issues)
    check_labels(draft, issues)
    check_placeholders(draft, issues)
    for area in draft.unlisted:
        _check_unlisted(area, draft, parser)
    _check_rules(draft, rules, issues)
    _join_missing_events(issues)
    if not issues:
        rule_set = _build_rule_set(draft, rules, advice, watched)
        if rule_set is not None:
            return build_authored(draft, rule_set)
    raise build_error(issues)


def _join_missing_events(issues: list[Issue]) -> None:
    """Of many, tell the first and how many more: the rules were written before there were events.

    Told one by one they would hide all else.
    """
    missing = [issue for issue in issues if issue.code == "missing-event"]
    if len(missing) > _MOST_MISSING_EVENTS:
        first = min(missing, key=Issue.get_sort_key)
        message = f"{first.message}; so it is in {len(missing) - 1} other questions"
        others = [issue for issue in issues if issue.code != "missing-event"]
        issues[:] = [*others, replace(first, message=message)]


def _check_folder(folder: Path) -> None:
    """Raise RuleSetError if there is no rule set in the folder."""
    try:
        there, is_folder = folder.exists(), folder.is_dir()
        has_rules = is_folder and folder / "ruleset.yaml" in list_rule_files(folder)
    except OSError as error:  # a name that is too long, or a folder that may not be entered
        issue = Issue(code="no-rule-set", message=describe_failure(error), file=str(folder))
        raise RuleSetError([issue]) from None
    if has_rules:
        return
    message = "there is no rule set here: the file ruleset.yaml is missing"
    if not there:
        message = "there is no such folder"
    elif not is_folder:
        message = "this is not a folder; give the folder that ruleset.yaml is in"
    raise RuleSetError([Issue(code="no-rule-set", message=message, file=str(folder))])


def _build_rule_set(
    draft: Draft,
    rules: Rules,
    advice: dict[AdviceId, AdviceText],
    watched: tuple[AdviceStep, ...],
) -> RuleSet | None:
    """The rule set, or None where one of the files that it needs has the wrong shape."""
    head = draft.head
    if head is None or draft.advice is None or draft.sources is None:
        return None
    sources = {
        name: Source(id=name, **shape.model_dump(exclude={"excuse"}))
        for name, shape in draft.sources.sources.items()
    }
    return RuleSet(
        id=head.id,
        version=head.version,
        title=head.title,
        scope=head.scope,
        opening=head.opening,
        limits=head.limits,
        suspicions=dict(head.suspicions),
        areas=rules.areas,
        ambulance=rules.ambulance,
        advice=advice,
        say_first=draft.advice.say_first,
        ask_for_doctor=draft.advice.ask_for_doctor,
        also_watch_for=watched,
        sources=sources,
        emergency_numbers=_build_numbers(draft),
        complete_languages=head.complete_languages,
        hash=_hash(draft),
    )


def _build_numbers(draft: Draft) -> EmergencyNumbers:
    if draft.numbers is None:
        return EmergencyNumbers()
    countries = {
        code: Country(name=shape.name, call=shape.call, also=shape.also)
        for code, shape in draft.numbers.countries.items()
    }
    return EmergencyNumbers(countries=countries, sources=draft.numbers.sources)


def _hash(draft: Draft) -> str:
    """SHA-256 of what the files say: comments, quotes and layout do not count."""
    content = {name: build_data(node) for name, node in draft.nodes.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


# Areas -------------------------------------------------------------------------------------------


def _build_parser(draft: Draft, repeated: Collection[str], issues: list[Issue]) -> ConditionParser:
    """What reads the conditions; `repeated` are names that stand for two things."""
    names = _list_questions(draft.areas)
    questions: dict[str, Question | None] = dict.fromkeys(names)
    for area in draft.areas:
        for node, shape in area.questions:
            questions[shape.id] = build_question(node, shape, issues)
    # of two questions with one name it cannot be told which is meant
    questions |= {name: None for name, times in Counter(names).items() if times > 1}
    definitions = _list_definitions(draft.areas)
    # what stands in a file that is not listed exists, but cannot be used yet
    elsewhere = {*_list_questions(draft.unlisted), *_list_definitions(draft.unlisted)}
    questions |= dict.fromkeys(elsewhere - definitions - questions.keys())
    names_complete = draft.questions_known and not repeated
    return ConditionParser(questions, definitions, names_complete, issues, times_have_units=True)


def _list_questions(areas: Iterable[AreaDraft]) -> list[str]:
    """The ids of all questions, whatever their shape."""
    return [name for area in areas for name, _ in list_ids(area.list_parts("questions"))]


def _list_definitions(areas: Iterable[AreaDraft]) -> set[str]:
    """The names of all definitions."""
    return {name for area in areas for name, _, _ in area.list_definitions()}


def _check_unlisted(area: AreaDraft, draft: Draft, parser: ConditionParser) -> None:
    """Tell what is wrong within a file that is not listed, which may use what the others have.

    It may well be a copy, so nothing is said of what stands in both.
    """
    issues = parser.issues
    alone = replace(draft, areas=[area], unlisted=[])
    own = _build_parser(alone, check_ids(alone, issues), issues)
    both = replace(
        own,
        questions={**parser.questions, **own.questions},
        definitions={*parser.definitions, *own.definitions},
    )
    _build_area(area, both)
    check_names(alone, issues)
    check_labels(alone, issues)


def _build_area(area: AreaDraft, parser: ConditionParser) -> Area:
    """The area with all of its parts that could be read."""
    questions = [_add_ask_if(node, shape.id, parser) for node, shape in area.questions]
    lists = [QuestionList(id=shape.id, ask=shape.ask, why=shape.why) for _, shape in area.lists]
    definitions = {name: parser.parse(node) for name, _, node in area.list_definitions()}
    flags = [_build_red_flag(node, shape, parser) for node, shape in area.red_flags]
    for node in area.list_misshapen():  # to tell also what is wrong in their conditions
        parser.parse_child(node, "when")
        parser.parse_child(node, "ask_if")
    return Area(
        id=area.id,
        title=area.title,
        questions=tuple(question for question in questions if question),
        lists=tuple(lists),
        definitions={name: condition for name, condition in definitions.items() if condition},
        red_flags=tuple(flag for flag in flags if flag),
    )


def _add_ask_if(node: Node, question_id: str, parser: ConditionParser) -> Question | None:
    """The question that stands in a node, with its `ask_if`; None if it is faulty."""
    question = parser.questions[question_id]
    waits = get_child(node, "ask_if") is not None
    if waits and isinstance(question, YesNo) and question.worse == "no":
        message = (
            'where it is not asked it counts as no, which is the worrying answer here ("worse: no")'
        )
        place = get_place(node, "ask_if")
        parser.issues.append(place.build_issue("unsafe-ask-if", message, "turn the question round"))
    return question and replace(question, ask_if=parser.parse_child(node, "ask_if"))


def _build_red_flag(node: Node, shape: RedFlagShape, parser: ConditionParser) -> RedFlag | None:
    """The red flag, or None if its condition is faulty."""
    check_deadline(node, shape.advice, shape.within_days, parser.issues)
    condition = parser.parse_child(node, "when")
    if condition is None:
        return None
    fields = shape.model_dump(exclude={"excuse"}) | {"when": condition}
    return RedFlag(**fields)


# Checks of the rules as a whole ------------------------------------------------------------------


def _check_rules(draft: Draft, rules: Rules, issues: list[Issue]) -> None:
    """Check what needs conditions, as far as they can be evaluated at all."""
    check_circles(draft, rules, issues)
    if _can_be_evaluated(draft, rules, issues):
        check_sizes(draft, rules, issues)
    if _can_be_evaluated(draft, rules, issues):
        check_order(draft, rules, issues)
        _check_lists(draft, rules, issues)
    if not issues and not rules.red_flags:
        message = "the rule set has no red flag, so everybody would be sent home"
        issues.append(draft.nodes["ruleset"].place.build_issue("no-red-flags", message))


def _can_be_evaluated(draft: Draft, rules: Rules, issues: list[Issue]) -> bool:
    """Whether no definition is missing, and no condition needs itself or is too large.

    All else may be wrong with the rule set.
    """
    given = _list_definitions(draft.areas)
    endless = any(issue.code in ("circular", "too-deep", "too-large") for issue in issues)
    return given == rules.definitions.keys() and not endless


def _check_lists(draft: Draft, rules: Rules, issues: list[Issue]) -> None:
    """What alone makes an emergency must be asked by itself: people overlook items of a list."""
    emergencies = [flag for flag in rules.red_flags.values() if flag.advice == "seek_care_now"]
    for node, shape in (pair for area in draft.areas for pair in area.questions):
        question = rules.questions.get(shape.id)
        if isinstance(question, YesNo) and question.list is not None:
            facts = Facts(rules, Answers({question.id: question.worse or "yes"}))
            raised = next((flag.id for flag in emergencies if evaluate(flag.when, facts)), None)
            if raised is not None:
                message = f'this alone raises the emergency "{raised}", so it must not be in a list'
                place = get_place(node, "list")
                issues.append(place.build_issue("emergency-in-list", message, 'remove "list"'))
