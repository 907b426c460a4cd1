"""Simulated -> text, which says that it is simulated. Pure functions."""

from collections.abc import Iterator

from backtriage.model import Urgency
from backtriage.report.layout import lay_out
from backtriage.report.words import describe_urgency_in_brief
from backtriage.study.intervals import Share, describe_percent
from backtriage.study.simulate.population import StudyFlag
from backtriage.study.simulate.results import (
    HOW,
    Caught,
    MissedPerson,
    Sent,
    Simulated,
    Spread,
    Swing,
    Varied,
)

MOST_COSTS = 15
"""How many red flags are told with what they cost; JSON has all of them."""
MOST_SWINGS = 12
"""How many figures are told with what they move; JSON has all of them."""


def render_text(simulated: Simulated, width: int) -> str:
    """All of it for a reader, in lines of at most `width` characters."""
    source = simulated.population.calibration.source
    sections = [
        ("Simulated patients, not real ones", _head(simulated)),
        ("Where all comers are sent", _sent(simulated)),
        ("Target", _target(simulated)),
        ("Causes", _causes(simulated)),
        ("What it costs people without a serious cause", _costs(simulated)),
        (f"Calibration on {source}", _calibration(simulated)),
        ("If the figures are otherwise", _varied(simulated)),
    ]
    return lay_out([(heading, list(paragraphs)) for heading, paragraphs in sections], width)


def _head(simulated: Simulated) -> Iterator[str]:
    rules, population = simulated.rule_set, simulated.population
    setting = population.settings[simulated.setting].label
    yield (
        f"{simulated.patients:,} patients of {setting}; seed {simulated.seed}; "
        f"rule set {rules.id} {rules.version} ({rules.hash[:12]}), "
        f"population.yaml {population.hash[:12]}."
    )
    yield population.note
    yield HOW


def _sent(simulated: Simulated) -> Iterator[str]:
    for sent in simulated.sent:
        yield f"- {_urgency(sent)}: {sent.share}"


def _urgency(told: Sent | MissedPerson) -> str:
    if told.advice is None:
        return "not settled"
    return describe_urgency_in_brief(Urgency(advice=told.advice, within_days=told.within_days))


def _target(simulated: Simulated) -> Iterator[str]:
    target = simulated.population.target
    if target and simulated.setting == simulated.population.calibration.setting:
        most = describe_percent(target.now_at_most)
        met = "met" if simulated.measures.now <= target.now_at_most else "missed"
        yield (
            f"- seek_care_now for at most {most} of all comers: {met}, with {simulated.now}. "
            + _tell_unknown(simulated)
        )
        yield (
            f"- {simulated.by_guidance} of all comers have a red flag for which guidance asks "
            "for care at once by itself. If the figures hold, no rules that follow it send fewer: "
            f"{', '.join(target.by_guidance)}. {target.note}"
        )
    for caught in simulated.caught:
        if caught.cause.must_be_caught:
            who = f"all who have {caught.cause.label} and report a sign"
            yield f"- seek_care_now for {who}: {_met(caught)}."


def _tell_unknown(simulated: Simulated) -> str:
    """How far the share that is sent now is unknown because the figures are."""
    if simulated.varied is None:
        return "How far it is unknown because the figures are, --vary says."
    spread = simulated.varied.spreads.now
    return (
        f"Because the figures are unknown it may as well be {_spread(spread)}, "
        f"with {describe_percent(spread.median)} in the middle."
    )


def _met(caught: Caught) -> str:
    """Whether the target that all with a sign are sent now is met, by those drawn."""
    share = caught.now_with_sign
    if share.value is None:
        return "nobody drawn does"
    met = "none missed of those drawn" if share.value == 1 else "missed"
    return f"{met}, with {share}; a doctor within 1 day, or now, {caught.day_with_sign}"


def _causes(simulated: Simulated) -> Iterator[str]:
    for caught in simulated.caught:
        of_all = describe_percent(caught.of_all)
        yield f"{caught.cause.label} ({of_all} of all comers, {caught.people} drawn)"
        yield (
            f"  seek_care_now {caught.now}; any doctor, now or later {caught.doctor}; "
            f"home care {caught.home}"
        )
        if caught.cause.signs is not None:
            yield (
                f"  a sign is reported by {caught.with_sign}; "
                f"of these seek_care_now {caught.now_with_sign}"
            )
        yield from (f"  not sent now, for example: {_missed(missed)}" for missed in caught.missed)


def _missed(missed: MissedPerson) -> str:
    by = f" by {missed.red_flag}" if missed.red_flag else ""
    return f"{_urgency(missed)}{by}. {missed.answers}"


def _costs(simulated: Simulated) -> Iterator[str]:
    yield (
        f"- seek_care_now: {simulated.well_now}. "
        f'Only because of answers of "not sure": {simulated.well_now_by_doubt}.'
    )
    yield "The red flags that alone decide in most of them:"
    for cost in simulated.costs[:MOST_COSTS]:
        yield f"- {cost.red_flag}: alone {cost.alone}; present {cost.present}"


def _calibration(simulated: Simulated) -> Iterator[str]:
    study, calibrated = simulated.population.calibration, simulated.calibrated
    if study.setting != simulated.setting:
        yield f"The study was in another setting ({study.setting}), so nothing here has to fit."
    yield (
        f"- At least one of {len(calibrated.flags)} flags: {calibrated.any_flag}; "
        f"in the study {describe_percent(study.any_flag)}."
    )
    low, high = calibrated.quartiles
    study_low, study_high = study.quartiles
    yield (
        f"- Median {calibrated.median} (quartiles {low} and {high}); "
        f"in the study {study.median:g} ({study_low:g} and {study_high:g})."
    )
    yield from (_study_flag(flag, share) for flag, share in calibrated.flags)
    yield from study.missing


def _study_flag(flag: StudyFlag, share: Share) -> str:
    line = f"- {flag.label}: {share}."
    if flag.when is None:
        line += " Not mapped to a question."
    if flag.note:
        line += f" {flag.note}"
    return line


def _varied(simulated: Simulated) -> Iterator[str]:
    varied = simulated.varied
    if varied is None:
        yield "The figures were not varied; leave out --no-vary for that."
        return
    yield (
        f"{len(varied.swings)} figures have a range. Each by itself, those that move seek_care_now "
        "of all comers most (behind each, how far to trust it: S seen in its source, 2nd in a page "
        "about the source, M from memory, M? unsure, D derived from others, A assumed):"
    )
    for swing in sorted(varied.swings, key=_width_of_now, reverse=True)[:MOST_SWINGS]:
        figure = swing.figure
        yield (
            f"- {figure.id} from {describe_percent(figure.low)} to {describe_percent(figure.high)}:"
            f" {describe_percent(swing.low.now)} to {describe_percent(swing.high.now)}"
            f" [{figure.basis.tag}]"
        )
    spreads = varied.spreads
    yield (
        f"All drawn at random within their ranges, {spreads.draws} times, and {spreads.patients:,} "
        f"of the patients asked each time: {_spread(spreads.now)} of all comers are sent now in "
        f"95% of the draws, and {describe_percent(spreads.now.median)} in the middle one. Each "
        "figure is drawn by itself, as often below what the file says as above, and the more "
        "rarely the further off. More patients make this no narrower, and figures that are wrong "
        "in the same direction would make it wider."
    )
    fewest, most = describe_percent(varied.fewest_now.now), describe_percent(varied.most_now.now)
    yield (
        f"All at once at that end which makes fewer or more: {fewest} to {most} of all comers. "
        "That is as far as the ranges reach, and all but impossible."
    )
    for name in simulated.measures.caught:
        yield _varied_cause(simulated, varied, name)


def _varied_cause(simulated: Simulated, varied: Varied, name: str) -> str:
    least, most = varied.least_caught, varied.most_caught
    caught, with_sign = varied.spreads.caught[name], varied.spreads.with_sign.get(name)
    return (
        f"- {name}: sent now {describe_percent(simulated.measures.caught[name])} of all with it, "
        f"with the figures drawn {_spread(caught)}, with all at their ends "
        f"{describe_percent(least.caught[name])} to {describe_percent(most.caught[name])}; "
        f"of those with signs {_spread(with_sign) if with_sign else 'nobody'}."
    )


def _spread(spread: Spread) -> str:
    """From one end to the other in words, and how far these may be off."""
    low, high = describe_percent(spread.low), describe_percent(spread.high)
    return f"{low} to {high} (give or take {describe_percent(spread.error)})"


def _width_of_now(swing: Swing) -> float:
    return abs(swing.high.now - swing.low.now)
