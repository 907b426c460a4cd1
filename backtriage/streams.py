"""Standard input, output and the talk on stderr: made ready, so that each fails only by itself."""

import io
import os
import select
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from backtriage.errors import make_printable
from backtriage.exit_codes import ExitCode

OUTPUTS = {1: "standard output", 2: "standard error"}
"""What they are called, by their descriptors."""

STREAMS = {0: "standard input", **OUTPUTS}


def open_streams() -> bool:
    """Make sure that there are streams for input and for the talk; False if none for the result."""
    _occupy_descriptors()
    if sys.stderr is None:
        sys.stderr = _build_talk(2, "utf-8", None)
    elif (descriptor := _find_descriptor(sys.stderr)) is not None:
        sys.stderr = _build_talk(descriptor, sys.stderr.encoding, sys.stderr)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        tell("standard output is closed, so there is no place for the result")
        return False
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for stream in (sys.stdin, sys.stdout):
        # or else a moment without input would be its end; what has no descriptor always waits
        with suppress(OSError, ValueError):
            os.set_blocking(stream.fileno(), True)
    return True


def tell(text: str) -> None:
    """Say something about the whole program, on a line of stderr."""
    print(f"backtriage: {make_printable(text)}", file=sys.stderr)  # noqa: T201 - stderr is open


def tell_stream_failed(error: OSError) -> ExitCode:
    """Say that nothing more can be written, and keep Python from trying once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    tell(f"standard input or output: cannot-read-or-write {error.strerror or error}")
    return ExitCode.FILE


def find_stream(status: os.stat_result, streams: Mapping[int, str] = STREAMS) -> str | None:
    """The stream that comes from, or goes to, this regular file; None for none of them."""
    if not stat.S_ISREG(status.st_mode):
        return None
    for descriptor, name in streams.items():
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), status):
                return name
    return None


def _occupy_descriptors() -> None:
    """Let a closed stream lead nowhere, or else it would be the next file that is opened."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest that is free


def _find_descriptor(stream: Any) -> int | None:
    """The descriptor of a stream; None where it has none, as one that stands in for it."""
    try:
        return int(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None


def _build_talk(descriptor: int, encoding: str, instead_of: Any) -> io.TextIOWrapper:
    talk = io.BufferedWriter(_Talk(descriptor, instead_of))
    return io.TextIOWrapper(talk, encoding, "backslashreplace", line_buffering=True)


class _Talk(io.FileIO):
    """Where the talk goes; what cannot be written is lost, and changes nothing else."""

    def __init__(self, descriptor: int, instead_of: Any) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._instead_of = instead_of  # who lets go of it closes the descriptor

    def write(self, data: Any, /) -> int:
        try:
            written = super().write(data)
            while written is None:  # another program has said that writing must not wait
                select.select([], [self], [])
                written = super().write(data)
        except OSError:
            return len(data)
        return written
