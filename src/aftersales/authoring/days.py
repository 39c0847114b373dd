"""The days of a calendar one by one, as people ask about them: open when, closed why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from aftersales.domain.calendar import DAY, SECOND, Calendar, date_of, day_number, weekday
from aftersales.domain.calendar.instants import from_micros

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_THURSDAY, _FRIDAY = 3, 4


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The clocks of a zone are put forward or back: when (UTC), and what they show around it."""

    at: datetime
    from_wall: str
    to_wall: str
    forward_seconds: int
    """Negative where they go back."""

    def __str__(self) -> str:
        way = "forward" if self.forward_seconds > 0 else "back"
        return f"the clocks go {way} from {self.from_wall} to {self.to_wall}"


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a calendar."""

    date: date
    opens: tuple[tuple[datetime, datetime], ...]
    """The open intervals that belong to it, in UTC."""
    hours: str
    """The same on the wall clock: `09:00-12:00 and 13:00-17:00`; empty if it is closed."""
    open_seconds: int
    closed: str
    """Why it is closed: `weekend`, a holiday's name, a reason; empty if it is open."""
    has_plain_weekday: bool
    """Whether its weekday alone says that it is closed."""
    remark: str
    """Why it is open although its weekday is closed, or has hours of its own."""
    frozen: str
    """Why no clock runs on it."""
    clocks: ClockChange | None

    @property
    def weekday(self) -> str:
        """`Mon` to `Sun`."""
        return _WEEKDAYS[self.date.weekday()]


def days_of(calendar: Calendar, first: date, last: date) -> tuple[Day, ...]:
    """The days from the first to the last, both with them."""
    begin, end = day_number(first), day_number(last)
    changes = _clock_changes(calendar, begin, end)
    return tuple(_day(calendar, day, changes.get(day)) for day in range(begin, end + 1))


def cut_off_of(calendar: Calendar) -> str:
    """`15:00`, after which something is received on the next open day; empty if there is none."""
    cut_off = calendar.content.cut_off
    return "" if cut_off is None else _time(cut_off, is_end=True)


def usual_hours(days: Iterable[Day]) -> tuple[str, ...]:
    """What the hours of Monday to Sunday mostly are; empty where a weekday is closed."""
    seen: list[Counter[str]] = [Counter() for _ in _WEEKDAYS]
    for day in days:
        if not day.remark and (day.hours or day.has_plain_weekday):
            seen[day.date.weekday()][day.hours] += 1
    return tuple(hours.most_common(1)[0][0] if hours else "" for hours in seen)


def week_in_words(usual: Sequence[str]) -> str:
    """`Mon-Thu 09:00-17:00, Fri 09:00-15:00`: neighbours with the same hours together."""
    parts = []
    for hours, group in groupby(_from_its_begin(usual), key=lambda i: usual[i]):
        numbers = list(group)
        first, last = _WEEKDAYS[numbers[0]], _WEEKDAYS[numbers[-1]]
        if hours:
            parts.append(f"{first if first == last else f'{first}-{last}'} {hours}")
    return ", ".join(parts)


def _from_its_begin(usual: Sequence[str]) -> list[int]:
    """The days of the week from Monday, or from before it where that does not part a run."""
    begin = 0
    while len(set(usual)) > 1 and usual[begin - 1] == usual[0]:
        begin -= 1
    return [(begin + i) % 7 for i in range(7)]


def _day(calendar: Calendar, day: int, clocks: ClockChange | None) -> Day:
    table, almanac = calendar.content.table, calendar.content.almanac
    opens = table.hours_of(day)
    frozen = almanac.frozen.get(day, "")
    is_plain = not opens and not frozen and day not in almanac.closed
    reason = _weekend(calendar, day) if is_plain else almanac.why_closed(day)
    return Day(
        date=date_of(day),
        opens=tuple((from_micros(begin), from_micros(end)) for begin, end in opens),
        hours=" and ".join(_on_wall(calendar, begin, end) for begin, end in opens),
        open_seconds=sum(end - begin for begin, end in opens) // SECOND,
        closed="" if opens else reason,
        has_plain_weekday=is_plain,
        remark=almanac.marked.get(day, ""),
        frozen=frozen,
        clocks=clocks,
    )


def _weekend(calendar: Calendar, day: int) -> str:
    """`weekend` for the days that are one somewhere; else the weekday has just no hours."""
    number = weekday(day)
    has_hours = calendar.content.table.hours_of(day + 1)
    if number > _FRIDAY - 1 or (number == _THURSDAY and not has_hours):
        return "weekend"
    return f"closed on {date_of(day):%A}s"


def _on_wall(calendar: Calendar, begin: int, end: int) -> str:
    clock = calendar.content.table.clock
    return f"{_time(clock.wall(begin))}-{_time(clock.wall(end), is_end=True)}"


def _time(wall: int, *, is_end: bool = False) -> str:
    minutes = wall % DAY // (60 * SECOND)
    return "24:00" if is_end and not minutes else f"{minutes // 60:02}:{minutes % 60:02}"


def _clock_changes(calendar: Calendar, first: int, last: int) -> dict[int, ClockChange]:
    clock = calendar.content.table.clock
    found = {}
    for i in range(1, len(clock.since)):
        at, before, after = clock.since[i], clock.offsets[i - 1], clock.offsets[i]
        day = (at + after) // DAY
        if first <= day <= last:
            walls = _time(at + before), _time(at + after)
            found[day] = ClockChange(from_micros(at), *walls, (after - before) // SECOND)
    return found
