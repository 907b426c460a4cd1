"""(Authored, cases) -> what a careful reader of its files would object to, though they can be read."""

from collections.abc import Collection

from backtriage.authoring.check.structure import check_structure
from backtriage.authoring.check.wording import check_wording
from backtriage.authoring.codes import CHECK
from backtriage.authoring.excuses import Judged, judge
from backtriage.loader.authored import Authored
from backtriage.loader.lock import find_outdated
from backtriage.model import Case


def check(authored: Authored, cases: Collection[Case]) -> Judged:
    """Every issue of `codes.CHECK`, those set aside that are excused, and whether the rule set must be locked again."""
    found = [
        *check_structure(authored, cases),
        *check_wording(authored),
        *find_outdated(authored.folder, authored.rule_set),
    ]
    unchecked = (
        {"hard-to-read"} if any(issue.code == "reading-not-checked" for issue in found) else set()
    )
    return judge(authored, found, CHECK.keys() - unchecked)
