"""Where calendars end: frozen nights, weeks that are never open, dates too far off."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aftersales.domain.calendar import DAY, HOUR, Calendar, Plan, Week, day_number
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable

NIGHTS: Week = (((22 * HOUR, 30 * HOUR),),) * 7  # type: ignore[assignment]
SATURDAYS: Week = ((), (), (), (), (), ((9 * HOUR, 17 * HOUR),), ())
FROZEN = {day_number(date(2026, 3, 4)): "festival", day_number(date(2026, 3, 5)): "festival"}


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_a_night_ends_where_a_frozen_day_begins() -> None:
    nights = Calendar.built(Plan("nights", "UTC", NIGHTS, frozen=FROZEN))
    assert nights.elapsed_open_seconds(at(3, 20), at(4, 12)) == 2 * 3600
    assert nights.elapsed_open_seconds(at(4, 0), at(6, 0)) == 0
    # Nothing of the night of the 5th is left, so the next one is that of the 6th.
    assert nights.due(at(3, 23), Duration.parse("3 business hours")).at == at(7, 0)


def test_while_a_calendar_is_frozen_hours_and_dates_stand_still_too() -> None:
    always: Week = (((0, DAY),),) * 7  # type: ignore[assignment]
    platform = Calendar.built(Plan("platform", "UTC", always, frozen=FROZEN))
    assert platform.due(at(3, 12), Duration.parse("24 hours")).at == at(6, 12)
    assert platform.due(at(4, 12), Duration.parse("24 hours")).at == at(7, 0)
    assert platform.due(at(3, 12), Duration.parse("2 days")).business_date == date(2026, 3, 7)
    assert platform.back(at(6, 12), Duration.parse("24 hours")) == at(3, 12)
    # The latest from which two dates that count reach the 7th, frozen though it is.
    assert platform.back(at(7, 12), Duration.parse("2 days")) == at(5, 12)


def test_what_was_frozen_is_told() -> None:
    always: Week = (((0, DAY),),) * 7  # type: ignore[assignment]
    platform = Calendar.built(Plan("platform", "UTC", always, frozen=FROZEN))
    for duration in ("24 hours", "2 days", "2 business days", "20 business hours"):
        why = platform.due(at(3, 12), Duration.parse(duration)).why
        assert why["skipped"] == [["2026-03-04", "festival"], ["2026-03-05", "festival"]], duration


def test_a_week_whose_every_open_day_is_closed_is_refused() -> None:
    every = dict.fromkeys(Plan("none", "UTC", SATURDAYS).days, "closed")
    with pytest.raises(ValueUnreadable, match="never open"):
        Calendar.built(Plan("none", "UTC", SATURDAYS, closed=every))


def test_calendars_that_are_never_open_together_are_refused() -> None:
    sundays: Week = (*SATURDAYS[:5], (), SATURDAYS[5])
    parts = [Calendar.built(Plan(n, "UTC", w)) for n, w in (("a", SATURDAYS), ("b", sundays))]
    with pytest.raises(ValueUnreadable, match="never open together"):
        Calendar.joint("both", parts)


@pytest.mark.parametrize("start", [datetime(9999, 1, 1, tzinfo=UTC), datetime(2, 1, 1, tzinfo=UTC)])
def test_an_instant_that_nobody_means_is_refused(start: datetime) -> None:
    saturdays = Calendar.built(Plan("saturdays", "UTC", SATURDAYS))
    for duration in ("1 business day", "1 business hour", "1 day"):
        with pytest.raises(ValueUnreadable, match="too far off"):
            saturdays.due(start, Duration.parse(duration))
    with pytest.raises(ValueUnreadable, match="too far off"):
        saturdays.add_open(start, timedelta(hours=1))


NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pauses", "what"),
    [
        ([(NOON, NOON - timedelta(hours=1))], "ends before it begins"),
        ([(NOON, NOON + timedelta(hours=2)), (NOON + timedelta(hours=1),) * 2], "overlap"),
        ([(NOON, None)], "no instant"),
        ([(NOON.replace(tzinfo=None), NOON)], "has no zone"),
    ],
)
def test_pauses_that_cannot_be_are_refused(
    pauses: list[tuple[datetime, datetime]], what: str
) -> None:
    saturdays = Calendar.built(Plan("saturdays", "UTC", SATURDAYS))
    with pytest.raises(ValueUnreadable, match=what):
        saturdays.due(NOON, "1 business day", pauses=pauses)


def test_pauses_may_be_told_in_any_order() -> None:
    saturdays = Calendar.built(Plan("saturdays", "UTC", SATURDAYS))
    hour = timedelta(hours=1)
    pauses = [(NOON + hour, NOON + 2 * hour), (NOON, NOON + hour)]
    due = saturdays.due(NOON - hour, "4 hours", pauses=pauses)
    assert due.at == NOON + 5 * hour


def test_words_that_mean_nothing_are_refused() -> None:
    saturdays = Calendar.built(Plan("saturdays", "UTC", SATURDAYS))
    with pytest.raises(ValueUnreadable, match="closing"):
        saturdays.due(NOON, "1 business day", due_at="closing")  # type: ignore[arg-type]
    with pytest.raises(ValueUnreadable, match="folowing"):
        saturdays.due(NOON, "1 day", if_closed="folowing")  # type: ignore[arg-type]
    with pytest.raises(ValueUnreadable, match="no instant"):
        saturdays.due(date(2026, 3, 4), "1 day")  # type: ignore[arg-type]
