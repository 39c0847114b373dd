"""Which days one version of a calendar counts otherwise than another, in words for people."""

from collections.abc import Iterator
from itertools import islice

from aftersales.domain.calendar import DAY, Calendar, date_of, weekday

MOST_TOLD = 4
MOST_DAYS = 1100  # no further is looked: nobody reads what three years of days say

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def changed_days(
    old: Calendar, new: Calendar, days: range, *, by_hours: bool = True
) -> tuple[str, ...]:
    """Why the two count otherwise on these days (numbers since 1970); neighbours told together.

    With `by_hours` off, opening hours have no part: only days on which no clock runs are told.
    Where no day differs, what differs else: the zone, its clocks, the cut-off.
    """
    if old.zone != new.zone:
        return (f"its zone is {new.zone} now, it was {old.zone}",)
    told = [(day, text) for day, text in _changes(old, new, days) if by_hours or "frozen" in text]
    spans = list(_spans(told))
    shown = [f"{_span(first, last)} {text}" for first, last, text in spans[:MOST_TOLD]]
    if len(spans) > MOST_TOLD:
        more = sum(last - first + 1 for first, last, _ in spans[MOST_TOLD:])
        shown.append(f"{more} more day{'s' * (more > 1)}")
    return tuple(shown) or _else(old, new)


def _changes(old: Calendar, new: Calendar, days: range) -> Iterator[tuple[int, str]]:
    for day in islice(days, MOST_DAYS):
        was, now = old.content.almanac, new.content.almanac
        before, after = _walls(old, day), _walls(new, day)
        marked = f": {now.marked[day]}" if day in now.marked else ""
        if (day in was.frozen) != (day in now.frozen):
            yield day, _frozen(now.frozen.get(day))
        elif before == after:
            continue
        elif not after:
            yield day, f"closed now: {now.why_closed(day)}"
        elif not before:
            yield day, f"open now{marked or f', no longer closed: {was.why_closed(day)}'}"
        else:
            yield day, f"with other hours now{marked}"


def _frozen(reason: str | None) -> str:
    return f"frozen now: {reason}" if reason else "no longer frozen"


def _walls(calendar: Calendar, day: int) -> list[tuple[int, int]]:
    """The hours of a day as its clocks show them."""
    table = calendar.content.table
    wall, midnight = table.clock.wall, day * DAY
    return [(wall(begin) - midnight, wall(end) - midnight) for begin, end in table.hours_of(day)]


def _spans(told: list[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """First and last day of each stretch that has one reason."""
    for i, (day, text) in enumerate(told):
        if i and told[i - 1] == (day - 1, text):
            continue
        last = day
        while told[i + last - day : i + last - day + 2][1:] == [(last + 1, text)]:
            last += 1
        yield day, last, text


def _span(first: int, last: int) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: int) -> str:
    """`Fri 9 Oct 2026`, whatever the language of the process."""
    on = date_of(day)
    return f"{_WEEKDAYS[weekday(day)]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def _else(old: Calendar, new: Calendar) -> tuple[str, ...]:
    was, now = old.content, new.content
    if was.cut_off != now.cut_off:
        return ("its cut-off is another now",)
    if was.table.clock != now.table.clock:
        return (f"the clocks of {new.zone} are told otherwise now",)
    return ()
