"""Instants: read, spoken and stored without losing an hour."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from aftersales.domain.calendar import from_iso, iso, local, parse_instant, speak, zone_of
from aftersales.domain.errors import ValueUnreadable


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-03-02 09:00", "Europe/Berlin", "2026-03-02T08:00:00Z"),
        ("2026-07-02T09:00", "Europe/Berlin", "2026-07-02T07:00:00Z"),
        ("2026-03-02T09:00:00Z", None, "2026-03-02T09:00:00Z"),
        ("2026-03-02T09:00:00+05:30", "Europe/Berlin", "2026-03-02T03:30:00Z"),
        ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29T01:30:00Z"),  # skipped: 03:30
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"),  # repeated: the earlier
        ("2026-03-02 09:00:00.5", "UTC", "2026-03-02T09:00:00.500000Z"),
    ],
)
def test_an_instant_is_read_in_its_zone(text: str, zone: str | None, utc: str) -> None:
    assert iso(parse_instant(text, zone)) == utc


@pytest.mark.parametrize(
    "text",
    [
        *("09:00", "2026-13-01 09:00", "2026-02-30 09:00", "2026-W10-1 09:00"),
        *("tomorrow", "", "2026-03-02 25:00", "20260302T0900", "2026-03-02 09:00 Berlin"),
        "٢٠٢٦-03-02 09:00",
    ],
)
def test_what_is_no_instant_is_refused_with_a_help(text: str) -> None:
    with pytest.raises(ValueUnreadable) as refused:
        parse_instant(text, "Europe/Berlin")
    assert "2026-03-02 09:00" in refused.value.help


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("2026-03-02", "did you mean `2026-03-02 00:00`?"),
        ("27.11.2026", "did you mean `2026-11-27 00:00`?"),
        ("27.11.2026 14:30", "did you mean `2026-11-27 14:30`?"),
        ("27/11/2026, 2:30 pm", "did you mean `2026-11-27 14:30`?"),
        ("27 November 2026 12:05 am", "did you mean `2026-11-27 00:05`?"),
        ("2026-11-27 9.15", "did you mean `2026-11-27 09:15`?"),
        ("7/4/2026", "write `2026-07-04 00:00` or `2026-04-07 00:00`, whichever is meant"),
        ("7/7/2026 08:00", "write `2026-07-07 08:00`, whichever is meant"),
        ("31.02.2026", "write it like `2026-03-02 09:00`"),
        ("27.11.2026 25:00", "write it like `2026-03-02 09:00`"),
        ("27.11.2026 13:00 pm", "write it like `2026-03-02 09:00`"),
    ],
)
def test_an_instant_in_another_writing_is_answered_with_ours(text: str, help: str) -> None:
    with pytest.raises(ValueUnreadable) as refused:
        parse_instant(text, "Europe/Berlin")
    assert refused.value.help == help


def test_a_text_without_offset_and_zone_is_refused() -> None:
    with pytest.raises(ValueUnreadable, match="which zone"):
        parse_instant("2026-03-02 09:00", None)


@pytest.mark.parametrize("name", ["Europe/Berln", "", "../etc/passwd", "/etc/passwd", "Mars/X"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueUnreadable, match="time zone"):
        zone_of(name)


def test_an_instant_is_spoken_as_the_clocks_of_a_zone_show_it() -> None:
    at = datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert speak(at, "Europe/Berlin") == "Tue 3 Mar 2026, 17:00 (Europe/Berlin)"
    assert speak(at, "America/New_York") == "Tue 3 Mar 2026, 11:00 (America/New_York)"
    assert local(at, "Asia/Kolkata").isoformat() == "2026-03-03T21:30:00+05:30"


def test_what_was_stored_is_read_back_whatever_its_zone_was() -> None:
    repeated = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    assert from_iso(iso(repeated)) == repeated.astimezone(UTC)
    assert iso(repeated) == "2026-10-25T01:30:00Z"
    odd = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))
    assert iso(odd) == "2026-03-02T12:30:00Z"


def test_naive_instants_are_neither_stored_nor_spoken() -> None:
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001
    for call in (lambda: iso(naive), lambda: speak(naive, "UTC"), lambda: local(naive, "UTC")):
        with pytest.raises(ValueUnreadable, match="has no zone"):
            call()
