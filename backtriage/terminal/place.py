"""Where the person is -> the country, for its emergency number."""

from backtriage.answer_words import means_declined, means_not_sure, means_quit
from backtriage.countries import find_country, suggest_country
from backtriage.language import say
from backtriage.model import Country, RuleSet
from backtriage.report.words import capitalize_first, make_sentence
from backtriage.terminal.prompt import Quit
from backtriage.terminal.screen import Screen


def ask_country(rule_set: RuleSet, screen: Screen) -> Country | None:
    """Where the person is, for the emergency number; None where they do not say, or it is unknown.

    Only a person at a terminal is asked.
    """
    numbers = rule_set.emergency_numbers
    if not screen.is_terminal or not numbers.countries:
        return None
    question = say("Which country are you in? Then we can tell you the emergency number.")
    screen.say(question, "bold")
    while True:
        line = screen.read(say("country, or Enter to skip"))
        if means_quit(line):
            raise Quit
        if not line or means_declined(line) or means_not_sure(line):
            return None
        country = find_country(numbers, line)
        if country is not None:
            screen.say(f"{capitalize_first(country.name)}: {country.call}.", "dim")
            return country
        hint = make_sentence(suggest_country(numbers, line))
        unknown = say("We know no emergency number for that.")
        screen.say(f"{unknown} {hint}", "yellow")
