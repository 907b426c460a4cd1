"""The workbench of those who write rules: check, test, prove, diff, explain, draw.

Each folder answers one question about a rule set, as it was *authored*: with what only its author
needs, such as where each part stands. None knows anything of real patients. What the folders share
stands beside them.
"""
