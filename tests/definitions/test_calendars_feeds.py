"""Holidays from iCal feeds: what closes a day, what does not, and what is refused."""

import contextlib
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from small_feeds import ON, feed

from aftersales.definitions.calendar_feeds import MAX_BYTES, MAX_EVENTS, Feed, read_feed
from aftersales.domain.calendar import date_of
from aftersales.domain.errors import ValueUnreadable

YEARS = range(2025, 2029)


def read(*events: str, free: bool = False) -> Feed:
    return read_feed(feed(*events).encode(), YEARS, counts_free_days=free)


def days(*events: str) -> list[str]:
    return [date_of(day).isoformat() for day, _ in read(*events).days]


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


IN_BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("event", "in_berlin", "in_new_york"),
    [
        # What the day is on which 23:00 UTC lies, or 02:00 UTC.
        ("RRULE:FREQ=DAILY;UNTIL=20260106T230000Z", [5, 6, 7], [5, 6]),
        ("RRULE:FREQ=DAILY;UNTIL=20260106T020000Z", [5, 6], [5]),
        ("RRULE:FREQ=DAILY;COUNT=3 | EXDATE:20260105T230000Z", [5, 7], [6, 7]),
        ("RDATE:20260106T230000Z", [5, 7], [5, 6]),
        # With a zone, or without any, it is the day that is written.
        ("RRULE:FREQ=DAILY;COUNT=2 | EXDATE;TZID=Asia/Tokyo:20260106T000000", [5], [5]),
        ("RRULE:FREQ=DAILY;UNTIL=20260106T230000", [5, 6], [5, 6]),
    ],
)
def test_an_instant_of_an_all_day_event_is_its_day_in_the_zone_of_the_calendar(
    event: str, in_berlin: list[int], in_new_york: list[int]
) -> None:
    written = feed(f"{ON}20260105 | {event}").encode()
    for zone, closed in ((IN_BERLIN, in_berlin), (ZoneInfo("America/New_York"), in_new_york)):
        found = read_feed(written, YEARS, zone=zone)
        assert [date_of(day).day for day, _ in found.days] == closed


def test_a_date_that_is_written_with_a_zone_is_a_date() -> None:
    start, end = (f"{name};TZID=Asia/Tokyo;VALUE=DATE:202601" for name in ("DTSTART", "DTEND"))
    assert days(f"{start}05 | {end}07") == ["2026-01-05", "2026-01-06"]
    moved = f"{start}12 | RDATE;TZID=Asia/Tokyo;VALUE=DATE:20260119"
    assert days(moved) == ["2026-01-12", "2026-01-19"]
    assert read(MAY_DAY, "DTSTART;TZID=Asia/Tokyo:20260105T000000").doubtful


def test_a_summary_that_stands_there_twice_gives_both_texts() -> None:
    [(_, name)] = read(f"{ON}20260501 | SUMMARY:May Day | SUMMARY: Maifeiertag").days
    assert name == "May Day; Maifeiertag"
    assert days(MAY_DAY, f"{ON}20260502 | STATUS:CANCELLED | STATUS:CANCELLED") == ["2026-05-01"]


@pytest.mark.parametrize("coding", ["latin-1", "utf-16"])
def test_a_feed_that_is_not_utf8_is_refused_rather_than_read_with_other_letters(
    coding: str,
) -> None:
    written = feed(MAY_DAY, f"{ON}20260502 | SUMMARY:Fr\xfchst\xfcck")
    with pytest.raises(ValueUnreadable, match="not UTF-8") as refused:
        read_feed(written.encode(coding), YEARS)
    assert "as UTF-8" in refused.value.help
    assert ("line 14" in str(refused.value)) == (coding == "latin-1")
    marked = read_feed(written.encode("utf-8-sig"), YEARS)
    assert [name for _, name in marked.days] == ["May Day", "Fr\xfchst\xfcck"]


@pytest.mark.parametrize(
    ("event", "times"),
    [
        (f"{ON}20260101 | RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 2_000),
        (f"{ON}20260101 | RRULE:FREQ=DAILY | DURATION:P400D", 3),
        (f"{ON}20260101 | DTEND;VALUE=DATE:20270101", 4_000),
    ],
)
def test_a_feed_that_leads_over_too_many_days_is_refused_soon(event: str, times: int) -> None:
    written = feed(*[event] * times).encode()
    begun = process_time()
    with pytest.raises(ValueUnreadable, match="more than 1,000,000 days") as refused:
        read_feed(written, YEARS)
    assert refused.value.help
    assert process_time() - begun < 20  # it was an hour


def test_five_thousand_yearly_days_are_not_too_many() -> None:
    found = read_feed(feed(*[f"{ON}19990501 | RRULE:FREQ=YEARLY"] * MAX_EVENTS).encode(), YEARS)
    assert len(found.days) == len(YEARS)


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
        (feed(f"{ON}20260501 | DURATION:P1D | DURATION:P1D"), "no DURATION"),
        (feed(f"{ON}20260501 | RRULE:FREQ=YEARLY;RSCALE=HEBREW"), "rule by which"),
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
