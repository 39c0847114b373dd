"""One play of the demo, which tests only read."""

import pytest
from tests.demo.demo_results import played

from aftersales.demo import Script, shipped_script, ticks
from aftersales.desk import Desk


@pytest.fixture(scope="session")
def script() -> Script:
    return shipped_script()


@pytest.fixture(scope="session")
def hourly(tmp_path_factory: pytest.TempPathFactory, script: Script) -> Desk:
    """The desk after the demo as it is shown: a tick every hour, waits that start when told."""
    folder = tmp_path_factory.mktemp("hourly")
    return played(folder, script, ticks(script, "hourly"), waits_start_when_told=True)
