"""FHIR R4: a rule set as a form, filled-in forms as answers, results as a Bundle.

Plain dicts, since that is what FHIR's JSON is: models of all its types would be 27 MB and ten times
the start of Python, and miss what matters here (doubled linkIds, unknown codes).
"""
