"""Distances in time as a person would say them."""

from datetime import date

import pytest

from aftersales.domain.calendar import HOUR, Calendar, Plan, day_number, parse_instant

HOURS = ((9 * HOUR, 17 * HOUR),)
DESK = Calendar.built(
    Plan(
        name="desk",
        zone="Europe/Berlin",
        week=(HOURS, HOURS, HOURS, HOURS, HOURS, (), ()),
        closed={day_number(date(2026, 4, 3)): "Good Friday"},
    )
)


@pytest.mark.parametrize(
    ("now", "at", "spoken"),
    [
        ("2026-03-02 09:00", "2026-03-02 09:00", "now"),
        ("2026-03-02 09:00", "2026-03-02 09:01", "in 1 minute"),
        ("2026-03-02 09:00", "2026-03-02 09:59", "in 59 minutes"),
        ("2026-03-02 09:00", "2026-03-02 12:30", "in 3 hours"),
        ("2026-03-02 02:00", "2026-03-02 17:00", "in 15 hours"),
        ("2026-03-02 16:00", "2026-03-03 17:00", "in 1 business day"),
        ("2026-03-06 16:00", "2026-03-09 17:00", "in 1 business day"),
        ("2026-04-02 16:00", "2026-04-07 17:00", "in 2 business days"),
        ("2026-03-02 10:00", "2026-03-04 00:00", "in 1 business day"),  # the end of Tuesday
        ("2026-03-06 10:00", "2026-03-08 12:00", "in 2 days"),  # nobody works on the way
        ("2026-03-02 10:00", "2026-05-01 17:00", "in 43 business days"),
        ("2026-03-02 10:00", "2026-05-02 00:00", "in 43 business days"),  # the end of day 60
        ("2026-03-02 10:00", "2026-05-02 01:00", "in 61 days"),  # beyond, nobody counts them
        ("2026-03-02 10:00", "2028-03-01 10:00", "in 730 days"),
        ("2026-03-02 10:00", "2026-03-02 07:00", "3 hours ago"),
        ("2026-03-02 10:00", "2026-02-28 07:00", "2 days ago"),
        ("2026-03-02 10:00", "2026-03-02 09:59:30", "now"),
    ],
)
def test_a_distance_is_said_in_the_unit_that_helps(now: str, at: str, spoken: str) -> None:
    zone = "Europe/Berlin"
    assert DESK.describe_until(parse_instant(now, zone), parse_instant(at, zone)) == spoken
