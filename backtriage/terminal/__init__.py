"""An interview at a terminal -> the answers; questions, warnings and answers, line by line.

Nothing is redrawn, so a screen reader can follow; the talk goes to stderr. `screen` alone knows
rich. What comes behind the last question is in `ending`, which an interview starts without.
"""

from backtriage.terminal.place import ask_country
from backtriage.terminal.saving import ask_file_name
from backtriage.terminal.screen import Screen
from backtriage.terminal.talk import (
    Stopped,
    greet,
    hold_interview,
    say_so_far,
    show_what_to_say,
    welcome_back,
)

__all__ = [
    "Screen",
    "Stopped",
    "ask_country",
    "ask_file_name",
    "greet",
    "hold_interview",
    "say_so_far",
    "show_what_to_say",
    "welcome_back",
]
