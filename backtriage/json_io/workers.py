"""Batches of items -> what is made of each item, in order, by several processes."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from threading import active_count
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from backtriage.interrupts import postpone_interrupts

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")

_MOST_PROCESSES = 8
"""More would wait for the one that takes what they have made."""


def count_processors() -> int:
    """How many copies of this process are of use; 1 where a copy is not safe, or not to be had."""
    if sys.platform != "linux" or active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)


class Workers(Generic[_Item, _Made]):
    """Processes that work on batches of items; to be used as a context, at whose end they are gone.

    They begin when there is work for them, as copies of this process, so that they have all that
    it has. What is not done by one that is gone, or that did not come to be, is done here.
    What comes out is in the order of the items, and so are exceptions of the work.
    """

    def __init__(self, work: Callable[[_Item], _Made], processes: int | None = None) -> None:
        self._work = work
        self._wanted = count_processors() if processes is None else processes
        self._free: deque[_Worker[_Item, _Made]] | None = None
        self._busy: deque[tuple[_Worker[_Item, _Made], Sequence[_Item]]] = deque()

    def __enter__(self) -> "Workers[_Item, _Made]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in (*(self._free or ()), *(worker for worker, _ in self._busy)):
            worker.end()

    def run(self, items: Sequence[_Item]) -> Iterator[_Made]:
        """Have a batch worked on, and wait for an earlier one if nobody is free for it."""
        if self._wanted < 2:
            yield from map(self._work, items)
            return
        if self._free is None:
            self._free = self._start()
        done = () if self._free else self._take()
        worker = self._free.popleft()
        worker.send(items)
        self._busy.append((worker, items))
        yield from done

    def finish(self, rest: Sequence[_Item]) -> Iterator[_Made]:
        """Wait for all that is still worked on, and for a rest that may be small."""
        if rest and self._busy:
            yield from self.run(rest)
            rest = ()
        while self._busy:
            yield from self._take()
        yield from map(self._work, rest)

    def _take(self) -> Iterable[_Made]:
        """What was made of the batch that is worked on the longest; who did it is free then."""
        worker, items = self._busy.popleft()
        made = worker.receive()
        if self._free is not None:
            self._free.append(worker)
        return map(self._work, items) if made is None else made

    def _start(self) -> "deque[_Worker[_Item, _Made]]":
        workers: deque[_Worker[_Item, _Made]] = deque()
        # a copy keeps what stands here for Ctrl-C, which only we are to answer
        with postpone_interrupts():
            for _ in range(self._wanted):
                workers.append(_Worker(self._work, workers))
        return workers


class _Worker(Generic[_Item, _Made]):
    """A process that works on what it is sent, and the connection to it; None where it is gone."""

    def __init__(
        self, work: Callable[[_Item], _Made], others: "Iterable[_Worker[_Item, _Made]]"
    ) -> None:
        from multiprocessing import get_context  # takes as long as a hundred patients

        self._connection: Connection | None = None
        self._process: ForkProcess | None = None
        context = get_context("fork")
        with suppress(OSError):  # so many pipes or processes are not allowed, or have no room
            ours, theirs = context.Pipe()
            # what it has of ours must be closed, or else it would not see when we are gone
            ends = [ours, *(other._connection for other in others)]
            process = context.Process(target=_serve, args=(work, theirs, ends), daemon=True)
            with theirs:
                process.start()
            self._process, self._connection = process, ours

    def send(self, items: Sequence[_Item]) -> None:
        """Let it begin on these."""
        if self._connection is not None:
            try:
                self._connection.send(items)
            except OSError:
                self.end()

    def receive(self) -> Sequence[_Made] | None:
        """Wait for what it has made; None if it is gone."""
        if self._connection is not None:
            try:
                made: Sequence[_Made] = self._connection.recv()
            except (EOFError, OSError):
                self.end()
            else:
                return made
        return None

    def end(self) -> None:
        """Stop it, whatever it is at."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _serve(
    work: Callable[[_Item], _Made],
    connection: "Connection",
    ends: "Sequence[Connection | None]",
) -> None:
    """Work on what comes until nothing more can come, or the work fails; it is done again then."""
    for end in ends:
        if end is not None:
            end.close()
    with suppress(Exception):
        while True:
            connection.send([work(item) for item in connection.recv()])
