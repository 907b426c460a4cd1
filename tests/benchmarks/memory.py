"""How long one patient takes in memory, beside the reference engine and an if-chain by hand.

    .venv/bin/python tests/benchmarks/memory.py [ROUNDS]

The answers are parsed already. The patients are those of the cases of the shipped rules; as many
who are complete and have few complaints, as in `cohort.py`; and as many who have answered half of
the questions. All take turns, and of 7 rounds, if left out, the best counts. The if-chain knows two
values alone, so it decides the complete patients alone; that it finds the same red flags is
checked, and so is what the kernel decides.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import RuleSet, load
from backtriage.conditions import Facts
from backtriage.engine import assess
from backtriage.loader.cases import load_cases
from backtriage.loader.shipped import SHIPPED
from backtriage.model import Answer, Answers, Choice, Question, YesNo
from backtriage.planes import hold_answers
from backtriage.status import Status, find_status
from benchmarks.translate import make_if_chain

Work = Callable[[Answers], object]
REFERENCE, KERNEL = "reference engine, status", "kernel, status"
IF_CHAIN, ASSESS = "if-chain by hand", "assess"


def draw_answer(question: Question, random: Random) -> Answer:
    """An answer: no complaint for most."""
    match question:
        case YesNo():
            return "yes" if random.random() < 0.03 else "no"
        case Choice(options=options):
            return options[0 if random.random() < 0.8 else random.randrange(len(options))].id
        case _:
            return int(question.minimum + random.random() * 90)


def draw_people(rule_set: RuleSet, number: int, share: float) -> list[Answers]:
    """People who have answered this share of the questions, the same each time."""
    random = Random(7)
    return [
        Answers(
            {
                name: draw_answer(question, random)
                for name, question in rule_set.questions.items()
                if random.random() < share
            }
        )
        for _ in range(number)
    ]


def list_work(rule_set: RuleSet) -> dict[str, Work]:
    """What is measured."""
    flags, if_chain = rule_set.red_flags.values(), make_if_chain(rule_set)
    return {
        REFERENCE: lambda answers: Status.of(flags, Facts(rule_set, answers)),
        KERNEL: lambda answers: find_status(rule_set, hold_answers(rule_set, answers.values)),
        IF_CHAIN: lambda answers: if_chain(answers.values),
        ASSESS: lambda answers: assess(rule_set, answers),
    }


def check_alike(work: dict[str, Work], people: Sequence[Answers], *, complete: bool) -> None:
    """The kernel decides as the engine does, and so does the if-chain where it can."""
    for answers in people:
        status = work[REFERENCE](answers)
        assert isinstance(status, Status)
        assert work[KERNEL](answers) == status
        if complete:
            found = work[IF_CHAIN](answers)
            assert isinstance(found, list)
            assert set(found) == {flag.id for flag in status.present}


def measure(do: Work, people: Sequence[Answers]) -> float:
    """Microseconds for each of them."""
    start = time.perf_counter()
    for answers in people:
        do(answers)
    return 1e6 * (time.perf_counter() - start) / len(people)


def main() -> None:
    rounds = int(sys.argv[1]) if sys.argv[1:] else 7
    rule_set = load()
    cases = [case.answers for case in load_cases(SHIPPED, rule_set)]
    groups = {
        "cases": cases,
        "complete": draw_people(rule_set, len(cases), 1),
        "half answered": draw_people(rule_set, len(cases), 0.5),
    }
    work = list_work(rule_set)
    for group, people in groups.items():
        check_alike(work, people, complete=group == "complete")
        names = [name for name in work if name != IF_CHAIN or group == "complete"]
        best = dict.fromkeys(names, float("inf"))
        for _ in range(rounds):
            for name in names:
                best[name] = min(best[name], measure(work[name], people))
        print(f"{len(people)} patients, {group}")
        for name, took in best.items():
            print(f"  {name:26} {took:7.1f} us {took / best[REFERENCE]:6.2f}x the reference")


if __name__ == "__main__":
    main()
