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
