"""Single dates as authors write them: `[2026-12-24]`, or `{2026-12-24 to 2026-12-31: reason}`.

A date without a year, `12-24`, is meant in every year of the table.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    date_of,
    day_number,
    meant_date,
)

_MOST_DAYS = 400
_LIKE = "write it like `2026-12-24`, or `2026-12-24 to 2026-12-31`; each year is `12-24`"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Span:
    """One date or span as written, its days as numbers, and what is said of it, if anything."""

    written: Scalar
    days: tuple[int, ...]
    said: Node | None
    is_yearly: bool = False
    """Whether it is written without a year: then a date that has one stands before it."""

    def reason(self, notes: Notes, *, otherwise: str) -> str:
        """What is said of it as one text."""
        if self.said is not None and not isinstance(self.said, Scalar):
            help = f"write it like `{self.written.text}: the works holiday`"
            notes.error("T309", self.said, "the reason of a date is one text", help)
            return otherwise
        return (self.said.text if self.said else "") or otherwise


@dataclass
class Dates:
    """The dates of one calendar that were read so far: each may be said once."""

    written: dict[int, Scalar] = field(default_factory=dict)
    """Where each day is written with its year."""
    yearly: dict[int, Scalar] = field(default_factory=dict)
    """Where each day is written without one."""

    def place_of(self, day: int) -> Scalar | None:
        """Where a day is written, if it is."""
        return self.written.get(day) or self.yearly.get(day)

    def read(self, node: Node | None, notes: Notes) -> Iterator[Span]:
        """The spans in `node`, save those that are wrong, with problems T309 and T310."""
        for span in _spans(node, notes):
            written = self.yearly if span.is_yearly else self.written
            twice = next((day for day in span.days if day in written), None)
            first, last = (date_of(day).year for day in (span.days[0], span.days[-1]))
            if first < FIRST_YEAR or last > LAST_YEAR:
                help = f"give dates from {FIRST_YEAR} to {LAST_YEAR}"
                message = f"`{span.written.text}` is outside the table"
                notes.error("T309", span.written, message, help)
            elif twice is not None:
                line = written[twice].place.line
                message = f"`{span.written.text}` is said twice"
                notes.error("T310", span.written, message, f"see line {line}; keep one")
            else:
                written.update(dict.fromkeys(span.days, span.written))
                yield span


def _spans(node: Node | None, notes: Notes) -> Iterator[Span]:
    pairs: list[tuple[Node, Node | None]] = []
    if isinstance(node, Mapping):
        pairs = [*node.items]
    elif node is not None:
        pairs = [(item, None) for item in (node.items if isinstance(node, Listing) else (node,))]
    before: Scalar | None = None
    for key, value in pairs:
        if not isinstance(key, Scalar):
            notes.error("T309", key, "a date is written as text", "write it like `2026-12-24`")
            continue
        if _is_cut_off(key, value, before, notes):
            return
        before = value if isinstance(value, Scalar) and value.text else None
        if days := _days(key, notes):
            yield Span(key, days, value, is_yearly=not _has_year(key.text))


def _is_cut_off(key: Scalar, value: Node | None, before: Scalar | None, notes: Notes) -> bool:
    """Whether a comma cut a reason in two: `{2026-12-24: Christmas, New Year}`."""
    is_loose = isinstance(value, Scalar) and value.is_left_out
    if before is None or not is_loose or key.text[:1].isdigit():
        return False
    help = f'quote the reason: `"{before.text}, {key.text}"`'
    notes.error("T309", key, f"`{key.text}` is not a date: a comma ends a reason", help)
    return True


def _has_year(text: str) -> bool:
    return re.match(r"\d\d-", text.strip(), re.ASCII) is None


def _days(written: Scalar, notes: Notes) -> tuple[int, ...]:
    first, joint, last = written.text.partition(" to ")
    if not _has_year(first):
        return _each_year(written, first, last if joint else first, notes)
    try:
        begin = _date(first)
        end = _date(last) if joint else begin
    except ValueError:
        help = day_help(first) or day_help(last) or _LIKE
        notes.error("T309", written, f"`{written.text}` is not a date", help)
        return ()
    if not timedelta() <= end - begin < timedelta(days=_MOST_DAYS):
        help = f"from the earlier to the later date, at most {_MOST_DAYS} days"
        notes.error("T309", written, f"`{written.text}` is not a span of dates", help)
        return ()
    return tuple(range(day_number(begin), day_number(end) + 1))


def _each_year(written: Scalar, first: str, last: str, notes: Notes) -> tuple[int, ...]:
    """The days of `12-24`, or of `12-24 to 01-02`, in all years of the table."""
    try:
        begin, end = (_date(f"{_LEAP_YEAR}-{text.strip()}") for text in (first, last))
    except ValueError:
        help = day_help(first) or day_help(last) or _LIKE
        notes.error("T309", written, f"`{written.text}` is not a date of each year", help)
        return ()
    passes_new_year = end < begin
    days = (
        day
        for year in range(FIRST_YEAR - passes_new_year, LAST_YEAR + 1)
        for day in range(
            _number(year, begin, is_first=True),
            _number(year + passes_new_year, end, is_first=False) + 1,
        )
    )
    return tuple(day for day in days if date_of(day).year in _YEARS)


def _number(year: int, day: date, *, is_first: bool) -> int:
    """The day in that year. 29 February is only in leap years: no other day stands for it."""
    if (day.month, day.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return day_number(date(year, 3, 1) if is_first else date(year, 2, 28))
    return day_number(day.replace(year=year))


def day_help(text: str) -> str:
    """What is wrong with a date that has the form of one, `November has 30 days`, or is meant."""
    meant = meant_date(text.strip())
    if meant != text.strip() and not day_help(meant):
        return f"did you mean `{meant}`?"
    found = re.fullmatch(r"(?:(\d{4})-)?(\d\d)-(\d\d)", text.strip(), re.ASCII)
    if not found:
        return ""
    year, month, day = int(found[1] or _LEAP_YEAR), int(found[2]), int(found[3])
    if month > 12 and 0 < day <= 12:
        meant = f"{day:02}-{month:02}"
        return f"the month comes first: `{found[1] + '-' if found[1] else ''}{meant}`"
    if not (0 < month <= 12 and year > 0):
        return "the months are `01` to `12`"
    last = monthrange(year, month)[1]
    of_year = f" {year}" if month == 2 and found[1] else ""
    return "" if 0 < day <= last else f"{_MONTHS[month - 1]}{of_year} has {last} days"


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text.strip())
