"""How the code under backtriage/ is kept: names of functions, and lengths of modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import ROOT

PACKAGE = ROOT / "backtriage"
MODULES = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}

VERBS = {
    "add", "ask", "assess", "avoid", "build", "calibrate", "capitalize", "cast", "check", "choose",
    "close", "code", "compare", "compile", "complain", "compute", "convert", "count", "cut",
    "decide", "describe", "draw", "encode", "end", "estimate", "evaluate", "execute", "explain",
    "find", "finish", "fit", "get", "go", "greet", "group", "has", "hide", "hold", "ignore",
    "insert", "is", "judge", "keep", "lay", "leave", "limit", "link", "list", "load", "make",
    "match", "means", "measure", "move", "name", "negate", "normalize", "open", "pack", "parse",
    "place", "postpone", "prove", "publish", "quote", "rank", "read", "refuse", "render", "reopen",
    "replay", "report", "require", "resume", "run", "save", "say", "score", "settle", "shorten",
    "show", "simulate", "size", "suggest", "summarize", "take", "tell", "translate", "uncapitalize",
    "understand", "unpack", "wait", "welcome", "wrap", "write",
}  # fmt: skip
"""What the name of a public function may begin with.

Before a verb is added, look for one that is here already: one word for one thing.
"""

MOST_LINES = 300
LONGER = {"model.py": "what a rule set says and what comes out of it, which is read at one place"}


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods that other modules may call by a name, without commands of typer."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    bodies = [tree.body, *(node.body for node in classes if not node.name.startswith("_"))]
    for node in (node for body in bodies for node in body):
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if not any(map(is_no_call, node.decorator_list)):
            yield node


def is_no_call(decorator: ast.expr) -> bool:
    """Whether this makes a property, a constructor or a command of a function."""
    names = ("property", "classmethod", ".command(", ".callback(")
    return any(name in ast.unparse(decorator) for name in names)


@pytest.mark.parametrize("module", MODULES)
def test_the_name_of_a_public_function_begins_with_a_verb(module: str) -> None:
    """So that a reader sees what is done where it is called."""
    functions = public_functions(ast.parse(MODULES[module].read_text()))
    nouns = [
        f"{PACKAGE.name}/{module}:{function.lineno}: {function.name}"
        for function in functions
        if function.name.partition("_")[0] not in VERBS and function.name != "main"
    ]

    assert nouns == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_can_be_read_in_one_go(module: str) -> None:
    """Where one grows longer, it does more than one thing: split it by meaning."""
    lines = MODULES[module].read_text().count("\n")
    told = f"{PACKAGE.name}/{module} has {lines} lines, which are more than {MOST_LINES}"

    assert lines <= MOST_LINES or module in LONGER, told


@pytest.mark.parametrize("script", sorted((PACKAGE / "web" / "assets").glob("*.mjs")))
def test_so_can_a_script_of_the_page(script: Path) -> None:
    lines = script.read_text().splitlines()

    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 100


README = (PACKAGE / "README.md").read_text()


@pytest.mark.parametrize(
    ("heading", "word"),
    [("How to add a kind of question", "Choice"), ("How to add a condition", "AtLeast")],
)
def test_what_has_to_be_looked_at_is_listed(heading: str, word: str) -> None:
    """The modules that know such a class by name, all of them and no other."""
    part = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^   - `([\w/]+\.py)`$", part, re.MULTILINE)
    knowing = [
        name for name, path in MODULES.items() if re.search(rf"\b{word}\b", path.read_text())
    ]

    assert listed == sorted(knowing)


def test_the_places_that_are_named_exist() -> None:
    """In the reading order and in all that says where to go."""
    named = re.findall(r"`([\w/]+\.(?:py|md|yaml))`", README)
    folders = (PACKAGE, ROOT)

    assert len(named) > 20
    assert [name for name in named if not any((folder / name).exists() for folder in folders)] == []


def test_the_map_names_what_stands_at_the_top() -> None:
    """The README of the project has a row for each room, and for each module of the core."""
    text = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (`[a-z_]+/?`(?:, `[a-z_]+`)*) \|", text, re.MULTILINE)
    named = {name.strip("/") for row in rows for name in re.findall(r"`([a-z_]+/?)`", row)}
    top = {
        path.stem
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert {name for name in top if not name.startswith("_")} - named == set()
