"""The one list of texts: no text of the model is missing, and `check` and `diff` look at all."""

import dataclasses
import re
import shutil
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from backtriage.authoring.check.wording import check_wording
from backtriage.authoring.diff import compare_rule_sets, summary
from backtriage.authoring.diff.rewordings import Rewording, find_rewordings
from backtriage.authoring.texts import Text, list_texts
from backtriage.loader.authored import Authored, Part
from backtriage.loader.build import build, read_folder
from backtriage.loader.yaml_nodes import Node, Place, build_data, get_child, get_children
from backtriage.model import Condition, EmergencyNumbers, RuleSet, YesNo
from filled import all_filled, words_of
from helpers import SHIPPED, SMALL, edited, replaced, small_with

NO_TEXTS = {
    "AdvicePart.never_if",
    "AdvicePart.unless",
    "AdvicePart.when",
    "AdviceStep.never_if",
    "AdviceStep.unless",
    "AdviceStep.when",
    "Area.definitions",
    "Area.definitions key",
    "Area.id",
    "Choice.ask_if",
    "Choice.id",
    "Choice.not_sure",
    "EmergencyNumbers.countries key",
    "EmergencyNumbers.sources",
    "Number.ask_if",
    "Number.id",
    "Number.unit",
    "Option.id",
    "QuestionList.id",
    "RedFlag.id",
    "RedFlag.sources",
    "RedFlag.suspect",
    "RedFlag.when",
    "RuleSet.ambulance",
    "RuleSet.complete_languages",
    "RuleSet.hash",
    "RuleSet.id",
    "RuleSet.say_first",
    "RuleSet.ask_for_doctor",
    "RuleSet.sources key",
    "RuleSet.suspicions key",
    "RuleSet.version",
    "Source.id",
    "Translation.hash",
    "Translation.language",
    "Translation.missing",
    "Watch.answers",
    "Watch.answers key",
    "YesNo.ask_if",
    "YesNo.id",
    "YesNo.list",
    "YesNo.not_sure",
}
"""Every other field that has words: ids, codes and conditions (which are made of them)."""


@cache
def paths() -> tuple[str, ...]:
    """The fields that lead to each string of a rule set."""
    found: dict[str, None] = {}

    def note(path: str) -> str:
        found[path] = None
        return words_of(path)

    all_filled(note)
    return tuple(found)


def last(path: str) -> str:
    """The class and the field that have the string; a condition is one field."""
    conditions = {kind.__name__ for kind in get_args(Condition)}
    names = (name for name in path.split("/") if name.partition(".")[0] not in conditions)
    return list(names)[-1]


def with_words(path: str, words: str) -> RuleSet:
    """The filled rule set with other words in one place."""
    return all_filled(lambda other: words if other == path else words_of(other))


TEXTS = [path for path in paths() if last(path) not in NO_TEXTS]
BY_AUTHORS = {"Country.also", "RedFlag.rationale", "Source.note", "Source.doi", "Source.url"}
READ = [path for path in TEXTS if last(path) not in BY_AUTHORS]


def test_no_text_field_of_the_model_is_missing() -> None:
    """A new field is a text that the list knows, or stands above among those that are none."""
    listed = [text.text for text in list_texts(all_filled(words_of))]

    assert [path for path in paths() if (words_of(path) in listed) != (path in TEXTS)] == []
    assert NO_TEXTS - {last(path) for path in paths()} == set()


def test_each_text_is_listed_once() -> None:
    """With a place of its own, so that what is said of one is not said of another."""
    for rule_set in (all_filled(words_of), build(SHIPPED)):
        places = [(text.part, text.keys) for text in list_texts(rule_set)]
        assert len(places) == len(set(places))


@pytest.mark.parametrize("folder", [SMALL, SHIPPED])
def test_the_keys_lead_to_the_text_in_the_files(folder: Path) -> None:
    """From the part on, so that an issue points at the line of its text."""
    authored = read_folder(folder)

    def value(text: Text) -> object:
        node: Node | None = authored.nodes[text.part]
        for key in text.keys:
            node = get_child(node, key) if isinstance(key, str) else get_children(node)[key]
            assert node is not None, text
        data = build_data(node)
        return data["text"] if isinstance(data, dict) else data

    for text in list_texts(authored.rule_set):
        assert str(value(text)).strip() == text.text, text
        assert authored.find_place(text.part, text.keys).line


# What `rules check` sees --------------------------------------------------------------------------


@pytest.fixture
def without_grades(monkeypatch: pytest.MonkeyPatch) -> None:
    """To read the dictionary for each of many rule sets takes long."""
    monkeypatch.setattr("backtriage.authoring.check.wording.is_missing", lambda *_: True)


def codes(rule_set: RuleSet) -> dict[str, set[Part | None]]:
    """The parts with an issue of wording, by its code."""
    parts = {text.part for text in list_texts(rule_set)}
    authored = Authored(Path(), rule_set, {part: Place("f.yaml", 1, 1) for part in parts})
    found: dict[str, set[Part | None]] = {}
    for issue in check_wording(authored):
        found.setdefault(issue.code, set()).add(issue.part)
    return found


@pytest.mark.parametrize("path", READ)
@pytest.mark.usefixtures("without_grades")
def test_whatever_a_person_reads_is_checked(path: str) -> None:
    """A number is no word for everybody, and nothing may say that nothing is wrong."""
    rule_set = with_words(path, "Call 111; there is nothing wrong")
    parts = {text.part for text in list_texts(rule_set) if text.text.startswith("Call 111")}
    found = codes(rule_set)

    assert len(parts) >= 1
    assert found["reassuring"] == parts
    expected = None if last(path) in ("Country.call", "Source.citation") else parts
    assert found.get("local-word") == expected


@pytest.mark.usefixtures("without_grades")
def test_what_authors_alone_read_is_not_checked() -> None:
    """They know what 111 is."""
    for path in set(TEXTS) - set(READ):
        found = codes(with_words(path, "111: nothing wrong"))
        assert not {"reassuring", "local-word"} & found.keys()


def test_a_country_is_found_at_its_line(tmp_path: Path) -> None:
    """Its name is read in a sentence; its number may be what it is."""
    numbers = 'sources: [small_2020]\ncountries:\n  AT: {name: Austria, call: "112"}\n'
    numbers += '  IE: {name: "Ireland (or 999)", call: "112 or 999"}\n'
    authored = read_folder(small_with(tmp_path, {"emergency_numbers.yaml": numbers}))

    found = [issue for issue in check_wording(authored) if issue.code == "local-word"]

    assert [(Path(issue.file or "").name, issue.line, issue.part) for issue in found] == [
        ("emergency_numbers.yaml", 4, ("country", "IE"))
    ]


# What `rules diff` tells --------------------------------------------------------------------------


def told(old: RuleSet, new: RuleSet) -> list[tuple[str | None, str | None]]:
    return [(change.old, change.new) for change in find_rewordings(old, new)]


@pytest.mark.parametrize("path", TEXTS)
def test_each_change_of_a_text_is_told(path: str) -> None:
    """Once for each place where the words stand, with the words before and after."""
    before, after = all_filled(words_of), with_words(path, "Other words.")
    changes = told(before, after)

    assert changes
    for old, new in changes:
        assert words_of(path) in str(old)
        assert "Other words." in str(new)
    assert told(after, before) == [(new, old) for old, new in changes]
    assert told(before, before) == []


def test_each_text_that_comes_or_goes_is_told() -> None:
    """All of a rule set, against one that has nothing but a title and a scope."""
    full = all_filled(words_of)
    bare = dataclasses.replace(
        full, opening=(), limits=(), also_watch_for=(), suspicions={}, areas=(), advice={},
        sources={}, emergency_numbers=EmergencyNumbers(),
    )  # fmt: skip
    in_both = (full.title, full.scope)

    come, gone = told(bare, full), told(full, bare)

    assert gone == [(new, old) for old, new in come]
    for text in list_texts(full):
        matching = [old for old, new in come if text.text in str(new)]
        assert set(matching) == (set() if text.text in in_both else {None}), text


def shipped_with(tmp_path: Path, pattern: str, by: str) -> RuleSet:
    """The shipped rules with whatever is like a pattern replaced in all their files."""
    ignored = shutil.ignore_patterns("cases", "rules.lock", "population.yaml")
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "rules", ignore=ignored))
    for file in folder.glob("*.yaml"):
        file.write_text(re.sub(pattern, by, file.read_text()))
    return build(folder)


def test_each_item_of_a_list_that_is_reworded_is_told(tmp_path: Path) -> None:
    """All of them; once none was."""
    old, new = build(SHIPPED), shipped_with(tmp_path, r'( item: (?:>-\n +|")?)', r"\1Now ")
    questions = [question for question in old.questions.values() if isinstance(question, YesNo)]
    items = {question.id: question.item for question in questions if question.item}

    assert len(items) > 10
    assert list(find_rewordings(old, new)) == [
        Rewording(f"question {name}: item", item, f"Now {item}") for name, item in items.items()
    ]


def test_another_emergency_number_is_told(tmp_path: Path) -> None:
    """Beside the moves of patients, of whom there are none."""
    old, new = build(SHIPPED), shipped_with(tmp_path, r'(Austria, call:) "112"', r'\1 "000"')
    difference = compare_rule_sets(old, new)

    assert difference.rewordings == (Rewording("country AT: call", "112", "000"),)
    text = summary.render_text(difference, old, new, 60)
    assert "Wording of country AT: call\n  - 112\n  + 000\n" in text


def test_a_country_that_goes_is_told(tmp_path: Path) -> None:
    """With its name and its number."""
    old, new = build(SHIPPED), shipped_with(tmp_path, r".*Austria.*\n", "")
    difference = compare_rule_sets(old, new)

    assert difference.removed == (("country", "AT"),)
    assert difference.rewordings == (
        Rewording("country AT: name", "Austria", None),
        Rewording("country AT: call", "112", None),
        Rewording("country AT: also 1", "Österreich", None),
    )


MEDICINE = "{title: Medicine, steps: [Take it., Stop it.]}"
WALKS = "{title: Walks, steps: [Walk.]}"
DATED = (
    "If it gets worse, see a doctor. "
    '{"watch": {"for": "unasked", "then": "see_doctor_soon", "within_days": 1}}'
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "steps: [Keep moving.]",
            "steps: [Rest., Keep moving.]",
            [("advice home_care: steps 1", None, "Rest.")],
        ),
        (
            "steps: [Keep moving.]",
            "steps: [{text: Keep moving., unless: {numb: yes}}, Rest.]",
            [
                ("advice home_care: steps 1", "Keep moving.",
                 'Keep moving. {"unless": {"numb": "yes"}}'),
                ("advice home_care: steps 2", None, "Rest."),
            ],
        ),
        (
            "within_days: 14",
            "within_days: 15",
            [("advice home_care: safety_net 1 text", f"14 days: {DATED}", f"15 days: {DATED}")],
        ),
        (
            f"parts: [{MEDICINE}, {WALKS}]",
            f"parts: [{WALKS}, {MEDICINE}]",
            [
                ("advice home_care: parts 1 title", None, "Walks"),
                ("advice home_care: parts 1 steps 1", None, "Walk."),
                ("advice home_care: parts 2 title", "Walks", None),
                ("advice home_care: parts 2 steps 1", "Walk.", None),
            ],
        ),
        (
            f"parts: [{MEDICINE}, {WALKS}]",
            "parts: [{title: Medicine, steps: [Take it.]}, "
            "{title: Walks, steps: [Stop it., Walk.]}]",
            [
                ("advice home_care: parts 2 title", None, "Walks"),
                ("advice home_care: parts 2 title", "Walks", None),
            ],
        ),
    ],
    ids=["a step more", "a condition", "a date", "parts exchanged", "a step in another part"],
)  # fmt: skip
def test_lists_are_compared_item_by_item(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    """What is put in or moved is told, and what stands behind it is not."""
    plain = "steps: [Keep moving.]"
    text = edited("advice.yaml", (plain, f"{plain}\n  {old}" if old.startswith("parts") else plain))
    before = small_with(tmp_path / "before", text)
    after = small_with(tmp_path / "after", {"advice.yaml": text["advice.yaml"].replace(old, new)})

    changes = list(find_rewordings(build(before), build(after)))

    assert [(change.where, change.old, change.new) for change in changes] == expected


STEP = "{text: Rest., when: {numb: yes}, how: doctor}"
PART = "{title: P, steps: [Rest.], when: {numb: yes}}"
ALSO = "{text: you faint, watch: {for: unasked, then: see_doctor_soon, within_days: 1}}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("how: doctor", "how: ambulance", "advice home_care: steps 2"),
        ("how: doctor", "never_if: {weak: yes}", "advice home_care: steps 2"),
        ("steps: [Rest.], when", "steps: [Rest.], unless", "advice home_care: parts 1 title"),
        ("steps: [Rest.], when", "steps: [Rest.], never_if", "advice home_care: parts 1 title"),
        ("{for: unasked, then: see_doctor_soon, within_days: 1}}]",
         "{for: unasked, then: see_doctor_soon, within_days: 2}}]",
         "advice also_watch_for: 1 text"),
        ("you faint, watch: {for: unasked", "you faint, watch: {for: {numb: yes}",
         "advice also_watch_for: 1 text"),
        ("[age, numb]", "[numb, age]", "advice: say_first"),
        ("[fall]", "[fall, weak]", "advice: ask_for_doctor"),
    ],
    ids=["how", "never_if", "unless", "promise", "deadline", "watched", "first", "for doctor"],
)  # fmt: skip
def test_what_a_line_is_held_to_is_told_when_it_changes(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    """Though its words stay: others are told it, or a proof asks less of it."""
    text = replaced(
        (SMALL / "advice.yaml").read_text(),
        "steps: [Keep moving.]",
        f"steps: [Keep moving., {STEP}]\n  parts: [{PART}]",
    )
    text = f"say_first: [age, numb]\nask_for_doctor: [fall]\nalso_watch_for: [{ALSO}]\n{text}"
    old = build(small_with(tmp_path / "old", {"advice.yaml": text}))
    new = build(small_with(tmp_path / "new", {"advice.yaml": replaced(text, before, after)}))

    (change,) = find_rewordings(old, new)

    assert change.where == expected
    assert change.old != change.new


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "  ambulance: {numb: yes}\n", None),
        (
            "  ambulance: {numb: yes}\n",
            "  ambulance: {weak: yes}\n",
            ("{numb: yes}", "{weak: yes}"),
        ),
        ("  ambulance: {numb: yes}\n", "", None),
    ],
    ids=["it comes", "it changes", "it goes"],
)
def test_who_needs_an_ambulance_is_told_when_it_changes(
    tmp_path: Path, old: str, new: str, expected: tuple[str, str] | None
) -> None:
    """It is a rule: other patients are told to call one, though none is more urgent."""
    first = "seek_care_now:\n"
    before = build(small_with(tmp_path / "a", edited("advice.yaml", (first, first + old))))
    after = build(small_with(tmp_path / "b", edited("advice.yaml", (first, first + new))))

    difference = compare_rule_sets(before, after)

    part = ("ambulance", "seek_care_now")
    assert difference.moves == ()
    assert difference.added == ((part,) if not old else ())
    assert difference.removed == ((part,) if not new else ())
    assert [(change.sort, change.old, change.new) for change in difference.changed] == (
        [("ambulance", *expected)] if expected else []
    )


def test_an_option_is_the_same_wherever_it_stands(tmp_path: Path) -> None:
    """In another order its words are what they were; the order is told with the rules."""
    first = "      - {id: old, label: It is old and does not change}\n"
    second = "      - {id: worse, label: It gets worse, event: the weakness gets worse}\n"
    files = edited("nerves.yaml", (first, "      - @\n"), (second, first))
    files["nerves.yaml"] = files["nerves.yaml"].replace("      - @\n", second)
    before, after = build(SMALL), build(small_with(tmp_path, files))

    difference = compare_rule_sets(before, after)

    assert difference.rewordings == ()
    assert [part.id for part in difference.changed] == ["weak_course"]


def test_a_long_text_is_shown_whole(tmp_path: Path) -> None:
    """What has changed may be its end."""
    long = "Rest. " * 200
    files = edited("advice.yaml", ("steps: [Keep moving.]", f"steps: ['{long}One.']"))
    before = build(small_with(tmp_path / "before", files))
    files = {"advice.yaml": files["advice.yaml"].replace("One.", "Two.")}
    after = build(small_with(tmp_path / "after", files))

    text = summary.render_text(compare_rule_sets(before, after), before, after, 60)

    assert "Rest. One." in text
    assert "Rest. Two." in text
