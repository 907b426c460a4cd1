"""The workbench of those who write rules: check, test, prove, diff, explain, draw.

Each folder answers one question about a rule set, and knows nothing of patients; what they share stands beside them.
"""
