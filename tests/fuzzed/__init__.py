"""What the fuzz draws and how it judges it: a module for each kind, with `draw` and `check`.

`draw(random)` gives a case, whose `repr` says all that it takes to try it again.
`check(case)` raises AssertionError where something is wrong; nothing else may be raised either.
`TRIES` says how many tries are in one case.
"""
