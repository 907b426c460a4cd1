"""A small part of the fuzz, always the same; CI tries others each time.

`python tests/fuzz.py` does more.
"""

import secrets

import pytest

from fuzz import KINDS, Wrong, fuzz
from fuzzed import typed

FEW = {"json": 3000, "typed": 300, "rules": 60, "tables": 15}
MORE = {"json": 60_000, "typed": 20_000, "rules": 2000, "tables": 400}


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_tries_go_well(kind: str) -> None:
    """Enough to show that the fuzz runs, and that nothing is badly wrong."""
    fuzz(kind, FEW[kind], "1")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_tries_go_well(kind: str) -> None:
    """What goes wrong is told with the command that tries it again."""
    fuzz(kind, MORE[kind], secrets.token_hex(4))


def test_what_goes_wrong_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command that is told: the seed and the number of the case are enough."""
    monkeypatch.setattr(typed, "in_json", lambda *_: "other")
    with pytest.raises(Wrong) as caught:
        fuzz("typed", 50, "seed")
    *_, first = str(caught.value).splitlines()[0].split()

    assert f"python tests/fuzz.py typed 1 --seed seed --first {first}\nLine(" in str(caught.value)
    with pytest.raises(Wrong):
        fuzz("typed", 1, "seed", int(first))
    monkeypatch.undo()
    fuzz("typed", 1, "seed", int(first))
