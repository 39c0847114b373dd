"""Single dates as authors write them: `[2026-12-24]`, or `{2026-12-24 to 2026-12-31: reason}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR, date_of, day_number

_MOST_DAYS = 400
_LIKE = "write it like `2026-12-24`, or `2026-12-24 to 2026-12-31`"


@dataclass(frozen=True, slots=True)
class Span:
    """One date or span as written, its days as numbers, and what is said of it, if anything."""

    written: Scalar
    days: tuple[int, ...]
    said: Node | None

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

    def read(self, node: Node | None, notes: Notes) -> Iterator[Span]:
        """The spans in `node`, save those that are wrong, with problems T309 and T310."""
        for span in _spans(node, notes):
            twice = next((day for day in span.days if day in self.written), None)
            first, last = (date_of(day).year for day in (span.days[0], span.days[-1]))
            if first < FIRST_YEAR or last > LAST_YEAR:
                help = f"give dates from {FIRST_YEAR} to {LAST_YEAR}"
                message = f"`{span.written.text}` is outside the table"
                notes.error("T309", span.written, message, help)
            elif twice is not None:
                line = self.written[twice].place.line
                message = f"`{span.written.text}` is said twice"
                notes.error("T310", span.written, message, f"see line {line}; keep one")
            else:
                self.written.update(dict.fromkeys(span.days, span.written))
                yield span


def _spans(node: Node | None, notes: Notes) -> Iterator[Span]:
    pairs: list[tuple[Node, Node | None]] = []
    if isinstance(node, Mapping):
        pairs = [*node.items]
    elif node is not None:
        pairs = [(item, None) for item in (node.items if isinstance(node, Listing) else (node,))]
    for key, value in pairs:
        if not isinstance(key, Scalar):
            notes.error("T309", key, "a date is written as text", "write it like `2026-12-24`")
        elif days := _days(key, notes):
            yield Span(key, days, value)


def _days(written: Scalar, notes: Notes) -> tuple[int, ...]:
    first, joint, last = written.text.partition(" to ")
    try:
        begin = _date(first)
        end = _date(last) if joint else begin
    except ValueError:
        notes.error("T309", written, f"`{written.text}` is not a date", _LIKE)
        return ()
    if not timedelta() <= end - begin < timedelta(days=_MOST_DAYS):
        help = f"from the earlier to the later date, at most {_MOST_DAYS} days"
        notes.error("T309", written, f"`{written.text}` is not a span of dates", help)
        return ()
    return tuple(range(day_number(begin), day_number(end) + 1))


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text.strip())
