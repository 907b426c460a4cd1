"""(A response, the day of the assessment) -> what is to be said of the day when it was filled in.

Deadlines count from the day of the assessment, and what was true then may have changed since.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime

from backtriage.fhir.sent import find_response
from backtriage.language import say, say_number
from backtriage.model import RuleSet
from backtriage.report.words import describe_day

_FRESH = 1
"""A form that is no more than so many days old is as good as today's."""


def list_age_warnings(rule_set: RuleSet, raw: object, today: date) -> Iterator[str]:
    """A warning if the response in what was sent is old, or of a day still to come."""
    authored = find_response(rule_set, raw).response.get("authored")
    if authored is None:
        return
    try:
        first, last = _find_days(authored)
    except ValueError:
        yield say(
            'the form was filled in on "{authored}", and there is no such day', authored=authored
        )
        return
    age = (today - last).days
    if age > _FRESH:
        yield say_number(
            "the form was filled in on {day}, {count} day ago; what was true then may have "
            "changed, and deadlines count from {today}",
            "the form was filled in on {day}, {count} days ago; what was true then may have "
            "changed, and deadlines count from {today}",
            age,
            day=describe_day(last),
            today=describe_day(today),
        )
    elif first > today:
        yield say(
            "the form was filled in on {day}, a day still to come; deadlines count from {today}",
            day=describe_day(first),
            today=describe_day(today),
        )


def _find_days(authored: str) -> tuple[date, date]:
    """The first and the last day that may be meant: it may be a year or a month."""
    day, _, time = authored.partition("T")
    year, *rest = map(int, day.split("-"))
    if not rest:
        return date(year, 1, 1), date(year, 12, 31)
    if len(rest) == 1:
        return date(year, rest[0], 1), date(year, rest[0], monthrange(year, rest[0])[1])
    written = date(year, *rest)
    if time:
        written = _find_day_here(authored, written)
    return written, written


def _find_day_here(authored: str, written: date) -> date:
    """The day that it was here then: a day begins elsewhere at another time."""
    try:
        return datetime.fromisoformat(authored).astimezone().date()
    except (ValueError, OverflowError):  # a leap second, or the first or the last day of all
        return written
