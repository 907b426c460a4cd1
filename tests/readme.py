"""The shell sessions and the Python examples in README.md, run as they stand.

A ```console block holds commands after "$ " and what they print, stderr and stdout as a terminal shows them.
What stands behind "> " in a command's output is typed in. A line "..." stands for any lines.
`python tests/readme.py` rewrites the output in README.md to what the commands print now.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def sessions(text: str) -> Iterator[list[tuple[str, str]]]:
    """For each block its commands, each with the output that is written under it."""
    for block in BLOCK.finditer(text):
        yield [(match[1], match[2]) for match in COMMAND.finditer(block[1])]


def typed(output: str) -> str:
    """What is typed in a session."""
    return "".join(f"{line}\n" for line in re.findall(r" > (.+)$", output, re.MULTILINE))


def run(command: str, stdin: str, folder: str) -> str:
    """What the command prints on a terminal of 80 columns, with `backtriage` standing for the code under test."""
    rules = Path(folder, "rules")
    if not rules.exists():
        rules.symlink_to(README.parent / "rules")
    shell = f'backtriage() {{ "{sys.executable}" -m backtriage "$@"; }}; {command}'
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        ["bash", "-c", shell],
        input=stdin.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd=folder,
        env=environment,
    )
    return done.stdout.decode()


def pattern(output: str) -> re.Pattern[str]:
    """What an output must look like."""
    lines = (r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in output.splitlines(keepends=True))
    return re.compile("".join(lines))


def rewrite() -> None:
    """Bring the outputs without "..." in README.md up to date, and say which of the others are stale."""

    def renew(match: re.Match[str]) -> str:
        command, output = match[1], match[2]
        printed = run(command, typed(output), folder)
        if "...\n" not in output:
            return f"$ {command}\n{printed}"
        if not pattern(output).fullmatch(printed):
            print(f"stale: {command}\n{printed}")
        return match[0]

    with tempfile.TemporaryDirectory() as folder:
        text = README.read_text()
        README.write_text(BLOCK.sub(lambda block: "```console\n" + COMMAND.sub(renew, block[1]) + "```", text))


if __name__ == "__main__":
    rewrite()
