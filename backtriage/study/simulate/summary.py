"""Simulated -> text, JSON, and the patients as JSON Lines. All of them say that it is simulated. Pure functions."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from backtriage.model import Urgency
from backtriage.report.layout import lay_out
from backtriage.report.words import describe_urgency_in_brief
from backtriage.strict_json import write_json
from backtriage.study.intervals import Share, describe_percent
from backtriage.study.simulate.population import Figure
from backtriage.study.simulate.results import (
    Caught,
    Measures,
    MissedPerson,
    Sent,
    Simulated,
    SimulatedPerson,
    Swing,
)

MOST_COSTS = 15
MOST_SWINGS = 12

_HOW = (
    "Rare causes were drawn more often than they are, and count less for it. Intervals are 95% (Wilson), with as many "
    "people as count alike (Kish). They say how much the draw could differ, not how far the figures can be trusted."
)

# Text -----------------------------------------------------------------------------------------------------------------


def render_text(found: Simulated, width: int) -> str:
    """What came out, for a reader."""
    return lay_out(
        [
            ("Simulated patients, not real ones", [_head(found), found.population.note, _HOW]),
            (
                "Where all comers are sent",
                [f"- {_outcome(sent)}: {sent.share}" for sent in found.sent],
            ),
            ("Target", list(_target(found))),
            ("Causes", [line for caught in found.caught for line in _caught(caught)]),
            ("What it costs people without a serious cause", list(_costs(found))),
            (f"Calibration on {found.population.calibration.source}", list(_calibration(found))),
            ("If the figures are otherwise", list(_varied(found))),
        ],
        width,
    )


def _head(found: Simulated) -> str:
    rules, population = found.rule_set, found.population
    return (
        f"{len(found.people):,} patients of {population.settings[found.setting].label}; seed {found.seed}; rule set "
        f"{rules.id} {rules.version} ({rules.hash[:12]}), population.yaml {population.hash[:12]}."
    )


def _outcome(sent: Sent | MissedPerson) -> str:
    return (
        describe_urgency_in_brief(Urgency(advice=sent.advice, within_days=sent.within_days))
        if sent.advice
        else "not settled"
    )


def _target(found: Simulated) -> Iterator[str]:
    target = found.population.target
    if target and found.setting == found.population.calibration.setting:
        met = "met" if found.measures.now <= target.now_at_most else "missed"
        yield f"- seek_care_now for at most {describe_percent(target.now_at_most)} of all comers: {met}, with {found.now}."
        yield (
            f"- {found.by_guidance} of all comers have a red flag for which guidance asks for care at once by itself. "
            f"If the figures hold, no rules that follow it send fewer: {', '.join(target.by_guidance)}. {target.note}"
        )
    for caught in found.caught:
        if caught.cause.must_be_caught:
            who = f"all who have {caught.cause.label} and report a sign"
            yield f"- seek_care_now for {who}: {_met(caught)}."


def _met(caught: Caught) -> str:
    """Whether the target that all with a sign are sent now is met, by those drawn."""
    share = caught.now_with_sign
    if share.value is None:
        return "nobody drawn does"
    met = "none missed of those drawn" if share.value == 1 else "missed"
    return f"{met}, with {share}; a doctor within 1 day, or now, {caught.day_with_sign}"


def _caught(caught: Caught) -> Iterator[str]:
    yield f"{caught.cause.label} ({describe_percent(caught.of_all)} of all comers, {caught.people} drawn)"
    yield f"  seek_care_now {caught.now}; any doctor, now or later {caught.doctor}; home care {caught.home}"
    if caught.cause.signs is not None:
        yield f"  a sign is reported by {caught.with_sign}; of these seek_care_now {caught.now_with_sign}"
    yield from (f"  not sent now, for example: {_missed(missed)}" for missed in caught.missed)


def _missed(missed: MissedPerson) -> str:
    by = f" by {missed.red_flag}" if missed.red_flag else ""
    return f"{_outcome(missed)}{by}. {missed.answers}"


def _costs(found: Simulated) -> Iterator[str]:
    yield f'- seek_care_now: {found.well_now}. Only because of answers of "not sure": {found.well_now_by_doubt}.'
    yield "The red flags that alone decide in most of them:"
    for cost in found.costs[:MOST_COSTS]:
        yield f"- {cost.red_flag}: alone {cost.alone}; present {cost.present}"


def _calibration(found: Simulated) -> Iterator[str]:
    wanted, came = found.population.calibration, found.calibrated
    if wanted.setting != found.setting:
        yield f"The study was in another setting ({wanted.setting}), so nothing here has to fit."
    low, high = came.quartiles
    yield f"- At least one of {len(came.flags)} flags: {came.any_flag}; in the study {describe_percent(wanted.any_flag)}."
    yield (
        f"- Median {came.median} (quartiles {low} and {high}); in the study {wanted.median:g} "
        f"({wanted.quartiles[0]:g} and {wanted.quartiles[1]:g})."
    )
    for flag, share in came.flags:
        note = " ".join(
            [
                *(["Not mapped to a question."] if flag.when is None else []),
                *([flag.note] if flag.note else []),
            ]
        )
        yield f"- {flag.label}: {share}. {note}".rstrip()
    yield from wanted.missing


def _varied(found: Simulated) -> Iterator[str]:
    if found.varied is None:
        yield "The figures were not varied; leave out --no-vary for that."
        return
    swings = found.varied.swings
    yield f"{len(swings)} figures have a range. Each by itself, those that move seek_care_now of all comers most:"
    for swing in sorted(swings, key=_width_of_now, reverse=True)[:MOST_SWINGS]:
        low, high = swing.figure.low, swing.figure.high
        yield (
            f"- {swing.figure.id} from {describe_percent(low)} to {describe_percent(high)}: "
            f"{describe_percent(swing.low.now)} to {describe_percent(swing.high.now)} [{swing.figure.basis.tag}]"
        )
    yield (
        "All together, each at that end which makes fewer or more: "
        f"{describe_percent(found.varied.fewest_now.now)} to {describe_percent(found.varied.most_now.now)} of all comers."
    )
    for name in found.measures.caught:
        yield from _varied_cause(found, name)


def _varied_cause(found: Simulated, name: str) -> Iterator[str]:
    assert found.varied is not None
    all_three = (found.varied.least_caught, found.measures, found.varied.most_caught)
    caught = [measured.caught[name] for measured in all_three]
    with_sign = [measured.with_sign[name] for measured in all_three if name in measured.with_sign]
    signs = (
        f"{describe_percent(min(with_sign))} to {describe_percent(max(with_sign))}"
        if with_sign
        else "nobody"
    )
    yield (
        f"- {name}: sent now {describe_percent(found.measures.caught[name])} of all with it, from {describe_percent(min(caught))} to "
        f"{describe_percent(max(caught))} with all figures at the end that catches fewer or more; of those with signs {signs}."
    )


def _width_of_now(swing: Swing) -> float:
    return abs(swing.high.now - swing.low.now)


# JSON -----------------------------------------------------------------------------------------------------------------


def render_json(found: Simulated) -> str:
    """The same with every number."""
    return write_json(build_data(found), indent=2) + "\n"


def build_data(found: Simulated) -> dict[str, Any]:
    """The same as plain data."""
    rules, population = found.rule_set, found.population
    return {
        "simulated": True,
        "note": population.note,
        "how": _HOW,
        "setting": found.setting,
        "seed": found.seed,
        "patients": len(found.people),
        "rule_set": {"id": rules.id, "version": rules.version, "hash": rules.hash},
        "population": {"hash": population.hash},
        "sent": [
            {
                "advice": sent.advice,
                "within_days": sent.within_days,
                "share": build_share_data(sent.share),
            }
            for sent in found.sent
        ],
        "now": build_share_data(found.now),
        "target": _target_as_data(found),
        "causes": {caught.cause.id: _caught_as_data(caught) for caught in found.caught},
        "without_serious_cause": {
            "now": build_share_data(found.well_now),
            "now_only_by_not_sure": build_share_data(found.well_now_by_doubt),
            "red_flags": {
                cost.red_flag: {
                    "alone": build_share_data(cost.alone),
                    "present": build_share_data(cost.present),
                }
                for cost in found.costs
            },
        },
        "calibration": _calibration_as_data(found),
        "varied": _varied_as_data(found),
    }


def _target_as_data(found: Simulated) -> dict[str, Any] | None:
    target = found.population.target
    if target is None or found.by_guidance is None:
        return None
    return asdict(target) | {"have_one_by_guidance": build_share_data(found.by_guidance)}


def build_share_data(share: Share) -> dict[str, Any]:
    """A share with its interval."""
    return {"value": share.value, "low": share.low, "high": share.high, "of": share.of}


def _caught_as_data(caught: Caught) -> dict[str, Any]:
    shares = ("now", "doctor", "home", "with_sign", "now_with_sign", "day_with_sign")
    return {
        "label": caught.cause.label,
        "serious": caught.cause.serious,
        "must_be_caught": caught.cause.must_be_caught,
        "of_all_comers": caught.of_all,
        "drawn": caught.people,
        "missed": [asdict(missed) for missed in caught.missed],
    } | {name: build_share_data(getattr(caught, name)) for name in shares}


def _calibration_as_data(found: Simulated) -> dict[str, Any]:
    wanted, came = found.population.calibration, found.calibrated
    return {
        "study": {
            "source": wanted.source,
            "setting": wanted.setting,
            "any_flag": wanted.any_flag,
            "median": wanted.median,
            "quartiles": list(wanted.quartiles),
        },
        "any_flag": build_share_data(came.any_flag),
        "median": came.median,
        "quartiles": list(came.quartiles),
        "flags": {
            flag.id: {
                "share": build_share_data(share),
                "mapped": flag.when is not None,
                "note": flag.note,
            }
            for flag, share in came.flags
        },
        "missing": list(wanted.missing),
    }


def _varied_as_data(found: Simulated) -> dict[str, Any] | None:
    if found.varied is None:
        return None
    ends = ("fewest_now", "most_now", "least_caught", "most_caught")
    return {
        "figures": [
            _figure_as_data(swing.figure)
            | {"at_low": _measures_as_data(swing.low), "at_high": _measures_as_data(swing.high)}
            for swing in found.varied.swings
        ],
        "all_together": {end: _measures_as_data(getattr(found.varied, end)) for end in ends},
    }


def _figure_as_data(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "share": figure.share,
        "low": figure.low,
        "high": figure.high,
        "tag": figure.basis.tag,
        "sources": list(figure.basis.sources),
        "note": figure.basis.note,
    }


def _measures_as_data(found: Measures) -> dict[str, Any]:
    return {"now": found.now, "caught": dict(found.caught), "with_sign": dict(found.with_sign)}


# JSON Lines -----------------------------------------------------------------------------------------------------------


def render_patient(person: SimulatedPerson, setting: str, seed: int) -> str:
    """One patient on one line, as `evaluate` reads it."""
    cause = person.patient.cause
    return write_json(
        {
            "simulated": True,
            "id": person.patient.number,
            "setting": setting,
            "seed": seed,
            "cause": cause.id,
            "diagnosis": cause.diagnosis,
            "expected": cause.expected,
            "weight": round(person.weight, 9),
            "answers": dict(person.said.answers.values),
        }
    )
