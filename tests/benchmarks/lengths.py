"""How many prompts an interview takes:
the shortest, an ordinary strain, and the longest that there can be.

The shortest and the longest are proved (see `backtriage.authoring.prove.lengths`), the other is
counted.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import RuleSet, load
from backtriage.authoring.prove.lengths import measure_lengths
from backtriage.interview import Interview
from backtriage.model import Answer
from strategies import harmless_answer

STRAIN: Mapping[str, Answer] = {
    "age": 35,
    "pain_severity": "moderate",
    "duration": 4,
    "trend": "better",
}


def prompts(rule_set: RuleSet, person: Mapping[str, Answer]) -> int:
    """How many prompts a person meets who has these answers,
    and harmless ones to all other questions.
    """
    interview, count = Interview(rule_set), 0
    while step := interview.step:
        answers = {
            question.id: person.get(question.id, harmless_answer(question))
            for question in step.questions
        }
        interview, count = interview.take_answers(answers), count + 1
    return count


def main() -> None:
    rule_set = load()
    shortest, longest, most = measure_lengths(rule_set)
    announced = Interview(rule_set).at_most_more + 1
    print(f"shortest                    {shortest.prompts:3} prompts")
    print(f"healthy, 35, with a strain  {prompts(rule_set, STRAIN):3} prompts")
    print(f"longest                     {longest.prompts:3} prompts")
    print(
        f"with all its checks         {most.prompts + most.checks:3} prompts "
        f"({announced} announced at first)"
    )


if __name__ == "__main__":
    main()
