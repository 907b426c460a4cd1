"""Fuzz: `python tests/fuzz.py KIND TRIES [--seed SEED] [--first CASE]`.

Each try is drawn from the seed and its number. The first that goes wrong ends it with exit code 1,
and with what it takes to try that one again. A try that takes longer than a minute hangs, and ends
it too, with the place where it was.

json     lines of JSON: one outcome for each, that of Python's own reader of JSON and the engine
typed    lines at a prompt: the same answer as in JSON, or none; what leaves a number open is none
rules    rule files with slips of the keyboard: a rule set, or issues with a place
tables   CSV, TSV, JSON Lines, Parquet, written in any way: each row as by `assess`, none lost
"""

import argparse
import faulthandler
import sys
import time
from collections.abc import Callable
from importlib import import_module
from random import Random
from typing import Any

KINDS = {"json": "json_lines", "typed": "typed", "rules": "rule_files", "tables": "random_tables"}
"""The module of `fuzzed` for each kind."""

LONGEST = 60
"""Seconds that a case may take."""

Told = Callable[[int, int], None]


class Wrong(Exception):
    """A case that went wrong, and how to try it again."""


def fuzz(kind: str, tries: int, seed: str, first: int = 0, tell: Told | None = None) -> None:
    """Try so many, beginning with a case; raises Wrong for the first that goes wrong.

    `tell` is told after each case its number, and how many tries are done.
    """
    module: Any = import_module(f"fuzzed.{KINDS[kind]}")
    cases = -(-tries // module.TRIES)
    for number in range(first, first + cases):
        case = module.draw(Random(f"{seed}/{number}"))
        faulthandler.dump_traceback_later(LONGEST, exit=True)
        try:
            module.check(case)
        except Exception as error:
            again = f"python tests/fuzz.py {kind} {module.TRIES} --seed {seed} --first {number}"
            raise Wrong(f"{again}\n{case!r}") from error
        finally:
            faulthandler.cancel_dump_traceback_later()
        if tell:
            tell(number, (number - first + 1) * module.TRIES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, usage=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("tries", type=int)
    parser.add_argument("--seed", default=str(time.time_ns()))
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    start = told = time.monotonic()

    def tell(number: int, done: int) -> None:
        nonlocal told
        if time.monotonic() >= told + 1 or done >= given.tries:
            told = time.monotonic()
            rate = done / (told - start)
            print(
                f"{given.kind}: {done:,} of {given.tries:,} tries ({rate:,.0f} a second), "
                f"seed {given.seed}, case {number}",
                file=sys.stderr,
            )

    fuzz(given.kind, given.tries, given.seed, given.first, tell)


if __name__ == "__main__":
    main()
