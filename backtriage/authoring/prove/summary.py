"""(Proof, RuleSet) -> what was proved, as text or as data for JSON; the issues are told apart."""

import textwrap
from typing import Any

from backtriage.authoring.prove import Proof
from backtriage.authoring.prove.lengths import Length
from backtriage.errors import make_printable
from backtriage.model import RuleSet
from backtriage.report.words import count_noun, describe_patient


def render_text(proof: Proof, rule_set: RuleSet, width: int) -> str:
    """What was decided, and the lengths of the interview with the answers that lead there."""
    flags, questions = len(rule_set.red_flags), len(rule_set.questions)
    issues, excused = len(proof.judged.issues), len(proof.judged.excused)
    paragraphs = [
        f"Decided for all patients that there can be: {flags} red flags, {questions} questions. "
        f"{count_noun(issues, 'issue')} found, {excused} excused with a reason.",
        f"The shortest interview has {count_noun(proof.shortest.prompts, 'prompt')}: "
        f"{describe_patient(rule_set, proof.shortest.answers.values)}.",
        f"The longest interview has {count_noun(proof.longest.prompts, 'prompt')}: "
        f"{describe_patient(rule_set, proof.longest.answers.values)}.",
        *_describe_checks(proof.longest_with_checks),
    ]
    lines = (textwrap.fill(paragraph, width) for paragraph in paragraphs)
    return make_printable("\n".join(lines) + "\n")


def _describe_checks(most: Length) -> list[str]:
    """What whoever is sure of nothing is asked on top; nothing where no question has a check."""
    if not most.checks:
        return []
    prompts = count_noun(most.prompts + most.checks, "prompt")
    return [
        'Whoever says "not sure" is asked some questions once more. '
        f"With these checks no interview has more than {prompts}: "
        f"{most.prompts}, and {count_noun(most.checks, 'check')} on top."
    ]


def build_data(proof: Proof) -> dict[str, Any]:
    """The lengths of the interview, each with its answers in the order of asking."""
    lengths = {
        "shortest": proof.shortest,
        "longest": proof.longest,
        "longest_with_checks": proof.longest_with_checks,
    }
    return {"interview": {name: _length(length) for name, length in lengths.items()}}


def _length(length: Length) -> dict[str, Any]:
    given = dict(length.answers.values)
    return {"prompts": length.prompts, "checks": length.checks, "answers": given}
