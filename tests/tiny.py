"""Rule sets of a few lines, for examples that need an exact shape."""

from backtriage.model import (
    AdviceStep,
    AdviceText,
    Area,
    Condition,
    Number,
    OneOf,
    Question,
    RedFlag,
    RuleSet,
    YesNo,
)

NOW = ("seek_care_now", 0)
SOON = ("see_doctor_soon", 14)


def yes(name: str) -> OneOf:
    return OneOf(name, ("yes",))


def asks(name: str, *, ask_if: Condition | None = None) -> YesNo:
    return YesNo(id=name, label=name, ask=f"{name}?", why="W.", not_sure="yes", ask_if=ask_if)


def counts(name: str) -> Number:
    return Number(
        id=name, label=name, ask=f"{name}?", why="W.", unit="kg", minimum=0, maximum=100, not_sure=0, worse="higher"
    )


def tiny(questions: list[Question], flags: dict[str, tuple[tuple[str, int], Condition]]) -> RuleSet:
    """A rule set of one area; each flag has its urgency and its condition."""
    red_flags = tuple(
        RedFlag(id=name, when=when, advice=advice, within_days=days, suspect="s", because="B.", sources=("a",))
        for name, ((advice, days), when) in flags.items()
    )
    area = Area(id="a", title="A", questions=tuple(questions), lists=(), definitions={}, red_flags=red_flags)
    text = AdviceText(title="T", lead="L.", steps=(AdviceStep(text="S."),))
    return RuleSet(
        id="tiny",
        version="1.0.0",
        title="Tiny",
        scope="Tests.",
        limits=(),
        suspicions={"s": "something"},
        areas=(area,),
        advice={"home_care": text, "see_doctor_soon": text, "seek_care_now": text},
        sources={},
    )
