"""The canonical form of a calendar: all of it in integers and texts, and its digest.

Instants are seconds since 1970 in UTC, days are numbers since 1970. Rows are told as differences,
which keeps eighteen years short: seconds from the opening before, seconds open, days further.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import sub
from typing import Any

from aftersales.domain.calendar.almanac import Almanac
from aftersales.domain.calendar.clock import DAY, SECOND, Clock
from aftersales.domain.calendar.elapsing import Stops, merged
from aftersales.domain.calendar.table import Row, Table, Week
from aftersales.domain.errors import ValueUnreadable

FORMAT = "calendar/1"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Content:
    """All that a calendar knows."""

    name: str
    zone: str
    table: Table
    almanac: Almanac
    cut_off: int | None
    """Microseconds after 00:00 of the business date."""
    sources: Mapping[str, str]
    """Where the holidays and the zone come from, with versions."""
    parts: tuple["Content", ...] = ()
    """Of a joint calendar, those that are all open when it is."""
    freezes: Stops = field(init=False)
    """When no clock of this calendar runs."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "freezes", _freezes(self))


def packed(content: Content) -> dict[str, Any]:
    """The content as plain data; `unpacked` is its inverse."""
    almanac, cut_off = content.almanac, content.cut_off
    open_time = (
        {"parts": [packed(part) for part in content.parts]}
        if content.parts
        else _packed_table(content.table)
    )
    return open_time | {
        "format": FORMAT,
        "name": content.name,
        "zone": content.zone,
        "closed": _packed_days(almanac.closed),
        "marked": _packed_days(almanac.marked),
        "frozen": _packed_days(almanac.frozen),
        "cut_off": None if cut_off is None else cut_off // SECOND,
        "known_until": almanac.known_until,
        "predicted_until": almanac.predicted_until,
        "first_year": almanac.first_year,
        "sources": dict(sorted(content.sources.items())),
    }


def unpacked(data: Mapping[str, Any]) -> Content:
    """The content that was packed. ValueUnreadable if it is of a format not known here."""
    if data.get("format") != FORMAT:
        raise ValueUnreadable(f"`{data.get('format')}` is not a calendar of this version")
    cut_off = data["cut_off"]
    parts = tuple(unpacked(part) for part in data.get("parts", ()))
    almanac = Almanac(
        closed=_unpacked_days(data["closed"]),
        marked=_unpacked_days(data["marked"]),
        known_until=data["known_until"],
        predicted_until=data["predicted_until"],
        first_year=data["first_year"],
        frozen=_unpacked_days(data["frozen"]),
    )
    return Content(
        name=data["name"],
        zone=data["zone"],
        table=Table.joint(tuple(p.table for p in parts)) if parts else _unpacked_table(data),
        almanac=almanac,
        cut_off=None if cut_off is None else cut_off * SECOND,
        sources=dict(data["sources"]),
        parts=parts,
    )


def _packed_table(table: Table) -> dict[str, Any]:
    return {
        "offsets": [list(pair) for pair in _seconds_of(table.clock)],
        "week": [[[a // SECOND, b // SECOND] for a, b in hours] for hours in table.week],
        "first_day": table.first_day,
        "last_day": table.last_day,
        "opens": _differences([at // SECOND for at in table.opens]),
        "open_for": [span // SECOND for span in map(sub, table.closes, table.opens)],
        "days": _differences(table.days),
    }


def _unpacked_table(data: Mapping[str, Any]) -> Table:
    return Table.of_rows(
        _rows_of(data),
        clock=Clock(
            tuple(since * SECOND for since, _ in data["offsets"]),
            tuple(offset * SECOND for _, offset in data["offsets"]),
        ),
        week=_week_of(data["week"]),
        first_day=data["first_day"],
        last_day=data["last_day"],
    )


def _packed_days(named: Mapping[int, str]) -> dict[str, str]:
    return {str(day): reason for day, reason in sorted(named.items())}


def _unpacked_days(data: Mapping[str, str]) -> dict[int, str]:
    return dict(sorted((int(day), reason) for day, reason in data.items()))


def _freezes(content: Content) -> Stops:
    """The frozen dates as instants, by the clock of whoever froze them."""
    if content.parts:
        return merged(*(part.freezes for part in content.parts))
    return freezes_of(content.table.clock, content.almanac.frozen)


def freezes_of(clock: Clock, frozen: Iterable[int]) -> Stops:
    """Frozen dates as instants."""
    return merged((clock.due(day * DAY), clock.due((day + 1) * DAY)) for day in frozen)


def digest_of(data: Mapping[str, Any]) -> str:
    """The SHA-256 of the compact sorted JSON."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _seconds_of(clock: Clock) -> list[tuple[int, int]]:
    pairs = zip(clock.since, clock.offsets, strict=True)
    return [(since // SECOND, offset // SECOND) for since, offset in pairs]


def _rows_of(data: Mapping[str, Any]) -> list[Row]:
    opens = [at * SECOND for at in accumulate(data["opens"])]
    closes = [at + span * SECOND for at, span in zip(opens, data["open_for"], strict=True)]
    return list(zip(opens, closes, accumulate(data["days"]), strict=True))


def _week_of(hours: list[list[list[int]]]) -> Week:
    mon, tue, wed, thu, fri, sat, sun = (
        tuple((begin * SECOND, end * SECOND) for begin, end in day) for day in hours
    )
    return (mon, tue, wed, thu, fri, sat, sun)


def _differences(numbers: Sequence[int]) -> list[int]:
    return list(map(sub, numbers, (0, *numbers)))
