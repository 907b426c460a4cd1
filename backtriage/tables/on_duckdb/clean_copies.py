"""A file of texts that DuckDB cannot read -> a copy that it can.

So faulty rows are told, and the others are used.
"""

from pathlib import Path

from backtriage.strict_json import MOST_BYTES, cut_lines
from backtriage.tables.files import open_unpacked

_MOST_SHOWN = 1000
"""So many characters are kept of a line that is too long."""


def write_clean_copy(file: Path, folder: Path) -> Path:
    """Write a copy of a file of lines into the folder.

    Bytes that are no UTF-8 are written out, line ends are all the same, and of lines that are too
    long only the beginning is kept, with a mark behind it that is no answer.
    """
    number = len(list(folder.iterdir()))  # files of other folders may have the same name
    copy = folder / f"{number}-{file.name.removesuffix('.gz')}"
    with open_unpacked(file) as stream, copy.open("w", encoding="utf-8", newline="") as clean:
        for line, is_blank in cut_lines(stream):
            content = line.rstrip(b"\r\n")
            shown = content.decode(errors="backslashreplace")
            shown = shown.replace("\r", " ").replace("\x01", "\\x01")
            if not is_blank and max(len(content), len(shown)) > MOST_BYTES:
                shown = f"{shown[:_MOST_SHOWN]}\N{HORIZONTAL ELLIPSIS}"
            clean.write(f"{shown}\n")
    return copy
