"""The interview in a real (pseudo) terminal, typed at as a person would."""

import json
import os
import re
import shutil
import signal
import stat
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import pexpect
import pytest

from backtriage import cli
from backtriage.languages.of_program import load_language
from helpers import CHECKS, SHIPPED, SMALL, edited, run, small_with, with_checks
from strategies import IN_CI
from translations import find_english, write_catalogue

QUESTIONS = {
    "numb": "newly numb between the legs",
    "weak": "one leg weaker",
    "course": "How does the weakness change",
    "age": "How old are you",
    "fall": "Did you fall",
    "duration": "How long have you had this pain",
    "list": "Which of these apply to you",
}
REVIEW = "Are these right"

FORKS = sys.platform == "linux" and not IN_CI
"""In an everyday run the command goes on in a copy of this process, where all is imported already.

To start Python and import takes four fifths of the time of a talk; CI does it every time.
"""


def run_in_fork(words: list[str], variables: dict[str, str]) -> NoReturn:
    """Run the command in the child of a fork, in the place of what would be started there."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # the parent waits for the last one to be closed
    sys.argv = ["backtriage", *words]
    os.environ.clear()
    os.environ.update(variables)
    sys.stdin, sys.stdout, sys.stderr = map(os.fdopen, range(3), ("r", "w", "w"))
    code = cli.run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """What a talk imports on its way, so that its forks have it."""
    if FORKS:
        run("--rules", SMALL, stdin="y\n")
        # if this process edits lines, a fork would take the size of its terminal for a new one
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)


class Person:
    """Someone at a terminal."""

    def __init__(
        self, *arguments: str, columns: int = 60, folder: Path | None = None, **env: str
    ) -> None:
        words = ["--rules", str(SMALL), *arguments]
        variables = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm-256color"} | env
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "backtriage", *words],
            encoding="utf-8",
            dimensions=(30, columns),
            timeout=3,
            cwd=str(folder) if folder else None,
            env=variables,
            # what edits lines asks only once which terminal there is, perhaps before the fork
            preexec_fn=partial(run_in_fork, words, variables)
            if FORKS and "TERM" not in env
            else None,
        )
        self.child.delaybeforesend = None  # `types` waits for the prompt
        self.seen = ""

    def reads(self, text: str) -> "Person":
        """Wait until the text, with any line breaks in it, has come, and then a prompt."""
        pattern = r"\s+".join(re.escape(word) for word in text.split())
        self.child.expect(pattern)
        self.seen += self.child.before + self.child.after
        return self

    def types(self, line: str) -> "Person":
        """Wait for the prompt and type a line."""
        self.child.expect("> ")
        self.seen += self.child.before + self.child.after
        self.child.sendline(line)
        return self

    def interrupts(self) -> "Person":
        """Wait for the prompt and press Ctrl-C."""
        self.child.expect("> ")
        self.seen += self.child.before + self.child.after
        self.child.sendintr()
        return self

    def leaves(self) -> int:
        """Read to the end, with Enter where more is offered; gives the exit code."""
        while self.child.expect([pexpect.EOF, r"Enter\s+to\s+end\s+> "]):
            self.seen += self.child.before + self.child.after
            self.child.sendline("")
        self.seen += self.child.before
        self.child.close()
        assert "Traceback" not in self.seen
        return int(self.child.exitstatus)


@pytest.fixture(
    params=[{"TERM": "xterm-256color"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}],
    ids=["colour", "dumb", "no"],
)
def terminal(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Environments of different terminals."""
    yield request.param


def test_a_person_reaches_home_care(terminal: dict[str, str]) -> None:
    """Every kind of question is answered; the review is confirmed; the result ends the talk."""
    person = Person("--date", "2026-11-23", **terminal)
    person.reads(QUESTIONS["numb"]).types("n").reads(QUESTIONS["weak"]).types("y")
    person.reads(QUESTIONS["course"]).reads("3  It gets worse").types("1")
    person.reads("It is old and does not change")
    person.reads(QUESTIONS["age"]).types("71").reads(QUESTIONS["fall"]).types("n")
    person.reads(QUESTIONS["duration"]).types("5 weeks").reads("5 weeks")
    person.reads(QUESTIONS["list"]).types("none")
    person.reads(REVIEW).types("y").reads("Conservative home care").reads("Monday 7 December 2026")

    assert person.leaves() == 0
    assert ("\x1b[" in person.seen) == (terminal != {"TERM": "dumb"})


def test_an_emergency_is_told_at_once(terminal: dict[str, str]) -> None:
    """The first yes that settles it ends the questions; it is red only where colours are wanted."""
    person = Person(**terminal).reads(QUESTIONS["numb"]).types("y")
    person.reads("SEEK CARE NOW").reads(REVIEW)
    person.types("y").reads("Seek care now").reads("Call your emergency number")

    assert person.leaves() == 0
    assert "weaker" not in person.seen.split("SEEK CARE NOW")[0]
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-7]m", person.seen)) == (
        terminal == {"TERM": "xterm-256color"}
    )


def test_enter_alone_asks_again_and_is_never_no() -> None:
    """However often it is pressed."""
    person = Person().reads(QUESTIONS["numb"])
    for _ in range(3):
        person.types("").reads("Enter alone counts as nothing")
    person.types("maybe so").reads("not understood").types("n").reads(QUESTIONS["weak"])
    person.types("q").reads("stopped early").types("")

    assert person.leaves() == 130


def test_why_shows_the_reason_and_a_source() -> None:
    """And the question can then be answered."""
    person = Person().reads(QUESTIONS["numb"]).types("w")
    person.reads("also feel this skin").reads("A small study")
    person.types("n").reads(QUESTIONS["weak"])


def test_back_goes_to_any_depth_and_drops_what_no_longer_applies() -> None:
    """Later answers are kept, the follow-up of a changed answer is not."""
    person = Person().types("n").types("y").types("3").reads("SEEK CARE NOW").reads(REVIEW)
    person.types("b").reads(QUESTIONS["course"]).types("1").reads(QUESTIONS["age"]).types("30")
    person.reads(QUESTIONS["fall"]).types("b").reads(QUESTIONS["age"]).types("b").types("b")
    person.reads(QUESTIONS["weak"]).reads("Your answer was: yes").types("n")
    person.reads("No longer asked, so dropped: Course of the weakness").reads(QUESTIONS["fall"])
    person.types("b").types("b").types("b").reads(QUESTIONS["numb"]).types("b")
    person.reads("This is the first question")
    person.reads(QUESTIONS["numb"])


def test_the_review_can_change_any_answer() -> None:
    """A number reopens that question; rubbish there is refused."""
    person = Person().types("n").types("n").types("30").types("n").types("3 days")
    person.reads("To change a no, type all").reads(REVIEW).types("")
    person.reads("Type y if all is right").types("99").reads("Type y if all is right")
    person.types("all").reads("3  Numb between the legs: no").reads("y, a number, all, b or q")
    person.child.sendline("3")
    person.reads(QUESTIONS["numb"]).types("y").reads("SEEK CARE NOW").reads(REVIEW).types("y")

    assert person.leaves() == 0


def test_a_list_takes_numbers_none_and_not_sure() -> None:
    """Such as "1 2?", which is yes to the first and not sure of the second."""
    person = Person("--format", "json").types("n").types("n").types("30").types("y")
    person.types("2 months")
    person.reads(QUESTIONS["list"]).reads("2  Thin bones (osteoporosis)").types("3")
    person.reads("not understood")
    person.types("1 2?").reads("Steroid tablets: yes").reads("Thin bones (osteoporosis): not sure")
    person.reads(REVIEW).types("y").reads('"steroids": "yes"').reads('"osteoporosis": "not sure"')

    assert person.leaves() == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "steroids", "osteoporosis"),
    [
        ("?", "not sure", "not sure"),
        ("0", "no", "no"),
        ("None.", "no", "no"),
        ("None of the above.", "no", "no"),
        ("nah", "no", "no"),
        ("dont know", "not sure", "not sure"),
        ("1&2", "yes", "yes"),
        ("1., 2.", "yes", "yes"),
        ("(2)", "no", "yes"),
        ("#2?", "no", "not sure"),
    ],
)
def test_ways_to_answer_a_list(typed: str, steroids: str, osteoporosis: str) -> None:
    """Not sure of all, none of them, and numbers as people write them."""
    person = Person("--format", "json").types("n").types("n").types("30").types("y")
    person.types("2 months").types(typed)
    person.reads(REVIEW).types("y")
    person.reads(f'"steroids": "{steroids}"').reads(f'"osteoporosis": "{osteoporosis}"')

    assert person.leaves() == 0


def test_every_prompt_takes_the_same_words() -> None:
    """With a full stop, in capitals, or as people say it."""
    person = Person("--format", "json").types("No.").types("Yes!")
    person.reads(QUESTIONS["course"]).types("Why?")
    person.reads(QUESTIONS["course"]).types("1.")
    person.reads("It is old").reads(QUESTIONS["age"]).types("Back.")
    person.reads(QUESTIONS["course"]).types("(1)").reads(QUESTIONS["age"]).types("forty-five")
    person.reads("45 years")
    person.types("nope").types("a week and a half").reads("10 days").reads(REVIEW).types("2.")
    person.reads(QUESTIONS["course"]).types("#1").reads(REVIEW).types("ALL.")
    person.reads("6  Fall: no").reads("y, a number, all, b or q").types("Yep.")
    person.reads('"weak_course": "old"')

    assert person.leaves() == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("over 59", '"over" leaves the number open'),
        ("40-50", "these are two numbers"),
        ("a few", 'for example "47"'),
    ],
)
def test_what_leaves_a_number_open_is_asked_again(typed: str, told: str) -> None:
    """With the reason, and an example where none can contradict what was typed."""
    person = Person().types("n").types("n").reads(QUESTIONS["age"]).types(typed)
    person.reads(told)
    person.types("60").reads(QUESTIONS["fall"])


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["-3", "400", "5 kg", "1e9", "\t", "é" * 300])
def test_numbers_that_make_no_sense_are_asked_again(typed: str) -> None:
    """The question stays until there is an age that can be."""
    person = Person().types("n").types("n").reads(QUESTIONS["age"]).types(typed).types("30")
    person.reads(QUESTIONS["fall"])


STEPS = ["n", "y", "1", "30", "y", "2 months", "none", "y"]


@pytest.mark.parametrize(
    "after", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, len(STEPS)))]
)
def test_ctrl_c_at_every_prompt_offers_to_save_and_exits_130(after: int, tmp_path: Path) -> None:
    """What was answered so far can be kept, privately, and gone on with."""
    person = Person(folder=tmp_path)
    for line in STEPS[:after]:
        person.types(line)
    person.interrupts().reads("You stopped early")
    if after:
        person.reads("Save your answers").types("mine.json").reads("--resume mine.json")
    assert person.leaves() == 130
    if after:
        saved = tmp_path / "mine.json"
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        assert len(json.loads(saved.read_text())["answers"]) >= min(after, 6)
        again = Person("--resume", "mine.json", "--format", "json", folder=tmp_path)
        for line in STEPS[after:]:
            again.types(line)
        again.reads('"complete": true')
        assert again.leaves() == 0


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["n", "q", "", "No.", "Stop!"])
def test_a_word_that_means_no_is_no_file_name(typed: str, tmp_path: Path) -> None:
    """Only a name is a name; y alone asks for one."""
    person = Person(folder=tmp_path).types("n").types("q").reads("Save your answers").types("y")
    person.reads("Please type a name").types(typed)

    assert person.leaves() == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "typed",
    [
        "none of the above",
        *(
            pytest.param(typed, marks=pytest.mark.slow)
            for typed in (
                "no thanks",
                "No, thank you!",
                "nope",
                "cancel",
                "0",
                "None.",
                "Never mind",
            )
        ),
    ],
)
def test_an_offer_that_is_turned_down_makes_no_file(typed: str, tmp_path: Path) -> None:
    """In whatever words."""
    person = Person(folder=tmp_path).types("n").types("q").reads("Save your answers").types(typed)

    assert person.leaves() == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("typed", ["yep", "dont know", "1.", "back", "why?", "ALL"])
def test_a_word_of_the_interview_is_no_file_name(typed: str, tmp_path: Path) -> None:
    """It asks for one."""
    person = Person(folder=tmp_path).types("n").types("q").reads("Save your answers").types(typed)
    person.reads("Please type a name").types("")

    assert person.leaves() == 130
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_may_be_none_is_confirmed(tmp_path: Path) -> None:
    """What has an ending is a name."""
    person = Person(folder=tmp_path).types("n").types("q").types("later perhaps")
    person.reads('file called "later perhaps"?').types("nope").reads("Please type a name")
    person.types("mine").reads('file called "mine"?').types("hm").reads("take another name")
    person.types("Yes.").reads("--resume mine")

    assert person.leaves() == 130
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    "name",
    [
        "~/my back's.json",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("-x.json", "--save.json", "$HOME `x`.json", "~x.json", "é.json", "#1.json")
        ),
    ],
)
def test_the_command_that_is_shown_goes_on(name: str, tmp_path: Path) -> None:
    """Whatever is in the name; ~ is the home folder."""
    shutil.copytree(SHIPPED, tmp_path / "-my rules")
    home = tmp_path / "home"
    home.mkdir()
    person = Person("--rules", "-my rules", "--country", "GB", "--complete",
                    folder=tmp_path, HOME=str(home))  # fmt: skip
    person.types("n").types("q").types(name).reads("To go on later, type:")
    assert person.leaves() == 130
    shown = person.child.before.strip().splitlines()[-1].strip()
    assert (home / "my back's.json").exists() == name.startswith("~/")
    again = pexpect.spawn("/bin/sh", ["-c", shown], encoding="utf-8", timeout=10, cwd=str(tmp_path))
    again.expect("Your saved answers are from")
    again.close()
    assert "--country GB --complete" in shown


@pytest.mark.parametrize("key", ["\x04", "\x03", "q\n"], ids=["Ctrl-D", "Ctrl-C", "q"])
def test_who_stops_at_the_question_of_the_country_has_left(key: str) -> None:
    """As at any other question."""
    person = Person("--rules", str(SHIPPED)).reads("Which country are you in?").reads("> ")
    person.child.send(key)

    assert person.leaves() == 130
    assert "internal error" not in person.seen


@pytest.mark.parametrize("key", ["\x1b[A", "\x1b[D", "\x16\x1b[A", "\x16\x07"])
def test_keys_that_type_nothing_are_no_file_name(key: str, tmp_path: Path) -> None:
    """Neither where lines are edited nor where a key is typed as it is."""
    person = Person(folder=tmp_path).types("n").types("q").types(key)
    if "\x16" in key:
        person.reads("characters that cannot be shown").types("")

    assert person.leaves() == 130
    assert list(tmp_path.iterdir()) == []


def test_a_line_can_be_edited() -> None:
    """Arrow keys move, and an answer is not offered again."""
    person = Person().types("n").types("n").types("3\x7f4\x1b[D\x1b[A\x1b[A5")

    person.reads("54 years")


@pytest.mark.parametrize("out", ["1>out.txt", ""])
def test_prompts_go_where_the_talk_goes(out: str, tmp_path: Path) -> None:
    """Also where lines are edited; a file that takes the result has nothing else."""
    command = f"{sys.executable} -m backtriage --rules {SMALL} {out}"
    child = pexpect.spawn(
        "/bin/bash", ["-c", command], encoding="utf-8", timeout=10, cwd=str(tmp_path)
    )
    for line in ("y", "y") if out else ("y", "y", ""):  # to a person more is offered at the end
        child.expect("> ")
        child.sendline(line)
    child.expect(pexpect.EOF)
    if out:
        assert (tmp_path / "out.txt").read_text().startswith("Seek care now\n")


def test_lines_that_are_pasted_answer_one_question(tmp_path: Path) -> None:
    """Nobody has read the others; what is not used is told."""
    person = (
        Person(folder=tmp_path).types("n\nn\n30\nn").reads("is not used").reads("one leg weaker")
    )
    person.types("y").reads(QUESTIONS["course"])


def test_lines_of_a_program_stay_in_their_order(tmp_path: Path) -> None:
    """As `script` sends them, before anything is asked."""
    person = Person("--format", "json", folder=tmp_path, TERM="dumb")
    person.child.send("n\nn\n30\nn\n3 days\ny\n")
    person.reads('"complete": true')

    assert person.leaves() == 0


def test_why_on_a_list_shows_what_each_item_means() -> None:
    """The labels are short; what counts stands in the full questions."""
    person = Person().types("n").types("n").types("30").types("y").types("2 months")
    person.reads(QUESTIONS["list"])
    person.types("w").reads("1  Do you take steroid tablets?").types("1 and 2")
    person.reads("Thin bones (osteoporosis): yes")


def test_a_number_given_twice_in_a_list_is_asked_again() -> None:
    """Such as "1 1?" or "1 ?": it could mean yes or not sure, so it means neither."""
    person = Person().types("n").types("n").types("30").types("y").types("2 months")
    person.reads(QUESTIONS["list"])
    person.types("1 ?").reads("not understood").types("1 1?").reads("not understood").types("n")
    person.reads(REVIEW)


def test_an_emergency_that_is_taken_back_is_said_to_be_so() -> None:
    """The person is not left with a warning that no longer stands."""
    person = Person().types("y").reads("SEEK CARE NOW").reads(REVIEW).types("1")
    person.reads("about 4 more questions").reads("(changing an answer)")
    person.types("n").reads("no emergency so far").reads(QUESTIONS["weak"])


@pytest.mark.parametrize(
    ("typed", "told", "then"),
    [
        ("y", "Kept: Course of the weakness", REVIEW),
        ("Yes.", "Kept", REVIEW),
        ("?", "Kept", REVIEW),
        ("dont know", "Kept", REVIEW),
        ("n", "Dropped", QUESTIONS["age"]),
        ("NO.", "Dropped", QUESTIONS["age"]),
    ],
)
def test_an_answer_that_a_warning_sign_rests_on_is_dropped_only_by_word(
    typed: str, told: str, then: str, tmp_path: Path
) -> None:
    """A correction elsewhere does not take the emergency away by itself."""
    rules = small_with(
        tmp_path, edited("nerves.yaml", ("{weak: yes, weak_course: worse}", "{weak_course: worse}"))
    )
    person = Person("--rules", str(rules)).types("n").types("y").types("3")
    person.reads("SEEK CARE NOW").reads(REVIEW)

    person.types("1").types("n").reads("It gets worse").reads("Is this answer still true").types("")
    person.reads("y = yes, it is still true").types(typed).reads(told).reads(then)


def test_resuming_says_from_when_the_answers_are(tmp_path: Path) -> None:
    """What was true days ago may have changed; a day that is none is told."""
    file = tmp_path / "back.json"
    person = Person("--save", str(file), "--date", "2026-11-20").types("n").types("q")
    person.reads("Saved.").leaves()

    person = Person("--resume", str(file), "--date", "2026-11-23")
    person.reads("from Friday 20 November 2026 (3 days ago)").reads("type b to go back").types("b")
    person.reads("Your answer was")

    file.write_text(file.read_text().replace("2026-11-20", "yesterday"))
    broken = Person("--resume", str(file)).reads("saved_on: wrong-type this is not a day")
    assert broken.leaves() == 3


def test_with_complete_an_emergency_is_told_before_the_rest_is_asked() -> None:
    """And one need not go on."""
    person = Person("--complete").types("y")
    person.reads("SEEK CARE NOW").reads("Call your emergency number")
    person.reads("type q to stop here").reads(QUESTIONS["weak"])


def test_a_name_that_cannot_be_a_file_is_asked_again(tmp_path: Path) -> None:
    """The answers are not lost to a slip of the finger."""
    person = Person(folder=tmp_path).types("n").types("q").types("x" * 300)
    person.reads("too long").types("no/such/folder")
    person.reads("there is no such folder").types("back.json").reads("Saved.")

    assert person.leaves() == 130
    assert json.loads((tmp_path / "back.json").read_text())["answers"] == {"numb": "no"}


def test_what_is_wrong_with_a_name_is_told_in_the_language(tmp_path: Path) -> None:
    """Also in the words of the system."""
    rules = small_with(tmp_path, {})
    write_catalogue(rules)
    (tmp_path / "there.json").write_text("{}")
    person = Person("--rules", str(rules), "--lang", "de", folder=tmp_path).types("n").types("q")
    person.types("x" * 300).reads("der Name ist zu lang").types("no/such/folder")
    person.reads("diesen Ordner gibt es nicht").types(".").reads("das ist ein Ordner")
    person.types("there.json").reads("diese Datei gibt es schon").types("n")

    assert person.leaves() == 130
    assert find_english(person.seen, load_language("de")) == []


def test_the_review_shows_every_answer() -> None:
    """A no that was typed by mistake must be seen too."""
    person = Person().types("n").types("n").types("30").types("n").types("3 days")

    person.reads("1 Age: 30 years").reads("No: Numb between the legs; Weak leg; Fall.")
    person.reads(REVIEW)


def test_ctrl_c_twice_leaves_without_saving(tmp_path: Path) -> None:
    """Nobody is held up, and nothing is written unasked."""
    person = Person(folder=tmp_path).types("n").interrupts().reads("Save your answers").interrupts()

    assert person.leaves() == 130
    assert list(tmp_path.iterdir()) == []


def test_stopping_tells_what_the_answers_already_show() -> None:
    """A finding is not kept back because the interview was not finished."""
    person = Person().types("n").types("y").types("2").types("q")
    person.reads("already show").reads("within 2 days")
    person.types("")

    assert person.leaves() == 130


def test_the_end_of_input_in_a_terminal_stops_the_interview() -> None:
    """Ctrl-D is a stop, not an answer."""
    person = Person().reads(QUESTIONS["numb"])
    person.child.expect("> ")
    person.child.sendeof()
    person.reads("There is no advice yet")

    assert person.leaves() == 130


def with_a_check(folder: Path) -> tuple[str, str]:
    """The options for the small rule set with checks."""
    return "--rules", str(small_with(folder, with_checks()))


@pytest.mark.parametrize("columns", [40, 60])
def test_who_is_not_sure_is_shown_a_check_and_asked_once_more(columns: int, tmp_path: Path) -> None:
    """Nothing is told of it before that; a second ? says what it counts as."""
    person = Person(*with_a_check(tmp_path), columns=columns, NO_COLOR="1", TERM="dumb")
    person.reads(QUESTIONS["numb"]).types("?").reads(f"Not sure? Try this: {CHECKS['numb']}")
    assert "count" not in person.seen
    assert "CARE" not in person.seen
    person.types("").reads("Enter alone counts as nothing").types("w").reads("also feel this skin")
    person.reads(CHECKS["numb"]).types("n").reads(QUESTIONS["weak"]).types("?")
    person.reads(CHECKS["weak"]).types("?").reads("We count this as: yes, to be safe.")
    person.reads(QUESTIONS["course"]).types("3")
    person.reads("Numb between the legs: not sure, then no").reads("Weak leg: not sure, twice")
    person.reads("SEEK CARE NOW").reads(REVIEW).types("y")

    assert person.leaves() == 0
    assert max(len(line) for line in person.seen.splitlines()) <= columns


def test_back_from_a_check_is_the_question_itself(tmp_path: Path) -> None:
    """As it was first asked; Enter leaves "not sure" as it was, and the check comes once more."""
    person = Person(*with_a_check(tmp_path)).types("n").reads(QUESTIONS["weak"]).types("?")
    person.reads(CHECKS["weak"]).types("b").reads(QUESTIONS["weak"]).reads("was: not sure")
    person.types("").reads(CHECKS["weak"]).types("b").types("b").reads(QUESTIONS["numb"])
    person.types("").reads(CHECKS["weak"]).types("n").reads(QUESTIONS["age"])


def test_an_emergency_is_taken_back_only_after_the_check(tmp_path: Path) -> None:
    """To doubt it is not to take it back."""
    plain = {"NO_COLOR": "1", "TERM": "dumb"}
    person = Person(*with_a_check(tmp_path), **plain).types("y").reads("SEEK CARE NOW")
    person.reads(REVIEW).types("1").reads(QUESTIONS["numb"]).types("?").reads(CHECKS["numb"])
    assert "no emergency so far" not in " ".join(person.seen.split())
    person.types("n").reads("no emergency so far").reads(QUESTIONS["weak"])


def test_who_stops_at_a_check_is_told_what_the_doubt_counts_as(tmp_path: Path) -> None:
    """It is not asked any more; who goes on with saved answers is asked once more."""
    rules = with_a_check(tmp_path)
    plain = {"NO_COLOR": "1", "TERM": "dumb"}
    person = Person(*rules, folder=tmp_path, **plain).types("?").reads(CHECKS["numb"]).types("q")
    person.reads("already show").reads("Seek care now").reads("You were not sure").types("a.json")

    assert person.leaves() == 130
    assert json.loads((tmp_path / "a.json").read_text())["answers"] == {"numb": "not sure"}

    resumed = Person(*rules, "--resume", "a.json", folder=tmp_path, **plain)
    resumed.reads(CHECKS["numb"]).types("n").reads(QUESTIONS["weak"])
    assert "SEEK" not in resumed.seen


@pytest.mark.parametrize("columns", [30, 60])
def test_no_line_is_wider_than_the_screen(columns: int) -> None:
    """On a narrow screen every line of ours fits, without being cut in a word."""
    person = Person("--date", "2026-11-23", columns=columns, NO_COLOR="1", TERM="dumb")
    for line in ("n", "n", "30", "n", "3 days", "y"):
        person.types(line)

    assert person.leaves() == 0
    assert max(len(line) for line in person.seen.splitlines()) <= columns


HOME = ("n", "n", "30", "n", "3 days", "y")
LONG = "a_name_that_is_longer_than_any_of_these_screens_and_without_a_blank_in_it"


@pytest.mark.parametrize("columns", [30, 60])
@pytest.mark.parametrize(
    ("options", "typed"),
    [
        ((), (*HOME, "d", "n", "p", "", "p", "", "p", "page.html", "p", "page.html", "n", "x")),
        ((), ("n", "q", "later perhaps but not on any day of this week", "n", LONG, "y")),
        ((), ("n", "q", "page.json", "page", "n", "")),
        (("--output", LONG), HOME),
        (
            ("--format", "json", "--output", LONG),
            ("n", "y", "2", "n", "n", "30", "n", "9 days", "y"),
        ),
    ],
    ids=["page", "saved", "there already", "output", "for a program"],
)
def test_what_is_told_of_files_fits_the_screen(
    columns: int, options: tuple[str, ...], typed: tuple[str, ...], tmp_path: Path
) -> None:
    """A name that is longer than a line stands on one of its own; it is never cut."""
    folder = tmp_path / "in/a folder/with a name/that is/long"
    folder.mkdir(parents=True)
    (folder / "page.json").touch()
    plain = {"NO_COLOR": "1", "TERM": "dumb"}
    person = Person(*options, columns=columns, folder=folder, **plain)
    for line in typed:
        if person.child.expect(["> ", pexpect.EOF]):
            break
        person.seen += person.child.before + person.child.after
        person.child.sendline(line)
    person.leaves()

    lines = [line for line in person.seen.splitlines() if "> " not in line]
    commands = [line for line in lines if line.startswith("  ")]
    wide = [line for line in lines if len(line) > columns and line not in commands]
    assert all(LONG in line or "/" in line for line in wide), wide
    assert not [line for line in wide if len(line.split()) > 1], wide


def test_an_answer_to_a_list_is_told_once_when_it_is_changed() -> None:
    """All of it in one sentence: what was chosen, and what was not."""
    person = Person().types("n").types("n").types("30").types("y").types("2 months")
    person.reads(QUESTIONS["list"]).types("1").reads(REVIEW).types("4").reads(QUESTIONS["list"])
    person.reads("Press Enter").types("0").reads(REVIEW).types("all").types("6")
    person.reads("Your answer was: None of these").types("")

    told = " ".join(person.seen.split())
    assert told.count("Your answer was") == 2
    assert re.search("Your answer was: [^.]*: yes; No: ", told)


def test_nothing_is_redrawn() -> None:
    """No cursor movement, so that a screen reader can follow."""
    person = Person()
    for line in ("n", "n", "30", "n", "3 days", "y"):
        person.types(line)

    assert person.leaves() == 0
    assert not re.search(r"\x1b\[[0-9;?]*[A-HJKSTfsulh]", person.seen)


def test_markup_and_escape_sequences_in_answers_are_shown_as_text() -> None:
    """What is typed never changes the screen."""
    person = Person(NO_COLOR="1").reads(QUESTIONS["numb"]).types("[red]y[/red]")
    person.reads("not understood")
    person.types("n").types("n").reads(QUESTIONS["age"]).types("[bold]9[/bold]")
    person.reads("[bold]9[/bold]")
