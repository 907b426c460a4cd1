"""How many bytes the page for a browser has, and how long it takes to its first question.

Run it with the interpreter of an environment that backtriage is installed in; for the time it needs
Chromium, Node.js and what `tests/fetch.sh` fetches:

    .venv/bin/python tests/benchmarks/page.py
"""

import gzip
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import load
from backtriage.web.page import render_component, render_page
from javascript import TODAY, run_browser

RUNS = 21


def main() -> None:
    page = render_page(load(), TODAY)
    for name, text in (("page", page), ("element", render_component(load(), TODAY))):
        packed = len(gzip.compress(text.encode()))
        print(f"{name:10} {len(text.encode()) / 1000:4.0f} kB, {packed / 1000:4.0f} kB packed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        path.write_text(page)
        times = run_browser("web/start.mjs", {"page": str(path), "runs": RUNS})
    median, worst = statistics.median(times), max(times)
    print(f"first question after {median:.0f} ms (median of {RUNS}), {worst:.0f} ms at worst")


if __name__ == "__main__":
    main()
