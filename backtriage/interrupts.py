"""Ctrl-C -> a KeyboardInterrupt at a place where it does no harm.

Where a library works in C, an exception that a signal raises in the middle of a call may be lost,
be taken for an error of the library, or end the process without a word; between two moves of a
file it would leave half of a result.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


class Interrupts:
    """What has been asked for since work began: whether somebody pressed Ctrl-C."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self) -> None:
        """Remember that work is to end."""
        self._asked = True

    def check(self) -> None:
        """Raise KeyboardInterrupt if work is to end: here it does no harm."""
        if self._asked:
            raise KeyboardInterrupt


@contextmanager
def postpone_interrupts() -> Iterator[Interrupts]:
    """While this lasts Ctrl-C is only remembered, and raised by the checks of what it gives.

    One that comes after the last check is raised at the end.
    """
    interrupts = Interrupts()
    before = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or before is not signal.default_int_handler:
        yield interrupts  # no signal comes here, or somebody else has decided what it does
        return
    signal.signal(signal.SIGINT, lambda _number, _frame: interrupts.ask())
    try:
        yield interrupts
        interrupts.check()
    finally:
        signal.signal(signal.SIGINT, before)
