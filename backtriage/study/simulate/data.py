"""Simulated -> JSON, and each patient as JSON; both say what is simulated. Pure functions."""

from dataclasses import asdict
from typing import Any

from backtriage.strict_json import write_json
from backtriage.study.intervals import build_share_data
from backtriage.study.simulate.people import SimulatedPerson
from backtriage.study.simulate.population import Figure
from backtriage.study.simulate.results import HOW, Caught, Measures, Simulated, Spreads


def render_json(simulated: Simulated) -> str:
    """All but the patients themselves, with every number, as one JSON object."""
    return write_json(build_data(simulated), indent=2) + "\n"


def build_data(simulated: Simulated) -> dict[str, Any]:
    """What `render_json` writes, as plain data."""
    rules, population = simulated.rule_set, simulated.population
    return {
        "simulated": True,
        "note": population.note,
        "how": HOW,
        "setting": simulated.setting,
        "seed": simulated.seed,
        "patients": simulated.patients,
        "rule_set": {"id": rules.id, "version": rules.version, "hash": rules.hash},
        "population": {"hash": population.hash},
        "sent": [
            {
                "advice": sent.advice,
                "within_days": sent.within_days,
                "share": build_share_data(sent.share),
            }
            for sent in simulated.sent
        ],
        "now": build_share_data(simulated.now),
        "target": _target_as_data(simulated),
        "causes": {caught.cause.id: _caught_as_data(caught) for caught in simulated.caught},
        "without_serious_cause": _costs_as_data(simulated),
        "calibration": _calibration_as_data(simulated),
        "varied": _varied_as_data(simulated),
    }


def _target_as_data(simulated: Simulated) -> dict[str, Any] | None:
    target = simulated.population.target
    if target is None or simulated.by_guidance is None:
        return None
    return asdict(target) | {"have_one_by_guidance": build_share_data(simulated.by_guidance)}


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


def _costs_as_data(simulated: Simulated) -> dict[str, Any]:
    return {
        "now": build_share_data(simulated.well_now),
        "now_only_by_not_sure": build_share_data(simulated.well_now_by_doubt),
        "red_flags": {
            cost.red_flag: {
                "alone": build_share_data(cost.alone),
                "present": build_share_data(cost.present),
            }
            for cost in simulated.costs
        },
    }


def _calibration_as_data(simulated: Simulated) -> dict[str, Any]:
    study, calibrated = simulated.population.calibration, simulated.calibrated
    return {
        "study": {
            "source": study.source,
            "setting": study.setting,
            "any_flag": study.any_flag,
            "median": study.median,
            "quartiles": list(study.quartiles),
        },
        "any_flag": build_share_data(calibrated.any_flag),
        "median": calibrated.median,
        "quartiles": list(calibrated.quartiles),
        "flags": {
            flag.id: {
                "share": build_share_data(share),
                "mapped": flag.when is not None,
                "note": flag.note,
            }
            for flag, share in calibrated.flags
        },
        "missing": list(study.missing),
    }


def _varied_as_data(simulated: Simulated) -> dict[str, Any] | None:
    varied = simulated.varied
    if varied is None:
        return None
    ends = ("fewest_now", "most_now", "least_caught", "most_caught")
    return {
        "figures": [
            _figure_as_data(swing.figure)
            | {"at_low": _measures_as_data(swing.low), "at_high": _measures_as_data(swing.high)}
            for swing in varied.swings
        ],
        "all_drawn": _spreads_as_data(varied.spreads),
        "all_together": {end: _measures_as_data(getattr(varied, end)) for end in ends},
    }


def _spreads_as_data(spreads: Spreads) -> dict[str, Any]:
    return {
        "draws": spreads.draws,
        "patients": spreads.patients,
        "now": asdict(spreads.now),
        "caught": {name: asdict(spread) for name, spread in spreads.caught.items()},
        "with_sign": {name: asdict(spread) for name, spread in spreads.with_sign.items()},
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


def _measures_as_data(measures: Measures) -> dict[str, Any]:
    return {
        "now": measures.now,
        "caught": dict(measures.caught),
        "with_sign": dict(measures.with_sign),
    }


def render_patient(person: SimulatedPerson, setting: str, seed: int) -> str:
    """One patient as one JSON object, which `evaluate` reads: on one line, without its end."""
    cause = person.cause
    return write_json(
        {
            "simulated": True,
            "id": person.number,
            "setting": setting,
            "seed": seed,
            "cause": cause.id,
            "diagnosis": cause.diagnosis,
            "expected": cause.expected,
            "weight": round(person.weight, 9),
            "answers": dict(person.answers.values),
        }
    )
