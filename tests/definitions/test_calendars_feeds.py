"""Holidays from iCal feeds: what closes a day, what does not, and what is refused."""

import contextlib
from datetime import date
from pathlib import Path

import pytest
from small_definitions import write_folder

from aftersales.definitions import Catalog, load_calendars, text
from aftersales.definitions.calendar_feeds import MAX_BYTES, MAX_EVENTS, Feed, read_feed
from aftersales.definitions.calendars import read_calendars
from aftersales.definitions.notes import Notes
from aftersales.domain.calendar import Calendar, date_of, parse_instant
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.problem import Problem

YEARS = range(2025, 2029)


def feed(*events: str) -> str:
    """A feed of events, each given as its lines; a new one begins with its own UID."""
    parts = [
        f"BEGIN:VEVENT\r\nUID:{i}@shop\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for i, event in enumerate("\r\n".join(lines.split(" | ")) for lines in events)
    ]
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//shop//EN\r\n"
    return f"{head}{''.join(parts)}END:VCALENDAR\r\n"


def read(*events: str, free: bool = False) -> Feed:
    return read_feed(feed(*events).encode(), YEARS, counts_free_days=free)


def days(*events: str) -> list[str]:
    return [date_of(day).isoformat() for day, _ in read(*events).days]


ON = "DTSTART;VALUE=DATE:"
MAY_DAY = f"{ON}20260501 | SUMMARY:May Day"


@pytest.mark.parametrize(
    ("event", "closed"),
    [
        (f"{ON}20260501 | DTEND;VALUE=DATE:20260502", ["05-01"]),
        (f"{ON}20260501 | DTEND;VALUE=DATE:20260504", ["05-01", "05-02", "05-03"]),
        (f"{ON}20260501", ["05-01"]),
        (f"{ON}20260501 | DTEND;VALUE=DATE:20260501", ["05-01"]),
        (f"{ON}20260501 | DURATION:P2D", ["05-01", "05-02"]),
        (f"{ON}20260501 | RDATE;VALUE=DATE:20260507,20260509", ["05-01", "05-07", "05-09"]),
        (f"{ON}20260501 | RRULE:FREQ=WEEKLY;COUNT=3", ["05-01", "05-08", "05-15"]),
        (
            f"{ON}20260501 | RRULE:FREQ=WEEKLY;COUNT=3 | EXDATE;VALUE=DATE:20260508",
            ["05-01", "05-15"],
        ),
        (f"{ON}20260501 | RRULE:FREQ=WEEKLY;UNTIL=20260508", ["05-01", "05-08"]),
        (f"{ON}20260501 | RRULE:FREQ=WEEKLY;UNTIL=20260508T220000Z", ["05-01", "05-08"]),
        (f"{ON}20260501 | RRULE:FREQ=DAILY;INTERVAL=2;COUNT=2", ["05-01", "05-03"]),
        (f"{ON}20250526 | RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", ["05-25"]),
    ],
)
def test_an_all_day_event_closes_its_days(event: str, closed: list[str]) -> None:
    found = [day for day in days(event) if day.startswith("2026")]
    assert found == [f"2026-{day}" for day in closed]


def test_a_rule_without_an_end_fills_the_years_of_the_table() -> None:
    every_year = f"{ON}19990501 | SUMMARY:May Day | RRULE:FREQ=YEARLY"
    assert days(every_year) == [f"{year}-05-01" for year in YEARS]
    assert read(every_year).is_by_rule
    assert not read(every_year, MAY_DAY).is_by_rule
    assert read(every_year).doubtful == ()


def test_a_span_that_began_the_year_before_reaches_into_the_table() -> None:
    winter = f"{ON}20001230 | DTEND;VALUE=DATE:20010103 | RRULE:FREQ=YEARLY;UNTIL=20241230"
    assert days(winter) == ["2025-01-01", "2025-01-02"]


def test_a_repetition_that_was_moved_or_cancelled_is_not_closed() -> None:
    weekly = f"UID:w | {ON}20260501 | RRULE:FREQ=WEEKLY;COUNT=3"
    moved = f"UID:w | RECURRENCE-ID;VALUE=DATE:20260508 | {ON}20260511"
    cancelled = f"UID:w | RECURRENCE-ID;VALUE=DATE:20260515 | {ON}20260515 | STATUS:CANCELLED"
    written = feed(weekly, moved, cancelled)
    for i in range(3):
        written = written.replace(f"UID:{i}@shop\r\n", "")
    found = read_feed(written.encode(), YEARS)
    assert [date_of(day).day for day, _ in found.days] == [1, 11]


def test_two_events_of_one_day_give_both_names() -> None:
    found = read(MAY_DAY, f"{ON}20260501 | SUMMARY:Works\\, outing", MAY_DAY)
    assert [name for _, name in found.days] == ["May Day; Works, outing"]


def test_what_is_cancelled_or_free_closes_nothing() -> None:
    cancelled = f"{ON}20260502 | STATUS:CANCELLED"
    free = f"{ON}20260503 | TRANSP:TRANSPARENT"
    assert days(MAY_DAY, cancelled, free) == ["2026-05-01"]
    assert len(read(MAY_DAY, cancelled, free, free=True).days) == 2


def test_a_feed_whose_days_are_all_free_says_how_to_count_them() -> None:
    with pytest.raises(ValueUnreadable, match="free time") as refused:
        read(f"{ON}20260503 | TRANSP:TRANSPARENT")
    assert "free_days: yes" in refused.value.help


def test_an_event_with_hours_or_of_another_age_is_told_and_closes_nothing() -> None:
    found = read(
        MAY_DAY,
        "DTSTART:20260504T090000Z | DTEND:20260504T100000Z | SUMMARY:Town hall",
        "DTSTART;TZID=Europe/Berlin:20260505T000000 | SUMMARY:Inventory",
        f"{ON}19990101 | SUMMARY:Opening",
    )
    assert len(found.days) == 1
    assert [doubt.split("`")[1] for doubt in found.doubtful] == [
        "Town hall",
        "Inventory",
        "Opening",
    ]
    assert "has hours" in found.doubtful[0]
    assert "2025 to 2028" in found.doubtful[2]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "not an iCal feed"),
        ("holidays: none", "not an iCal feed"),
        ("<html><body>please sign in</body></html>", "not an iCal feed"),
        ("BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\n", "not an iCal feed"),
        (feed(MAY_DAY)[:90], "not an iCal feed|closes no day"),
        ("\0" * 40, "not an iCal feed"),
        (feed(), "closes no day"),
        (feed("SUMMARY:when"), "no DTSTART"),
        (feed("DTSTART:soon"), "no DTSTART"),
        (feed(f"{ON}20260501 | DTEND;VALUE=DATE:20260401"), "lasts -30 days"),
        (feed(f"{ON}20260501 | DTEND;VALUE=DATE:20360501"), "lasts 3653 days"),
        (feed(f"{ON}20260501 | RRULE:FREQ=HOURLY"), "repeats `HOURLY`"),
        (feed(f"{ON}20260501 | RRULE:now and then"), "repeats|no RRULE"),
        (feed(f"{ON}20260501 | RRULE:FREQ=YEARLY;INTERVAL=0"), "never ends"),
        (feed(f"{ON}20260501 | RRULE:FREQ=YEARLY;INTERVAL=-1"), "never ends"),
        (feed(f"{ON}20260501 | RRULE:FREQ=YEARLY;BYSETPOS=0"), "rule by which"),
        (feed(f"{ON}20260501 | EXDATE:never"), "no EXDATE"),
        (feed("DTSTART:20260504T090000Z | SUMMARY:Town hall"), "closes no day"),
        (feed(*[MAY_DAY] * (MAX_EVENTS + 1)), "5,000 events"),
        ("x" * (MAX_BYTES + 1), "bytes"),
    ],
)
def test_what_is_no_feed_of_closed_days_is_refused(written: str, message: str) -> None:
    with pytest.raises(ValueUnreadable, match=message) as refused:
        read_feed(written.encode(), YEARS)
    assert refused.value.help


@pytest.mark.parametrize("size", range(0, 420, 3))
def test_a_feed_cut_short_is_read_or_refused_but_never_a_traceback(size: int) -> None:
    written = feed(f"{ON}20260501 | RRULE:FREQ=YEARLY;BYMONTH=5 | SUMMARY:May", MAY_DAY)
    with contextlib.suppress(ValueUnreadable):
        assert read_feed(written.encode()[:size], YEARS).days


# -- as a source of a calendar


def folder_with(folder: Path, holidays: str, **feeds: str) -> Path:
    calendars = f"""\
aftersales: calendars/1
calendars:
  desk:
    zone: Europe/Berlin
    hours: {{mon-fri: 09:00-17:00}}
    holidays: {holidays}
    known_until: 2026
"""
    write_folder(folder, calendars=calendars)
    for name, written in feeds.items():
        (folder / "policies" / f"{name}.ics").write_bytes(written.encode())
    return folder


def checked(folder: Path) -> tuple[Calendar | None, list[Problem]]:
    catalog, problems = Catalog.check(folder)
    return (catalog.calendars["desk"] if catalog else None), problems


def next_day(calendar: Calendar | None, day: str) -> tuple[str, list[list[str]]]:
    assert calendar is not None
    start = parse_instant(f"{day} 10:00", "Europe/Berlin")
    due = calendar.due(start, Duration.parse("1 business day"))
    return due.business_date.isoformat(), due.why["skipped"]


OUR_DAYS = feed(f"{ON}20260529 | SUMMARY:Works outing", f"{ON}20261223 | SUMMARY:Our birthday")


def test_a_feed_beside_the_calendars_file_closes_days_beside_those_of_a_country(
    tmp_path: Path,
) -> None:
    folder = folder_with(tmp_path, "[DE, {ical: our.ics}]", our=OUR_DAYS)
    calendar, problems = checked(folder)
    assert problems == []
    assert next_day(calendar, "2026-05-28") == (
        "2026-06-01",
        [["2026-05-29", "Works outing"], ["2026-05-30", "Saturday"], ["2026-05-31", "Sunday"]],
    )
    assert next_day(calendar, "2026-05-13")[0] == "2026-05-15"  # Ascension Day
    assert calendar is not None
    assert calendar.content.sources["holidays"].endswith("DE; our.ics")


def test_a_file_of_calendars_alone_finds_its_feed_too(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "{ical: our.ics}", our=OUR_DAYS)
    calendar = load_calendars(folder / "policies" / "calendars.yaml")["desk"]
    assert next_day(calendar, "2026-05-28")[0] == "2026-06-01"


def test_a_feed_that_changed_makes_another_calendar_and_one_exported_anew_does_not(
    tmp_path: Path,
) -> None:
    before, _ = checked(folder_with(tmp_path, "{ical: our.ics}", our=OUR_DAYS))
    stamped = OUR_DAYS.replace("DTSTAMP:20260101", "DTSTAMP:20260909")
    again, _ = checked(folder_with(tmp_path, "{ical: our.ics}", our=stamped))
    moved = OUR_DAYS.replace("20260529", "20260528")
    after, _ = checked(folder_with(tmp_path, "{ical: our.ics}", our=moved))
    assert before == again
    assert before != after


def test_free_days_are_counted_where_the_author_says_so(tmp_path: Path) -> None:
    free = OUR_DAYS.replace("SUMMARY", "TRANSP:TRANSPARENT\r\nSUMMARY")
    calendar, problems = checked(folder_with(tmp_path, "{ical: our.ics}", our=free))
    assert calendar is None
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [("T314", 6, 22)]
    calendar, problems = checked(folder_with(tmp_path, "{ical: our.ics, free_days: yes}", our=free))
    assert problems == []
    assert next_day(calendar, "2026-05-28")[0] == "2026-06-01"


def test_an_event_that_closes_nothing_is_a_warning_at_the_name_of_the_feed(tmp_path: Path) -> None:
    doubtful = feed(
        f"{ON}20261223 | SUMMARY:Our birthday",
        "DTSTART:20260529T090000Z | SUMMARY:Town hall",
        "DTSTART:20260601T090000Z | SUMMARY:Inventory",
    )
    calendar, problems = checked(folder_with(tmp_path, "{ical: our.ics}", our=doubtful))
    assert next_day(calendar, "2026-05-28")[0] == "2026-05-29"
    [warning] = problems
    assert (warning.code, warning.severity, warning.place.line) == ("T317", "warning", 6)
    assert "`Town hall` on 2026-05-29 has hours" in warning.message
    assert "1 more" in warning.message
    assert "`Inventory`" in warning.notes[0]


def test_a_feed_without_rules_tells_nothing_of_the_years_after(tmp_path: Path) -> None:
    by_rule = feed(f"{ON}20200101 | SUMMARY:New Year | RRULE:FREQ=YEARLY")
    horizons = []
    for written in (OUR_DAYS, by_rule):
        calendar, _ = checked(folder_with(tmp_path, "{ical: our.ics}", our=written))
        assert calendar is not None
        start = parse_instant("2027-03-01 10:00", "UTC")
        horizons.append(calendar.due(start, Duration.parse("1 business day")).why["horizon"])
    assert horizons == ["unknown", "predicted"]
    folder = folder_with(tmp_path, "{ical: our.ics}", our=OUR_DAYS)
    _, problems = Catalog.check(folder, today=date(2027, 1, 1))
    assert [problem.code for problem in problems] == ["T313"]


def test_a_feed_that_ends_before_known_until_is_refused(tmp_path: Path) -> None:
    early = feed(f"{ON}20250101 | SUMMARY:New Year")
    _, [problem] = checked(folder_with(tmp_path, "{ical: our.ics}", our=early))
    assert problem.code == "T311"
    assert "`known_until: 2025`" in problem.help


@pytest.mark.parametrize(
    "name", ["../our.ics", "/etc/hostname", "feeds/our.ics", "..", "a\\our.ics", '"our.ics\\0"']
)
def test_a_feed_is_named_by_its_file_alone(name: str, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, f"{{ical: {name}}}", our=OUR_DAYS)
    (tmp_path / "our.ics").write_bytes(OUR_DAYS.encode())
    _, [problem] = checked(folder)
    assert (problem.code, problem.place.line) == ("T314", 6)
    assert "name only" in problem.help


def test_a_link_out_of_the_folder_is_no_feed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.ics").write_bytes(OUR_DAYS.encode())
    folder = folder_with(tmp_path / "shop", "{ical: our.ics}")
    (folder / "policies" / "our.ics").symlink_to(tmp_path / "elsewhere.ics")
    _, [problem] = checked(folder)
    assert problem.code == "T314"


def test_a_feed_that_is_missing_names_its_nearest(tmp_path: Path) -> None:
    _, [problem] = checked(folder_with(tmp_path, "{ical: oru.ics}", our=OUR_DAYS))
    assert (problem.code, problem.help) == ("T314", "did you mean `our.ics`?")


def test_a_folder_in_the_place_of_a_feed_is_no_feed(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "{ical: our.ics}")
    (folder / "policies" / "our.ics").mkdir()
    _, [problem] = checked(folder)
    assert problem.code == "T314"


def test_a_calendar_that_stands_in_no_folder_has_no_feed() -> None:
    line = "zone: UTC, hours: {mon: 09:00-17:00}, holidays: {ical: our.ics}, known_until: 2026"
    root, _ = text.read(f"aftersales: calendars/1\ncalendars: {{x: {{{line}}}}}\n", "c.yaml")
    notes = Notes()
    assert isinstance(root, text.Mapping)
    assert read_calendars(root, notes) == {}
    assert [problem.code for problem in notes.problems] == ["T314"]
