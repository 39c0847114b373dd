"""Days that an iCal feed closes: its all-day events. Home of icalendar.

The format is that of RFC 5545. An event with hours closes nothing, but is told; events that are
cancelled, or that leave their days free, say nothing of opening hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from aftersales.definitions.calendar_rules import FREQUENCIES, Rule, Steps
from aftersales.domain.calendar import day_number
from aftersales.domain.errors import ValueUnreadable

if TYPE_CHECKING:
    from icalendar import Component, Event

MAX_BYTES = 1_000_000
MAX_EVENTS = 5_000
MAX_DAYS = 400
_OF_TIME = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
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


def read_feed(
    content: bytes, years: range, *, zone: tzinfo = UTC, counts_free_days: bool = False
) -> Feed:
    """The days closed by a feed, in `years`. ValueUnreadable if it is no iCal or lists no day.

    Where an all-day event is ended, or left out, by an instant in UTC, as many programs do, its day
    is that of `zone`. `counts_free_days` takes events too that are marked as free time
    (`TRANSP:TRANSPARENT`), as the feeds of public holidays often are.
    """
    events = _events(content)
    if len(events) > MAX_EVENTS:
        raise ValueUnreadable(f"the feed has over {MAX_EVENTS:,} events", help="export fewer years")
    alive = [event for event in events if _word(event, "STATUS") != "CANCELLED"]
    counted = [event for event in alive if counts_free_days or not _is_free(event)]
    reader = _Reader.of(events, years, zone)
    names: dict[date, dict[str, None]] = {}
    doubtful: list[str] = []
    are_endless: list[bool] = []
    for event in counted:
        days = reader.days(event)
        if days:
            are_endless.append(_is_endless(event))
        else:
            doubtful.append(_doubt(event, years))
        name = _text(event, "SUMMARY") or "closed"
        for day in days:
            names.setdefault(day, {})[name] = None
    if not names:
        raise _nothing(alive, counted, doubtful)
    return Feed(
        days=tuple((day_number(day), "; ".join(names[day])) for day in sorted(names)),
        is_by_rule=all(are_endless),
        doubtful=tuple(doubtful),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the days of an event are read with."""

    moved: frozenset[tuple[str, date]]
    """Repetitions that another event replaces."""
    years: range
    zone: tzinfo
    steps: Steps

    @classmethod
    def of(cls, events: list["Event"], years: range, zone: tzinfo) -> "_Reader":
        moved = {
            (_text(event, "UID"), _plain(_value(event, "RECURRENCE-ID"), zone))
            for event in events
            if "RECURRENCE-ID" in event
        }
        return cls(frozenset(moved), years, zone, Steps())

    def days(self, event: "Event") -> list[date]:
        """The days that an event closes."""
        broken = next((name for name, _ in event.errors if name in _OF_TIME), None)
        if broken is not None:
            raise _unreadable(event, broken)
        if _has_hours(event):
            return []
        uid = "" if "RECURRENCE-ID" in event else _text(event, "UID")
        length = self._length(event)
        starts = [day for day in self._starts(event) if (uid, day) not in self.moved]
        self.steps.take(length * len(starts))
        days = (start + i * _DAY for start in starts for i in range(length))
        return [day for day in days if day.year in self.years]

    def _date(self, event: "Event", name: str) -> date:
        return _plain(_value(event, name), self.zone)

    def _length(self, event: "Event") -> int:
        """How many days one event takes: DTEND is the day after the last."""
        length = 1
        if "DTEND" in event:
            length = (self._date(event, "DTEND") - self._date(event, "DTSTART")).days
        elif "DURATION" in event:
            duration = getattr(event["DURATION"], "dt", None)
            if not isinstance(duration, timedelta):
                raise _unreadable(event, "DURATION")
            length = duration.days
        if not 0 <= length <= MAX_DAYS:
            message = f"{_named(event)} lasts {length} days"
            raise ValueUnreadable(message, help=f"from one to {MAX_DAYS} days")
        # Some programs end an event of one day on that day.
        return max(length, 1)

    def _starts(self, event: "Event") -> list[date]:
        """The days on which the event begins, with its repetitions that reach into `years`."""
        start = self._date(event, "DTSTART")
        found = {start, *self._dates(event, "RDATE")}
        for rule in _listed(event, "RRULE"):
            found.update(self._repeated(event, rule, start))
        return sorted(found.difference(self._dates(event, "EXDATE")))

    def _dates(self, event: "Event", name: str) -> Iterator[date]:
        for listed in _listed(event, name):
            for each in listed.dts:
                value = each.dt[0] if isinstance(each.dt, tuple) else each.dt
                yield _plain(value, self.zone)

    def _repeated(self, event: "Event", rule: Any, start: date) -> list[date]:
        frequency = " ".join(map(str, rule.get("FREQ", []))) or "?"
        if frequency.upper() not in FREQUENCIES:
            message = f"{_named(event)} repeats `{frequency}`"
            raise ValueUnreadable(message, help="whole days repeat daily, weekly, monthly, yearly")
        if any(interval < 1 for interval in rule.get("INTERVAL", [])):
            message = f"{_named(event)} repeats every 0 times, which never ends"
            raise ValueUnreadable(message, help="the INTERVAL of a rule is at least 1")
        first = date(self.years[0], 1, 1) - MAX_DAYS * _DAY
        last = date(self.years[-1], 12, 31)
        try:
            until = min((_plain(at, self.zone) for at in rule.get("UNTIL", [])), default=None)
            return list(Rule.read(rule, start, until).days(start, first, last, self.steps))
        except ValueUnreadable:
            raise
        except _NOT_A_FEED:
            message = f"the rule by which {_named(event)} repeats cannot be read"
            raise ValueUnreadable(message, help=_EXPORT) from None


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
    _check_text(content)
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


def _check_text(content: bytes) -> None:
    """That it is UTF-8, as RFC 5545 has it: of others icalendar would replace the letters."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as slip:
        line = content.count(b"\n", 0, slip.start) + 1
        help = f"{_EXPORT}, or save it, as UTF-8"
        raise ValueUnreadable(f"the feed is not UTF-8: see its line {line}", help=help) from None


def _not_a_feed() -> ValueUnreadable:
    return ValueUnreadable(
        "this is not an iCal feed", help=f"{_EXPORT}: it begins with `BEGIN:VCALENDAR`"
    )


def _text(event: "Event", name: str) -> str:
    """The text of a property; those of one that stands there twice together."""
    found = (" ".join(str(text).split()) for text in _listed(event, name))
    return "; ".join(dict.fromkeys(filter(None, found)))


def _word(event: "Event", name: str) -> str:
    return _text(event, name).upper()


def _is_free(event: "Event") -> bool:
    return _word(event, "TRANSP") == "TRANSPARENT"


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
    # A date with a zone, which some programs write, is read by icalendar as its first moment.
    if isinstance(value, datetime) and value.time() == time() and _is_said_date(event, name):
        return value.date()
    return value


def _is_said_date(event: "Event", name: str) -> bool:
    return str(event[name].params.get("VALUE", "")).upper() == "DATE"


def _unreadable(event: "Event", name: str) -> ValueUnreadable:
    title = _text(event, "SUMMARY") or "without a summary"
    message = f"the event `{title}` has no {name} that can be read"
    return ValueUnreadable(message, help=_EXPORT)


def _plain(value: date, zone: tzinfo) -> date:
    """The day of a date or an instant: in `zone` if that is in UTC, else as it is written."""
    if not isinstance(value, datetime):
        return value
    is_utc = value.tzinfo is not None and str(value.tzinfo) == "UTC"
    return (value.astimezone(zone) if is_utc else value).date()


def _is_endless(event: "Event") -> bool:
    return any("UNTIL" not in rule and "COUNT" not in rule for rule in _listed(event, "RRULE"))


def _listed(event: "Event", name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]
