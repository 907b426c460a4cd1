"""How many prompts an interview takes: the shortest, an ordinary strain, and the longest that a random search finds.

`python tests/benchmarks/lengths.py [SECONDS]` searches for so long, 60 seconds if left out, always from the same seed.
It changes one to three answers of a person at a time and keeps what does not make the interview shorter.
"""

import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import RuleSet, load
from backtriage.engine import all_telling_values
from backtriage.interview import Interview
from backtriage.model import Answer
from strategies import harmless_answer

STRAIN: Mapping[str, Answer] = {"age": 35, "pain_severity": "moderate", "duration": 4, "trend": "better"}


def prompts(rule_set: RuleSet, person: Mapping[str, Answer]) -> int:
    """How many prompts a person meets who has these answers, and harmless ones to all other questions."""
    interview, count = Interview(rule_set), 0
    while step := interview.step:
        answers = {question.id: person.get(question.id, harmless_answer(question)) for question in step.questions}
        interview, count = interview.answer(answers), count + 1
    return count


def longest(rule_set: RuleSet, seconds: float) -> tuple[int, int]:
    """The longest interview found, and how many were tried."""
    choose = random.Random(1)
    values = all_telling_values(rule_set)
    person: dict[str, Answer] = dict(STRAIN)
    best, tried, end = prompts(rule_set, person), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        questions = choose.sample(list(values), choose.randint(1, 3))
        other = person | {question: choose.choice(values[question]) for question in questions}
        length, tried = prompts(rule_set, other), tried + 1
        if length >= best:
            person, best = other, length
    return best, tried


def main() -> None:
    rule_set = load()
    found, tried = longest(rule_set, float(sys.argv[1]) if sys.argv[1:] else 60)
    first = next(iter(rule_set.questions))
    print(f"first answer an emergency   {prompts(rule_set, {first: 'yes'}):3} prompts")
    print(f"healthy, 35, with a strain  {prompts(rule_set, STRAIN):3} prompts")
    print(f"longest of {tried:5} tried      {found:3} prompts ({Interview(rule_set).at_most_more + 1} are announced)")


if __name__ == "__main__":
    main()
