"""Months and years as people know them: weeks as rows, a mark at each day that is not as usual.

Pure: from days to lines of parts, each part a text with its style. Readable without colour.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, zip_longest

from aftersales.authoring.days import Day, usual_hours

Part = tuple[str, str]
"""A text and the style it has on a terminal that shows colours."""
Line = list[Part]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEGEND = {
    "( )": "closed",
    "*": "closed that day",
    "+": "worked that day",
    "~": "own hours",
    "#": "frozen: no clock runs",
    "^": "clock change",
    ">": "today",
}
_STYLES = {"*": "red", "+": "green", "~": "yellow", "#": "cyan", "^": "magenta"}
_CELL, _SMALL = 8, 3
_MONTHS_IN_A_ROW = 3
_LONG_DAYS = 300


@dataclass(frozen=True, slots=True)
class Sheet:
    """Days to draw, beside what is usual in them. `today` is None where nobody looks at it now."""

    days: tuple[Day, ...]
    usual: tuple[str, ...]
    today: date | None = None

    @classmethod
    def of(cls, days: tuple[Day, ...], usual: Sequence[str], today: date | None) -> "Sheet":
        """The sheet of these days; `usual` holds for a weekday that they never show."""
        here = usual_hours(days)
        shown = {day.date.weekday() for day in days if day.hours and not day.remark}
        kept = tuple(here[i] if i in shown else usual[i] for i in range(7))
        return cls(days, kept, today)

    def marks(self, day: Day) -> str:
        """The marks of a day that is not as others of its weekday."""
        found = ""
        if day.frozen:
            found += "#"
        elif day.closed and not day.has_plain_weekday:
            found += "*"
        elif day.hours and day.hours != self.usual[day.date.weekday()]:
            found += "~" if self.usual[day.date.weekday()] else "+"
        elif day.remark:
            found += "+"
        return found + ("^" if day.clocks else "")


def month(sheet: Sheet) -> list[Line]:
    """One month, a row for each week from Monday to Sunday."""
    head: Line = [("".join(f" {name:<{_CELL - 1}}" for name in WEEKDAYS).rstrip(), "bold")]
    return [head, *(_week(sheet, week) for week in _weeks(sheet.days))]


def year(sheet: Sheet) -> list[Line]:
    """Twelve small months, three beside each other. A closed weekday is a dot."""
    months = [list(group) for _, group in groupby(sheet.days, key=lambda day: day.date.month)]
    lines: list[Line] = []
    for i in range(0, len(months), _MONTHS_IN_A_ROW):
        beside = [list(_small(sheet, days)) for days in months[i : i + _MONTHS_IN_A_ROW]]
        blank: Line = [(" " * _SMALL * 7, "")]
        for row in zip_longest(*beside, fillvalue=blank):
            lines.append([part for small in row for part in (*small, ("   ", ""))])
        lines.append([])
    return lines[:-1]


def remarks(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Mark, dates and words of the days that are not as usual; neighbours of one sort together."""
    found: list[tuple[str, list[Day], str]] = []
    is_broken = True
    for day in sheet.days:
        marks, words = sheet.marks(day), _words(sheet, day)
        if not marks:
            is_broken = is_broken or bool(day.opens)
        elif not is_broken and found[-1][::2] == (marks, words):
            found[-1][1].append(day)
        else:
            found.append((marks, [day], words))
            is_broken = False
    return [(marks, span([day.date for day in days]), words) for marks, days, words in found]


def legend(sheet: Sheet, *, is_small: bool = False) -> str:
    """What the marks that occur mean. A small month has a dot for the brackets."""
    seen = set("".join(map(sheet.marks, sheet.days)))
    seen |= {"( )"} if any(day.has_plain_weekday for day in sheet.days) else set()
    seen |= {">"} if sheet.today in {day.date for day in sheet.days} else set()
    told = [(mark, words) for mark, words in LEGEND.items() if mark in seen]
    return "   ".join(
        f"{'.' if is_small and mark == '( )' else mark} {words}" for mark, words in told
    )


def span(dates: Sequence[date]) -> str:
    """`Thu 1 Oct`, or `Thu 1 Oct to Fri 2 Oct`; with the years where it is long."""
    first, last = dates[0], dates[-1]
    if (last - first).days > _LONG_DAYS:
        return f"{day_name(first)} {first.year} to {day_name(last)} {last.year}"
    return day_name(first) if first == last else f"{day_name(first)} to {day_name(last)}"


def day_name(day: date) -> str:
    """`Thu 1 Oct`, whatever the language of the process."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1][:3]}"


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _weeks(days: Iterable[Day]) -> Iterator[list[Day | None]]:
    week: list[Day | None] = []
    for day in days:
        week = week or [None] * day.date.weekday()
        week.append(day)
        if len(week) == 7:
            yield week
            week = []
    if week:
        yield week


def _week(sheet: Sheet, week: Sequence[Day | None]) -> Line:
    return [_cell(sheet, day) if day else (" " * _CELL, "") for day in week]


def _cell(sheet: Sheet, day: Day) -> Part:
    """`  (10)* `: brackets around a closed day, its marks behind."""
    number = f"({day.date.day}" if day.closed else str(day.date.day)
    number = f">{number}" if day.date == sheet.today else number
    behind = (")" if day.closed else "") + sheet.marks(day)[:2]
    return f"{number:>4}{behind:<{_CELL - 4}}", _style(sheet, day)


def _small(sheet: Sheet, days: Sequence[Day]) -> Iterator[Line]:
    width = _SMALL * 7
    yield [(f"{MONTHS[days[0].date.month - 1]:^{width}}", "bold")]
    yield [("".join(f"{name[:2]:<{_SMALL}}" for name in WEEKDAYS), "dim")]
    for week in _weeks(days):
        cells: Line = [_small_cell(sheet, day) for day in week]
        yield [*cells, (" " * _SMALL * (7 - len(week)), "")]


def _small_cell(sheet: Sheet, day: Day | None) -> Part:
    if day is None:
        return " " * _SMALL, ""
    marks = sheet.marks(day)
    if day.date == sheet.today:
        marks = ">"
    shown = " ." if day.has_plain_weekday and not marks else f"{day.date.day:>2}"
    return f"{shown}{marks[:1]:<1}", _style(sheet, day)


def _style(sheet: Sheet, day: Day) -> str:
    marks = sheet.marks(day)
    style = _STYLES.get(marks[:1], "dim" if day.closed else "")
    return f"reverse {style}".strip() if day.date == sheet.today else style


def _words(sheet: Sheet, day: Day) -> str:
    said = [f"frozen: {day.frozen}"] if day.frozen else []
    if day.closed and not day.has_plain_weekday and not day.frozen:
        said.append(day.closed)
    elif day.hours and sheet.marks(day).strip("^"):
        remark = day.remark or "own hours"
        said.append(f"{remark}: {day.hours}")
    return "; ".join([*said, *([str(day.clocks)] if day.clocks else [])])
