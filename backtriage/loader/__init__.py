"""YAML files -> RuleSet, every mistake with file, line and column.

The rule set that is shipped was read and checked when the package was built (see `loader.shipped`);
the YAML reader and pydantic are imported only when a folder has to be read.
"""

from pathlib import Path

from backtriage.loader.shipped import SHIPPED, load_shipped
from backtriage.model import RuleSet


def load(folder: str | Path | None = None) -> RuleSet:
    """The rule set in a folder, or the one that comes with backtriage.

    It is held to its lock; the one that comes with backtriage must have one. Raises RuleSetError
    with every issue in it, sorted by place, and then what is not as it was locked.
    """
    if folder is None:
        shipped = load_shipped()
        if shipped is not None:
            return shipped
    from backtriage.loader.lock import read_held

    return read_held(Path(folder) if folder is not None else SHIPPED)
