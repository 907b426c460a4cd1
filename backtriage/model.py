"""What a rule set says and what comes out of it: frozen data, no logic.

In the order of reading: conditions, the rule set that is made of them, its cases, and what comes of
somebody's answers. One file, because nearly every other module names something of each part.

Plain dataclasses, because importing pydantic alone takes as long as a whole `assess` may take;
pydantic checks the YAML where it is read (`loader.shapes`), and makes a schema of these classes
(`json_io.schema`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Literal, NamedTuple

AdviceId = Literal["home_care", "see_doctor_soon", "seek_care_now"]
"""The three advices."""

ADVICES: tuple[AdviceId, ...] = ("home_care", "see_doctor_soon", "seek_care_now")
"""The three advices, least urgent first."""

How = Literal["self_care", "doctor", "emergency_department", "ambulance"]
"""How to get the care that an advice asks for."""


EMERGENCY_NUMBER = "{emergency_number}"
"""What stands for the number of the country in what people are told to do."""

ANSWER = "{answer}"
"""What stands for the number that is the answer in how a person says it."""


SOURCE_LANGUAGE = "en"
"""The language in which rules are written."""


class NotSure(Enum):
    """The type of "not sure", an answer and yet no value: `conditions.count_as` gives one."""

    NOT_SURE = "not sure"

    def __str__(self) -> str:
        return self.value


NOT_SURE = NotSure.NOT_SURE
"""The answer "not sure". It has a space in it, so it can never be the id of an option."""


class AskedTwice(Enum):
    """The answers that hold two: a "not sure", and what was said after the check of the question.

    They count as what was said last: `conditions.take_last` gives that.
    """

    YES = "not sure, then yes"
    NO = "not sure, then no"
    NOT_SURE = "not sure, twice"

    def __str__(self) -> str:
        return self.value


Value = str | int | float
"""What an answer counts as: "yes" or "no", a number in the question's unit, or an option's id."""

Answer = Value | NotSure | AskedTwice
"""What was answered: a Value, NOT_SURE, or both answers to a question that was asked twice."""


# Conditions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OneOf:
    """True when the question's answer is one of the values ("yes", "no" or ids of options)."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """True when the number is `at_least` or more, and less than `below`; None: no bound."""

    question: str
    at_least: float | None
    below: float | None


@dataclass(frozen=True, slots=True)
class Defined:
    """The condition that a definition names."""

    definition: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every one of the conditions is."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one or more of the conditions are."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the condition is False."""

    of: "Condition"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when `count` or more of the conditions are."""

    count: int
    of: tuple["Condition", ...]


Condition = OneOf | Between | Defined | AllOf | AnyOf | Not | AtLeast


# Rule set ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the answers to a choice; `event` and `say` as in YesNo, of this answer."""

    id: str
    label: str
    event: str | None = None
    say: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo:
    """A question answered with yes or no.

    `label` names it in few words (review, summary); `ask` is what the person reads; `why` says why
    we ask. `not_sure` is what "not sure" counts as. `worse` is the more worrying answer, or None
    where neither is. `ask_if` says when it need be asked (None: always). `background` marks what
    cannot change from one day to the next (age, past illness), in contrast to symptoms. `list` is
    the QuestionList that asks it, if any, and `item` how it stands there, if the label is too
    short for that. `event` words the more worrying answer as something that happens, to stand
    behind "if": "you get a fever"; None where it is none. `say` is how a person tells a doctor of a
    yes, as a sentence without its stop; None: by the label. `check` is what whoever is not sure can
    do to find out, with the question once more in other words; None: it is asked once.
    """

    id: str
    label: str
    ask: str
    why: str
    not_sure: str
    worse: Literal["yes", "no"] | None = "yes"
    ask_if: Condition | None = None
    background: bool = False
    list: str | None = None
    item: str | None = None
    event: str | None = None
    say: str | None = None
    check: str | None = None
    kind: Literal["yes_no"] = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A question answered with a number from `minimum` to `maximum`, in `unit`; else as YesNo.

    `not_sure` is None where "not sure" is refused, because everybody can give a number that is
    near enough. `say` has "{answer}" where the number goes.
    """

    id: str
    label: str
    ask: str
    why: str
    unit: str
    minimum: float
    maximum: float
    not_sure: float | None
    worse: Literal["higher", "lower"] | None
    ask_if: Condition | None = None
    background: bool = False
    event: str | None = None
    say: str | None = None
    kind: Literal["number"] = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question answered with one of its options; the rest as in YesNo.

    `worse` is "later" where the options stand in order, the least worrying first.
    """

    id: str
    label: str
    ask: str
    why: str
    options: tuple[Option, ...]
    not_sure: str
    worse: Literal["later"] | None
    ask_if: Condition | None = None
    background: bool = False
    kind: Literal["choice"] = "choice"


Question = YesNo | Number | Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionList:
    """Several low-stakes yes/no questions of one area that are asked in one prompt."""

    id: str
    ask: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """When `when` holds, the advice is at least `advice`, within `within_days` days (0: today).

    `suspect` is the id of the suspicion; `because` says it in plain words; `rationale` says why a
    judgement was made.
    """

    id: str
    when: Condition
    advice: Literal["see_doctor_soon", "seek_care_now"]
    within_days: int
    suspect: str
    because: str
    sources: tuple[str, ...]
    rationale: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One clinical area: its questions and its red flags."""

    id: str
    title: str
    questions: tuple[Question, ...]
    lists: tuple[QuestionList, ...]
    definitions: Mapping[str, Condition]
    red_flags: tuple[RedFlag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication that a red flag rests on."""

    id: str
    citation: str
    doi: str | None = None
    pmid: int | None = None
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """An advice with its deadline: `within_days` is 0 for today, and None for home care."""

    advice: AdviceId
    within_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a written line tells people to look for, and how urgent it says that this is.

    `answers` are those that they would then give; none where no question asks about it.
    """

    answers: Mapping[str, str]
    then: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceStep:
    """One thing to do.

    With `when` it is told only where the answers show that this holds; with `unless` it is left
    out only where they do. The rest is what `rules prove` holds it to: `how` is the way to get care
    that it names, `watch` what it tells people to look for, and `never_if` holds for nobody who is
    told it.
    """

    text: str
    when: Condition | None = None
    unless: Condition | None = None
    how: How | None = None
    watch: Watch | None = None
    never_if: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyNet:
    """When to look again, counted in days from the assessment, and what to do then."""

    within_days: int
    step: AdviceStep


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvicePart:
    """Steps that belong together, such as those for the first days; the rest as in AdviceStep."""

    title: str
    steps: tuple[AdviceStep, ...]
    when: Condition | None = None
    unless: Condition | None = None
    never_if: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceText:
    """What one advice tells the person.

    `steps` are the first things to do and `parts` what follows; `say` begins the sentence to say
    to a doctor, which ends with what the answers show; `safety_net` (home care) has the dates to
    look again.
    """

    title: str
    lead: str
    steps: tuple[AdviceStep, ...]
    say: str | None = None
    parts: tuple[AdvicePart, ...] = ()
    safety_net: tuple[SafetyNet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country by its name in a sentence, and the number to call there for an ambulance.

    `also` has other names by which people may call it.
    """

    name: str
    call: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumbers:
    """The numbers to call, by code of the country (two letters, ISO 3166), and their sources."""

    countries: Mapping[str, Country] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


# No dataclass: making one takes a quarter of a millisecond, which each start would pay.
class Translation(NamedTuple):
    """What a catalogue has made of the texts of a rule set.

    `language` is its code, `hash` the SHA-256 of what the catalogue says. `missing` has the texts,
    each behind its context, that it says nothing of, or only what an older text meant: these stay
    as they are in the rules.
    """

    language: str
    hash: str
    missing: tuple[str, ...] = ()

    def build_record(self) -> dict[str, str | int]:
        """What is written beside a result: of `missing` only how many they are."""
        return {**self._asdict(), "missing": len(self.missing)}


# eq=False, so that it is hashed by identity: `engine` keeps what it derives from each, and the
# mappings in it have no hash. No slots, which would leave no room for what is cached.
@dataclass(frozen=True, kw_only=True, eq=False)
class Rules:
    """What the areas of a rule set say: all that it takes to evaluate its conditions.

    `ambulance` says for whom an emergency calls for an ambulance; None: for nobody.
    """

    areas: tuple[Area, ...]
    ambulance: Condition | None = None

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Question by id, in the order of asking."""
        return {question.id: question for area in self.areas for question in area.questions}

    @cached_property
    def area_of(self) -> dict[str, Area]:
        """By question id: the area that asks it."""
        return {question.id: area for area in self.areas for question in area.questions}

    @cached_property
    def definitions(self) -> dict[str, Condition]:
        """Condition by the name of its definition."""
        return {
            name: condition for area in self.areas for name, condition in area.definitions.items()
        }

    @cached_property
    def red_flags(self) -> dict[str, RedFlag]:
        """Red flag by id, in the order of the files."""
        return {flag.id: flag for area in self.areas for flag in area.red_flags}

    @cached_property
    def lists(self) -> dict[str, QuestionList]:
        """Question list by id."""
        return {entry.id: entry for area in self.areas for entry in area.lists}


@dataclass(frozen=True, kw_only=True, eq=False)
class RuleSet(Rules):
    """Everything that the YAML files of one rule set say.

    `hash` is the SHA-256 of that content, in hex; comments, quotes and layout do not count.
    Two rule sets are the same if their hashes are. `opening` is told before the first question.
    `suspicions` maps an id to its name in plain
    words. `say_first` has the questions whose answers a doctor is told first, `ask_for_doctor`
    what else may be asked for the doctor after an early end, and `also_watch_for` what would make
    it more urgent though no question asks about it. `complete_languages` are those of which no
    translation may be missing; `translation` is None for texts as they were written.
    """

    id: str
    version: str
    title: str
    scope: str
    opening: tuple[str, ...] = ()
    limits: tuple[str, ...]
    suspicions: Mapping[str, str]
    advice: Mapping[AdviceId, AdviceText]
    say_first: tuple[str, ...] = ()
    ask_for_doctor: tuple[str, ...] = ()
    also_watch_for: tuple[AdviceStep, ...] = ()
    sources: Mapping[str, Source]
    emergency_numbers: EmergencyNumbers = EmergencyNumbers()
    complete_languages: tuple[str, ...] = ()
    hash: str = ""
    translation: Translation | None = None

    @property
    def language(self) -> str:
        """The language that it speaks, by its code."""
        return self.translation.language if self.translation else SOURCE_LANGUAGE

    @property
    def questions_for_doctor(self) -> tuple[str, ...]:
        """What is asked, if the person likes, after an interview that ended early."""
        return (*self.say_first, *self.ask_for_doctor)


# Cases -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a case wants of the assessment: the advice (None: still open), its deadline, red flags.

    `findings` must be among those present and `unresolved` among those open; `absent` must be
    neither. What other red flags do is left to the rules.
    """

    advice: AdviceId | None
    within_days: int | None
    findings: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A patient with the outcome that the rule set should give; `note` states the clinical fact."""

    id: str
    note: str
    file: str
    line: int
    answers: "Answers"
    expected: Expected


# Answers and assessment --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that fit a rule set, by question id, in the order given.

    Made by `answers.parse_answers` alone where they come from outside: nothing checks them again.
    """

    values: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A red flag that is present.

    `answers` are the answers that raised it; `counted_from_not_sure` names those of them that were
    "not sure", and stayed so after a check.
    """

    id: str
    advice: AdviceId
    within_days: int
    suspect: str
    because: str
    answers: Mapping[str, Answer]
    counted_from_not_sure: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """A red flag that is still open, and the questions to settle it, the most decisive first."""

    id: str
    advice: AdviceId
    within_days: int
    suspect: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One other answer to a symptom question that would raise the urgency.

    Beside what is found now, the advice would then be at least `at_least`, and at most `at_most`
    where further questions would follow. `how` is the way to get care at its most urgent.
    """

    question: str
    answer: Answer
    at_least: Urgency
    at_most: Urgency
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetVersion:
    """Which rule set decided."""

    id: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the answers show. It never says that nothing is wrong.

    `advice` is None while it is open, `within_days` while the deadline is (and for home care,
    which has none). `at_least` and `at_most` are the range that the answers so far allow;
    `complete` says that they are the same. `how` is the way to get the care of `at_least`, as far
    as the answers show it. `unresolved` names the red flags still open, the most
    urgent first. `what_would_change_it` is the personal safety net. The rest makes it a record
    that can be replayed.
    """

    advice: AdviceId | None
    within_days: int | None
    complete: bool
    at_least: Urgency
    at_most: Urgency
    how: How
    findings: tuple[Finding, ...]
    unresolved: tuple[Unresolved, ...]
    what_would_change_it: tuple[Change, ...]
    answers: Mapping[str, Answer]
    rule_set: RuleSetVersion
    engine_version: str
