"""Days that an iCal feed closes: its all-day events. Home of icalendar.

The format is that of RFC 5545. An event with hours closes nothing, but is told; events that are
cancelled, or that leave their days free, say nothing of opening hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from aftersales.domain.calendar import day_number
from aftersales.domain.errors import ValueUnreadable

if TYPE_CHECKING:
    from icalendar import Component, Event

MAX_BYTES = 1_000_000
MAX_EVENTS = 5_000
MAX_DAYS = 400
_OF_TIME = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_RULES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY = timedelta(days=1)
_EXPORT = "export the calendar again as iCal (`.ics`)"
_NOT_A_FEED = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of the years it was asked for."""

    days: tuple[tuple[int, str], ...]
    """The closed days with their names."""
    is_by_rule: bool
    """Whether every event repeats for ever, so that years to come are known too."""
    doubtful: tuple[str, ...]
    """Events that close nothing though they might be meant to."""


def read_feed(content: bytes, years: range, *, counts_free_days: bool = False) -> Feed:
    """The days closed by a feed, in `years`. ValueUnreadable if it is no iCal or lists no day.

    `counts_free_days` takes events too that are marked as free time (`TRANSP:TRANSPARENT`), as
    the feeds of public holidays often are.
    """
    events = _events(content)
    if len(events) > MAX_EVENTS:
        raise ValueUnreadable(f"the feed has over {MAX_EVENTS:,} events", help="export fewer years")
    alive = [event for event in events if _text(event, "STATUS").upper() != "CANCELLED"]
    counted = [event for event in alive if counts_free_days or not _is_free(event)]
    moved = {(_text(e, "UID"), _date(e, "RECURRENCE-ID")) for e in events if "RECURRENCE-ID" in e}
    names: dict[date, list[str]] = {}
    doubtful: list[str] = []
    are_endless: list[bool] = []
    for event in counted:
        days = _days(event, moved, years)
        if days:
            are_endless.append(_is_endless(event))
        else:
            doubtful.append(_doubt(event, years))
        for day in days:
            names.setdefault(day, []).append(_text(event, "SUMMARY") or "closed")
    if not names:
        raise _nothing(alive, counted, doubtful)
    return Feed(
        days=tuple((day_number(d), "; ".join(dict.fromkeys(names[d]))) for d in sorted(names)),
        is_by_rule=all(are_endless),
        doubtful=tuple(doubtful),
    )


def _days(event: "Event", moved: set[tuple[str, date]], years: range) -> list[date]:
    """The days that an event closes. `moved` are repetitions that another event replaces."""
    broken = next((name for name, _ in event.errors if name in _OF_TIME), None)
    if broken is not None:
        raise _unreadable(event, broken)
    if _has_hours(event):
        return []
    uid = "" if "RECURRENCE-ID" in event else _text(event, "UID")
    starts = [day for day in _starts(event, years) if (uid, day) not in moved]
    return [day for start in starts for day in _span(event, start) if day.year in years]


def _doubt(event: "Event", years: range) -> str:
    if _has_hours(event):
        return f"{_named(event)} has hours, and closes no day"
    return f"{_named(event)} lies outside {years[0]} to {years[-1]}"


def _has_hours(event: "Event") -> bool:
    return isinstance(_value(event, "DTSTART"), datetime)


def _nothing(alive: list["Event"], counted: list["Event"], doubtful: list[str]) -> ValueUnreadable:
    if not counted and alive:
        message = "all events of the feed are marked as free time"
        return ValueUnreadable(message, help="if they are closed days, add `free_days: yes`")
    help = "closed days are all-day events (`DTSTART;VALUE=DATE`)"
    return ValueUnreadable(
        "the feed closes no day", help=f"{help}; {doubtful[0]}" if doubtful else help
    )


def _events(content: bytes) -> list["Event"]:
    # Here: only a shop that has a feed pays for the package.
    from icalendar import Calendar, Event

    if len(content) > MAX_BYTES:
        raise ValueUnreadable(f"the feed has over {MAX_BYTES:,} bytes", help="export fewer years")
    try:
        calendars: list[Component] = list(Calendar.from_ical(content, multiple=True))
    except _NOT_A_FEED:
        raise _not_a_feed() from None
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise _not_a_feed()
    return [
        event
        for calendar in calendars
        for event in calendar.walk("VEVENT")
        if isinstance(event, Event)
    ]


def _not_a_feed() -> ValueUnreadable:
    return ValueUnreadable(
        "this is not an iCal feed", help=f"{_EXPORT}: it begins with `BEGIN:VCALENDAR`"
    )


def _text(event: "Event", name: str) -> str:
    return " ".join(str(event.get(name, "")).split())


def _is_free(event: "Event") -> bool:
    return _text(event, "TRANSP").upper() == "TRANSPARENT"


def _named(event: "Event") -> str:
    start = _value(event, "DTSTART")
    return f"`{_text(event, 'SUMMARY') or 'an event'}` on {start.isoformat()[:10]}"


def _value(event: "Event", name: str) -> date:
    """A date, or an instant. ValueUnreadable if the event has none that can be read."""
    try:
        value = getattr(event.get(name), "dt", None)
    except ValueError:
        value = None
    if not isinstance(value, date):
        raise _unreadable(event, name)
    return value


def _unreadable(event: "Event", name: str) -> ValueUnreadable:
    title = _text(event, "SUMMARY") or "without a summary"
    message = f"the event `{title}` has no {name} that can be read"
    return ValueUnreadable(message, help=_EXPORT)


def _date(event: "Event", name: str) -> date:
    return _plain(_value(event, name))


def _plain(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _span(event: "Event", start: date) -> Iterator[date]:
    """The days of one event: DTEND is the day after the last."""
    length = 1
    if "DTEND" in event:
        length = (_date(event, "DTEND") - _date(event, "DTSTART")).days
    elif "DURATION" in event:
        length = getattr(getattr(event["DURATION"], "dt", None), "days", -1)
    if not 0 <= length <= MAX_DAYS:
        message = f"{_named(event)} lasts {length} days"
        raise ValueUnreadable(message, help=f"from one to {MAX_DAYS} days")
    # Some programs end an event of one day on that day.
    return (start + i * _DAY for i in range(max(length, 1)))


def _is_endless(event: "Event") -> bool:
    return any("UNTIL" not in rule and "COUNT" not in rule for rule in _listed(event, "RRULE"))


def _listed(event: "Event", name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def _starts(event: "Event", years: range) -> list[date]:
    """The days on which the event begins, with its repetitions that reach into `years`."""
    start = _date(event, "DTSTART")
    found = {start, *_dates(event, "RDATE")}
    for rule in _listed(event, "RRULE"):
        found.update(_repeated(event, rule, start, years))
    return sorted(found.difference(_dates(event, "EXDATE")))


def _dates(event: "Event", name: str) -> Iterator[date]:
    for listed in _listed(event, name):
        for each in listed.dts:
            yield _plain(each.dt[0] if isinstance(each.dt, tuple) else each.dt)


def _repeated(event: "Event", rule: Any, start: date, years: range) -> list[date]:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # comes with icalendar

    frequency = " ".join(map(str, rule.get("FREQ", []))) or "?"
    if frequency.upper() not in _RULES:
        message = f"{_named(event)} repeats `{frequency}`"
        raise ValueUnreadable(message, help="whole days repeat daily, weekly, monthly or yearly")
    if any(interval < 1 for interval in rule.get("INTERVAL", [])):
        message = f"{_named(event)} repeats every 0 times, which never ends"
        raise ValueUnreadable(message, help="the INTERVAL of a rule is at least 1")
    rule = rule.copy()
    if "UNTIL" in rule:
        # All-day events have no zone, though many programs end them by an instant.
        rule["UNTIL"] = [_plain(until) for until in rule["UNTIL"]]
    try:
        repeated = rrulestr(rule.to_ical().decode(), dtstart=_midnight(start))
        begin = _midnight(date(years[0], 1, 1)) - MAX_DAYS * _DAY
        found = repeated.between(begin, _midnight(date(years[-1], 12, 31)), inc=True)
        return [at.date() for at in found]
    except _NOT_A_FEED:
        message = f"the rule by which {_named(event)} repeats cannot be read"
        raise ValueUnreadable(message, help=_EXPORT) from None


def _midnight(day: date) -> datetime:
    """A date as dateutil takes it: without a zone, for whole days have none."""
    return datetime.combine(day, time())
