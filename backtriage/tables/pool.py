"""Batches of a source -> what is made of each, by several threads."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from backtriage.interrupts import check_interrupts
from backtriage.tables.batches import Batch, Reading

_Part = TypeVar("_Part")

MOST_THREADS = 2
"""More would each hold a batch in memory, and wait for what reads and writes."""


def run_in_threads(
    work: Callable[[Batch], _Part], reading: Reading, threads: int | None = None
) -> Iterator[tuple[float, _Part]]:
    """What the work makes of each batch, in order, beside the share that is read behind it.

    Few batches are in hand at once, so that memory stays bounded, and each is read while those
    before it are worked on. Without a number there are as many threads as processors, and few.
    """
    threads = threads or min(os.cpu_count() or 1, MOST_THREADS)
    waiting: deque[tuple[float, Future[_Part]]] = deque()
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(threads) as workers:
        try:
            coming = reader.submit(next, reading, None)
            while (read := coming.result()) is not None:
                coming = reader.submit(next, reading, None)
                share, make = read
                waiting.append((share, workers.submit(lambda make: work(make()), make)))
                if len(waiting) > threads:
                    yield _take(waiting)
            while waiting:
                yield _take(waiting)
        finally:
            workers.shutdown(cancel_futures=True)


def _take(waiting: deque[tuple[float, Future[_Part]]]) -> tuple[float, _Part]:
    check_interrupts()
    share, future = waiting.popleft()
    return share, future.result()
