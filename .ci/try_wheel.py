"""Tries the installed wheel as a new user would:
an interview and an assess, outside of the checkout.
"""

import json
import subprocess
import sys
from pathlib import Path

import backtriage
from backtriage import Interview
from backtriage.loader.lock import read_held
from backtriage.loader.shipped import SHIPPED, load_shipped
from backtriage.model import NOT_SURE, RuleSet

COMMAND = Path(sys.executable).parent / "backtriage"


def run(*arguments: str, stdin: str) -> str:
    done = subprocess.run(
        [COMMAND, *arguments], input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def type_doubts(rule_set: RuleSet) -> str:
    """What is typed by somebody who is sure of nothing.

    It ends in an emergency before the age is asked, which must be known.
    """
    interview, typed = Interview(rule_set), ""
    while step := interview.step:
        interview = interview.take_answers({asked.id: NOT_SURE for asked in step.questions})
        typed += "?\n"
    return typed + "y\n"  # all right


def main() -> None:
    assert Path(backtriage.__file__).is_relative_to(sys.prefix), "this is not the installed package"
    shipped = load_shipped()
    assert shipped is not None, "the wheel has no rule set read ahead"
    assert repr(shipped) == repr(read_held(SHIPPED)), (
        "the rule set read ahead is not the one in the YAML"
    )

    by_interview = json.loads(run("--format", "json", stdin=type_doubts(shipped)))
    by_json = json.loads(run("assess", stdin=json.dumps(by_interview["answers"])))
    assert by_json == by_interview
    assert by_json["advice"] == "seek_care_now"
    assert json.loads(run("assess", stdin="{}"))["advice"] is None
    page = run("export", "web", stdin="")
    assert shipped.hash in page and "class Interview" in page, "the page for a browser is not whole"
    without_extra = subprocess.run(
        [COMMAND, "rules", "prove"], capture_output=True, text=True, check=False
    )
    assert without_extra.returncode == 8, without_extra
    assert "pip install 'backtriage[prove]'" in without_extra.stderr
    flags = len(shipped.red_flags)
    print(f"wheel: {shipped.id} {shipped.version}, {flags} red flags; interview and assess agree")


if __name__ == "__main__":
    main()
