"""What tests of pages in a browser share.

`tests/web/fetch.sh` fetches what drives it; what is not there is skipped, and said so.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

HERE = Path(__file__).parent / "web"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NODE = shutil.which("node")
TODAY = date(2026, 11, 28)

_Test = TypeVar("_Test", bound=Callable[..., Any])


def in_browser(test: _Test) -> _Test:
    """Marks a test that takes a browser, and what drives it."""
    fetched = (HERE / "parts" / "node_modules").exists()
    for mark in (
        pytest.mark.slow,
        pytest.mark.skipif(NODE is None, reason="Node.js is not installed"),
        pytest.mark.skipif(not fetched, reason="tests/web/fetch.sh was not run"),
        pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here"),
    ):
        test = mark(test)
    return test


def run_node(script: str, job: Mapping[str, Any]) -> Any:
    """What a script of tests/web gives for a job."""
    done = subprocess.run(
        [str(NODE), str(HERE / script)],
        input=json.dumps({"chromium": CHROMIUM, "today": str(TODAY), **job}).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
