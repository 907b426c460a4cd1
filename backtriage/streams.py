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
        sys.stderr = _build_text(_Talk(2), "utf-8", line_buffering=True)
    elif (descriptor := _find_descriptor(sys.stderr)) is not None:
        talk = _Talk(descriptor, sys.stderr)
        sys.stderr = _build_text(talk, sys.stderr.encoding, line_buffering=True)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        tell("standard output is closed, so there is no place for the result")
        return False
    if (descriptor := _find_descriptor(sys.stdout)) is not None:
        result, before = _Patient(descriptor, sys.stdout), sys.stdout
        sys.stdout = _build_text(result, before.encoding, line_buffering=before.isatty())
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


def _build_text(raw: io.FileIO, encoding: str, *, line_buffering: bool) -> io.TextIOWrapper:
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding, "backslashreplace", line_buffering=line_buffering)


class _Patient(io.FileIO):
    """An output that waits until it can be written to, whatever another program wants of it.

    One that was told not to wait would lose, without a word, what it has no room for.
    """

    def __init__(self, descriptor: int, instead_of: Any = None) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._instead_of = instead_of  # who lets go of it closes the descriptor

    def write(self, data: Any, /) -> int:
        written = super().write(data)
        while written is None:
            select.select([], [self], [])
            written = super().write(data)
        return written


class _Talk(_Patient):
    """Where the talk goes; what cannot be written is lost, and changes nothing else."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(data)
