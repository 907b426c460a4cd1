"""Whole commands and how long they take."""

import subprocess
import sys
import time

RUN = [sys.executable, "-m", "backtriage"]


def seconds(command: list[str], stdin: bytes, folder: str) -> float:
    """How long a command takes as a process of its own, whatever it prints and ends with."""
    start = time.perf_counter()
    subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=folder)
    return time.perf_counter() - start


def tell_of_bytecode() -> None:
    """Say so where modules are compiled each time, as they are not once pip has installed them."""
    if sys.dont_write_bytecode:
        print("note: PYTHONDONTWRITEBYTECODE is set;")
        print("modules that pip has not compiled are compiled each time")
