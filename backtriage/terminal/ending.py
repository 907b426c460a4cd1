"""A result on the screen: the care card last, and whatever else the person wants to see of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backtriage.answer_words import QUIT, means_no, normalize
from backtriage.report.card import Card
from backtriage.terminal.screen import EndOfInput, Screen

_ENDS = {"", "end", *QUIT}


@dataclass(frozen=True, slots=True)
class View:
    """What a key leads to: in which words it is offered, and the lines to show."""

    offer: str
    show: Callable[[], str]


def end_with_card(
    card: Card, views: Mapping[str, View], screen: Screen, *, more: str | None = None
) -> bool:
    """Show the card, and what the person asks for, until they are done.

    `views` are offered by their keys. With `more` the key m is offered in these words; True if it
    was chosen. The card is shown again below each view, since people look at what stands last.
    """
    offers = {key: view.offer for key, view in views.items()} | ({"m": more} if more else {})
    while True:
        screen.show_card(card)
        screen.say(", ".join(f"{key} = {offer}" for key, offer in offers.items()), "dim")
        choice = _ask(screen, [*offers])
        if choice is None or choice == "m":
            return choice == "m"
        screen.show_result(views[choice].show())


def ask_page_name(screen: Screen, example: str) -> str | None:
    """The name of the file to write a page to: Enter alone takes the example; None for no page."""
    try:
        name = screen.read(f"file name, or Enter for {example}, or n for none")
    except (EndOfInput, KeyboardInterrupt):
        return None
    return None if means_no(name) or normalize(name) in QUIT else name or example


def _ask(screen: Screen, keys: list[str]) -> str | None:
    """One of the keys, or None to end."""
    while True:
        try:
            typed = normalize(screen.read(f"{', '.join(keys)}, or Enter to end"))
        except (EndOfInput, KeyboardInterrupt):
            return None
        if typed in _ENDS:
            return None
        if typed[:1] in keys:
            return typed[0]
        screen.say(f"Type one of {', '.join(keys)}, or press Enter to end.", "yellow")
