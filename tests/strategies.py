"""Hypothesis strategies: random rule sets, and answers to any rule set;
and how many examples of them.
"""

from collections.abc import Mapping

from hypothesis import settings
from hypothesis import strategies as st

from backtriage.model import (
    ADVICES,
    NOT_SURE,
    AdvicePart,
    AdviceStep,
    AdviceText,
    AllOf,
    Answer,
    AnyOf,
    Area,
    AskedTwice,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Option,
    Question,
    RedFlag,
    RuleSet,
    SafetyNet,
    Urgency,
    Watch,
    YesNo,
)

IN_CI = settings().max_examples >= 100
"""Whether everything is done as in CI (see conftest.py)."""


def examples(number: int, *, everyday: int | None = None) -> settings:
    """So many examples in CI instead of 100.

    An everyday run makes a fifth of them, or `everyday` where each takes long.
    """
    return settings(max_examples=number if IN_CI else everyday or max(1, number // 5))


NUMBER_RANGES = [(0, 20), (34, 43)]


def question(draw: st.DrawFn, name: str, ask_if: Condition | None) -> Question:
    common = {"id": name, "label": name, "ask": f"{name}?", "why": "To test.", "ask_if": ask_if}
    background = draw(st.booleans())
    event = None if background else draw(st.sampled_from([f"{name} happens", None]))
    kind = draw(st.sampled_from(["yes_no", "yes_no", "number", "choice"]))
    if kind == "yes_no":
        # The loader wants "yes" to be the worse answer to a follow-up.
        worse = "yes" if ask_if else draw(st.sampled_from(["yes", "yes", "no", None]))
        not_sure = draw(st.sampled_from(["yes", "no"]))
        has_check = not_sure == worse and draw(st.booleans())
        return YesNo(
            **common,
            not_sure=not_sure,
            worse=worse,
            background=background,
            event=event,
            check=f"Look once more. {name}?" if has_check else None,
        )
    if kind == "number":
        low, high = draw(st.sampled_from(NUMBER_RANGES))
        not_sure = draw(st.none() | st.integers(low, high))
        worse = draw(st.sampled_from(["higher", "lower", None]))
        return Number(
            **common,
            unit="kg",
            minimum=low,
            maximum=high,
            not_sure=not_sure,
            worse=worse,
            background=background,
            event=event,
        )
    options = tuple(
        Option(id=letter, label=letter, event=event and f"{event} {letter}")
        for letter in "xyz"[: draw(st.integers(2, 3))]
    )
    return Choice(
        **common, options=options, not_sure=options[-1].id, worse="later", background=background
    )


def atom(draw: st.DrawFn, asked: Question) -> Condition:
    if isinstance(asked, Number):
        # The loader refuses what holds always or never, such as "at least the minimum".
        above_least = st.integers(int(asked.minimum) + 1, int(asked.maximum))
        bounds = draw(st.lists(above_least, min_size=2, max_size=2, unique=True))
        shape = draw(st.sampled_from(["from", "below", "both"]))
        at_least = min(bounds) if shape != "below" else None
        return Between(asked.id, at_least, max(bounds) if shape != "from" else None)
    values = ["yes", "no"] if isinstance(asked, YesNo) else [option.id for option in asked.options]
    most = min(2, len(values) - 1)  # the loader refuses what holds always
    chosen = draw(st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True))
    return OneOf(asked.id, tuple(chosen))


def condition(
    draw: st.DrawFn, questions: list[Question], definitions: list[str], depth: int = 2
) -> Condition:
    kinds = ["atom", "atom"]
    if depth:
        kinds += ["all", "any", "not", "count"]
    if definitions:
        kinds += ["defined"]
    kind = draw(st.sampled_from(kinds))
    if kind == "atom":
        return atom(draw, draw(st.sampled_from(questions)))
    if kind == "defined":
        return Defined(draw(st.sampled_from(definitions)))
    if kind == "not":
        return Not(condition(draw, questions, definitions, depth - 1))
    parts = tuple(
        condition(draw, questions, definitions, depth - 1) for _ in range(draw(st.integers(1, 3)))
    )
    if kind == "count":
        return AtLeast(draw(st.integers(1, len(parts))), parts)
    return AllOf(parts) if kind == "all" else AnyOf(parts)


def red_flag(draw: st.DrawFn, name: str, when: Condition) -> RedFlag:
    advice = draw(st.sampled_from(["see_doctor_soon", "seek_care_now"]))
    within_days = 0 if advice == "seek_care_now" else draw(st.sampled_from([0, 2, 14]))
    return RedFlag(
        id=name,
        when=when,
        advice=advice,
        within_days=within_days,
        suspect="s",
        because="B.",
        sources=("a",),
    )


def watch(draw: st.DrawFn, questions: list[Question]) -> Watch:
    """Answers that a line tells people to look for, or none, and how urgent it says that is."""
    asked = [question for question in questions if not isinstance(question, Number)]
    chosen = draw(st.lists(st.sampled_from(asked), max_size=2, unique=True)) if asked else []
    answers = {one.id: "yes" if isinstance(one, YesNo) else one.options[-1].id for one in chosen}
    advice = draw(st.sampled_from(ADVICES[1:]))
    within_days = 0 if advice == "seek_care_now" else draw(st.sampled_from([0, 2, 14]))
    return Watch(answers=answers, then=Urgency(advice=advice, within_days=within_days))


Maybe = st.SearchStrategy[Condition | None]
"""One of a few conditions of a rule set, or none."""


def step(draw: st.DrawFn, text: str, questions: list[Question], maybe: Maybe) -> AdviceStep:
    """Told to some, with all that a proof can hold it to."""
    return AdviceStep(
        text=text,
        when=draw(maybe),
        unless=draw(maybe),
        never_if=draw(maybe),
        how=draw(st.sampled_from([None, "emergency_department", "ambulance"])),
        watch=watch(draw, questions),
    )


def advice(draw: st.DrawFn, name: str, questions: list[Question], maybe: Maybe) -> AdviceText:
    """One step for all, and more, also in a part and with a date, each for some."""
    first, second, third = (step(draw, f"{name} {n}.", questions, maybe) for n in range(3))
    part = AdvicePart(title="P", steps=(second,), when=draw(maybe), never_if=draw(maybe))
    return AdviceText(
        title="T",
        lead="L.",
        steps=(AdviceStep(text="S."), first),
        parts=(part,),
        safety_net=(SafetyNet(within_days=7, step=third),),
    )


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """Small rule sets that use every construct; an `ask_if` names earlier questions only."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 5))):
        follow_up = questions and draw(st.booleans())
        ask_if = condition(draw, questions, [], depth=1) if follow_up else None
        questions.append(question(draw, f"q{number}", ask_if))
    definitions: dict[str, Condition] = {}
    for number in range(draw(st.integers(0, 2))):
        definitions[f"d{number}"] = condition(draw, questions, list(definitions))
    flags = [
        red_flag(draw, f"f{number}", condition(draw, questions, list(definitions)))
        for number in range(draw(st.integers(1, 5)))
    ]
    cut = draw(st.integers(0, len(questions)))
    areas = (
        Area(
            id="a",
            title="A",
            questions=tuple(questions[:cut]),
            lists=(),
            definitions=definitions,
            red_flags=tuple(flags),
        ),
        Area(
            id="b",
            title="B",
            questions=tuple(questions[cut:]),
            lists=(),
            definitions={},
            red_flags=(),
        ),
    )
    some = [condition(draw, questions, list(definitions), 1) for _ in range(2)]
    maybe = st.sampled_from([None, *some])
    return RuleSet(
        id="random",
        version="1.0.0",
        title="Random",
        scope="Tests.",
        limits=("Random.",),
        suspicions={"s": "something"},
        areas=areas,
        ambulance=draw(maybe),
        advice={name: advice(draw, name, questions, maybe) for name in ADVICES},
        say_first=(questions[0].id,),
        also_watch_for=(step(draw, "also this", questions, maybe),),
        sources={},
        hash="0" * 64,
    )


def answers_to(asked: Question) -> st.SearchStrategy[Answer]:
    """Any answer to a question, "not sure" included, also before another one."""
    match asked:
        case YesNo(check=check):
            both = tuple(AskedTwice) if check else ()
            values: st.SearchStrategy[Answer] = st.sampled_from(["yes", "no", *both])
        case Number(minimum=minimum, maximum=maximum):
            values = st.integers(int(minimum), int(maximum)) | st.floats(minimum, maximum)
        case Choice(options=options):
            values = st.sampled_from([option.id for option in options])
    return values if asked.not_sure is None else values | st.just(NOT_SURE)


def harmless_answer(asked: Question) -> Answer:
    """The least worrying answer."""
    match asked:
        case YesNo(worse=worse):
            return "yes" if worse == "no" else "no"
        case Number(worse=worse, minimum=minimum, maximum=maximum):
            if worse == "lower":
                return maximum
            # Without a worse end an ordinary age, where the range is one of ages.
            return 35 if worse is None and maximum > 100 else minimum
        case Choice(options=options):
            return options[0].id


@st.composite
def partial_answers(
    draw: st.DrawFn, rule_set: RuleSet, *, all_of_them: bool = False
) -> Mapping[str, Answer]:
    """Answers to some of the questions of a rule set, or to all.

    Half of the people have few complaints: with answers drawn evenly nearly everyone would be an
    emergency.
    """
    names = list(rule_set.questions)
    complaints = draw(st.none() | st.lists(st.sampled_from(names), max_size=6, unique=True))
    missing: list[str] = []
    if not all_of_them:
        missing = draw(st.lists(st.sampled_from(names), max_size=len(names), unique=True))
    answers: dict[str, Answer] = {}
    for name, asked in rule_set.questions.items():
        if name in missing:
            continue
        complains = complaints is None or name in complaints
        answers[name] = draw(answers_to(asked)) if complains else harmless_answer(asked)
    return answers
