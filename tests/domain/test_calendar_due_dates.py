"""When something is due: examples a person can check on a wall calendar."""

from datetime import date, datetime

import pytest

from aftersales.domain.calendar import (
    DAY,
    HOUR,
    Calendar,
    Hours,
    Plan,
    Week,
    day_number,
    parse_instant,
)
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable

NINE_TO_FIVE: Hours = ((9 * HOUR, 17 * HOUR),)
WITH_LUNCH: Hours = ((9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))
NIGHT: Hours = ((22 * HOUR, 30 * HOUR),)


def week(hours: Hours, days: int = 5) -> Week:
    mon, tue, wed, thu, fri, sat, sun = (hours if i < days else () for i in range(7))
    return (mon, tue, wed, thu, fri, sat, sun)


def calendar(
    hours: Hours = NINE_TO_FIVE,
    *,
    zone: str = "Europe/Berlin",
    days: int = 5,
    cut_off: int | None = None,
    closed: dict[str, str] | None = None,
    special: dict[str, tuple[Hours, str]] | None = None,
    known_until: int | None = 2027,
) -> Calendar:
    def number(day: str) -> int:
        return day_number(date.fromisoformat(day))

    return Calendar.built(
        Plan(
            name="desk",
            zone=zone,
            week=week(hours, days),
            closed={number(day): reason for day, reason in (closed or {}).items()},
            special={number(day): own for day, own in (special or {}).items()},
            cut_off=cut_off,
            known_until=known_until,
        )
    )


BERLIN = calendar(closed={"2026-04-03": "Good Friday", "2026-04-06": "Easter Monday"})


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return parse_instant(text, zone)


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2026-03-02 09:00", "4 business hours", "2026-03-02 13:00"),
        ("2026-03-02 15:00", "4 business hours", "2026-03-03 11:00"),
        ("2026-03-06 16:00", "2 business hours", "2026-03-09 10:00"),
        ("2026-03-02 09:00", "8 business hours", "2026-03-02 17:00"),  # at closing, not next day
        ("2026-03-01 12:00", "8 business hours", "2026-03-02 17:00"),  # from a Sunday
        ("2026-03-01 12:00", "0 business hours", "2026-03-02 09:00"),
        ("2026-04-02 16:00", "2 business hours", "2026-04-07 10:00"),  # over Easter
        ("2026-03-02 10:00", "1 business day", "2026-03-03 17:00"),
        ("2026-03-02 18:00", "1 business day", "2026-03-03 17:00"),  # the day never counts
        ("2026-03-06 10:00", "1 business day", "2026-03-09 17:00"),
        ("2026-03-07 10:00", "1 business day", "2026-03-09 17:00"),
        ("2026-04-02 10:00", "2 business days", "2026-04-08 17:00"),
        ("2026-03-02 10:00", "0 business days", "2026-03-02 17:00"),
        ("2026-03-07 10:00", "0 business days", "2026-03-09 17:00"),
        ("2026-03-02 10:00", "24 hours", "2026-03-03 10:00"),
        ("2026-03-28 12:00", "24 hours", "2026-03-29 13:00"),  # an hour was skipped
        ("2026-10-24 12:00", "24 hours", "2026-10-25 11:00"),  # an hour was repeated
        ("2026-03-02 10:00", "90 minutes", "2026-03-02 11:30"),
        ("2026-03-02 10:00", "30 days", "2026-04-02 00:00"),  # the end of 1 April
        ("2026-03-27 10:00", "3 days", "2026-03-31 00:00"),
    ],
)
def test_a_deadline_is_due_when_a_person_would_say(start: str, duration: str, due: str) -> None:
    assert BERLIN.due(at(start), Duration.parse(duration)).at == at(due)
    assert BERLIN.instant(at(start), Duration.parse(duration)) == at(due)


def test_nought_business_days_after_closing_are_never_due_before_their_start() -> None:
    start = at("2026-03-02 19:00")
    assert BERLIN.due(start, Duration.parse("0 business days")).at == start


def test_a_break_does_not_count() -> None:
    lunch = calendar(WITH_LUNCH)
    due = lunch.due(at("2026-03-02 11:00"), Duration.parse("2 business hours"))
    assert due.at == at("2026-03-02 14:00")
    assert due.why["used"] == [["2026-03-02", 7200]]
    started_at_noon = lunch.due(at("2026-03-02 12:30"), Duration.parse("0 business hours"))
    assert started_at_noon.at == at("2026-03-02 13:00")


def test_a_half_day_is_a_whole_business_day_and_only_its_own_hours() -> None:
    half = calendar(special={"2026-12-24": (((9 * HOUR, 12 * HOUR),), "Christmas Eve")})
    day = half.due(at("2026-12-23 10:00"), Duration.parse("1 business day"))
    assert day.at == at("2026-12-24 12:00")
    assert day.why["notes"] == ["2026-12-24: Christmas Eve"]
    hours = half.due(at("2026-12-24 10:00"), Duration.parse("3 business hours"))
    assert hours.at == at("2026-12-25 10:00")


def test_an_extra_working_day_counts_though_it_is_a_saturday() -> None:
    extra = calendar(special={"2026-03-07": (NINE_TO_FIVE, "make-up day")})
    due = extra.due(at("2026-03-06 10:00"), Duration.parse("1 business day"))
    assert due.at == at("2026-03-07 17:00")


def test_the_moment_of_a_day_deadline_is_closing_midnight_or_the_same_time() -> None:
    start, day = at("2026-03-06 10:30"), Duration.parse("1 business day")
    assert BERLIN.due(start, day, due_at="close").at == at("2026-03-09 17:00")
    assert BERLIN.due(start, day, due_at="midnight").at == at("2026-03-10 00:00")
    assert BERLIN.due(start, day, due_at="same_time").at == at("2026-03-09 10:30")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02 07:00", "2026-03-03 09:00"),
        ("2026-03-02 20:00", "2026-03-03 17:00"),
        ("2026-03-02 12:30", "2026-03-03 13:00"),
    ],
)
def test_the_same_time_is_moved_into_open_time(start: str, due: str) -> None:
    lunch = calendar(WITH_LUNCH)
    assert lunch.due(at(start), Duration.parse("1 business day"), due_at="same_time").at == at(due)


def test_calendar_days_keep_their_end_or_move_to_the_next_open_day() -> None:
    start, days = at("2026-03-02 10:00"), Duration.parse("5 days")  # ends on a Saturday
    assert BERLIN.due(start, days).at == at("2026-03-08 00:00")
    assert BERLIN.due(start, days, if_closed="following").at == at("2026-03-10 00:00")
    assert BERLIN.due(start, days, due_at="same_time").at == at("2026-03-07 10:00")
    closing = BERLIN.due(start, days, due_at="close", if_closed="following")
    assert closing.at == at("2026-03-09 17:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02 14:00", "2026-03-03 17:00"),  # at the cut-off is in time
        ("2026-03-02 14:01", "2026-03-04 17:00"),
        ("2026-03-07 09:00", "2026-03-10 17:00"),  # a Saturday counts as Monday
        ("2026-03-06 16:00", "2026-03-10 17:00"),  # Friday after it counts as Monday too
    ],
)
def test_after_the_cut_off_or_on_a_closed_day_it_is_received_the_next(start: str, due: str) -> None:
    desk = calendar(cut_off=14 * HOUR)
    assert desk.due(at(start), Duration.parse("1 business day")).at == at(due)


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    nights = calendar(NIGHT)
    after_midnight = at("2026-03-03 02:00")  # still Monday's shift
    assert nights.business_date(after_midnight) == date(2026, 3, 2)
    due = nights.due(after_midnight, Duration.parse("1 business day"))
    assert due.at == at("2026-03-04 06:00")
    assert due.business_date == date(2026, 3, 3)
    # The closing itself lies in no shift: the date is passed on to what follows.
    following = nights.due(due.at, Duration.parse("1 business day"), start_date=due.business_date)
    assert following.at == at("2026-03-05 06:00")


def test_a_skipped_hour_of_a_night_shift_never_counts_and_a_repeated_one_counts_twice() -> None:
    nights = calendar(NIGHT, days=7)
    spring = nights.elapsed_open_seconds(at("2026-03-28 21:00"), at("2026-03-29 12:00"))
    autumn = nights.elapsed_open_seconds(at("2026-10-24 21:00"), at("2026-10-25 12:00"))
    assert (spring, autumn) == (7 * 3600, 9 * 3600)


def test_midnight_that_is_skipped_moves_forward_and_one_that_is_repeated_is_the_later() -> None:
    santiago = calendar(zone="America/Santiago", days=7)  # 6 September 2026 begins at 01:00
    due = santiago.due(at("2026-09-04 12:00", "America/Santiago"), Duration.parse("1 day"))
    assert due.at == at("2026-09-06 01:00", "America/Santiago")
    havana = calendar(zone="America/Havana", days=7)  # 1 November 2026 has 00:00 twice
    due = havana.due(at("2026-10-30 12:00", "America/Havana"), Duration.parse("1 day"))
    assert due.at == parse_instant("2026-11-01T00:00:00-05:00")


def test_warnings_use_up_a_part_of_the_open_time() -> None:
    start = at("2026-03-02 09:00")
    hours = Duration.parse("4 business hours")
    assert BERLIN.part(start, hours, 50).at == at("2026-03-02 11:00")
    # From Monday 13:00 to Tuesday's closing there are 12 open hours.
    days = BERLIN.part(at("2026-03-02 13:00"), Duration.parse("1 business day"), 50)
    assert days.at == at("2026-03-03 11:00")
    assert days.why["percent"] == 50
    assert BERLIN.part(start, Duration.parse("24 hours"), 75).at == at("2026-03-03 03:00")
    assert BERLIN.part(start, hours, 100).at == BERLIN.due(start, hours).at
    with pytest.raises(ValueUnreadable, match="101%"):
        BERLIN.part(start, hours, 101)


@pytest.mark.parametrize(
    ("end", "buffer", "inner"),
    [
        ("2026-03-09 10:00", "4 business hours", "2026-03-06 14:00"),
        (
            "2026-03-09 17:00",
            "8 business hours",
            "2026-03-09 09:00",
        ),  # latest: not Friday's closing
        ("2026-03-08 12:00", "4 business hours", "2026-03-06 13:00"),
        ("2026-03-09 10:00", "1 business day", "2026-03-06 10:00"),
        ("2026-03-10 00:00", "1 business day", "2026-03-06 17:00"),
        ("2026-03-09 10:00", "2 days", "2026-03-07 10:00"),
        ("2026-03-09 10:00", "36 hours", "2026-03-07 22:00"),
        ("2026-03-07 10:00", "0 business days", "2026-03-07 10:00"),
    ],
)
def test_a_buffer_counts_backwards(end: str, buffer: str, inner: str) -> None:
    assert BERLIN.back(at(end), Duration.parse(buffer)) == at(inner)


def test_the_explanation_names_every_day_that_was_skipped_and_counted() -> None:
    why = BERLIN.due(at("2026-04-02 10:00"), Duration.parse("2 business days")).why
    assert why["skipped"] == [
        ["2026-04-03", "Good Friday"],
        ["2026-04-04", "Saturday"],
        ["2026-04-05", "Sunday"],
        ["2026-04-06", "Easter Monday"],
    ]
    assert why["counted"] == ["2026-04-07", "2026-04-08"]
    assert (why["start"], why["due"]) == ("2026-04-02T08:00:00Z", "2026-04-08T15:00:00Z")
    assert (why["duration"], why["due_at"], why["provisional"]) == (
        "2 business days",
        "close",
        False,
    )


def test_a_due_date_in_a_year_not_published_says_that_it_is_provisional() -> None:
    start = at("2027-12-30 10:00")
    predicted = BERLIN.due(start, Duration.parse("2 business days")).why
    assert (predicted["provisional"], predicted["horizon"]) == (True, "predicted")
    assert "2028" in predicted["notes"][-1]
    assert BERLIN.due(start, Duration.parse("2 days")).why["provisional"] is False


@pytest.mark.parametrize(
    ("start", "due"),
    [("2040-03-02 10:00", "2040-03-07"), ("2011-03-02 10:00", "2011-03-07")],
)
def test_outside_the_table_the_plain_week_goes_on_and_says_so(start: str, due: str) -> None:
    found = BERLIN.due(at(start), Duration.parse("3 business days"))
    assert found.business_date == date.fromisoformat(due)
    assert (found.why["horizon"], found.why["provisional"]) == ("unknown", True)


def test_the_longest_duration_that_can_be_written_is_still_counted() -> None:
    start = at("2026-03-02 10:00")
    far = BERLIN.due(start, Duration.parse("9999 business days"))
    assert far.business_date.year > 2060
    assert BERLIN.business_days_between(date(2026, 3, 2), far.business_date) == 9999
    assert len(far.why["counted"]) == 60
    assert BERLIN.back(far.at, Duration.parse("9999 business hours")) < far.at


def test_a_naive_instant_is_refused_at_every_door() -> None:
    naive, aware = datetime(2026, 3, 2, 9), at("2026-03-02 09:00")  # noqa: DTZ001
    for call in (
        lambda: BERLIN.due(naive, Duration.parse("1 day")),
        lambda: BERLIN.instant(naive, Duration.parse("1 day")),
        lambda: BERLIN.part(naive, Duration.parse("1 day"), 50),
        lambda: BERLIN.back(naive, Duration.parse("1 day")),
        lambda: BERLIN.elapsed_open_seconds(aware, naive),
        lambda: BERLIN.describe_until(naive, aware),
        lambda: BERLIN.business_date(naive),
        lambda: BERLIN.is_open(naive),
    ):
        with pytest.raises(ValueUnreadable, match="has no zone"):
            call()


def test_a_plan_without_open_time_or_with_hours_that_overlap_is_refused() -> None:
    with pytest.raises(ValueUnreadable, match="never open"):
        calendar(())
    with pytest.raises(ValueUnreadable, match="overlap"):
        calendar(((9 * HOUR, 13 * HOUR), (12 * HOUR, 17 * HOUR)))
    with pytest.raises(ValueUnreadable, match="overlap"):
        calendar(((22 * HOUR, 34 * HOUR), (9 * HOUR, 10 * HOUR)))
    early = {"2026-03-03": (((5 * HOUR, 8 * HOUR),), "early")}
    with pytest.raises(ValueUnreadable, match="overlap"):
        calendar(NIGHT, special=early)


def test_every_minute_of_a_calendar_round_the_clock_is_open() -> None:
    always = calendar(((0, DAY),), zone="Europe/Berlin", days=7, known_until=None)
    start = at("2026-10-24 22:30")
    assert always.due(start, Duration.parse("50 business hours")).at == at("2026-10-26 23:30")
    assert always.due(start, Duration.parse("1 business day")).at == at("2026-10-26 00:00")
    assert always.is_open(at("2026-10-25 02:30"))


def test_a_repeated_hour_never_brings_the_business_date_of_the_night_before_back() -> None:
    half_past_two = 2 * HOUR + HOUR // 2
    shifts = ((half_past_two, 6 * HOUR), (22 * HOUR, 24 * HOUR + half_past_two))
    desk = calendar(shifts, days=7)
    first, second = (parse_instant(f"2026-10-25T{time}:00Z") for time in ("00:45", "01:15"))
    assert desk.business_date(first) == date(2026, 10, 25)  # 02:45, before the change
    assert desk.business_date(second) == date(2026, 10, 25)  # 02:15 again, after it
