"""YAML files -> RuleSet, every mistake with file, line and column.

The rule set that is shipped was read and checked when the package was built (see `loader.shipped`);
the YAML reader and pydantic are imported only when a folder has to be read.
"""

from pathlib import Path

from backtriage.loader.shipped import SHIPPED, load_shipped
from backtriage.model import RuleSet


def load(folder: str | Path | None = None) -> RuleSet:
    """The rule set in a folder, or the one that comes with backtriage.

    Raises RuleSetError with every issue in it, sorted by place.
    """
    if folder is None:
        shipped = load_shipped()
        if shipped is not None:
            return shipped
    from backtriage.loader.build import build

    return build(Path(folder) if folder is not None else SHIPPED)
