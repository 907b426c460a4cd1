"""(Authored, issues) -> the issues *judged*: those that stand, and those that are excused.

An excuse is a reason, written in the rules as `excuse: {code: reason}`, why an issue is as it
should be there. One that excuses nothing is an issue itself, so that none outlives its reason.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backtriage.errors import Issue
from backtriage.loader.authored import Authored, Part
from backtriage.loader.yaml_nodes import Place


@dataclass(frozen=True, slots=True)
class Judged:
    """Issues after the excuses: those that stand, and those set aside, each with the reason.

    Both are sorted by place.
    """

    issues: tuple[Issue, ...]
    excused: tuple[tuple[Issue, str], ...] = ()


def judge(authored: Authored, issues: Iterable[Issue], codes: Collection[str]) -> Judged:
    """Set the issues aside that are excused in their part.

    `codes` are all those that were looked for: an excuse for another one may be needed elsewhere.
    """
    issues = sorted(issues, key=Issue.get_sort_key)
    standing: list[Issue] = []
    excused: list[tuple[Issue, str]] = []
    for issue in issues:
        reason = _find_reason(authored, issue)
        if reason is None:
            standing.append(issue)
        else:
            excused.append((issue, reason))
    standing += _unused_excuses(authored, {(issue.part, issue.code) for issue in issues}, codes)
    return Judged(tuple(sorted(standing, key=Issue.get_sort_key)), tuple(excused))


def _find_reason(authored: Authored, issue: Issue) -> str | None:
    if issue.part is None:
        return None
    excuse = authored.excuses.get(issue.part, {}).get(issue.code)
    return excuse.reason if excuse else None


def _unused_excuses(
    authored: Authored, raised: Collection[tuple[Part | None, str]], codes: Collection[str]
) -> Iterable[Issue]:
    """Excuses for a code that was looked for and was not `raised` in their part."""
    # By place, since an excuse in an area is also that of each of its definitions.
    used: set[Place] = set()
    idle: dict[Place, str] = {}
    for part, excuses in authored.excuses.items():
        for code, excuse in excuses.items():
            if (part, code) in raised:
                used.add(excuse.place)
            elif code in codes:
                idle[excuse.place] = code
    for place, code in idle.items():
        if place not in used:
            message = f'there is no issue "{code}" here'
            yield place.build_issue("unused-excuse", message, "remove the excuse")
