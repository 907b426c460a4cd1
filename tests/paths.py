"""Where the rule sets are that the tests use."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "rule_sets" / "small"
SHIPPED = ROOT / "rules" / "low_back_pain"
