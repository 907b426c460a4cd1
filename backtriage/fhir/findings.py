"""A red flag that is present -> a FHIR RiskAssessment, with the answers that raised it.

A risk and no diagnosis, so never a Condition; and no DetectedIssue, which is about something that
is being done to the person, such as two medicines.
"""

from backtriage.answers import describe_not_sure
from backtriage.fhir.codes import RED_FLAG, SUSPICION
from backtriage.fhir.names import Resource, build_coding
from backtriage.fhir.record import Record
from backtriage.model import Finding


def build_risk(record: Record, finding: Finding) -> Resource:
    """The risk that one finding tells of."""
    rule_set = record.rule_set
    suspicion = rule_set.suspicions[finding.suspect]
    coding = build_coding(rule_set, RED_FLAG, finding.id, finding.because)
    outcome = build_coding(rule_set, SUSPICION, finding.suspect, suspicion)
    risk: Resource = {
        "resourceType": "RiskAssessment",
        "status": "final",
        "method": {"text": f"Red flags of the rule set {rule_set.id} {rule_set.version}"},
        "code": {"coding": [coding], "text": finding.because},
        **record.about,
        "occurrenceDateTime": record.today.isoformat(),
        "performer": record.device,
        "basis": [
            record.build_evidence(question, answer) for question, answer in finding.answers.items()
        ],
        "prediction": [
            {
                "outcome": {"coding": [outcome], "text": suspicion},
                "rationale": finding.because,
            }
        ],
    }
    notes = [_describe_doubt(record, name) for name in finding.counted_from_not_sure]
    return risk | ({"note": notes} if notes else {})


def _describe_doubt(record: Record, question_id: str) -> Resource:
    question = record.rule_set.questions[question_id]
    return {"text": f"{question.label}: not sure, which counts as {describe_not_sure(question)}."}
