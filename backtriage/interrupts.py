"""Ctrl-C -> a KeyboardInterrupt at a place where it does no harm.

Where a library works in C, an exception that a signal raises in the middle of a call may be lost,
be taken for an error of the library, or end the process without a word; between two moves of a
file it would leave half of a result.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread, current_thread, main_thread
from typing import TypeVar

_Result = TypeVar("_Result")

LOOK_EVERY = 0.1
"""Seconds after which it is seen at the latest that somebody breaks off."""


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

    def wait_for(
        self, work: Callable[[], _Result], stop: Callable[[], None], meanwhile: Callable[[], None]
    ) -> _Result:
        """Do the work in a thread, and give its result or raise what it raises.

        `meanwhile` is called every `LOOK_EVERY` seconds, here in the main thread.
        Where somebody breaks off, `stop` is called, which must make the work end soon;
        KeyboardInterrupt is raised when it has ended.
        """
        results: list[_Result] = []
        errors: list[BaseException] = []

        def watched() -> None:
            try:
                results.append(work())
            except BaseException as error:
                errors.append(error)

        worker = Thread(target=watched)
        worker.start()
        try:
            while worker.is_alive():
                worker.join(LOOK_EVERY)
                self.check()
                meanwhile()
        except BaseException:
            stop()
            worker.join()
            raise
        if errors:
            raise errors[0]
        return results[0]


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
