"""The shell sessions in README.md and rules/README.md, run as they stand.

A ```console block holds commands after "$ " and what they print, stderr and stdout as a terminal
shows them.
What stands behind "> " in a command's output is typed in. A line "..." stands for any lines.
A ```yaml block behind a line that ends with the path of a file in backticks and a colon is written
to that file before the next session.
`python tests/readme.py` rewrites the outputs to what the commands print now.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from backtriage.authoring import codes

README = Path(__file__).parent.parent / "README.md"
RULES_README = README.parent / "rules" / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
CODES = re.compile(r"(<!-- codes -->\n)(.*?)(<!-- end of codes -->)", re.DOTALL)
FILE = re.compile(r"`(\S+\.yaml)`:\n\n```yaml\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def sessions(text: str) -> Iterator[list[tuple[str, str]]]:
    """For each block its commands, each with the output that is written under it."""
    for block in BLOCK.finditer(text):
        yield [(match[1], match[2]) for match in COMMAND.finditer(block[1])]


def before(block: re.Match[str]) -> str:
    """The text between a block and the one before it."""
    return block.string[: block.start()].rpartition("```console\n")[2]


def write_files(text: str, folder: str) -> None:
    """Write the files that the text says to write."""
    for name, content in FILE.findall(text):
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def typed(output: str) -> str:
    """What is typed in a session."""
    return "".join(f"{line}\n" for line in re.findall(r" > (.+)$", output, re.MULTILINE))


def run(command: str, stdin: str, folder: str) -> str:
    """What the command prints on a terminal of 80 columns,
    with `backtriage` standing for the code under test.
    """
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
    lines = (
        r"(?:.*\n)*?" if line == "...\n" else re.escape(line)
        for line in output.splitlines(keepends=True)
    )
    return re.compile("".join(lines))


def code_tables() -> str:
    """The tables of codes in rules/README.md."""
    sorts = {
        "What makes a rule set impossible to read": codes.LOAD,
        "What makes its cases impossible to read": codes.CASES,
        "What `rules check` finds": codes.CHECK,
        "What `rules check` finds in translations": codes.TRANSLATIONS,
        "What `rules prove` finds": codes.PROVE,
        "Excuses": codes.EXCUSES,
    }
    tables = (
        f"### {title}\n\n| code | meaning |\n|---|---|\n"
        + "".join(f"| `{code}` | {meaning} |\n" for code, meaning in meanings.items())
        for title, meanings in sorts.items()
    )
    return "\n" + "\n".join(tables) + "\n"


def rewrite() -> None:
    """Bring the outputs without "..." up to date, and say which of the others are stale."""

    def renew(match: re.Match[str]) -> str:
        command, output = match[1], match[2]
        printed = run(command, typed(output), folder)
        if "...\n" not in output:
            return f"$ {command}\n{printed}"
        if not pattern(output).fullmatch(printed):
            print(f"stale: {command}\n{printed}")
        return match[0]

    def renew_block(block: re.Match[str]) -> str:
        write_files(before(block), folder)
        return "```console\n" + COMMAND.sub(renew, block[1]) + "```"

    for file in (README, RULES_README):
        with tempfile.TemporaryDirectory() as folder:
            text = BLOCK.sub(renew_block, file.read_text())
            file.write_text(CODES.sub(lambda match: match[1] + code_tables() + match[3], text))


if __name__ == "__main__":
    rewrite()
