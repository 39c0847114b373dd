"""Calendars read from YAML: the shipped ones answer rightly, wrong ones are told where and why."""

from datetime import date
from pathlib import Path

import pytest
from small_calendars import hours_on, one, read

from aftersales.definitions import load_calendars
from aftersales.domain.calendar import Calendar, parse_instant
from aftersales.domain.duration import Duration
from aftersales.domain.errors import DefinitionsInvalid

SHIPPED = Path(__file__).parents[2] / "policies" / "calendars.yaml"


@pytest.fixture(scope="module")
def shipped() -> dict[str, Calendar]:
    calendars, problems = read(SHIPPED.read_text(encoding="utf-8"))
    assert not problems
    return calendars


def test_the_shipped_calendars_are_read_without_a_problem(shipped: dict[str, Calendar]) -> None:
    desks = {"desk", "desk_gb", "desk_de", "desk_cn", "desk_sa", "desk_my_kedah", "desk_gb_de"}
    platforms = {"platform_us", "platform_gb", "platform_jd"}
    assert set(shipped) == desks | platforms | {"round_the_clock"}
    assert len({calendar.digest for calendar in shipped.values()}) == len(shipped)


@pytest.mark.parametrize(
    ("name", "start", "duration", "due", "skipped"),
    [
        ("desk", "2026-05-22 16:00", "1 business day", "2026-05-26 17:00", "Memorial Day"),
        ("desk", "2026-07-02 10:00", "1 business day", "2026-07-06 17:00", "Independence Day"),
        ("desk", "2026-11-25 10:00", "4 business hours", "2026-11-25 14:00", ""),
        ("desk", "2026-11-25 15:00", "4 business hours", "2026-11-27 11:00", "Thanksgiving"),
        ("desk_gb", "2026-04-02 10:00", "1 business day", "2026-04-07 17:30", "Easter Monday"),
        ("desk_gb", "2026-12-24 10:00", "1 business day", "2026-12-29 17:30", "Boxing Day"),
        ("desk_de", "2026-05-13 10:00", "1 business day", "2026-05-15 17:00", "Ascension Day"),
        ("desk_cn", "2026-02-13 10:00", "1 business day", "2026-02-14 18:00", ""),
        ("desk_cn", "2026-02-14 10:00", "1 business day", "2026-02-24 18:00", "Spring Festival"),
        ("desk_sa", "2026-09-22 10:00", "2 business days", "2026-09-27 17:00", "National Day"),
        ("desk_sa", "2026-03-18 10:00", "1 business day", "2026-03-25 17:00", "Eid al-Fitr"),
        ("desk_my_kedah", "2026-11-05 10:00", "2 business days", "2026-11-10 17:00", "Diwali"),
        ("desk_my_kedah", "2026-08-27 16:00", "3 business hours", "2026-08-30 11:00", "Friday"),
        ("desk_gb_de", "2026-04-02 10:00", "1 business day", "2026-04-07 16:00", "Easter Monday"),
        ("desk_gb_de", "2026-03-30 15:00", "3 business hours", "2026-03-31 11:00", ""),
        ("platform_jd", "2019-02-01 10:00", "96 hours", "2019-02-12 10:00", "Spring Festival"),
        ("platform_jd", "2019-02-01 10:00", "7 days", "2019-02-16 00:00", "Spring Festival"),
        ("platform_jd", "2019-03-01 10:00", "7 days", "2019-03-09 00:00", ""),
        ("platform_gb", "2026-08-28 10:00", "2 business days", "2026-09-03 00:00", "Late Summer"),
        ("platform_us", "2026-03-06 10:00", "2 business days", "2026-03-11 00:00", "Saturday"),
        ("round_the_clock", "2026-12-24 10:00", "24 hours", "2026-12-25 10:00", ""),
    ],
)
def test_a_shipped_calendar_knows_its_holidays(
    shipped: dict[str, Calendar], name: str, start: str, duration: str, due: str, skipped: str
) -> None:
    calendar = shipped[name]
    found = calendar.due(parse_instant(start, calendar.zone), Duration.parse(duration))
    assert found.at == parse_instant(due, calendar.zone)
    assert not skipped or any(skipped in reason for _, reason in found.why["skipped"])


def test_a_make_up_day_is_told_where_it_counts(shipped: dict[str, Calendar]) -> None:
    start = parse_instant("2026-02-13 10:00", "Asia/Shanghai")
    why = shipped["desk_cn"].due(start, Duration.parse("1 business day")).why
    assert why["notes"] == ["2026-02-14: make-up working day"]


def test_an_assumed_calendar_says_so(shipped: dict[str, Calendar]) -> None:
    start = parse_instant("2026-03-06 10:00", "UTC")
    why = shipped["platform_us"].due(start, Duration.parse("2 business days")).why
    assert any(note.startswith("assumed: ") for note in why["notes"])


def test_the_years_after_those_published_are_provisional(shipped: dict[str, Calendar]) -> None:
    start = parse_instant("2026-12-30 10:00", "Asia/Shanghai")
    two_days = Duration.parse("2 business days")
    assert shipped["desk_cn"].due(start, two_days).why["provisional"] is True
    assert shipped["desk_de"].due(start, two_days).why["provisional"] is False


def test_what_was_read_before_is_the_same_calendar_again(shipped: dict[str, Calendar]) -> None:
    again, _ = read(SHIPPED.read_text(encoding="utf-8"))
    assert again["desk"] is shipped["desk"]


def test_single_days_are_closed_opened_or_given_hours_by_the_author() -> None:
    calendars, problems = read(
        """
aftersales: calendars/1
calendars:
  x:
    zone: Europe/Berlin
    hours: {mon-thu: 09:00-12:00 and 13:00-17:00, fri: "09:00-15:00"}
    holidays: {country: DE, subdivision: BE, except: [Women's Day]}
    known_until: 2027
    cut_off: 15:00
    closed: {2026-12-28 to 2026-12-30: works holiday}
    extra_days: [2026-03-07]
    special_days: {2026-12-24: 09:00-12:00}
"""
    )
    assert problems == []
    calendar = calendars["x"]

    def due(start: str, duration: str) -> str:
        found = calendar.due(parse_instant(start, "Europe/Berlin"), Duration.parse(duration))
        return found.at.isoformat()

    assert due("2026-03-06 10:00", "1 business day") == "2026-03-07T16:00:00+00:00"
    assert due("2026-03-06 15:30", "1 business day") == "2026-03-09T16:00:00+00:00"
    assert due("2026-12-23 10:00", "1 business day") == "2026-12-24T11:00:00+00:00"
    assert due("2026-12-24 10:00", "1 business day") == "2026-12-31T16:00:00+00:00"
    assert calendar.business_days_between(date(2027, 3, 5), date(2027, 3, 8)) == 1  # worked here


def test_a_day_of_two_holidays_is_worked_only_if_both_are() -> None:
    hours = "zone: UTC, hours: {mon-fri: 09:00-17:00}, known_until: 2026"
    both = date(2020, 10, 1)  # National Day and the Mid-Autumn Festival
    counts = []
    for worked in ("National Day", "National Day, Mid-Autumn Festival"):
        calendars, problems = one(f"{hours}, holidays: {{country: CN, except: [{worked}]}}")
        assert not problems
        counts.append(calendars["x"].business_days_between(date(2020, 9, 30), both))
    assert counts == [0, 1]


WRONG = [
    ("zone: Europe/Berln, hours: {mon: 09:00-17:00}", "T301", "Europe/Berln", "`Europe/Berlin`"),
    ("zone: UTC, hours: {mon: 09:00-25:00}", "T302", "09:00-25:00", "`24:00`"),
    ("zone: UTC, hours: {mon: 9-17}", "T302", "9-17", "`09:00`"),
    ("zone: UTC, hours: {mon: all day}", "T302", "all day", "`09:00-17:00`"),
    ("zone: UTC, hours: {mon: 09:00-09:00}", "T302", "09:00-09:00", "`00:00-24:00`"),
    ("zone: UTC, hours: {mon: 09:00-12:00 and 11:00-15:00}", "T302", "09:00-12:00", "part them"),
    ("zone: UTC, hours: {mon-tue: 22:00-06:00, wed: 05:00-09:00}", "T302", "{mon-tue", "a night"),
    ("zone: UTC, hours: 09:00-17:00", "T302", "09:00-17:00", "{mon-fri: 09:00-17:00}"),
    ("zone: UTC, hours: {mon: 09:00-12:00, 13:00-17:00}", "K103", "13:00-17:00", "`and`"),
    ("zone: UTC, hours: {workday: 09:00-17:00}", "T303", "workday", "`workdays`"),
    ("zone: UTC, hours: {workdays: 09:00-17:00}", "T305", "workdays", "mon-fri"),
    (
        "zone: UTC, hours: {workdays: 09:00-17:00}, holidays: {dates: [2026-05-01]},"
        " known_until: 2026",
        *("T305", "workdays", "name the country"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: US, known_until: 2027,"
        " extra_days: [2026-07-03]",
        *("T308", "2026-07-03", "special_days"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, extra_days: [2026-03-02]",
        *("T308", "2026-03-02", "remove it"),
    ),
    ("zone: UTC, hours: {mon: 09:00-17:00}, closed: {2026-03-02: [a]}", "T309", "[a]", "works"),
    ("zone: UTC, hours: {mno: 09:00-17:00}", "T303", "mno", "`mon`"),
    ("zone: UTC, hours: {mon-fri: 09:00-17:00, wed: 09:00-12:00}", "T303", "wed", "once"),
    ("zone: UTC, hours: {}", "T304", "{}", "mon-fri"),
    ("zone: UTC, hours: {mon: 09:00-09:30}", "T304", "{mon", "mon-fri"),
    ("zone: UTC, hours: {mon: 09:00-17:00}, holidays: XX, known_until: 2027", "T306", "XX", ""),
    ("zone: UTC, hours: {mon: 09:00-17:00}, holidays: GB, known_until: 2027", "T306", "GB", "ENG"),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: {country: GB, subdivision: EGN},"
        " known_until: 2027",
        *("T306", "EGN", "`ENG`"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: HK, known_until: 2026",
        *("T306", "HK", "`{country: HK, categories: [public, optional]}`"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: {country: HK}, known_until: 2026",
        *("T306", "HK", "categories: [public, optional]"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: {country: HK, categories: [half_day]},"
        " known_until: 2027",
        *("T306", "half_day", "special_days"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: {country: US, except: [Colombus Day]},"
        " known_until: 2027",
        *("T307", "Colombus Day", "`Columbus Day`"),
    ),
    ("zone: UTC, hours: {mon: 09:00-17:00}, holidays: US", "K102", "holidays", "known_until"),
    ("zone: UTC, hours: {mon: 09:00-17:00}, known_until: 2027", "T311", "2027", "holidays"),
    ("zone: UTC, hours: {mon: 09:00-17:00}, holidays: US, known_until: soon", "T311", "soon", "20"),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: CN, known_until: 2035",
        "T311",
        "2035",
        ": 20",
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: AE, known_until: 2035",
        "T311",
        "2035",
        ": 20",
    ),
    ("zone: UTC, hours: {mon: 09:00-17:00}, holidays: [], known_until: 2027", "T318", "[]", "`US`"),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: {dates: []}, known_until: 2027",
        *("T318", "[]", "2026-05-01"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, holidays: {dates: [2026-05-01], except: [x]},"
        " known_until: 2026",
        *("T318", "except", "list"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, known_until: 2027,"
        " holidays: {dates: {2026-05-01: Labour Day}}",
        *("T311", "2027", "`known_until: 2026`"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, known_until: 2026,"
        " holidays: [{dates: [2026-05-01]}, {dates: [2026-05-01]}]",
        *("T310", "2026-05-01]}]", "keep one"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, frozen: [2026-02-10, 2026-02-09 to 2026-02-11]",
        *("T310", "2026-02-09", "keep one"),
    ),
    ("zone: UTC, hours: {mon: 09:00-17:00}, closed: [2026-02-30]", "T309", "2026-02-30", "2026"),
    ("zone: UTC, hours: {mon: 09:00-17:00}, closed: [2099-02-03]", "T309", "2099-02-03", "20"),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, closed: [2026-12-31 to 2026-12-24]",
        *("T309", "2026-12-31 to 2026-12-24", "earlier"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, closed: [2026-12-24], extra_days: [2026-12-24]",
        *("T310", "2026-12-24]}", "keep one"),
    ),
    (
        "zone: UTC, hours: {mon: 22:00-06:00}, special_days: {2026-03-03: 05:00-12:00}",
        *("T310", "2026-03-03", "a night"),
    ),
    (
        "zone: UTC, hours: {mon: 09:00-17:00}, special_days: [2026-03-03]",
        *("T310", "2026-03-03", "09:00-12:00"),
    ),
    ("zone: UTC, hours: {mon: 09:00-17:00}, cut_off: 4pm", "T312", "4pm", "`16:00`"),
    ("zone: UTC, hours: {mon: 09:00-17:00}, holiday: US", "K101", "holiday", "`holidays`"),
    ("hours: {mon: 09:00-17:00}", "K102", "{hours", "zone"),
]


@pytest.mark.parametrize(("line", "code", "where", "help"), WRONG)
def test_a_slip_is_reported_where_it_is_written_with_a_help(
    line: str, code: str, where: str, help: str
) -> None:
    calendars, problems = one(line)
    assert calendars == {}
    assert [problem.code for problem in problems] == [code]
    written = f"  x: {{{line}}}"
    found = problems[0]
    assert (found.place.line, found.place.column) == (3, written.rindex(where) + 1), written
    assert help in found.help
    assert found.help


@pytest.mark.parametrize(
    ("categories", "open_on_good_friday"), [("public", True), ("public, optional", False)]
)
def test_in_hong_kong_the_author_says_whether_the_optional_days_count(
    categories: str, open_on_good_friday: bool
) -> None:
    holidays = f"{{country: HK, categories: [{categories}]}}"
    line = f"zone: Asia/Hong_Kong, hours: {{mon-fri: 09:00-17:00}}, holidays: {holidays}"
    calendars, problems = one(f"{line}, known_until: 2026")
    assert problems == []
    assert bool(hours_on(calendars["x"], "2026-04-03")) is open_on_good_friday
    assert hours_on(calendars["x"], "2026-04-07") == []  # Tomb-Sweeping Day, observed


@pytest.mark.parametrize("key", ["closed", "frozen"])
def test_a_calendar_that_is_closed_on_all_days_is_told_where_it_is_written(
    key: str, tmp_path: Path
) -> None:
    years = ", ".join(f"{year}-01-01 to {year}-12-31: away" for year in range(2015, 2037))
    written = f"""\
aftersales: calendars/1
calendars:
  other:
    zone: UTC
    hours: {{mon: 09:00-17:00}}
  never:
    zone: UTC
    hours: {{mon: 09:00-17:00}}
    {key}: {{{years}}}
"""
    calendars, [problem] = read(written)
    assert list(calendars) == ["other"]
    assert (problem.code, problem.severity, problem.place.line) == ("T304", "error", 7)
    assert "`never` is never open" in problem.message
    assert problem.help
    (tmp_path / "calendars.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(DefinitionsInvalid) as refused:
        load_calendars(tmp_path / "calendars.yaml")
    assert [found.place.line for found in refused.value.problems] == [7]


def test_all_slips_of_all_calendars_are_reported_in_one_run() -> None:
    calendars, problems = read(
        "aftersales: calendars/1\ncalendars:\n"
        "  a: {zone: Europe/Berln, hours: {mon: 09:00-25:00}, cutoff: 12:00}\n"
        "  b: {zone: UTC, hours: {mon: 09:00-17:00}}\n"
        "  c: {zone: UTC, hours: {}}\n"
    )
    assert set(calendars) == {"b"}
    assert [(p.code, p.place.line) for p in problems] == [
        ("T301", 3),
        ("T302", 3),
        ("K101", 3),
        ("T304", 5),
    ]
