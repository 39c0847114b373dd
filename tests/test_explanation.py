"""Each date in the explanation of business time is computed here, and so is each date of a habit.

A comment `<!-- computed: ... -->` stands above each table that holds dates; the heads of its
columns say what a cell is.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aftersales import Calendar, Duration, load_calendars
from aftersales.domain.calendar import local, parse_instant

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "explanation" / "business-time.md").read_text(encoding="utf-8")
FREE_DAYS = {date(2026, 4, 3), date(2026, 4, 6)}  # Good Friday and Easter Monday

Row = Mapping[str, str]


def _rows() -> Iterator[tuple[str, Row]]:
    """Each row of a computed table, by the name of the table and the heads of its columns."""
    for name, table in re.findall(r"<!-- computed: (.+?) -->\n((?:\|.*\n)+)", PAGE):
        heads, _, *lines = map(_cells, table.splitlines())
        for cells in lines:
            yield name, dict(zip(heads, cells, strict=True))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")[1:-1]]


OURS = [row for name, row in _rows() if name != "habits"]
HABITS = [row for name, row in _rows() if name == "habits"]


@pytest.fixture(scope="module")
def calendars(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Calendar]:
    """The calendars that the page prints."""
    printed = re.search(r"```yaml\n(.*?)```", PAGE, re.S)
    assert printed is not None
    file = tmp_path_factory.mktemp("page") / "calendars.yaml"
    file.write_text(printed[1], encoding="utf-8")
    return load_calendars(file)


def _spoken(row: Row) -> str:
    return " ".join(filter(None, row.values()))


@pytest.mark.parametrize("row", OURS, ids=_spoken)
def test_a_due_date_of_the_page_is_so(row: Row, calendars: Mapping[str, Calendar]) -> None:
    calendar = calendars[row["calendar"]]
    start = parse_instant(row["start"], calendar.zone)
    duration = Duration.parse(row["how long"])
    how = {
        "due_at": row.get("due at") or None,
        "if_closed": row.get("if closed") or "keep",
        "zone": row.get("clock") or None,
        "pauses": _pauses(row.get("paused", ""), calendar.zone),
    }
    if "warn at" in row:
        due = calendar.part(start, duration, int(row["warn at"].rstrip("%")), **how)  # type: ignore[arg-type]
    else:
        due = calendar.due(start, duration, **how)  # type: ignore[arg-type]
    shown = local(due.at, calendar.zone).isoformat(" ", "minutes")
    assert shown.startswith(row["due"])
    assert due.why["horizon"] == row.get("horizon", "published")


def _pauses(cell: str, zone: str) -> list[tuple[datetime, datetime]]:
    if not cell:
        return []
    begin, end = (parse_instant(text, zone) for text in cell.split(" to "))
    return [(begin, end)]


def test_the_page_has_examples_of_every_rule() -> None:
    tables = {name for name, _ in _rows()}
    assert len(tables) >= 14
    assert len(OURS) >= 60
    dated = re.findall(r"^\|.*\b\d{4}-\d\d-\d\d.*\|$", PAGE, re.M)
    assert len(dated) == len(OURS) + len(HABITS), "a table of dates that no test computes"


# -- the habits of others, each in a few lines of its own


def _is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in FREE_DAYS


def _open_days_from(day: date) -> Iterator[date]:
    while True:
        if _is_open(day):
            yield day
        day += timedelta(days=1)


def _start_is_day_one(start: datetime, number: int) -> str:
    days = _open_days_from(start.date())
    return [next(days) for _ in range(number)][-1].isoformat()


def _rolled_forward(start: datetime, number: int) -> str:
    days = _open_days_from(start.date())
    return [next(days) for _ in range(number + 1)][-1].isoformat()


def _stays(start: datetime, number: int) -> str:
    assert number == 0
    return start.date().isoformat()


def _day_of_eight_hours(start: datetime, number: int) -> str:
    return _stepped(start, 8 * number).isoformat(" ", "minutes")


def _day_of_24_hours(start: datetime, number: int) -> str:
    return (start + timedelta(hours=24 * number)).isoformat(" ", "minutes")


def _next_opening(start: datetime, number: int) -> str:
    at = _stepped(start, number)
    while not (_is_open(at.date()) and 9 <= at.hour < 17):
        at += timedelta(hours=1)
    return at.isoformat(" ", "minutes")


def _stepped(at: datetime, open_hours: int) -> datetime:
    """Hour by hour, without any table."""
    while open_hours:
        open_hours -= _is_open(at.date()) and 9 <= at.hour < 17
        at += timedelta(hours=1)
    return at


BY_HABIT: Mapping[str, Callable[[datetime, int], str]] = {
    "the start is day 1": _start_is_day_one,
    "roll forward, then count": _rolled_forward,
    "nought days stay": _stays,
    "a day is eight hours": _day_of_eight_hours,
    "a day is 24 hours": _day_of_24_hours,
    "the next opening": _next_opening,
}


@pytest.mark.parametrize("row", HABITS, ids=_spoken)
def test_a_habit_gives_the_date_that_the_page_says(
    row: Row, calendars: Mapping[str, Calendar]
) -> None:
    duration = Duration.parse(row["how long"])
    start = datetime.fromisoformat(row["start"])
    assert BY_HABIT[row["habit"]](start, duration.amount) == row["by the habit"]
    zone = ZoneInfo(calendars["desk"].zone)
    ours = calendars["desk"].due(start.replace(tzinfo=zone), duration).at.astimezone(zone)
    assert ours.strftime("%Y-%m-%d %H:%M") == row["by us"]
    assert row["by us"] != row["by the habit"]


def test_every_habit_is_told() -> None:
    assert [row["habit"] for row in HABITS] == list(BY_HABIT)


def test_both_ends_count_for_others_and_one_for_us(calendars: Mapping[str, Calendar]) -> None:
    first, last = date(2026, 4, 1), date(2026, 4, 7)
    both = sum(_is_open(first + timedelta(days=i)) for i in range((last - first).days + 1))
    ours = calendars["desk"].business_days_between(first, last)
    assert f"from 1 to 7 April 2026 it says {both} where we say {ours}" in PAGE
