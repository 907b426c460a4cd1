"""How many examples Hypothesis makes: an everyday run makes a fifth of those that CI makes.

`pytest --hypothesis-profile=ci`, or the environment variable CI, makes all of them.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("everyday", settings.get_profile("ci"), max_examples=20)
settings.load_profile("ci" if os.environ.get("CI") else "everyday")
