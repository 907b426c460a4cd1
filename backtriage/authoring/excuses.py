"""(Authored, issues) -> those that stand, those that are excused, and the excuses that excuse nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backtriage.errors import Issue
from backtriage.loader.authored import Authored
from backtriage.loader.yaml_nodes import Place


@dataclass(frozen=True, slots=True)
class Judged:
    """The issues that stand, sorted by place, and those that are excused, each with the reason."""

    issues: tuple[Issue, ...]
    excused: tuple[tuple[Issue, str], ...] = ()


def judge(authored: Authored, issues: Iterable[Issue], codes: Collection[str]) -> Judged:
    """Set the issues aside that are excused where they are. `codes` are all those that were looked for."""
    found = list(issues)
    excused = [
        (issue, reason) for issue in found if (reason := _reason(authored, issue)) is not None
    ]
    left = [issue for issue in found if _reason(authored, issue) is None]
    left += _unused(authored, {(issue.part, issue.code) for issue in found}, codes)
    return Judged(
        tuple(sorted(left, key=Issue.get_sort_key)),
        tuple(sorted(excused, key=lambda pair: pair[0].get_sort_key())),
    )


def _reason(authored: Authored, issue: Issue) -> str | None:
    excuse = authored.excuses.get(issue.part, {}).get(issue.code) if issue.part else None
    return excuse.reason if excuse else None


def _unused(
    authored: Authored, found: Collection[tuple[object, str]], codes: Collection[str]
) -> Iterable[Issue]:
    """Excuses for what was looked for and is not there. One in an area is for its definitions too."""
    used = {
        excuse.place
        for part, excuses in authored.excuses.items()
        for code, excuse in excuses.items()
        if (part, code) in found
    }
    places: set[Place] = set()
    for excuses in authored.excuses.values():
        for code, excuse in excuses.items():
            if code in codes and excuse.place not in used | places:
                places.add(excuse.place)
                yield excuse.place.build_issue(
                    "unused-excuse", f'there is no issue "{code}" here', "remove the excuse"
                )
