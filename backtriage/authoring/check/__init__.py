"""(Authored, cases) -> what a careful reader would object to in files that can be read."""

from collections.abc import Collection

from backtriage.authoring.check.structure import check_structure
from backtriage.authoring.check.wording import check_wording
from backtriage.authoring.codes import CHECK
from backtriage.authoring.excuses import Judged, judge
from backtriage.loader.authored import Authored
from backtriage.loader.lock import find_outdated
from backtriage.model import Case


def check(authored: Authored, cases: Collection[Case]) -> Judged:
    """Every issue of `codes.CHECK`, those that are excused set aside.

    Among them is whether the rule set must be locked again.
    """
    issues = [
        *check_structure(authored, cases),
        *check_wording(authored),
        *find_outdated(authored.folder, authored.rule_set),
    ]
    looked_for = set(CHECK)
    if any(issue.code == "reading-not-checked" for issue in issues):
        looked_for.remove("hard-to-read")  # an excuse for it is not idle: nobody has looked
    return judge(authored, issues, looked_for)
