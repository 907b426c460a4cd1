"""Evaluated -> the part of the page on who got too little urgency: counts, then some people."""

from xml.etree.ElementTree import Element, SubElement

from backtriage.errors import shorten
from backtriage.model import ADVICES
from backtriage.study.evaluate.html import add_row, add_table, add_text
from backtriage.study.evaluate.results import Evaluated, MissedPatient
from backtriage.study.evaluate.summary import describe_none_missed, list_worst, name_patient
from backtriage.study.evaluate.words import describe_advice, describe_flags, describe_suspicion

_MOST_PATIENTS = 20
_MOST_LETTERS = 400
"""So many of the missed are told one by one, with so much of their answers."""


def add_missed(main: Element, evaluated: Evaluated) -> None:
    """A section with who got too little urgency."""
    section = SubElement(main, "section")
    add_text(section, "h2", f"Too little urgency: {evaluated.missed_patients:,}")
    if evaluated.missed_patients:
        _add_counts(section, evaluated)
        _add_diagnoses(section, evaluated)
    if evaluated.missed:
        _add_patients(section, evaluated)
    else:
        add_text(section, "p", describe_none_missed(evaluated))


def _add_counts(section: Element, evaluated: Evaluated) -> None:
    body = add_table(section, "By advice", ("Right", "Given", "Patients"), class_="told")
    matrix = evaluated.scores[0].matrix
    for right, expected in reversed(list(enumerate(ADVICES))):
        for advice in ADVICES[:right]:
            words = [describe_advice(evaluated.rule_set, one) for one in (expected, advice)]
            add_row(body, words[0], [words[1], f"{matrix.get((expected, advice), 0):,}"])


def _add_diagnoses(section: Element, evaluated: Evaluated) -> None:
    counts = evaluated.missed_by_diagnosis
    known = {name: count for name, count in counts.items() if name is not None and count}
    if not known:
        return
    caption = "By diagnosis, the most frequent first"
    body = add_table(section, caption, ("Diagnosis", "Patients"), class_="told")
    for name in sorted(known, key=lambda name: (-known[name], name)):
        add_row(body, describe_suspicion(evaluated.rule_set, name), [f"{known[name]:,}"])
    if others := counts.get(None, 0):
        add_row(body, "None, or one that is no suspicion of the rule set", [f"{others:,}"])


def _add_patients(section: Element, evaluated: Evaluated) -> None:
    told = list_worst(evaluated, _MOST_PATIENTS)
    caption = f"{len(told):,} of the {evaluated.missed_patients:,} patients, the worst missed first"
    heads = ("Patient", "Advice", "Answers", "Red flags present", "Absent, but enough")
    body = add_table(section, caption, heads, class_="people")
    for missed in told:
        add_row(body, name_patient(missed.patient), _describe(evaluated, missed))
    if evaluated.missed_patients > len(told):
        text = f"--format json has {len(evaluated.missed):,} of them (--most-listed)."
        add_text(section, "p", text)


def _describe(evaluated: Evaluated, missed: MissedPatient) -> list[str | list[str]]:
    rule_set, patient = evaluated.rule_set, missed.patient
    advice = [
        f"Right: {describe_advice(rule_set, patient.expected)}",
        f"Given: {describe_advice(rule_set, missed.given)}",
    ]
    if patient.diagnosis:
        advice.append(describe_suspicion(rule_set, patient.diagnosis))
    return [
        advice,
        shorten(missed.in_words, _MOST_LETTERS),
        describe_flags(rule_set, missed.present) or "None",
        describe_flags(rule_set, missed.absent),
    ]
