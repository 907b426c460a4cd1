"""Panels -> Mermaid: text that GitHub and others draw as a flowchart.

Chosen areas are drawn with their questions, red flags and advices. The overview of a whole rule set
leaves questions and red flags out, because nobody could follow hundreds of lines: it has a node for
each area and for each tone of advice, and says on the lines how many red flags lead from one to the
other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from backtriage.authoring.graph.picture import MARKS, TONES, AskedNode, FlagNode, Panel, Tone
from backtriage.report.words import count_noun

_MOST_CHARACTERS, _MOST_EDGES = 50_000, 500
"""What GitHub draws at most."""

_EDGE = re.compile(r"^ *\w+ (-->|-\.->|--->)", re.MULTILINE)

_STYLES = (
    "classDef area fill:#eef2f7,stroke:#5b6b7f,color:#1b2530",
    "classDef question fill:#ffffff,stroke:#5b6b7f,color:#1b2530",
    "classDef borrowed fill:#ffffff,stroke:#5b6b7f,color:#1b2530,stroke-dasharray:4 3",
    "classDef now fill:#fde3e1,stroke:#b3261e,color:#5c0f0a,stroke-width:2px",
    "classDef days fill:#fdeccd,stroke:#9a5b00,color:#4d2e00",
    "classDef weeks fill:#dcecf9,stroke:#1f6390,color:#0d334d",
)
_LINES: dict[Tone, str] = {"now": "#b3261e", "days": "#9a5b00", "weeks": "#1f6390"}
_PLAIN = frozenset(" ,_")


def render_detail(panels: Sequence[Panel]) -> str:
    """The areas with all their questions, red flags and advices.

    Each question stands where it is asked, those of areas that are not shown apart.
    """
    questions = {question.id: question for panel in panels for question in panel.questions}
    own = {question.id for panel in panels for question in panel.own}
    elsewhere = {name: question for name, question in questions.items() if name not in own}
    lines: list[str] = []
    for panel in panels:
        nodes = (*_questions(panel.own), *_flags(panel.red_flags))
        lines += _subgraph(f"a_{panel.id}", panel.title, nodes)
    if elsewhere:
        lines += _subgraph("elsewhere", "Asked in other areas", _questions(elsewhere.values()))
    lines += _advices(panels)
    lines += [line for panel in panels for line in _edges(panel)]
    return _text(lines)


def render_overview(panels: Sequence[Panel]) -> str:
    """The areas and the three tones of advice.

    On each line from one to the other stands how many red flags lead there.
    """
    numbers = {(panel.id, tone): _count_flags(panel, tone) for tone in TONES for panel in panels}
    lines = [f"a_{panel.id}({_quote(f'{panel.title}: {panel.size}')}):::area" for panel in panels]
    for tone, meaning in TONES.items():
        total = count_noun(sum(_count_flags(panel, tone) for panel in panels), "red flag")
        lines.append(f"t_{tone}([{_quote(f'{meaning}: {total}', MARKS[tone])}]):::{tone}")
    linked = [(area, tone) for (area, tone), number in numbers.items() if number]
    lines += [f"a_{area} --->|{numbers[area, tone]}| t_{tone}" for area, tone in linked]
    lines += [f"linkStyle {place} stroke:{_LINES[tone]}" for place, (_, tone) in enumerate(linked)]
    return _text(lines)


def is_small_enough(text: str) -> bool:
    """Whether GitHub draws it: 50,000 characters and 500 lines between nodes at most."""
    return len(text) <= _MOST_CHARACTERS and len(_EDGE.findall(text)) <= _MOST_EDGES


def _count_flags(panel: Panel, tone: Tone) -> int:
    return sum(flag.advice.tone == tone for flag in panel.red_flags)


def _text(lines: Iterable[str]) -> str:
    return "\n  ".join(("flowchart LR", *lines, *_STYLES)) + "\n"


def _subgraph(name: str, title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"subgraph {name}[{_quote(title)}]"
    yield from (f"  {line}" for line in lines)
    yield "end"


def _questions(questions: Iterable[AskedNode]) -> Iterator[str]:
    for question in questions:
        style = "borrowed" if question.borrowed_from else "question"
        yield f"q_{question.id}({_quote(question.label)}):::{style}"


def _flags(flags: Iterable[FlagNode]) -> Iterator[str]:
    for flag in flags:
        yield f"f_{flag.id}[{_quote(flag.id, flag.advice.mark)}]:::{flag.advice.tone}"


def _advices(panels: Iterable[Panel]) -> Iterator[str]:
    """Each advice once, the most urgent first."""
    advices = dict.fromkeys(advice for panel in panels for advice in panel.advices)
    urgent_first = sorted(
        advices, key=lambda advice: (advice.tone != "now", advice.urgency.within_days)
    )
    for advice in urgent_first:
        yield f"d_{advice.id}([{_quote(advice.words, advice.mark)}]):::{advice.tone}"


def _edges(panel: Panel) -> Iterator[str]:
    yield from (f"q_{link.question} -.-> q_{link.on}" for link in panel.follow_ups)
    for flag in panel.red_flags:
        yield from (f"q_{link.question} --> f_{flag.id}" for link in flag.links)
        yield f"f_{flag.id} --> d_{flag.advice.id}"


def _quote(text: str, mark: str = "") -> str:
    """A label, in which nothing can be taken for Mermaid.

    All but letters, digits and a few others stand as numbers.
    """
    safe = "".join(
        character if character.isalnum() or character in _PLAIN else f"#{ord(character)};"
        for character in text
    )
    return f'"{mark} {safe}"' if mark else f'"{safe}"'
