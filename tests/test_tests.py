"""The tests themselves: what they share stands in the modules beside them, never in one of them."""

import ast
from pathlib import Path

import pytest

TESTS = sorted(Path(__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_nothing_is_imported_from_a_test_module(path: Path) -> None:
    """So that each can be read, run, renamed and taken away by itself."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    ]

    assert [module for module in modules if module.startswith("test_")] == []
