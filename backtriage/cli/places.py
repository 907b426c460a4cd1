"""Where a command may write its result: not over what it reads, nor over what else it writes."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from backtriage.errors import FileError, Issue
from backtriage.files import check_can_write, is_same_file
from backtriage.language import say
from backtriage.loader.folder import is_in_rule_set
from backtriage.loader.shipped import SHIPPED


def check_output(
    output: Path, others: Mapping[str, Path | None], rules: Iterable[Path | None]
) -> None:
    """Raise FileError if a result cannot, or must not, be written there.

    `others` are the other files of the command, by what they are to it; `rules` are the rule sets
    that it reads, where None is the one shipped.
    """
    check_can_write(output)
    taken = [name for name, file in others.items() if file and is_same_file(output, file)]
    taken += [say("the rule set") for folder in rules if is_in_rule_set(output, folder or SHIPPED)]
    if taken:
        message = say("this file belongs to {owner}", owner=taken[0])
        suggestion = say("choose another name")
        issue = Issue(code="cannot-write", message=message, suggestion=suggestion, file=str(output))
        raise FileError([issue])
