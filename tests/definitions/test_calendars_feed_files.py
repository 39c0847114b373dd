"""iCal feeds as a source of a calendar: found beside its file, and told where they are named."""

from datetime import date
from pathlib import Path

import pytest
from small_definitions import write_folder
from small_feeds import ON, feed

from aftersales.definitions import Catalog, load_calendars, text
from aftersales.definitions.calendars import read_calendars
from aftersales.definitions.notes import Notes
from aftersales.domain.calendar import Calendar, parse_instant
from aftersales.domain.duration import Duration
from aftersales.domain.problem import Problem


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


OUR_LAST = f"{ON}20261223 | SUMMARY:Our birthday"
OUR_DAYS = feed(f"{ON}20260529 | SUMMARY:Works outing", OUR_LAST)


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


def test_a_feed_is_read_in_the_zone_of_its_calendar(tmp_path: Path) -> None:
    until_seventh = feed(f"{ON}20260105 | RRULE:FREQ=DAILY;UNTIL=20260106T230000Z", OUR_LAST)
    calendar, _ = checked(folder_with(tmp_path, "{ical: our.ics}", our=until_seventh))
    assert next_day(calendar, "2026-01-02")[0] == "2026-01-08"


def test_a_feed_of_other_letters_is_refused_at_its_name(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "{ical: our.ics}")
    written = OUR_DAYS.replace("outing", "ausfl\xfcge").encode("latin-1")
    (folder / "policies" / "our.ics").write_bytes(written)
    _, [problem] = checked(folder)
    assert (problem.code, problem.place.line, problem.place.column) == ("T314", 6, 22)
    assert "`our.ics`: the feed is not UTF-8" in problem.message


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
