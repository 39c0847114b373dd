"""`calendar show|add|between`: what is printed is so, what is wrong is told, nothing is guessed."""

import json
import re
import shutil
import sys
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from typed_calendar import Typed

from aftersales.cli.calendar import asked
from aftersales.definitions import Catalog

ROOT = Path(__file__).parents[2]
FRIDAY = "2026-10-02"

_read = cache(lambda folder: Catalog.load(folder).calendars)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is always the same time, and the definitions are read once for all commands."""
    monkeypatch.setattr(asked, "now", lambda: datetime(2026, 9, 30, 8, 10, tzinfo=UTC))
    monkeypatch.setattr(asked, "calendars", lambda chosen: _read(chosen.folder))


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typed(capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped definitions with a desk in Munich that has everything a desk can have."""
    for name in ("workflows", "policies", "replies"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "policies" / "calendars_munich.yaml").write_text(
        """aftersales: calendars/1
calendars:
  munich:
    zone: Europe/Berlin
    hours: {mon-thu: 09:00-12:00 and 13:00-17:00, fri: 09:00-15:00}
    holidays: {country: DE, subdivision: BY}
    known_until: 2027
    cut_off: 15:00
    closed: {2026-12-28 to 2026-12-30: the winter break}
    special_days: {2026-12-24: 09:00-12:00}
    extra_days: {2026-12-19: the last Saturday}
  nights:
    zone: UTC
    hours: {mon-fri: 22:00-06:00}
""",
        encoding="utf-8",
    )
    return tmp_path


# -- json


def _documented(marker: str) -> set[str]:
    """The keys in the first column of the table below `<!-- json: marker -->`."""
    page = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    found = re.search(rf"<!-- json: {re.escape(marker)} -->\n((?:\|.*\n)+)", page)
    assert found, marker
    firsts = [line.split("|")[1] for line in found[1].splitlines()[2:]]
    return {key for first in firsts for key in re.findall(r"`(\w+)`", first)}


def test_the_keys_of_the_json_are_those_of_the_reference(typed: Typed) -> None:
    shown = typed.data("show desk --month 2026-11")
    [first, *_] = json.loads("\n".join(typed.page("show --json")))
    added = typed.data('add 2 business days --from "2026-11-10 09:00"')
    between = typed.data('between "2026-11-10 09:00" "2026-11-12 09:00"')
    assert set(first) == _documented("calendar show")
    assert set(shown) == _documented("calendar show NAME")
    assert set(shown["days"][0]) == _documented("day shown")  # type: ignore[index]
    assert set(added) == _documented("calendar add")
    assert set(added["days"][0]) == _documented("day counted")  # type: ignore[index]
    assert set(between) == _documented("calendar between")
    assert between["days"][0].keys() == added["days"][0].keys()  # type: ignore[index]


# -- add


def test_a_start_after_the_cut_off_is_received_on_the_next_open_day(
    typed: Typed, folder: Path
) -> None:
    page = typed.page(
        f'add 2 business days --from "2026-12-23 16:10" --calendar munich --explain'
        f" --folder {folder}"
    )
    assert page[0] == "Mon 4 Jan 2027, 17:00 (Europe/Berlin)"
    days = [re.sub(r"  +", " | ", line.strip()) for line in page if line.startswith("  ")]
    assert days == [
        "Wed 23 Dec | after the cut-off of 15:00: received on the next open day",
        "Thu 24 Dec | received: the day itself does not count; own hours: 09:00-12:00",
        "Fri 25 Dec | Christmas Day",
        "Sat 26 Dec to Sun 27 Dec | weekend",
        "Mon 28 Dec to Wed 30 Dec | the winter break",
        "Thu 31 Dec | 1",
        "Fri 1 Jan | New Year's Day",
        "Sat 2 Jan to Sun 3 Jan | weekend",
        "Mon 4 Jan | 2 | due 17:00",
    ]


def test_a_start_on_a_closed_day_is_received_on_the_next_open_day(
    typed: Typed, folder: Path
) -> None:
    page = typed.page(
        f'add 1 business day --from "2026-11-21 10:00" --calendar munich --explain'
        f" --folder {folder}"
    )
    assert [line.split("  ")[-1].strip() for line in page[5:8]] == [
        "weekend; received on the next open day",
        "weekend",
        "received: the day itself does not count",
    ]
    assert page[0] == "Tue 24 Nov 2026, 17:00 (Europe/Berlin)"


def test_the_start_says_in_whose_night_it_lies_and_when_hours_begin(
    typed: Typed, folder: Path
) -> None:
    night = typed.page(
        f'add 1 business day --from "2026-11-24 02:00" --calendar nights --explain'
        f" --folder {folder}"
    )
    assert "from Tue 24 Nov 2026, 02:00 (UTC), in the hours that began on Mon 23 Nov" in night
    closed = typed.page('add 1 business hour --from "2026-11-21 02:00" --explain')
    assert closed[4].endswith(", closed then: hours count from the next opening")


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-03-29 02:30", "the clocks skip 02:30 that day: read as 03:30"),
        ("2026-10-25 02:30", "the clocks show 02:30 twice that day: the first is meant"),
        ("2026-10-25 03:30", ""),
        ("2026-10-25T02:30:00+01:00", ""),
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_says_how_it_was_read(
    start: str, told: str, typed: Typed
) -> None:
    assert typed.data(f'add 24 hours --from "{start}" --calendar desk_de')["read"] == told
    assert typed.data(f'between "{start}" "{start}" --calendar desk_de')["read"] == (
        [told, told] if told else []
    )


def test_without_a_start_it_is_counted_from_now(typed: Typed) -> None:
    assert typed.page("add 24 hours")[1] == "2026-10-01T08:10:00Z, in 1 business day"


def test_the_due_date_is_spoken_in_the_zone_that_was_asked_for_as_well(typed: Typed) -> None:
    page = typed.page('add 1 business day --from "2026-11-10 09:00" --zone Asia/Tokyo')
    assert page[:2] == [
        "Thu 12 Nov 2026, 17:00 (America/New_York)",
        "Fri 13 Nov 2026, 07:00 (Asia/Tokyo)",
    ]


def test_calendar_days_are_those_of_the_customer(typed: Typed) -> None:
    line = 'add 9 days --from "2026-12-23 16:10" --calendar desk_de'
    assert typed.page(line)[0] == "Fri 1 Jan 2027, 24:00 (Europe/Berlin)"
    assert typed.page(f"{line} --customer-zone Asia/Tokyo")[:2] == [
        "Sat 2 Jan 2027, 24:00 (Asia/Tokyo)",
        "Sat 2 Jan 2027, 16:00 (Europe/Berlin)",
    ]


def test_a_closed_last_day_moves_on_if_asked_and_is_told(typed: Typed) -> None:
    line = 'add 9 days --from "2026-12-23 16:10" --calendar desk_de --explain'
    moved = typed.page(f"{line} --if-closed following")
    assert moved[0] == "Mon 4 Jan 2027, 24:00 (Europe/Berlin)"
    assert any(line.endswith("weekend; it does not end on a closed day") for line in moved)
    assert any(line.endswith("the next open day; due 24:00") for line in moved)
    pause = '--pause "2026-12-24 09:00 to 2026-12-24 12:00"'
    paused = typed.page(f"{line.replace('9 days', '8 days')} --if-closed following {pause}")
    assert paused[0] == "Mon 4 Jan 2027, 24:00 (Europe/Berlin)"
    assert any(line.endswith("New Year's Day; it does not end on a closed day") for line in paused)
    assert any(line.endswith("made up for the pause; due 24:00") for line in paused)


def test_pauses_may_be_given_in_any_order(typed: Typed) -> None:
    start = 'add 10 business hours --from "2026-11-16 09:00" --explain'
    first, second = "2026-11-16 10:00 to 2026-11-16 11:00", "2026-11-17 09:00 to 2026-11-17 09:30"
    page = typed.page(f'{start} --pause "{second}" --pause "{first}"')
    assert page[0] == "Tue 17 Nov 2026, 12:30 (America/New_York)"
    assert "paused Mon 16 Nov 2026, 10:00 to Mon 16 Nov 2026, 11:00: 1:00 h of open time" in page
    assert "without a pause: Tue 17 Nov 2026, 11:00" in page


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "30 days --if-closed following --calendar desk_cn",
            "2026: published, of 2027: predicted",
        ),
        ("300 business days --calendar desk_cn", "2026: published, of 2027 and 2028: predicted"),
        ("2 business days --calendar desk_de", "of 2026 and 2027: published"),
        ("900 business days --calendar desk_cn", "2026: published, of 2027 to 2030: predicted"),
    ],
)
def test_each_year_is_told_as_well_as_it_is_known(line: str, told: str, typed: Typed) -> None:
    page = typed.page(f"add {line} --from '2026-12-30 10:00' --explain")
    assert any(told in row for row in page), page[-3:]


@pytest.mark.parametrize("length", ["400 business days", "900 business hours", "700 days"])
def test_an_explanation_is_no_longer_than_half_a_page(length: str, typed: Typed) -> None:
    page = typed.page(f'add {length} --from "2026-10-01 09:00" --explain')
    assert 8 <= len(page) <= 32
    assert any("due " in line for line in page)


def test_days_beyond_the_first_thousand_are_said_to_be_left_out(typed: Typed) -> None:
    line = 'add 1500 days --from "2026-10-01 09:00"'
    page = typed.page(f"{line} --explain")
    assert page[-3:-1] == [
        "  Fri 2 Oct 2026 to Tue 26 Jun 2029  1 to 999",
        "  ... only the first 1,000 days are told",
    ]
    days = typed.data(line)["days"]
    assert isinstance(days, list)
    assert len(days) == 1000


def test_what_is_assumed_is_told_without_being_asked(typed: Typed) -> None:
    page = typed.page('add 2 business days --from "2026-11-10 09:00" --calendar platform_us')
    assert page[2].startswith("assumed: the platform does not state its calendar")


# -- between


def test_what_lies_between_backwards_is_the_same_with_a_minus(typed: Typed) -> None:
    there = typed.data('between "2026-11-20 16:00" "2026-11-27 10:30"')
    back = typed.data('between "2026-11-27 10:30" "2026-11-20 16:00"')
    assert there["open_seconds"] == 3600 * 26 + 1800
    assert there["business_days"] == 4
    assert (back["open_seconds"], back["business_days"]) == (-95400, -4)
    assert back["days"] == there["days"]
    assert typed.page('between "2026-11-27 10:30" "2026-11-20 16:00"') == [
        "minus 26 hours 30 minutes of open time",
        "minus 4 business days",
        "B is earlier than A: counted backwards",
    ]


def test_nothing_lies_between_an_instant_and_itself(typed: Typed) -> None:
    same = '"2026-11-20 16:00" "2026-11-20 16:00"'
    assert typed.page(f"between {same}") == ["0 hours of open time", "0 business days"]


# -- show


def test_a_calendar_of_its_own_is_shown_with_all_its_marks(typed: Typed, folder: Path) -> None:
    page = typed.page(f"show munich --month 2026-12 --folder {folder}")
    assert page[1] == "open Mon-Thu 09:00-12:00 and 13:00-17:00, Fri 09:00-15:00; cut-off 15:00"
    told = [line for line in page if line[:1] in "*+~^#" and line[:1]]
    assert [re.sub(r"  +", " | ", line) for line in told] == [
        "+ | Sat 19 Dec | the last Saturday: 09:00-12:00 and 13:00-17:00",
        "~ | Thu 24 Dec | own hours: 09:00-12:00",
        "* | Fri 25 Dec | Christmas Day",
        "* | Mon 28 Dec to Wed 30 Dec | the winter break",
    ]
    grid = page[3:9]
    assert [cell for cell in "".join(grid).split() if cell[-1] in "*+~"] == [
        *("19+", "24~", "(25)*", "(28)*", "(29)*", "(30)*"),
    ]


def test_no_line_of_a_month_or_a_year_is_wider_than_a_terminal(typed: Typed) -> None:
    for line in ("show desk_cn --month 2026-10", "show desk_gb --year 2026"):
        *page, _made_with = typed.page(line)
        assert max(map(len, page)) <= 80


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (2026, "the holidays of 2026 are published"),
        (2027, "the holidays of 2027 are predicted: due dates in it are provisional"),
        (2050, "the holidays of 2050 are not known: only the week and the days written down"),
    ],
)
def test_a_year_says_how_well_it_is_known(year: int, told: str, typed: Typed) -> None:
    assert told in typed.page(f"show desk_cn --year {year}")


def test_a_month_is_this_month_and_today_is_marked_on_a_terminal_only(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = typed.page("show desk")
    assert plain[0] == "September 2026 · desk · America/New_York"
    assert not any(">" in line for line in plain)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    _, out, _ = typed("show desk")
    assert ">30" in out
    assert "> today" in out


# -- what is wrong


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("add 2 bananas", 2, "`2 bananas` is not a duration; write a whole number and one of"),
        ("add", 2, "Missing argument 'DURATION...'"),
        ("add 1 hour --from tomorrow", 2, "`tomorrow` is not an instant; write it like"),
        ("add 1 hour --due-at close", 2, "it is for days and business days, not for hours"),
        ("add 1 business day --if-closed keep", 2, "it is for days, not for business days"),
        ("add 1 hour --customer-zone UTC", 2, "it is for days, not for hours"),
        ("add 1 day --customer-zone Mars", 2, "`Mars` is not a time zone"),
        ("add 1 hour --pause noon", 2, "`noon` is not a pause; write it like"),
        (
            f"add 1 hour --pause '{FRIDAY} 09:00 to 2026-10-01 09:00'",
            *(2, "ends before it begins; give the earlier instant first"),
        ),
        (
            f"add 1 hour --pause '{FRIDAY} 10:00 to {FRIDAY} 12:00'"
            f" --pause '{FRIDAY} 09:00 to {FRIDAY} 11:00'",
            *(2, f"11:00` and `{FRIDAY} 10:00 to {FRIDAY} 12:00` overlap; write them as one pause"),
        ),
        ("add 1 hour --calendar dsk", 4, "there is no calendar `dsk`; did you mean `desk`?"),
        ("add 1 hour --calendar xyz", 4, "there is no calendar `xyz`; known are desk, desk_cn"),
        ("add 1 hour --folder /nowhere", 2, "there is no folder of definitions `/nowhere`"),
        ("add 9 business days --from '2036-12-30 09:00'", 1, "would rest on 2037, of which `desk`"),
        ("add 9 business days --from '2001-12-30 09:00'", 1, "would rest on 2001, of which `desk`"),
        (
            "add 9 business days --from '2036-12-30 09:00' --calendar round_the_clock",
            *(1, "on 2037, for which `round_the_clock` has no table; ask within the years it has"),
        ),
        ("add 9 hours --from '9999-12-30 09:00'", 2, "is not in a year from 1980 to 2200"),
        ("between '0001-01-01 09:00' '2026-10-01 09:00'", 2, "is not in a year from 1980"),
        ("between '2026-10-01 09:00' '2037-10-01 09:00'", 1, "would rest on 2037"),
        ("between '2026-10-01 09:00' later", 2, "`later` is not an instant"),
        ("between '2026-10-01 09:00'", 2, "Missing argument 'B'"),
        ("show dsk", 4, "did you mean `desk`?"),
        ("show --year 2026", 2, "say of which calendar: `aftersales calendar show NAME"),
        ("show desk --month 2026-13", 2, "`2026-13` is not a month; write it like `2026-10`"),
        ("show desk --month october", 2, "`october` is not a month; write it like `2026-10`"),
        ("show desk --year 26", 2, "`26` is not a year from"),
        ("show desk --year 2026 --month 2026-10", 2, "give `--month` or `--year`, not both"),
        ("shw", 2, "did you mean `show`?"),
    ],
)
def test_what_is_wrong_is_told_once_and_clearly(
    line: str, code: int, message: str, typed: Typed
) -> None:
    ended, out, err = typed(line)
    assert (ended, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    told = json.loads(typed(f"{line} --json")[2])
    assert told["exit"] == code
    assert message in told["message"]


def test_a_folder_with_one_calendar_needs_no_name_for_it(
    monkeypatch: pytest.MonkeyPatch, typed: Typed
) -> None:
    munich = {"munich": Catalog.load().calendars["desk_de"]}
    monkeypatch.setattr(asked, "calendars", lambda _: munich)
    assert typed.page('add 24 hours --from "2026-10-24 16:10"')[0].endswith("(Europe/Berlin)")


def test_a_year_of_json_has_every_day(typed: Typed) -> None:
    shown = typed.data("show desk_cn --year 2026")
    days = shown["days"]
    assert isinstance(days, list)
    assert len(days) == 365
    worked = [day["date"] for day in days if day["remark"] == "make-up working day"]
    assert date(2026, 10, 10).isoformat() in worked
    assert shown["open_days"] == sum(1 for day in days if day["opens"])
