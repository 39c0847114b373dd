"""A pinned calendar answers as it did, without holidays and without zone data."""

import json
import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest

from aftersales.domain.calendar import HOUR, Calendar, Plan, Week, day_number, parse_instant
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable

HOURS = ((9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))
WEEK: Week = (HOURS, HOURS, HOURS, HOURS, HOURS, (), ())


def built(**changes: object) -> Calendar:
    usual: dict[str, object] = {
        "name": "desk",
        "zone": "Europe/Berlin",
        "week": WEEK,
        "closed": {day_number(date(2026, 5, 1)): "Tag der Arbeit"},
        "special": {day_number(date(2026, 5, 2)): (HOURS, "make-up day")},
        "cut_off": 14 * HOUR,
        "known_until": 2027,
        "sources": {"zone": "tzdata 2026"},
    }
    return Calendar.built(Plan(**(usual | changes)))  # type: ignore[arg-type]


def stored(calendar: Calendar) -> Calendar:
    return Calendar.from_canonical(json.loads(json.dumps(calendar.to_canonical())))


def test_a_stored_calendar_is_the_same_calendar() -> None:
    calendar = built()
    again = stored(calendar)
    assert again == calendar
    assert again.digest == calendar.digest
    assert again.to_canonical() == calendar.to_canonical()
    assert (again.name, again.zone) == ("desk", "Europe/Berlin")


@pytest.mark.parametrize("duration", ["9 business hours", "2 business days", "3 days", "5 hours"])
@pytest.mark.parametrize("start", ["2026-04-30 16:00", "2026-10-24 10:00", "2050-01-01 00:00"])
def test_a_stored_calendar_gives_the_same_due_date_and_reason(start: str, duration: str) -> None:
    calendar, at = built(), parse_instant(start, "Europe/Berlin")
    assert stored(calendar).due(at, Duration.parse(duration)) == calendar.due(
        at, Duration.parse(duration)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"zone": "Europe/Paris"},
        {"closed": {}},
        {"closed": {day_number(date(2026, 5, 1)): "May Day"}},
        {"special": {}},
        {"cut_off": None},
        {"known_until": 2026},
        {"sources": {}},
    ],
)
def test_every_part_of_a_calendar_is_in_its_digest(changes: dict[str, object]) -> None:
    assert built(**changes).digest != built().digest
    assert built(**changes) != built()


def test_a_stored_form_of_another_version_is_refused() -> None:
    with pytest.raises(ValueUnreadable, match="calendar/2"):
        Calendar.from_canonical(built().to_canonical() | {"format": "calendar/2"})


def test_a_stored_calendar_needs_no_zone_data() -> None:
    calendar, start = built(), parse_instant("2026-03-27 16:00", "Europe/Berlin")
    script = f"""
import json, sys, zoneinfo
from datetime import datetime
from aftersales.domain.calendar import Calendar
from aftersales.domain.duration import Duration
zoneinfo.reset_tzpath(to=[])
sys.modules["tzdata"] = None
try:
    zoneinfo.ZoneInfo("Europe/Berlin")
except zoneinfo.ZoneInfoNotFoundError:
    pass
else:
    raise AssertionError("there is zone data after all")
calendar = Calendar.from_canonical(json.load(sys.stdin))
start = datetime.fromisoformat("{start.isoformat()}")
print(calendar.due(start, Duration.parse("2 business days"), due_at="same_time").at.isoformat())
"""
    printed = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(calendar.to_canonical()),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    due = calendar.due(start, Duration.parse("2 business days"), due_at="same_time").at
    assert datetime.fromisoformat(printed.strip()) == due
    assert due - start > timedelta(days=2)
