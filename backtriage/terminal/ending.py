"""A result on the screen: the care card last, and whatever else the person wants to see of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from shutil import get_terminal_size

from backtriage.answer_words import means_declined, normalize
from backtriage.language import say
from backtriage.report.card import Card
from backtriage.terminal.screen import EndOfInput, Screen


@dataclass(frozen=True, slots=True)
class View:
    """What a key leads to: in which words it is offered, and the lines to show.

    `is_long`: it may fill the screen, so the card is shown once more below it.
    """

    offer: str
    show: Callable[[], str]
    is_long: bool = False


def end_with_card(
    card: Card, views: Mapping[str, View], screen: Screen, *, more: str | None = None
) -> bool:
    """Show the card, and what the person asks for, until they are done.

    `views` are offered by their keys. With `more` the key m is offered in these words; True if it
    was chosen. The card is shown again below what is long, since people look at what stands last;
    what is short would be pushed off the screen by it.
    """
    offers = {key: view.offer for key, view in views.items()} | ({"m": more} if more else {})
    screen.show_card(card)
    choice: str | None = ""
    while True:
        if not choice:
            screen.say(", ".join(f"{key} = {offer}" for key, offer in offers.items()), "dim")
            choice = _ask(screen, [*offers])
        if choice is None or choice == "m":
            return choice == "m"
        if views[choice].is_long:
            typed = _show_in_pages(views[choice].show(), screen)
            screen.show_card(card)
            choice = typed if typed in offers else ""
        else:
            screen.show_result(views[choice].show())
            choice = ""


def _show_in_pages(text: str, screen: Screen) -> str:
    """Show as much as the terminal is high, and the rest as long as the person wants it.

    Gives what the person typed to see no more, or nothing.
    """
    lines = text.splitlines()
    fitting = max(get_terminal_size().lines - 2, 1)
    for start in range(0, len(lines), fitting):
        screen.show_result("\n".join(lines[start : start + fitting]) + "\n")
        if start + fitting < len(lines):
            try:
                typed = normalize(screen.read(say("Enter = more, n = that is enough")))
            except (EndOfInput, KeyboardInterrupt):
                break
            if typed:
                return typed
    return ""


def _ask(screen: Screen, keys: list[str]) -> str | None:
    """One of the keys, or None to end."""
    while True:
        try:
            typed = normalize(screen.read(say("{keys}, or Enter to end", keys=", ".join(keys))))
        except (EndOfInput, KeyboardInterrupt):
            return None
        if typed in keys:
            return typed
        if not typed or means_declined(typed):
            return None
        ways = say("Type one of {keys}, or press Enter to end.", keys=", ".join(keys))
        screen.say(ways, "yellow")
