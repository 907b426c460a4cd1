"""How the program ends: a number for each way. Scripts rely on them; README.md lists them all."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with.

    1 is missing: it is what Python and typer make of a failure that nobody foresaw, so
    `cli.app.run` turns it into one of these. The codes of the advices come only from `assess
    --exit-code`: a person who should see a doctor is no failure of the program.
    """

    FINE = 0
    USAGE = 2
    """Given by typer itself."""
    BAD_ANSWERS = 3
    BAD_RULE_SET = 4
    FILE = 5
    DIFFERS = 6
    """A replay gives another result, or by other rules."""
    FOUND = 7
    """A tool for authors has found something in a rule set that can be used."""
    EXTRA_MISSING = 8
    NOTHING_READ = 9
    """A table in which no column is a question, or next to none: nobody's answers were read."""
    HOME_CARE = 10
    SEE_DOCTOR_SOON = 11
    SEEK_CARE_NOW = 12
    NOT_SETTLED = 13
    INTERNAL = 70
    """EX_SOFTWARE of sysexits.h: a defect of the program."""
    BROKEN_OFF = 130
    """128 and the number of SIGINT, as shells have it for Ctrl-C."""
