"""How property tests draw: the same examples each time, unless one explores.

`HYPOTHESIS_PROFILE=explore python -m pytest tests/properties` draws other examples at each run,
and more of them. What it finds goes into a test of its own. `full` draws the same examples each
time, 25 times as many: `make laws` runs the laws of business time so.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("wrong_files")  # so that what it asserts is told as in a test

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=SLOW,
)
settings.register_profile("full", parent=settings.get_profile("ci"), max_examples=2500)
settings.register_profile(
    "explore",
    deadline=None,
    max_examples=2000,
    print_blob=True,
    suppress_health_check=SLOW,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
