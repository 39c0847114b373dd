"""Days of every year, frozen days not yet announced, and lists of days beside a country."""

from datetime import date

import pytest
from small_calendars import hours_on, one

from aftersales.domain.calendar import Calendar, date_of, day_number, parse_instant
from aftersales.domain.duration import Duration

DESK = "zone: Europe/Berlin, hours: {mon-fri: 09:00-17:00}"


def desk(line: str, zone: str = "Europe/Berlin") -> Calendar:
    calendars, problems = one(f"zone: {zone}, hours: {{mon-fri: 09:00-17:00}}, {line}")
    assert problems == []
    return calendars["x"]


def closed_in(calendar: Calendar, year: int) -> list[str]:
    """The days of a year that are closed for a reason of their own, as `12-24`."""
    days = [date_of(day) for day in calendar.content.almanac.closed]
    return [f"{day:%m-%d}" for day in sorted(days) if day.year == year]


def test_a_day_without_a_year_is_closed_in_every_year_of_the_table() -> None:
    calendar = desk("closed: {12-24: Christmas Eve}")
    weekdays = [year for year in range(2015, 2037) if date(year, 12, 24).weekday() < 5]
    assert [year for year in range(2015, 2037) if closed_in(calendar, year)] == weekdays
    assert calendar.content.almanac.why_closed(day_number(date(2026, 12, 24))) == "Christmas Eve"


def test_a_span_without_years_may_lie_over_new_year() -> None:
    calendar = desk("closed: {12-30 to 01-02: between the years}")
    assert closed_in(calendar, 2015) == ["01-01", "01-02", "12-30", "12-31"]
    assert closed_in(calendar, 2025) == ["01-01", "01-02", "12-30", "12-31"]
    assert closed_in(calendar, 2036) == ["01-01", "01-02", "12-30", "12-31"]


def test_29_february_is_closed_in_leap_years_only() -> None:
    alone, span = desk("closed: [02-29]"), desk("closed: [02-27 to 02-29]")
    begins = desk("closed: [02-29 to 03-02]")
    assert (closed_in(alone, 2024), closed_in(alone, 2023)) == (["02-29"], [])
    assert (closed_in(span, 2024), closed_in(span, 2023)) == (
        ["02-27", "02-28", "02-29"],
        ["02-27", "02-28"],
    )
    assert (closed_in(begins, 2024), closed_in(begins, 2023)) == (
        ["02-29", "03-01"],
        ["03-01", "03-02"],
    )


def test_own_hours_of_each_year_hold_on_the_days_that_are_open_anyway() -> None:
    calendar = desk("holidays: US, known_until: 2027, special_days: {12-24 to 12-25: 09:00-12:00}")
    assert hours_on(calendar, "2026-12-24") == [9, 12]
    assert hours_on(calendar, "2026-12-25") == []
    assert hours_on(calendar, "2028-12-24") == []
    assert hours_on(calendar, "2025-12-24") == [9, 12]


def test_a_date_with_its_year_stands_before_one_of_each_year() -> None:
    calendar = desk(
        "closed: {12-24: Christmas Eve, 2026-07-01: stock}, extra_days: [2027-07-03],"
        " special_days: {2026-12-24: 09:00-12:00, 07-01 to 07-03: 09:00-13:00}"
    )
    assert hours_on(calendar, "2026-12-24") == [9, 12]
    assert hours_on(calendar, "2025-12-24") == []
    assert hours_on(calendar, "2026-07-01") == []
    named = desk("closed: {2026-12-24: Inventory, 12-24: Eve}").content.almanac
    names = [named.why_closed(day_number(date(year, 12, 24))) for year in (2025, 2026)]
    assert names == ["Eve", "Inventory"]
    assert hours_on(calendar, "2026-07-02") == [9, 13]
    assert hours_on(calendar, "2027-07-03") == [9, 17]


@pytest.mark.parametrize(
    ("line", "code", "help"),
    [
        (
            "closed: {12-24: Eve}, special_days: {12-24: 09:00-12:00}",
            "T310",
            "see line 3; keep one",
        ),
        ("extra_days: [12-24]", "T309", "write it with its year"),
        ("closed: [12-24 to 2026-12-26]", "T309", "write it like `2026-12-24`"),
        ("closed: [2026-12-24 to 12-26]", "T309", "write it like `2026-12-24`"),
        ("special_days: [12-24]", "T310", "write it like `2026-12-24: 09:00-12:00`"),
    ],
)
def test_a_wrong_day_of_each_year_is_told(line: str, code: str, help: str) -> None:
    _, problems = one(f"{DESK}, {line}")
    assert [problem.code for problem in problems] == [code]
    assert problems[0].help.startswith(help)


def test_a_day_of_each_year_that_is_a_holiday_anyway_changes_nothing_and_is_told() -> None:
    _, problems = one(f"{DESK}, holidays: DE, known_until: 2027, closed: [12-25]")
    assert [problem.code for problem in problems] == ["T316"]


def test_frozen_days_that_are_not_announced_yet_make_every_clock_provisional() -> None:
    line = "frozen: {2019-02-04 to 2019-02-10: festival}, known_until: 2019"
    calendar = desk(line, "Asia/Shanghai")
    start = parse_instant("2026-02-02 10:00", "Asia/Shanghai")
    for duration in ("96 hours", "7 days", "2 business days"):
        why = calendar.due(start, Duration.parse(duration)).why
        note = "provisional: the frozen days of 2026 are not known yet"
        assert (why["horizon"], why["notes"]) == ("predicted", [note])
    known = calendar.due(parse_instant("2019-02-02 10:00", "UTC"), Duration.parse("7 days"))
    assert known.why["horizon"] == "published"


def test_frozen_days_without_a_year_say_nothing_of_later_ones() -> None:
    calendar = desk("frozen: {2019-02-04 to 2019-02-10: festival}")
    start = parse_instant("2026-02-02 10:00", "UTC")
    assert calendar.due(start, Duration.parse("7 days")).why["horizon"] == "published"


@pytest.mark.parametrize("country", ["DE", "{country: GB, subdivision: ENG}"])
def test_a_list_beside_a_country_does_not_shorten_what_the_country_knows(country: str) -> None:
    with_list = f"holidays: [{country}, {{dates: {{2026-07-10: outing}}}}], known_until: 2027"
    calendar, alone = desk(with_list), desk(f"holidays: {country}, known_until: 2027")
    almanac = calendar.content.almanac
    assert almanac.known_until == 2027
    assert almanac.predicted_until == alone.content.almanac.predicted_until
    assert hours_on(calendar, "2026-07-10") == []


def test_a_list_alone_still_says_which_years_are_known() -> None:
    _, problems = one(f"{DESK}, holidays: {{dates: {{2026-07-10: outing}}}}, known_until: 2027")
    assert [problem.code for problem in problems] == ["T311"]
