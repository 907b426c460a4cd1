"""(Authored, cases) -> what a careful reader would object to in files that can be read."""

from collections.abc import Collection, Iterable

from backtriage.authoring.check.structure import check_structure
from backtriage.authoring.check.wording import check_wording
from backtriage.authoring.codes import CHECK
from backtriage.authoring.excuses import Judged, judge
from backtriage.extras import describe_installation, is_missing
from backtriage.languages.of_rules import list_languages
from backtriage.loader.authored import Authored
from backtriage.loader.lock import find_outdated
from backtriage.model import Case


def check_catalogues(authored: Authored, languages: Iterable[str] | None = None) -> Judged:
    """Every issue of `codes.TRANSLATIONS` in these languages, or in all that there are.

    Of those that are named each missing text has one; of all, each area has.
    """
    wanted = list_languages(authored.folder)[1:] if languages is None else tuple(languages)
    if not wanted:
        return Judged(())
    if is_missing("babel", "pyphen"):
        message = "the translations were not checked, as the packages for it are not installed"
        way_out = describe_installation("check,languages")
        part = ("rule set", authored.rule_set.id)
        code = "translations-not-checked"
        return Judged((authored.build_issue(part, code, message, way_out),))
    from backtriage.authoring.check.translations import check_translations

    named = languages is not None
    return check_translations(authored.rule_set, authored.folder, wanted, each=named)


def list_unmeasured(languages: Iterable[str]) -> list[str]:
    """The languages of which nobody has measured how hard they are to read, for want of a formula.

    None where the translations were not checked at all.
    """
    if is_missing("babel", "pyphen"):
        return []
    from backtriage.authoring.check.reading_ease import has_formula

    return [language for language in languages if not has_formula(language)]


def check(authored: Authored, cases: Collection[Case]) -> Judged:
    """Every issue of `codes.CHECK`, those that are excused set aside, and all of the translations.

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
    judged, translated = judge(authored, issues, looked_for), check_catalogues(authored)
    return Judged((*judged.issues, *translated.issues), (*judged.excused, *translated.excused))
