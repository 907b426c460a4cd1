"""An offer to write something -> the file that the person wants, or a no."""

from collections.abc import Callable
from pathlib import Path

from backtriage.answer_words import is_word, means_declined
from backtriage.errors import FileError
from backtriage.language import say
from backtriage.terminal.prompt import Quit, read_yes_no
from backtriage.terminal.screen import EndOfInput, Screen


def ask_file_name(
    screen: Screen, check: Callable[[Path], None], offer: str, default: str | None = None
) -> Path | None:
    """Where the person wants something written, or None; `default` is what Enter alone stands for.

    A name without an ending gets that of the default, if there is one.

    Asks again for a name that `check` refuses, with FileError, and for what may not be meant as
    one: nothing is written unless it was asked for.
    """
    if not screen.is_terminal:
        return None
    screen.say(offer)
    try:
        while (name := screen.read(say("file name")) or default) and not means_declined(name):
            file = _understand(name, screen, check, default)
            if file is not None:
                return file
    except (EndOfInput, KeyboardInterrupt, Quit):
        pass
    return None


def _understand(
    name: str, screen: Screen, check: Callable[[Path], None], default: str | None
) -> Path | None:
    """The file that a line names; None, after a word on it, if it names none."""
    example = default or say("back.json")
    ask = say("Please type a name for the file, for example {example}.", example=example)
    if is_word(name):
        screen.say(ask)
        return None
    file = _expand_home(name)
    if default and not file.suffix and file.name:
        file = file.with_suffix(Path(default).suffix)
    try:
        check(file)
    except FileError as error:
        screen.say(f"{name}: {error.issues[0].message}")
        return None
    if not file.suffix:  # "not today" could be a name, too
        screen.say(say('Write a file called "{name}"?', name=name))
        ways = say("y = yes, write it there. n = no, take another name. q = stop.")
        if not read_yes_no(screen, ways):
            screen.say(ask)
            return None
    return file


def _expand_home(name: str) -> Path:
    """The file of a name that may begin with ~, as a shell would have it."""
    try:
        return Path(name).expanduser()
    except RuntimeError:  # of a person whom the system does not know
        return Path(name)
