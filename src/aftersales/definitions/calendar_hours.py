"""Opening hours as authors write them: `mon-fri: 09:00-12:00 and 13:00-17:00`."""

import re
from dataclasses import dataclass
from itertools import pairwise

from aftersales.definitions.calendar_weekends import Weekends
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.calendar import DAY, SECOND, Hours, Week, week_collides, weekday
from aftersales.domain.conditions import did_you_mean
from aftersales.domain.errors import ValueUnreadable

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS = "workdays"
"""The days that are not the weekend of the country whose holidays count."""
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SAY_CLOSED = ("closed", "close", "none", "off", "no", "shut")
_DAYS = "the days are `mon` to `sun`, `mon-fri`, or `workdays`"
_LIKE = "write it like `09:00-17:00`, or with a break `09:00-12:00 and 13:00-17:00`"


def parse_time(text: str) -> int:
    """Read `09:00` as microseconds after midnight; `24:00` is the end of the day."""
    found = re.fullmatch(r"(\d\d):(\d\d)", text.strip(), re.ASCII)
    if not found:
        help = _meant_time(text.strip()) or "write it like `09:00`"
        raise ValueUnreadable(f"`{text.strip()}` is not a time of day", help=help)
    hours, minutes = int(found[1]), int(found[2])
    if minutes > 59 or hours > 24 or (hours == 24 and minutes):
        raise ValueUnreadable(
            f"there is no `{text.strip()}` in a day",
            help="times go from `00:00` to `24:00`; a night is written `22:00-06:00`",
        )
    return (hours * 3600 + minutes * 60) * SECOND


def _meant_time(text: str) -> str:
    """What to write for `9`, `9.30` or `5 pm`; empty if that is not clear."""
    found = re.fullmatch(
        r"(\d{1,2})(?:[:.h](\d\d))? ?(am|pm|a\.m\.|p\.m\.|uhr|h)?", text.lower(), re.ASCII
    )
    if not found:
        return ""
    hours, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if half in ("a", "p") and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half == "p" else 0)
    return f"did you mean `{hours:02}:{minutes:02}`?" if hours < 24 and minutes < 60 else ""


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


def hours_in(node: Node, notes: Notes, *, if_closed: str = "") -> Hours | None:
    """The hours in one text or a list of texts, or None with a problem.

    `if_closed` is the help where they say that it is closed.
    """
    texts = node.items if isinstance(node, Listing) else (node,)
    if if_closed and isinstance(node, Scalar) and node.text.lower() in _SAY_CLOSED:
        notes.error("T302", node, f"`{node.text}` are not opening hours", if_closed)
        return None
    if not texts or not all(isinstance(item, Scalar) for item in texts):
        notes.error("T302", node, "opening hours are written as text", _LIKE)
        return None
    try:
        return parse_hours(" and ".join(item.text for item in texts if isinstance(item, Scalar)))
    except ValueUnreadable as slip:
        notes.unreadable("T302", node, slip)
        return None


@dataclass(frozen=True, slots=True)
class Weeks:
    """The plain weeks of a calendar: `week` holds now, each earlier one until its last day."""

    week: Week
    earlier: tuple[tuple[int, Week], ...] = ()

    def on(self, day: int) -> Hours:
        """The hours that the week gives to a date."""
        held = next((week for last, week in self.earlier if day <= last), self.week)
        return held[weekday(day)]


def read_weeks(node: Mapping, notes: Notes, weekends: Weekends | None) -> Weeks | None:
    """The week in `{workdays: 09:00-17:00, sat: 10:00-14:00}`; a day left out is closed.

    `weekends` are those of the country whose holidays count: they say what `workdays` are, and
    where they changed there are several weeks. None if there is no such country.
    """
    read = _read_days(node, notes)
    if read is None:
        return None
    workdays, days = read
    if workdays is None:
        weekends = ((0, frozenset()),)
    elif weekends is None:
        help = "name the country under `holidays`, or the days: `mon-fri: ...`"
        message = "no one country says which days are `workdays`"
        notes.error("T305", node.key(WORKDAYS) or node, message, help)
        return None
    weeks: list[tuple[int, Week]] = []
    for last, weekend in weekends:
        week = _week(days, workdays or (), weekend)
        if weeks and weeks[-1][1] == week:
            weeks.pop()
        weeks.append((last, week))
    if not all(_is_proven(week, node, notes) for _, week in weeks):
        return None
    return Weeks(weeks[-1][1], tuple(weeks[:-1]))


def _read_days(node: Mapping, notes: Notes) -> tuple[Hours | None, dict[int, Hours]] | None:
    """The hours of `workdays`, if there are any, and those of each weekday that is named."""
    workdays: Hours | None = None
    days: dict[int, Hours] = {}
    is_whole = True
    taken: set[int] = set()
    for key, value in node.items:
        is_workdays = key.text == WORKDAYS
        numbers = [] if is_workdays else _weekdays(key, notes)
        if _is_loose(key, value, notes):
            return None
        left_out = "leave a closed day out"
        hours = hours_in(value, notes, if_closed=left_out) if numbers or is_workdays else None
        if hours is None:
            is_whole = False
            continue
        if is_workdays:
            workdays = hours
        for number in numbers:
            if number in taken:
                message = f"`{WEEKDAYS[number]}` has hours twice"
                notes.error("T303", key, message, "give each day its hours once")
                is_whole = False
            taken.add(number)
            days[number] = hours
    return (workdays, days) if is_whole else None


def _week(days: dict[int, Hours], workdays: Hours, weekend: frozenset[int]) -> Week:
    mon, tue, wed, thu, fri, sat, sun = (
        days.get(number, () if number in weekend else workdays) for number in range(7)
    )
    return (mon, tue, wed, thu, fri, sat, sun)


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
            help = _meant(key.text) or did_you_mean(key.text, (*WEEKDAYS, WORKDAYS)) or _DAYS
            notes.error("T303", key, f"`{word}` is not a day of the week", help)
            return []
    if ":" in key.text:
        return []
    begin = WEEKDAYS.index(first)
    span = (WEEKDAYS.index(last) - begin) % 7
    return [(begin + i) % 7 for i in range(span + 1)]


def _meant(text: str) -> str:
    """What to write for `saturday` or `Mon to Fri`; empty if these are no days."""
    words = re.split(r"\s*-\s*|\s+to\s+", text.strip().lower())
    days = [
        name[:3]
        for word in words
        for name in _FULL_NAMES
        if len(word) > 2 and name.startswith(word)
    ]
    return f"did you mean `{'-'.join(days)}`?" if 0 < len(days) == len(words) < 3 else ""


def _is_proven(week: Week, node: Mapping, notes: Notes) -> bool:
    open_micros = sum(end - begin for hours in week for begin, end in hours)
    if open_micros < 3600 * SECOND:
        help = "give it hours, such as `mon-fri: 09:00-17:00`"
        notes.error("T304", node, "a week without an hour of open time", help)
        return False
    if week_collides(week):
        help = "a night may run only until the hours of the next day begin"
        notes.error("T302", node, "hours run into those of the next day", help)
        return False
    return True
