"""Red-flag triage for low back pain: a rule set in YAML, an engine, an interview.

Names are imported when they are first asked for: so nothing of ours has to be there before the
command line can tell of Ctrl-C.
"""

from backtriage._version import __version__

TYPE_CHECKING = False  # as of typing, which takes longer to import than all else here
if TYPE_CHECKING:
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

_HOMES = {
    "answers": {"parse_answers"},
    "engine": {"assess"},
    "errors": {"AnswersError", "BacktriageError", "FileError", "Issue", "RuleSetError"},
    "interview": {"Interview"},
    "loader": {"load"},
    "model": {"Assessment", "Finding", "RuleSet", "Urgency"},
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"backtriage.{home}"), name)
    raise AttributeError(f"module 'backtriage' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
