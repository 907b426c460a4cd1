"""YAML files -> RuleSet, every mistake with file, line and column.

The rule set that is shipped was read and checked when the package was built (see `loader.shipped`);
the YAML reader and pydantic are imported only when a folder has to be read.
"""

from pathlib import Path

from backtriage.loader.shipped import SHIPPED, load_shipped
from backtriage.model import SOURCE_LANGUAGE, RuleSet
from backtriage.planes import keep_same_code


def load(folder: str | Path | None = None, language: str | None = None) -> RuleSet:
    """The rule set in a folder, or the one that comes with backtriage.

    It is held to its lock; the one that comes with backtriage must have one. `language` is that of
    a catalogue in its folder `languages`, such as "de"; without it, English. What has no
    translation there stays English, and is named in the `translation` of the rule set.
    Raises RuleSetError with every issue in it, sorted by place, and then what is not as it was
    locked; MissingExtra for a catalogue that was not read ahead, where Babel is not installed.
    """
    rule_set = _load_original(None if folder is None else Path(folder))
    if language is None or language == SOURCE_LANGUAGE:
        return rule_set
    from backtriage.languages.of_rules import load_translated

    where = Path(folder) if folder is not None else SHIPPED
    translated = load_translated(rule_set, where, language, is_shipped=folder is None)
    keep_same_code(rule_set, translated)
    return translated


def _load_original(folder: Path | None) -> RuleSet:
    """The rule set as it was written."""
    if folder is None:
        shipped = load_shipped()
        if shipped is not None:
            return shipped
    from backtriage.loader.lock import read_held

    return read_held(folder if folder is not None else SHIPPED)
