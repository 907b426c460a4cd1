"""Red-flag triage for low back pain: a rule set in YAML, an engine, an interview."""

from backtriage._version import __version__
from backtriage.answers import parse_answers
from backtriage.engine import assess
from backtriage.errors import AnswersError, BacktriageError, FileError, Issue, RuleSetError
from backtriage.interview import Interview
from backtriage.loader import load
from backtriage.model import Assessment, Finding, RuleSet, Urgency

__all__ = [
    "AnswersError",
    "Assessment",
    "BacktriageError",
    "FileError",
    "Finding",
    "Interview",
    "Issue",
    "RuleSet",
    "RuleSetError",
    "Urgency",
    "__version__",
    "assess",
    "load",
    "parse_answers",
]
