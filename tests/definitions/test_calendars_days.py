"""Workdays, sources of holidays, single and frozen days, and how far the years are known."""

from datetime import date
from pathlib import Path

import pytest
from small_calendars import hours_on, one
from small_definitions import write_file, write_folder

import aftersales
from aftersales.definitions import Catalog, load_calendars
from aftersales.definitions.calendar_hours import WEEKDAYS
from aftersales.definitions.calendar_weekends import weekends_of
from aftersales.domain.calendar import date_of, parse_instant
from aftersales.domain.duration import Duration
from aftersales.domain.errors import DefinitionsInvalid

SHIPPED = Path(__file__).parents[2] / "policies" / "calendars.yaml"


def test_workdays_follow_the_weekend_of_the_country_by_year() -> None:
    line = "zone: Asia/Dubai, hours: {workdays: 09:00-17:00, sat: 10:00-12:00}"
    calendars, problems = one(f"{line}, holidays: AE, known_until: 2026")
    assert problems == []
    found = calendars["x"]
    friday_saturday_sunday = [
        [hours_on(found, f"2021-11-{day}") for day in (12, 13, 14)],
        [hours_on(found, f"2022-11-{day}") for day in (11, 12, 13)],
    ]
    assert friday_saturday_sunday == [[[], [10, 12], [9, 17]], [[9, 17], [10, 12], []]]
    assert hours_on(found, "2021-12-31") == []  # the last Friday that was free
    assert hours_on(found, "2022-01-02") == []  # the first Sunday that was


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("AE", None), ["2021-12-31 fri sat", "2030-12-31 sat sun"]),
        (("MY", "JHR"), ["2024-12-31 fri sat", "2030-12-31 sat sun"]),
        (("MY", "Kedah"), ["2030-12-31 fri sat"]),
        (("NP", None), ["2022-05-14 sat", "2022-06-05 sat sun", "2030-12-31 sat"]),
        (("BN", None), ["2030-12-31 fri sun"]),
        (("US", None), ["2030-12-31 sat sun"]),
    ],
)
def test_each_weekend_is_told_with_its_last_day(
    place: tuple[str, str | None], told: list[str]
) -> None:
    found = weekends_of(*place, 2015, 2030)
    words = [" ".join(WEEKDAYS[day] for day in sorted(weekend)) for _, weekend in found]
    days = [date_of(last).isoformat() for last, _ in found]
    assert [f"{day} {word}" for day, word in zip(days, words, strict=True)] == told


def test_a_weekend_that_ended_before_the_years_asked_for_is_not_told() -> None:
    assert [sorted(weekend) for _, weekend in weekends_of("NP", None, 2023, 2024)] == [[5]]
    assert [sorted(weekend) for _, weekend in weekends_of("NP", None, 2019, 2020)] == [[5]]
    assert [sorted(weekend) for _, weekend in weekends_of("AE", None, 2022, 2024)] == [[5, 6]]


@pytest.mark.parametrize(
    ("state", "year", "is_friday_free"),
    [("JHR", 2024, True), ("JHR", 2025, False), ("KDH", 2025, True), ("Kelantan", 2025, True),
     ("TRG", 2025, True), ("SGR", 2025, False)],
)  # fmt: skip
def test_workdays_follow_the_weekend_of_a_state(
    state: str, year: int, is_friday_free: bool
) -> None:
    asked = f"holidays: {{country: MY, subdivision: {state}}}, known_until: 2026"
    calendars, problems = one(f"zone: Asia/Kuala_Lumpur, hours: {{workdays: 09:00-17:00}}, {asked}")
    assert problems == []
    friday = next(day for day in range(8, 15) if date(year, 7, day).weekday() == 4)
    days = [hours_on(calendars["x"], f"{year}-07-{friday + i:02}") for i in range(3)]
    week = [[], [], [9, 17]] if is_friday_free else [[9, 17], [], []]
    assert days == week


def test_the_hours_of_a_named_day_stand_before_those_of_workdays() -> None:
    line = "zone: UTC, hours: {workdays: 09:00-17:00, fri: 09:00-12:00}"
    calendars, problems = one(f"{line}, holidays: US, known_until: 2027")
    assert problems == []
    assert hours_on(calendars["x"], "2026-03-05") == [9, 17]
    assert hours_on(calendars["x"], "2026-03-06") == [9, 12]


def test_the_holidays_of_several_sources_count_together() -> None:
    calendars, problems = one(
        "zone: UTC, hours: {mon-fri: 09:00-17:00}, known_until: 2026,"
        " holidays: [US, {country: GB, subdivision: SCT},"
        " {dates: {2026-03-02: founding day, 2026-12-28 to 2026-12-30: winter}}]"
    )
    assert problems == []
    calendar = calendars["x"]
    closed = ("2026-07-03", "2026-08-03", "2026-03-02", "2026-12-29")
    assert [hours_on(calendar, day) for day in closed] == [[], [], [], []]
    why = calendar.due(
        parse_instant("2026-12-24 10:00", "UTC"), Duration.parse("1 business day")
    ).why
    assert ["2026-12-25", "Christmas Day"] in why["skipped"]
    assert ["2026-12-29", "winter"] in why["skipped"]
    assert "dates of the calendars file" in calendar.content.sources["holidays"]


def test_the_years_after_a_list_of_dates_are_not_known_unless_a_country_is_beside_it() -> None:
    line = "zone: UTC, hours: {mon-fri: 09:00-17:00}, known_until: 2026"
    start, two = parse_instant("2026-12-31 10:00", "UTC"), Duration.parse("2 business days")
    horizons = []
    for source in ("CN", "{dates: [2026-05-01]}", "[CN, {dates: [2026-05-01]}]"):
        calendars, problems = one(f"{line}, holidays: {source}")
        assert problems == []
        horizons.append(calendars["x"].due(start, two).why["horizon"])
    assert horizons == ["predicted", "unknown", "predicted"]


def test_a_make_up_day_that_another_source_closes_is_closed() -> None:
    line = "zone: UTC, hours: {mon-fri: 09:00-17:00}, known_until: 2026"
    for source, hours in (("CN", [9, 17]), ("[CN, {dates: [2026-02-14]}]", [])):
        calendars, _ = one(f"{line}, holidays: {source}")
        assert hours_on(calendars["x"], "2026-02-14") == hours


def test_on_frozen_days_no_clock_runs_though_they_are_special_days_too() -> None:
    calendars, problems = one(
        "zone: Asia/Shanghai, hours: {mon-sun: 00:00-24:00},"
        " special_days: {2026-02-16: 09:00-12:00}, frozen: {2026-02-10 to 2026-02-24: festival}"
    )
    assert problems == []
    start = parse_instant("2026-02-09 12:00", "Asia/Shanghai")
    for duration, due in (
        ("24 hours", "2026-02-25 12:00"),
        ("3 days", "2026-02-28 00:00"),
        ("3 business days", "2026-02-28 00:00"),
        ("13 business hours", "2026-02-25 01:00"),
    ):
        found = calendars["x"].due(start, Duration.parse(duration))
        assert found.at == parse_instant(due, "Asia/Shanghai"), duration
    assert ["2026-02-16", "festival"] in found.why["skipped"]


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("closed: {2026-03-07 to 2026-03-08: a weekend}", "2026-03-07"),
        ("holidays: US, known_until: 2026, closed: [2026-07-03]", "2026-07-03"),
        ("holidays: CN, known_until: 2026, extra_days: [2026-02-14]", "2026-02-14"),
    ],
)
def test_a_day_that_changes_nothing_is_a_warning(line: str, where: str) -> None:
    calendars, problems = one(f"zone: UTC, hours: {{mon-fri: 09:00-17:00}}, {line}")
    assert set(calendars) == {"x"}
    assert [(p.code, p.severity) for p in problems] == [("T316", "warning")]
    assert problems[0].help
    assert problems[0].place.length >= len(where)


def test_bridge_days_over_a_weekend_are_no_warning() -> None:
    calendars, problems = one(
        "zone: UTC, hours: {mon-fri: 09:00-17:00}, holidays: US, known_until: 2026,"
        " closed: {2026-12-24 to 2027-01-01: winter break}"
    )
    assert set(calendars) == {"x"}
    assert problems == []


def test_special_hours_are_how_to_work_on_a_holiday() -> None:
    calendars, problems = one(
        "zone: UTC, hours: {mon-fri: 09:00-17:00}, holidays: US, known_until: 2026,"
        " special_days: {2026-07-03: 10:00-12:00}"
    )
    assert problems == []
    assert hours_on(calendars["x"], "2026-07-03") == [10, 12]


LISTED = "zone: UTC, hours: {mon-fri: 09:00-17:00}, holidays: {dates: [2026-05-01]}"


@pytest.mark.parametrize(
    ("today", "severities"),
    [
        (None, []),
        (date(2026, 11, 1), []),
        (date(2026, 11, 3), ["warning"]),
        (date(2026, 12, 31), ["warning"]),
        (date(2027, 1, 1), ["error"]),
    ],
)
def test_a_check_warns_before_the_known_years_end_and_refuses_after(
    today: date | None, severities: list[str]
) -> None:
    _, problems = one(f"{LISTED}, known_until: 2026", today=today)
    assert [problem.severity for problem in problems] == severities
    assert all(p.code == "T313" and "known_until" in p.help for p in problems)
    assert all(p.place.column == len("  x: {" + LISTED + ", known_until: ") + 1 for p in problems)


def test_years_that_are_predicted_are_no_error_of_a_check() -> None:
    line = "zone: UTC, hours: {mon-fri: 09:00-17:00}, holidays: CN, known_until: 2026"
    assert one(line, today=date(2027, 6, 1))[1] == []


def test_a_catalog_is_checked_by_the_day_it_is_given(tmp_path: Path) -> None:
    calendars = f"""\
aftersales: calendars/1
calendars:
  desk: {{{LISTED}, known_until: 2026}}
"""
    write_folder(tmp_path, calendars=calendars)
    assert Catalog.check(tmp_path)[1] == []
    catalog, problems = Catalog.check(tmp_path, today=date(2027, 1, 1))
    assert catalog is None
    assert [(problem.code, problem.place.line) for problem in problems] == [("T313", 3)]


def test_one_file_of_calendars_is_read_alone() -> None:
    calendars = load_calendars(SHIPPED)
    assert calendars == aftersales.load_calendars(str(SHIPPED))
    assert isinstance(calendars["desk"], aftersales.Calendar)
    at = (
        calendars["desk"]
        .due(
            parse_instant("2026-07-02 10:00", "America/New_York"),
            aftersales.Duration.parse("1 business day"),
        )
        .at
    )
    assert at == parse_instant("2026-07-06 17:00", "America/New_York")


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("aftersales: calendars/1\ncalendars: {x: {zone: UTC}, y: {hours: {}}}\n", 3),
        ("aftersales: team/1\nagents: {}\n", 1),
        ("calendars: [\n", 1),
        (None, 1),
    ],
)
def test_a_wrong_file_of_calendars_is_refused_with_all_problems(
    written: str | None, codes: int, tmp_path: Path
) -> None:
    path = tmp_path / "hours.yaml"
    if written is not None:
        path.write_text(written, encoding="utf-8")
    with pytest.raises(DefinitionsInvalid) as refused:
        load_calendars(path)
    assert len(refused.value.problems) == codes
    assert {problem.place.file for problem in refused.value.problems} == {str(path)}
    assert all(problem.help for problem in refused.value.problems)


def test_the_calendars_of_a_catalog_can_be_asked_but_not_changed() -> None:
    calendars = Catalog.load().calendars
    assert calendars["desk"].zone == "America/New_York"
    with pytest.raises(TypeError):
        calendars["desk"] = calendars["desk_gb"]  # type: ignore[index]


def test_two_files_may_not_define_one_calendar(tmp_path: Path) -> None:
    write_folder(tmp_path)
    again = "aftersales: calendars/1\ncalendars:\n  desk: {zone: UTC, hours: {mon: 09:00-17:00}}\n"
    write_file(tmp_path, "policies/more_calendars.yaml", again)
    catalog, [problem] = Catalog.check(tmp_path)
    assert catalog is None
    assert (problem.code, str(problem.place)) == ("T319", "policies/more_calendars.yaml:3")
    assert "policies/calendars.yaml:3" in problem.help
