"""Batches of a source -> what is made of each, by several threads."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from backtriage.interrupts import Interrupts
from backtriage.tables.batches import Batch, Reading

_Part = TypeVar("_Part")

MOST_THREADS = 2
"""More would each hold a batch in memory, and wait for what reads and writes."""


class Pool:
    """Works in several threads on few batches at once, so that memory stays bounded; in order."""

    def __init__(self, threads: int | None, interrupts: Interrupts) -> None:
        """`threads` are as many as there are processors, and few, if none are given."""
        self._threads = threads or min(os.cpu_count() or 1, MOST_THREADS)
        self._interrupts = interrupts

    def run(
        self, work: Callable[[Batch], _Part], reading: Reading
    ) -> Iterator[tuple[float, _Part]]:
        """What the work makes of each batch, beside the share that is read behind it."""
        waiting: deque[tuple[float, Future[_Part]]] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            try:
                for share, make in _read_ahead(reading):
                    waiting.append((share, pool.submit(_make_and_work, work, make)))
                    if len(waiting) > self._threads:
                        yield self._take(waiting)
                while waiting:
                    yield self._take(waiting)
            finally:
                pool.shutdown(cancel_futures=True)

    def _take(self, waiting: deque[tuple[float, Future[_Part]]]) -> tuple[float, _Part]:
        self._interrupts.check()
        share, future = waiting.popleft()
        return share, future.result()


def _make_and_work(work: Callable[[Batch], _Part], make: Callable[[], Batch]) -> _Part:
    return work(make())


def _read_ahead(reading: Reading) -> Reading:
    """The same, each read by another thread while the one before it is worked on."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, reading, None)
        while (read := coming.result()) is not None:
            coming = reader.submit(next, reading, None)
            yield read
