"""The clock of a calendar shows what the zone's own rules say, on every day of its years."""

import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR
from aftersales.domain.calendar.clock import SECOND, clock_of
from aftersales.domain.calendar.instants import micros

CHANGING = (  # twice within weeks, by half an hour, at midnight, or for good
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Cairo",
    "Africa/Juba",
    "America/Havana",
    "America/Santiago",
    "America/Sao_Paulo",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Hebron",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Istanbul",
    "Europe/Volgograd",
    "Pacific/Apia",
)
EVERY = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
ZONES = EVERY if os.environ.get("HYPOTHESIS_PROFILE") == "full" else CHANGING
STEP = timedelta(hours=12)


@pytest.mark.parametrize("zone", ZONES)
def test_a_clock_shows_what_the_zone_says(zone: str) -> None:
    clock, known = clock_of(zone, FIRST_YEAR, LAST_YEAR), ZoneInfo(zone)
    at, until = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    while at < until:
        offset = at.astimezone(known).utcoffset()
        assert offset is not None
        assert clock.wall(micros(at)) - micros(at) == offset // timedelta(seconds=1) * SECOND, at
        at += STEP
