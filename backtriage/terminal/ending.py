"""A result on the screen: the care card last, and whatever else the person wants to see of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backtriage.answer_words import means_declined, normalize
from backtriage.language import say
from backtriage.report.card import Card
from backtriage.terminal.screen import EndOfInput, Screen


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
