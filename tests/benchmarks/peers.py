"""How many patients a second other rule engines decide, end to end from JSON Lines to JSON Lines.

    pip install orjson zen-engine datalogic-py common-expression-language
    .venv/bin/python tests/benchmarks/peers.py [PATIENTS]

All have the same red flags, translated for complete patients (nothing is missing, so two values are
enough), and give the ids of those that are present; that they all give the same is checked. 20,000
patients, if left out; those that are slow get fewer, and `backtriage cohort` gets 50 times as many,
since it needs a second to start. It has what the others do not: three values, deadlines, checks,
rejects, a summary. It is timed with its start, on one core, as they are, and on all that there are,
which it uses if it is not told otherwise. All take turns; the figures are medians of 3 rounds.
Drawn as peers.svg beside this file.
"""

import json
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import chain, islice
from os import cpu_count
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import RuleSet, load
from backtriage.conditions import Facts
from backtriage.engine import assess
from backtriage.model import Answers
from backtriage.planes import hold_answers
from backtriage.status import Status, find_status
from benchmarks.cohort import write_patients
from benchmarks.drawing import canvas, finished, write
from benchmarks.timing import RUN, seconds, tell_of_bytecode
from benchmarks.translate import CEL, ZEN, as_json_logic_rules, make_if_chain, written

_ROUNDS = 3
_MORE = 50
"""So many times as many patients for `backtriage cohort`."""

Decide = Callable[[bytes], list[str]]


def python_if_chain(rule_set: RuleSet) -> Decide:
    """What a person would write: one `if` for each red flag."""
    orjson = import_module("orjson")
    decide = make_if_chain(rule_set)
    return lambda line: decide(orjson.loads(line))


def zen(rule_set: RuleSet) -> Decide:
    """zen-engine: one decision with an expression for each red flag."""
    engine = import_module("zen").ZenEngine()
    expressions = [
        {"id": flag.id, "key": flag.id, "value": written(flag.when, rule_set, ZEN)}
        for flag in rule_set.red_flags.values()
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "rules",
            "type": "expressionNode",
            "name": "rules",
            "position": {"x": 0, "y": 0},
            "content": {"expressions": expressions},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": f"e{a}", "type": "edge", "sourceId": a, "targetId": b}
        for a, b in (("in", "rules"), ("rules", "out"))
    ]
    decision = engine.create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    orjson = import_module("orjson")
    return lambda line: [
        name for name, present in decision.evaluate(orjson.loads(line))["result"].items() if present
    ]


def datalogic(rule_set: RuleSet) -> Decide:
    """datalogic-py: all red flags as compiled JSONLogic on one parsed document."""
    module = import_module("datalogic_py")
    engine = module.Engine()
    rules = [engine.compile(rule) for rule in as_json_logic_rules(rule_set)]
    session, names = engine.session(), list(rule_set.red_flags)

    def decide(line: bytes) -> list[str]:
        found = session.evaluate_many(rules, module.DataHandle(line.decode()))
        return [name for name, outcome in zip(names, found, strict=True) if outcome == "true"]

    return decide


def cel(rule_set: RuleSet) -> Decide:
    """common-expression-language:
    all red flags as one compiled expression, a list of truth values.
    """
    module, orjson = import_module("cel"), import_module("orjson")
    program = module.compile(
        f"[{', '.join(written(flag.when, rule_set, CEL) for flag in rule_set.red_flags.values())}]"
    )
    names = list(rule_set.red_flags)
    return lambda line: [
        name
        for name, present in zip(names, program.execute(orjson.loads(line)), strict=True)
        if present
    ]


def by_status(rule_set: RuleSet) -> Decide:
    """backtriage's own engine, one patient at a time, without explanations."""
    flags = rule_set.red_flags.values()
    return lambda line: [
        flag.id for flag in Status.of(flags, Facts(rule_set, answers_in(rule_set, line))).present
    ]


def by_kernel(rule_set: RuleSet) -> Decide:
    """The same by the kernel, which is held to the engine."""

    def decide(line: bytes) -> list[str]:
        planes = hold_answers(rule_set, answers_in(rule_set, line).values)
        return [flag.id for flag in find_status(rule_set, planes).present]

    return decide


def by_assess(rule_set: RuleSet) -> Decide:
    """The same with everything that `assess` tells, and what would change it."""
    return lambda line: [
        finding.id for finding in assess(rule_set, answers_in(rule_set, line)).findings
    ]


def answers_in(rule_set: RuleSet, line: bytes) -> Answers:
    row = json.loads(line)
    return Answers({name: row[name] for name in rule_set.questions})


PEERS: dict[str, tuple[Callable[[RuleSet], Decide], int]] = {
    "Python if-chain with orjson": (python_if_chain, 1),
    "datalogic-py": (datalogic, 1),
    "CEL (common-expression-language)": (cel, 4),
    "zen-engine": (zen, 10),
    "backtriage, engine alone": (by_status, 4),
    "backtriage, kernel alone": (by_kernel, 1),
    "backtriage, assess with explanation": (by_assess, 20),
}
"""How each is made, and by how much fewer patients it gets."""


def measured(decide: Decide, lines: list[bytes], output: Path) -> tuple[float, list[list[str]]]:
    """Patients a second, and what came out."""
    decided: list[list[str]] = []
    start = time.perf_counter()
    with output.open("w") as file:
        for line in lines:
            flags = decide(line)
            file.write(json.dumps({"findings": flags}) + "\n")
            decided.append(flags)
    return len(lines) / (time.perf_counter() - start), decided


def peers(rule_set: RuleSet, lines: list[bytes], folder: Path) -> Iterator[tuple[str, float]]:
    """The rate of each peer that is installed; stops if one of them decides otherwise."""
    expected = [
        set(flags) for flags in measured(by_status(rule_set), lines[:500], folder / "out.jsonl")[1]
    ]
    for name, (make, fewer) in PEERS.items():
        try:
            decide = make(rule_set)
        except ImportError as error:
            print(f"{name:38} not installed: {error.name}")
            continue
        rate, decided = measured(
            decide, lines[: max(500, len(lines) // fewer)], folder / "out.jsonl"
        )
        assert [set(flags) for flags in decided[:500]] == expected, name
        yield name, rate


def cohorts(patients: int, folder: str) -> Iterator[tuple[str, float]]:
    """The rate of `backtriage cohort`, start and all."""
    command = [*RUN, "cohort", "in.jsonl", "--output", "out.jsonl"]
    yield (
        "backtriage cohort, one core",
        patients / seconds([*command, "--threads", "1"], b"", folder),
    )
    yield f"backtriage cohort, {cpu_count()} cores", patients / seconds(command, b"", folder)


def picture(rates: dict[str, float]) -> str:
    """A bar for each; ours are blue."""
    svg = canvas("Patients a second, JSON Lines to JSON Lines", 40 + 28 * len(rates))
    for place, (name, rate) in enumerate(sorted(rates.items(), key=lambda pair: -pair[1])):
        colour = "#1f6feb" if name.startswith("backtriage") else "#8888"
        width = f"{max(290 * rate / max(rates.values()), 1):.0f}"
        ET.SubElement(
            svg, "rect", x="270", y=f"{30 + 28 * place}", width=width, height="18", fill=colour
        )
        write(svg, 262, 44 + 28 * place, name, "end")
        write(svg, 278 + int(width), 44 + 28 * place, f"{rate:,.0f}", "start")
    write(svg, 270, 18, "patients a second; ours are blue", "start")
    return finished(svg)


def main() -> None:
    patients = int(sys.argv[1]) if sys.argv[1:] else 20_000
    tell_of_bytecode()
    rule_set = load()
    all_rates: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_patients(rule_set, _MORE * patients, name)
        with (folder / "in.jsonl").open("rb") as file:
            lines = [line.rstrip(b"\n") for line in islice(file, patients)]
        for _ in range(_ROUNDS):
            for peer, rate in chain(
                cohorts(_MORE * patients, name), peers(rule_set, lines, folder)
            ):
                all_rates.setdefault(peer, []).append(rate)
    rates = {name: median(of_rounds) for name, of_rounds in all_rates.items()}
    one_core, all_cores = list(rates.values())[:2]
    for peer, rate in rates.items():
        print(
            f"{peer:38} {rate:9,.0f} patients a second {1e6 / rate:8,.0f} us each; "
            f"cohort is {one_core / rate:6.1f}x, {all_cores / rate:6.1f}x as fast"
        )
    Path(__file__).with_name("peers.svg").write_text(picture(rates))


if __name__ == "__main__":
    main()
