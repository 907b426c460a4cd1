"""Pictures of a rule set: nothing is missing,
nothing overlaps, and no label can break the syntax.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import RuleSet, load
from backtriage.authoring.graph import (
    build_panels,
    is_small_enough,
    render_detail,
    render_overview,
    render_page,
    render_svg,
)
from backtriage.authoring.graph.fonts import Font, measure_width, wrap_text
from backtriage.authoring.graph.layout import FOLLOW_UPS, place_panels
from backtriage.authoring.graph.order import find_order
from backtriage.authoring.graph.style import CSS
from backtriage.condition_parts import list_comparisons
from backtriage.model import Area, Between, Condition, OneOf, Question
from helpers import NOW, SHIPPED, SMALL, SOON, asks, invoked, tiny, yes
from strategies import rule_sets

RULES = load(SHIPPED)
AREAS = [area.id for area in RULES.areas]
NS = "{http://www.w3.org/2000/svg}"

NASTY = [
    'He said "x" [y] (z) {a} | <b> & # ; %% --> end',
    "1. a list",
    "- another",
    "`code` **bold** _it_",
    "end",
    "é 日本 \\ $$x$$ @{ shape: x } ::: y",
    "w" * 300,
    "a_very_long_id_" * 20,
]


def nasty() -> RuleSet:
    """A rule set whose labels and title hold whatever could be taken for syntax,
    and words that are too long.
    """
    questions: list[Question] = [
        replace(asks(f"q{place}"), label=label) for place, label in enumerate(NASTY)
    ]
    rules = tiny(questions, {"end": (NOW, yes("q0")), "subgraph": (SOON, yes("q6"))})
    return replace(rules, title=NASTY[0], areas=(replace(rules.areas[0], title=" ".join(NASTY)),))


# SVG ----------------------------------------------------------------------------------------------


def drawn(rules: RuleSet, *areas: str) -> Element:
    """The picture as XML."""
    return ElementTree.fromstring(render_svg(rules, build_panels(rules, areas)))


def boxes(root: Element) -> list[Element]:
    """The boxes of questions, red flags and advices."""
    return [group for group in root.iter(f"{NS}g") if "data-id" in group.attrib]


def edges(box: Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the rectangle of a box."""
    rect = box.find(f"{NS}rect")
    assert rect is not None
    x, y, wide, high = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    """Whether two rectangles have room in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def check_nothing_overlaps(root: Element) -> None:
    """No two boxes do, each is inside of its panel,
    and every line of text of its box, also in a rather wide font.
    """
    rectangles = [edges(box) for box in boxes(root)]
    for panel in (group for group in root.iter(f"{NS}g") if "data-area" in group.attrib):
        inside = [edges(box) for box in boxes(panel)]
        left, top, right, bottom = edges(panel)
        assert all(
            left < box[0] and top < box[1] and box[2] < right and box[3] < bottom for box in inside
        )
    for one, other in combinations(rectangles, 2):
        assert not overlap(one, other)
    for box, (left, top, right, bottom) in zip(boxes(root), rectangles, strict=True):
        baselines = [float(text.attrib["y"]) for text in box.iter(f"{NS}text")]
        for text in box.iter(f"{NS}text"):
            size = float(text.attrib["font-size"])
            assert left < float(text.attrib["x"])
            assert float(text.attrib["x"]) + 0.55 * size * len(text.text or "") < right
            assert top < float(text.attrib["y"]) - size
            assert float(text.attrib["y"]) + 0.3 * size < bottom
        assert all(after - before > 12 for before, after in pairwise(baselines))


@pytest.mark.parametrize("area", [None, *AREAS])
def test_in_the_shipped_rule_set_nothing_overlaps_or_is_cut(area: str | None) -> None:
    """Neither in the whole picture nor in that of an area."""
    check_nothing_overlaps(drawn(RULES, *([area] if area else [])))


def test_words_that_are_too_long_are_broken_and_stay_in_their_box() -> None:
    """Nothing is cut, whatever a label says."""
    root = drawn(nasty())
    labels = ["".join(text.text or "" for text in box.iter(f"{NS}text")) for box in boxes(root)]

    check_nothing_overlaps(root)
    for label in NASTY:
        assert label.replace(" ", "") in {shown.replace(" ", "") for shown in labels}


def test_advices_with_long_titles_stand_apart_from_one_another() -> None:
    """Each is higher than the red flag that it would stand beside."""
    flags = {f"f{days}": (("see_doctor_soon", days), yes("q")) for days in range(6)}
    rules = tiny([asks("q")], flags)
    title = replace(
        rules.advice["see_doctor_soon"], title="A title that needs " + "a lot more room " * 8
    )

    check_nothing_overlaps(drawn(replace(rules, advice={**rules.advice, "see_doctor_soon": title})))


@given(st.data())
def test_of_any_rule_set_every_part_is_drawn_once_and_apart(data: st.DataObject) -> None:
    """Also of areas without a question or without a red flag,
    and with follow-ups in both directions.
    """
    rules = data.draw(rule_sets())
    root = drawn(rules)

    check_nothing_overlaps(root)
    assert_all_are_there(root, rules.areas)


def assert_all_are_there(root: Element, areas: tuple[Area, ...]) -> None:
    """Each question has one box in its own area, and each red flag one."""
    shown = Counter(
        (box.attrib["data-sort"], box.attrib["data-id"])
        for box in boxes(root)
        if (rect := box.find(f"{NS}rect")) is not None and rect.attrib["class"] != "borrowed"
    )
    questions = {("question", question.id): 1 for area in areas for question in area.questions}
    flags = {("red-flag", flag.id): 1 for area in areas for flag in area.red_flags}

    assert {
        part: times for part, times in shown.items() if part[0] != "advice"
    } == questions | flags


@pytest.mark.parametrize("chosen", [[], *([area] for area in AREAS), ["cancer", "trauma"]], ids=str)
def test_every_question_and_red_flag_of_the_chosen_areas_appears_once(chosen: list[str]) -> None:
    """A question of another area may stand there too, and is marked as borrowed."""
    assert_all_are_there(
        drawn(RULES, *chosen),
        tuple(area for area in RULES.areas if not chosen or area.id in chosen),
    )


def test_every_comparison_has_its_line() -> None:
    """One from each question to each red flag that compares it,
    also through definitions, with the comparison.
    """
    root = drawn(RULES, "cancer")
    lines = [path.findtext(f"{NS}title") for path in root.iter(f"{NS}path")]
    cancer = next(area for area in RULES.areas if area.id == "cancer")
    expected = {
        (atom.question, flag.id)
        for flag in cancer.red_flags
        for atom in list_comparisons(flag.when, RULES.definitions)
    }
    raising = [line for line in lines if line and not line.startswith("Asked if")]

    assert len(raising) == len(expected)
    assert "Age: 60 years or more" in raising
    assert "Asked if Cancer, now or in the past: yes" in lines


def test_a_box_tells_more_on_pointing_at_it() -> None:
    """The text of the question, and why the red flag counts."""
    notes = {box.attrib["data-id"]: box.findtext(f"{NS}title") for box in boxes(drawn(load(SMALL)))}

    assert notes["weak"] == "Is one leg weaker than it was?"
    assert notes["weak_new"] == "New weakness needs a look."


def test_urgency_is_told_by_words_and_marks_not_by_colour_alone() -> None:
    """In each box of a red flag."""
    texts = {
        box.attrib["data-id"]: [text.text for text in box.iter(f"{NS}text")]
        for box in boxes(drawn(load(SMALL)))
        if box.attrib["data-sort"] == "red-flag"
    }

    assert texts["numb"] == ["numb", "■ Seek care now"]
    assert texts["weak_new"] == ["weak_new", "▲ See a doctor soon: within 2 days"]
    assert texts["two_of_three"] == ["two_of_three", "● See a doctor soon: within 2 weeks"]


def test_curves_keep_out_of_the_columns() -> None:
    """So no line runs through a text:
    those between columns in the gutters, follow-ups on the left.
    """
    for drawing in place_panels(build_panels(RULES), 0):
        for curve in drawing.curves:
            xs = curve.points[::2]
            crossed = [
                box
                for box in drawing.boxes
                if min(xs) < box.x < max(xs) or min(xs) < box.right < max(xs)
            ]

            assert crossed == []
            if curve.style == "follow-up":
                assert max(xs) - 0.75 * (max(xs) - min(xs)) > max(xs) - FOLLOW_UPS


def test_follow_ups_of_one_question_stand_bow_in_bow() -> None:
    """The nearer the other question, the further inside, so that they do not cross."""
    first, *others = "abcde"
    rules = tiny(
        [asks(first), *(asks(name, ask_if=yes(first)) for name in others)], {"f": (NOW, yes(first))}
    )
    (drawing,) = place_panels(build_panels(rules), 0)
    bows = [curve.points for curve in drawing.curves if curve.style == "follow-up"]
    downwards = sorted((bow[1], bow[7], bow[2]) for bow in bows if bow[7] > bow[1])
    upwards = sorted((bow[1], bow[7], bow[2]) for bow in bows if bow[7] < bow[1])

    assert len(downwards) + len(upwards) == 4
    for side in (downwards, upwards):
        arriving = [end for _, end, _ in side]
        assert arriving == sorted(arriving, reverse=True)
    assert [reach for *_, reach in downwards] == sorted(reach for *_, reach in downwards)


def test_lines_on_to_the_advices_never_cross() -> None:
    """The red flags stand in the order of their urgency, as the advices do."""
    for panel in build_panels(RULES):
        _, flags = find_order(panel)
        ranks = [panel.advices.index(flag.advice) for flag in flags]

        assert ranks == sorted(ranks)


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    """No script, no font or picture to load;
    names and a description for those who cannot see it.
    """
    root = drawn(RULES)
    tags = {element.tag.removeprefix(NS) for element in root.iter()}
    named = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}

    assert tags == {"svg", "title", "desc", "style", "defs", "marker", "rect", "g", "text", "path"}
    assert not re.search(r"url\(|@import|@font-face|var\(", CSS)
    assert root.attrib["role"] == "img"
    assert set(root.attrib["aria-labelledby"].split()) == set(named)
    cancer = next(area for area in RULES.areas if area.id == "cancer")
    counted = f"Cancer: {len(cancer.questions)} questions, {len(cancer.red_flags)} red flags"
    assert counted in (named["desc"] or "")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_and_lines_can_be_told_from_what_they_stand_on(scheme: int) -> None:
    """4.5 to 1 for text and 3 to 1 for lines and edges, in light and in dark."""
    css = CSS.split("@media")[scheme]
    fills = dict(re.findall(r"\.?(\w+) \{ fill: (#\w{6})", css))
    strokes = dict(re.findall(r"\.([\w-]+) \{[^}]*stroke: (#\w{6})", css))

    for box in ("paper", "panel", "question", "borrowed", "now", "days", "weeks"):
        assert contrast(fills["text"], fills[box]) >= 4.5
    for ground in ("paper", "panel"):
        assert contrast(fills["faint"], fills[ground]) >= 4.5
    for line in ("question", "borrowed", "now", "days", "weeks", "follow-up"):
        assert contrast(strokes[line], fills["panel"]) >= 3


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=80)
)
def test_wrapped_text_fits_and_loses_nothing(text: str) -> None:
    """But for blanks, of which one in a row is enough."""
    font = Font(13)
    lines = wrap_text(text, 100, font)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(measure_width(line, font) <= 100 for line in lines)


# Mermaid ------------------------------------------------------------------------------------------

LABEL = r'"[^"\[\](){}|<>`&]*"'
STATEMENTS = [
    "flowchart LR",
    rf"subgraph \w+\[{LABEL}\]",
    "end",
    rf"[qadft]_\w+(\({LABEL}\)|\[{LABEL}\]|\(\[{LABEL}\]\)):::\w+",
    r"[qfa]_\w+ (-->|-\.->|--->\|\d+\|) [qfdt]_\w+",
    r"classDef \w+ [\w#:,\- ]+",
    r"linkStyle \d+ stroke:#\w{6}",
]


@pytest.mark.parametrize("rules", [RULES, nasty()], ids=["shipped", "nasty"])
def test_each_line_is_a_statement_that_no_label_can_break(rules: RuleSet) -> None:
    """The real parser of Mermaid took the same statements;
    a label holds nothing but letters and numbers of others.
    """
    for text in (render_detail(build_panels(rules)), render_overview(build_panels(rules))):
        for line in text.splitlines():
            assert any(re.fullmatch(statement, line.strip()) for statement in STATEMENTS), line


def comparisons(condition: Condition) -> Iterator[OneOf | Between]:
    """What the condition compares, also in its definitions."""
    return list_comparisons(condition, RULES.definitions)


@pytest.mark.parametrize("area", AREAS)
def test_every_area_has_its_parts_once_and_is_small_enough_for_github(area: str) -> None:
    """Questions, red flags, a line for each comparison and each follow-up,
    and one from each red flag on.
    """
    chosen = next(entry for entry in RULES.areas if entry.id == area)
    text = render_detail(build_panels(RULES, [area]))
    nodes = Counter(re.findall(r"^ *([qf]_\w+)[\[(]", text, re.MULTILINE))
    lines = set(re.findall(r"^ *(\w+) (-->|-\.->) (\w+)$", text, re.MULTILINE))
    raising = {
        (f"q_{atom.question}", "-->", f"f_{flag.id}")
        for flag in chosen.red_flags
        for atom in comparisons(flag.when)
    }
    asking = {
        (f"q_{atom.question}", "-.->", f"q_{question.id}")
        for question in chosen.questions
        if question.ask_if
        for atom in comparisons(question.ask_if)
    }

    assert set(nodes.values()) == {1}
    assert {f"q_{question.id}" for question in chosen.questions} <= set(nodes)
    assert {name for name in nodes if name.startswith("f_")} == {
        f"f_{flag.id}" for flag in chosen.red_flags
    }
    assert {line for line in lines if not line[2].startswith("d_")} == raising | asking
    assert len(lines) == len(raising | asking) + len(chosen.red_flags)
    assert {end for line in lines for end in (line[0], line[2]) if not end.startswith("d_")} <= set(
        nodes
    )
    assert is_small_enough(text)


def test_the_overview_counts_every_red_flag_once() -> None:
    """And is small enough for GitHub, as the whole in detail is not."""
    text = render_overview(build_panels(RULES))
    numbers = [int(number) for number in re.findall(r"\|(\d+)\|", text)]

    assert sum(numbers) == len(RULES.red_flags)
    assert is_small_enough(text)
    assert not is_small_enough(render_detail(build_panels(RULES)))


def test_of_several_areas_each_question_stands_where_it_is_asked() -> None:
    """A question that one chosen area borrows from
    another chosen one is not drawn a second time.
    """
    text = render_detail(build_panels(RULES, ["cancer", "course"]))
    cancer, _, rest = text.partition("subgraph a_course")
    course, _, elsewhere = rest.partition("subgraph elsewhere")

    assert "q_trend(" not in cancer
    assert "q_trend(" in course
    assert "q_pain_severity(" in elsewhere


# The command --------------------------------------------------------------------------------------


def command(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `backtriage rules graph`."""
    return invoked("rules", "graph", *arguments)


def test_the_command_draws_what_is_chosen() -> None:
    """SVG if nothing else is asked for; Mermaid in detail only of areas."""
    rules = load(SMALL)
    chosen = build_panels(rules, ["nerves"])

    assert command(str(SMALL)) == (0, render_svg(rules, build_panels(rules)), "")
    assert command(str(SMALL), "--area", "nerves") == (0, render_svg(rules, chosen), "")
    assert command(str(SMALL), "--format", "mermaid", "--area", "nerves") == (
        0,
        render_detail(chosen),
        "",
    )
    assert command(str(SMALL), "--format", "mermaid") == (
        0,
        render_overview(build_panels(rules)),
        "",
    )


def test_the_command_says_if_a_picture_is_too_large_for_github() -> None:
    """The picture is given all the same: there are other programs that draw it."""
    code, stdout, stderr = command(
        "--format", "mermaid", *(word for area in AREAS for word in ("--area", area))
    )

    assert code == 0
    assert stdout.startswith("flowchart LR\n")
    assert "more than GitHub draws" in stderr


def test_an_unknown_area_is_a_mistake_in_the_command_with_a_way_out() -> None:
    """Exit code 2, as with every wrong usage."""
    code, stdout, stderr = command(str(SMALL), "--area", "nervse")

    assert (code, stdout) == (2, "")
    assert 'there is no area "nervse"; did you mean "nerves"?' in " ".join(stderr.split())


def test_the_page_has_an_overview_and_a_picture_of_each_area() -> None:
    """Every link leads somewhere, and no two parts have one id, though each picture has its own."""
    page = render_page(RULES, build_panels(RULES))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) == {area.id for area in RULES.areas}
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)
    assert page.count("<svg") == len(RULES.areas)
    assert "<script" not in page
