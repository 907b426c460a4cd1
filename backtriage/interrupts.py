"""Ctrl-C, and other signals to end -> an exception at a place where it does no harm.

Where a library works in C, an exception that a signal raises in the middle of a call may be lost,
be taken for an error of the library, or end the process without a word; between two moves of a
file it would leave half of a result.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn

_ENDS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""How somebody, or the system, asks a program to end; Windows has fewer of them."""


class Killed(BaseException):
    """The program is to end, by another signal than that of Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def leave(self) -> NoReturn:
        """End by that very signal, as whoever sent it expects."""
        signal.signal(self._number, signal.SIG_DFL)
        os.kill(os.getpid(), self._number)
        sys.exit(128 + self._number)  # where it is blocked


class Interrupts:
    """What has been asked for since work began: whether it is to end, and by which signal."""

    def __init__(self) -> None:
        self._asked: int | None = None

    def ask(self, number: int = signal.SIGINT, _frame: FrameType | None = None) -> None:
        """Remember that work is to end; a handler of signals."""
        self._asked = number

    def check(self) -> None:
        """Raise KeyboardInterrupt or Killed if work is to end: here it does no harm."""
        if self._asked is not None:
            raise KeyboardInterrupt if self._asked == signal.SIGINT else Killed(self._asked)


_lasting: list[Interrupts] = []
"""Those of all `postpone_interrupts` that last, the outermost first; signals come to a process."""


def check_interrupts() -> None:
    """Do what `Interrupts.check` does, in work that is far from where they are postponed."""
    for interrupts in _lasting:
        interrupts.check()


@contextmanager
def postpone_interrupts(*, kills: bool = False) -> Iterator[Interrupts]:
    """While this lasts Ctrl-C is only remembered, and raised by the checks of what it gives.

    One that comes after the last check is raised at the end. With `kills` so are the other signals
    that ask a program to end: where it has something to clean up.
    """
    interrupts = Interrupts()
    if current_thread() is not main_thread():
        yield interrupts  # no signal comes here
        return
    # what somebody else has decided about a signal stays, as after nohup
    ours = {signal.default_int_handler, signal.SIG_DFL} | {one.ask for one in _lasting}
    wanted = _ENDS if kills else [signal.SIGINT]
    before = {number: signal.getsignal(number) for number in wanted}
    before = {number: handler for number, handler in before.items() if handler in ours}
    for number in before:
        signal.signal(number, interrupts.ask)
    _lasting.append(interrupts)
    try:
        yield interrupts
        interrupts.check()
    finally:
        _lasting.remove(interrupts)
        for number, handler in before.items():
            signal.signal(number, handler)
