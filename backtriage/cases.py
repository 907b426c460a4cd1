"""(RuleSet, Case) -> what came out otherwise than the case expects."""

from backtriage.engine import assess
from backtriage.model import Case, RuleSet


def differences(rule_set: RuleSet, case: Case) -> list[str]:
    """Each way in which the assessment is not what the case expects, in words; none if it is."""
    result = assess(rule_set, case.answers)
    expected = case.expected
    wanted, came = (expected.advice, expected.within_days), (result.advice, result.within_days)
    found = [] if wanted == came else [f"wanted {_describe(*wanted)}, came {_describe(*came)}"]
    present = {finding.id for finding in result.findings}
    unresolved = {flag.id for flag in result.unresolved}
    found += [f"{flag} should be present" for flag in expected.findings if flag not in present]
    found += [f"{flag} should be absent" for flag in expected.absent if flag in present | unresolved]
    found += [f"{flag} should be unresolved" for flag in expected.unresolved if flag not in unresolved]
    if found:
        found.append(f"present: {', '.join(sorted(present)) or 'none'}")
    return found


def _describe(advice: str | None, within_days: int | None) -> str:
    return f"{advice or 'open'}{'' if within_days is None else f' within {within_days} days'}"
