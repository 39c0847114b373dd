"""Opening hours as authors write them: `mon-fri: 09:00-12:00 and 13:00-17:00`."""

import re
from datetime import date, timedelta
from itertools import pairwise

from aftersales.definitions.notes import Notes, did_you_mean
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.calendar import DAY, SECOND, Hours, Week, day_number, week_collides
from aftersales.domain.errors import ValueUnreadable

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LIKE = "write it like `09:00-17:00`, or with a break `09:00-12:00 and 13:00-17:00`"
_MOST_DAYS = 400


def parse_time(text: str) -> int:
    """Read `09:00` as microseconds after midnight; `24:00` is the end of the day."""
    found = re.fullmatch(r"(\d\d):(\d\d)", text.strip(), re.ASCII)
    if not found:
        raise ValueUnreadable(
            f"`{text.strip()}` is not a time of day", help="write it like `09:00`"
        )
    hours, minutes = int(found[1]), int(found[2])
    if minutes > 59 or hours > 24 or (hours == 24 and minutes):
        raise ValueUnreadable(
            f"there is no `{text.strip()}` in a day",
            help="times go from `00:00` to `24:00`; a night is written `22:00-06:00`",
        )
    return (hours * 3600 + minutes * 60) * SECOND


def parse_hours(text: str) -> Hours:
    """Read `22:00-06:00`, or several joined by `and`. ValueUnreadable says what is wrong."""
    parts = re.split(r"\s*,\s*|\s+and\s+|\s+or\s+", text.strip())
    hours = tuple(sorted(_interval(part) for part in parts))
    if any(end > begin for (_, end), (begin, _) in pairwise(hours)):
        raise ValueUnreadable(f"the hours `{text}` overlap", help="part them, or write them as one")
    return hours


def _interval(text: str) -> tuple[int, int]:
    begin_text, dash, end_text = text.partition("-")
    if not dash:
        raise ValueUnreadable(f"`{text}` are not opening hours", help=_LIKE)
    begin, end = parse_time(begin_text), parse_time(end_text)
    if begin in (end, DAY):
        raise ValueUnreadable(
            f"`{text}` is never open", help="the whole day is written `00:00-24:00`"
        )
    return begin, end if end > begin else end + DAY


def hours_in(node: Node, notes: Notes) -> Hours | None:
    """The hours in one text or a list of texts, or None with a problem."""
    texts = node.items if isinstance(node, Listing) else (node,)
    if not texts or not all(isinstance(item, Scalar) for item in texts):
        notes.error("T302", node, "opening hours are written as text", _LIKE)
        return None
    try:
        return parse_hours(" and ".join(item.text for item in texts if isinstance(item, Scalar)))
    except ValueUnreadable as slip:
        notes.unreadable("T302", node, slip)
        return None


def read_week(node: Mapping, notes: Notes) -> Week | None:
    """The week in `{mon-fri: 09:00-17:00, sat: 10:00-14:00}`; a day left out is closed."""
    days: list[Hours] = [()] * 7
    is_whole = True
    taken: set[int] = set()
    for key, value in node.items:
        numbers = _weekdays(key, notes)
        if _is_loose(key, value, notes):
            return None
        hours = hours_in(value, notes) if numbers else None
        if hours is None:
            is_whole = False
            continue
        for number in numbers:
            if number in taken:
                message = f"`{WEEKDAYS[number]}` has hours twice"
                notes.error("T303", key, message, "give each day its hours once")
                is_whole = False
            taken.add(number)
            days[number] = hours
    mon, tue, wed, thu, fri, sat, sun = days
    week = (mon, tue, wed, thu, fri, sat, sun)
    return _proven(week, node, notes) if is_whole else None


def _is_loose(key: Scalar, value: Node, notes: Notes) -> bool:
    """Whether a comma cut the hours in two: `{mon: 09:00-12:00, 13:00-17:00}`."""
    if not (isinstance(value, Scalar) and value.is_left_out):
        return False
    if ":" in key.text:
        help = f"join the hours of one day by `and`: `09:00-12:00 and {key.text}`"
    else:
        help = "give it hours; a day that is closed is left out"
    notes.error("K103", key, f"`{key.text}` has no value", help)
    return True


def _weekdays(key: Scalar, notes: Notes) -> list[int]:
    """The days of `mon`, `mon-fri`, or `fri-mon` over the week's end."""
    first, _, last = key.text.partition("-")
    last = last or first
    for word in (first, last):
        if word not in WEEKDAYS and ":" not in key.text:
            help = did_you_mean(word, WEEKDAYS) or "the days are `mon` to `sun`, or `mon-fri`"
            notes.error("T303", key, f"`{word}` is not a day of the week", help)
            return []
    if ":" in key.text:
        return []
    begin = WEEKDAYS.index(first)
    span = (WEEKDAYS.index(last) - begin) % 7
    return [(begin + i) % 7 for i in range(span + 1)]


def _proven(week: Week, node: Mapping, notes: Notes) -> Week | None:
    open_micros = sum(end - begin for hours in week for begin, end in hours)
    if open_micros < 3600 * SECOND:
        help = "give it hours, such as `mon-fri: 09:00-17:00`"
        notes.error("T304", node, "a week without an hour of open time", help)
        return None
    if week_collides(week):
        help = "a night may run only until the hours of the next day begin"
        notes.error("T302", node, "hours run into those of the next day", help)
        return None
    return week


def read_dates(node: Node, notes: Notes) -> list[tuple[Scalar, list[int], Node | None]]:
    """Dates with what is said of them: `[2026-12-24]`, or `{2026-12-24 to 2026-12-31: reason}`."""
    if isinstance(node, Mapping):
        pairs: list[tuple[Node, Node | None]] = [*node.items]
    else:
        pairs = [(item, None) for item in (node.items if isinstance(node, Listing) else (node,))]
    found = []
    for key, value in pairs:
        if not isinstance(key, Scalar):
            notes.error("T309", key, "a date is written as text", "write it like `2026-12-24`")
            continue
        days = _days(key, notes)
        if days:
            found.append((key, days, value))
    return found


def _days(written: Scalar, notes: Notes) -> list[int]:
    first, joint, last = written.text.partition(" to ")
    try:
        begin = _date(first)
        end = _date(last) if joint else begin
    except ValueError:
        help = "write it like `2026-12-24`, or `2026-12-24 to 2026-12-31`"
        notes.error("T309", written, f"`{written.text}` is not a date", help)
        return []
    if not timedelta() <= end - begin < timedelta(days=_MOST_DAYS):
        help = f"from the earlier to the later date, at most {_MOST_DAYS} days"
        notes.error("T309", written, f"`{written.text}` is not a span of dates", help)
        return []
    return list(range(day_number(begin), day_number(end) + 1))


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text.strip())
