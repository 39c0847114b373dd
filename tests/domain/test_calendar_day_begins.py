"""A local date begins at its midnight, or where the clock first shows it."""

from datetime import date, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.domain.calendar import day_begins, iso, local
from aftersales.domain.errors import ValueUnreadable

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        (date(2026, 3, 1), "UTC", "2026-03-01T00:00:00Z"),
        (date(2026, 3, 1), "America/New_York", "2026-03-01T05:00:00Z"),
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-28T23:00:00Z"),  # the hour changes later
        (date(2026, 3, 30), "Europe/Berlin", "2026-03-29T22:00:00Z"),
        (date(2026, 9, 6), "America/Santiago", "2026-09-06T04:00:00Z"),  # midnight is skipped
        (date(2026, 4, 5), "America/Santiago", "2026-04-05T04:00:00Z"),  # 24:00 comes twice
        (date(2026, 3, 8), "America/Havana", "2026-03-08T05:00:00Z"),  # midnight is skipped
        (date(2026, 11, 1), "America/Havana", "2026-11-01T04:00:00Z"),  # midnight comes twice
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00Z"),  # there was no such day
        (date(2026, 1, 1), "Pacific/Kiritimati", "2025-12-31T10:00:00Z"),
    ],
)
def test_a_day_begins_at_its_first_instant(day: date, zone: str, begins: str) -> None:
    assert iso(day_begins(day, zone)) == begins


@given(st.sampled_from(ZONES), st.dates(date(2015, 1, 1), date(2035, 12, 30)))
def test_no_earlier_instant_has_this_date(zone: str, day: date) -> None:
    begins = day_begins(day, zone)
    assert local(begins, zone).date() >= day
    assert local(begins - MOMENT, zone).date() < day


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueUnreadable, match="Europe/Berlni"):
        day_begins(date(2026, 3, 1), "Europe/Berlni")
