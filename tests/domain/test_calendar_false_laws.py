"""What one may think holds of business time and does not: a counter-example of each, kept.

The laws that do hold are in tests/properties/test_business_time_*.py.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aftersales.domain.calendar import (
    HOUR,
    Calendar,
    DueKind,
    Hours,
    Plan,
    day_number,
    parse_instant,
)
from aftersales.domain.duration import Duration

NINE_TO_FIVE: Hours = ((9 * HOUR, 17 * HOUR),)
NIGHT: Hours = ((22 * HOUR, 30 * HOUR),)
OFFICE = Plan(
    name="office",
    zone="Europe/Berlin",
    week=((NINE_TO_FIVE,) * 5 + ((), ())),  # type: ignore[arg-type]
)
NIGHTS = replace(OFFICE, name="nights", week=(NIGHT,) * 5 + ((), ()))  # type: ignore[arg-type]
office, nights = Calendar.built(OFFICE), Calendar.built(NIGHTS)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (date(2026, 3, d) for d in range(2, 8))
NOTHING = timedelta(0)


def at(text: str) -> datetime:
    """A wall time in Berlin."""
    return parse_instant(text, "Europe/Berlin")


def hours(number: int) -> Duration:
    return Duration.parse(f"{number} business hours")


def days(number: int) -> Duration:
    return Duration.parse(f"{number} business days")


def halved(day: date) -> Calendar:
    half = ((9 * HOUR, 11 * HOUR),)
    return Calendar.built(replace(OFFICE, special={day_number(day): (half, "half day")}))


def test_adding_nothing_to_a_closing_does_not_stay_there() -> None:
    closing = office.instant(at("2026-03-02 09:00"), hours(8))
    assert closing == at("2026-03-02 17:00")
    assert office.add_open(closing, NOTHING) == at("2026-03-03 09:00") != closing


def test_nothing_is_not_due_by_every_later_instant() -> None:
    """`add(t, d) <= u` iff `d <= elapsed(t, u)` needs a d that is more than nothing."""
    saturday, sunday = at("2026-03-07 09:00"), at("2026-03-08 09:00")
    assert office.elapsed_open_seconds(saturday, sunday) == 0
    assert not office.instant(saturday, hours(0)) <= sunday


def test_going_back_by_what_was_added_does_not_lead_back_to_a_closed_start() -> None:
    saturday = at("2026-03-07 09:00")
    back = office.back(office.instant(saturday, hours(1)), hours(1))
    assert back == at("2026-03-09 09:00") > saturday


def test_days_from_a_closed_day_do_not_add_up_with_nought_of_them() -> None:
    monday = date(2026, 3, 9)
    assert office.business_day(SATURDAY, 0) == office.business_day(SATURDAY, 1) == monday
    assert office.business_day(office.business_day(SATURDAY, 0), 1) > monday


def test_nor_are_they_strictly_monotone_from_there() -> None:
    assert not office.business_day(SATURDAY, 0) < office.business_day(SATURDAY, 1)


@pytest.mark.parametrize(
    ("calendar", "kind", "start", "why"),
    [
        (office, "midnight", "2026-03-02 10:00", "24:00 is the first instant of the next date"),
        (nights, "close", "2026-03-02 23:00", "a night closes on the next date's morning"),
        (halved(TUESDAY), "same_time", "2026-03-02 16:00", "a half day moves the time for good"),
    ],
    ids=["midnight", "close", "same_time"],
)
def test_days_on_instants_do_not_add_up(
    calendar: Calendar, kind: DueKind, start: str, why: str
) -> None:
    first = calendar.due(at(start), days(1), due_at=kind)
    by_instants = calendar.due(first.at, days(1), due_at=kind)
    whole = calendar.due(at(start), days(2), due_at=kind)
    assert by_instants.at != whole.at, why
    passed_on = calendar.due(first.at, days(1), due_at=kind, start_date=first.business_date)
    assert passed_on.business_date == whole.business_date == WEDNESDAY


def test_a_later_start_may_be_due_earlier_at_the_same_time() -> None:
    """On the wall of its date, that is: nothing after closing is later than the closing."""
    early = nights.due(at("2026-03-03 05:00"), days(1), due_at="same_time")  # Monday's night
    late = nights.due(at("2026-03-03 12:00"), days(1), due_at="same_time")
    assert early.business_date == TUESDAY < late.business_date
    first = office.due(at("2026-03-02 16:00"), days(1), due_at="same_time")
    then = office.due(at("2026-03-03 08:00"), days(0), due_at="same_time")
    assert then.at < first.at
    assert then.run.start > first.run.start


def test_a_day_is_not_as_many_hours_as_it_is_open() -> None:
    start = at("2026-03-02 10:00")
    assert office.instant(start, hours(8)) == at("2026-03-03 10:00")
    assert office.instant(start, days(1)) == at("2026-03-03 17:00")


def test_a_day_is_not_24_hours_where_the_clocks_change() -> None:
    start = at("2026-10-24 12:00")
    day = office.due(start, Duration.parse("1 day"), due_at="same_time").at
    assert day == at("2026-10-25 12:00")
    assert day - office.instant(start, Duration.parse("24 hours")) == timedelta(hours=1)


def test_closing_half_a_day_may_make_the_closing_of_that_day_earlier() -> None:
    start = at("2026-03-02 10:00")
    assert halved(TUESDAY).due(start, days(1)).business_date == TUESDAY
    assert halved(TUESDAY).instant(start, days(1)) < office.instant(start, days(1))
    assert halved(TUESDAY).instant(start, hours(12)) > office.instant(start, hours(12))


def test_a_cut_off_alone_would_turn_the_order_round() -> None:
    """Friday evening counts as Monday; so must Saturday, from which Monday is one day off."""
    cut = Calendar.built(replace(OFFICE, cut_off=14 * HOUR))
    friday, saturday = at("2026-03-06 15:00"), at("2026-03-07 10:00")
    assert cut.due(friday, days(1)).business_date == date(2026, 3, 10)
    assert office.due(saturday, days(1)).business_date == date(2026, 3, 9)
    assert cut.due(saturday, days(1)).business_date == date(2026, 3, 10)


def test_with_a_cut_off_instants_do_not_add_up_either() -> None:
    cut = Calendar.built(replace(OFFICE, cut_off=14 * HOUR))
    start = at("2026-03-02 10:00")
    closing = cut.instant(start, days(1))
    assert cut.instant(closing, days(1)) > cut.instant(start, days(2))


def test_a_pause_in_closed_time_does_move_elapsed_hours() -> None:
    start, weekend = at("2026-03-06 17:00"), [(at("2026-03-07 00:00"), at("2026-03-08 00:00"))]
    assert office.due(start, hours(8), pauses=weekend).at == office.instant(start, hours(8))
    elapsed = Duration.parse("48 hours")
    assert office.due(start, elapsed, pauses=weekend).at == start + timedelta(hours=72)


def test_open_hours_and_closed_days_of_two_calendars_are_not_those_of_both_together() -> None:
    """Two days of each are not two days of both: a date is open only where both are at once."""
    both = Calendar.joint("both", [office, Calendar.built(replace(NIGHTS, week=_late_fridays()))])
    assert both.business_day(MONDAY, 1) == FRIDAY
    assert office.business_day(MONDAY, 1) == TUESDAY


def _late_fridays() -> tuple[Hours, ...]:
    late: Hours = ((20 * HOUR, 23 * HOUR),)
    return (late, late, late, late, NINE_TO_FIVE, (), ())
