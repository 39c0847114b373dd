"""Instants: read, localised and spoken. Home of pendulum.

An instant is an aware `datetime` in UTC. What is handed out is always the standard library's:
a pickled pendulum instant forgets which of two repeated hours it is.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pendulum

from aftersales.domain.calendar.meant import instant_help
from aftersales.domain.errors import ValueUnreadable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)


def micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC. ValueUnreadable if `at` is naive, or no instant."""
    if not isinstance(at, datetime):
        raise ValueUnreadable(f"`{at}` is no instant", help="give a datetime that has a zone")
    if at.tzinfo is None:
        raise ValueUnreadable(
            f"the instant {datetime.isoformat(at)} has no zone", help="give it one, such as UTC"
        )
    # The plain subtraction, also for pendulum's subclass, which would build an interval.
    return datetime.__sub__(at, EPOCH) // MICROSECOND


def from_micros(at: int) -> datetime:
    """The instant so many microseconds after the start of 1970 in UTC."""
    return EPOCH + timedelta(microseconds=at)


_LONGEST_ZONE, _LONGEST_TEXT = 60, 100


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone called `name`. ValueUnreadable if there is none."""
    try:
        # A key is a path: it must not leave the folder of zones, nor differ in case.
        # Looking it up goes down one step a slash, so a very long one is none.
        zone: ZoneInfo = pendulum.timezone(name if len(name) <= _LONGEST_ZONE else "")
    except (ValueError, OSError):
        raise ValueUnreadable(
            f"`{name}` is not a time zone", help="write it like `Europe/Berlin` or `UTC`"
        ) from None
    return zone


def parse_instant(text: str, zone: str | None = None) -> datetime:
    """Read `2026-03-02 09:00` as a wall time in `zone`, or any text that says its own offset.

    A skipped wall time moves forward by the gap; a repeated one is the earlier.
    ValueUnreadable if the text is no instant, or says no offset and no zone is given.
    """
    written = text.strip()
    found = _WRITTEN.fullmatch(written)
    if not found:
        raise _unreadable(text)
    if zone is None and not found[1]:
        raise ValueUnreadable(
            f"`{text}` does not say in which zone it is",
            help="end it with `Z` or an offset such as `+01:00`, or state a zone",
        )
    local_zone = zone_of(zone) if zone is not None else UTC
    try:
        read = datetime.fromisoformat(written)
        if read.tzinfo is UTC:
            return read
        # Fold 0 is the first of two readings, and leads forward out of a gap.
        return (read if read.tzinfo else read.replace(tzinfo=local_zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unreadable(text) from None


def _unreadable(text: str) -> ValueUnreadable:
    help = instant_help(text) if len(text) < _LONGEST_TEXT else ""
    return ValueUnreadable(
        f"`{text}` is not an instant", help=help or "write it like `2026-03-02 09:00`"
    )


def local(at: datetime, zone: str) -> datetime:
    """The same instant as the clocks of `zone` show it."""
    return from_micros(micros(at)).astimezone(ZoneInfo(zone_of(zone).key))


def speak(at: datetime, zone: str) -> str:
    """For people: `Tue 3 Mar 2026, 17:00 (Europe/Berlin)`."""
    shown = pendulum.instance(from_micros(micros(at))).in_timezone(zone_of(zone).key)
    return f"{shown.format('ddd D MMM YYYY, HH:mm', locale='en')} ({zone})"


def iso(at: datetime) -> str:
    """For storing: `2026-03-02T09:00:00Z`, with a fraction only where there is one."""
    return f"{from_micros(micros(at)).replace(tzinfo=None).isoformat()}Z"


def from_iso(text: str) -> datetime:
    """The instant that `iso` wrote."""
    return parse_instant(text)
