"""What is asked of a calendar: which calendar, which instants, and no answer that is a guess."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import NotFound, YearUnknown
from aftersales.cli.options import instant

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.domain.calendar import Calendar

DEFAULT = "desk"
YEARS = (1980, 2200)
"""What anybody would ask about. From within them no duration leads beyond what a date can be."""
Pauses = Sequence[tuple[datetime, datetime]]


def now() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


def calendars(chosen: "Settings") -> "Mapping[str, Calendar]":
    """The calendars of the definitions. DefinitionsInvalid if these have an error."""
    from aftersales.definitions import Catalog  # here: help needs no definitions

    return Catalog.load(chosen.folder).calendars


def calendar(chosen: "Settings", name: str | None) -> "Calendar":
    """The calendar of that name; without one `desk`, or the only one there is. NotFound."""
    known = calendars(chosen)
    if name is None and DEFAULT not in known and len(known) == 1:
        return next(iter(known.values()))
    asked = name or DEFAULT
    if asked not in known:
        near = get_close_matches(asked, known, n=1)
        help = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(sorted(known))}"
        raise NotFound(f"there is no calendar `{asked}`; {help}")
    return known[asked]


def at(text: str, flag: str, calendar: "Calendar") -> datetime:
    """An instant; without an offset, what the clocks of the calendar's zone show."""
    read = instant(text, flag, zone=calendar.zone)
    assert read is not None
    if not YEARS[0] <= read.year <= YEARS[1]:
        message = f"`{text}` is not in a year from {YEARS[0]} to {YEARS[1]}"
        raise click.BadParameter(message, param_hint=flag)
    return read


def pauses(texts: tuple[str, ...], calendar: "Calendar") -> Pauses:
    """The pauses written as `2026-10-01 12:00 to 2026-10-02 09:00`, the earlier first."""
    found = []
    written: dict[tuple[datetime, datetime], str] = {}
    for text in texts:
        begin, joint, end = text.partition(" to ")
        if not joint:
            message = (
                f"`{text}` is not a pause; write it like `2026-10-01 12:00 to 2026-10-02 09:00`"
            )
            raise click.BadParameter(message, param_hint="--pause")
        pause = at(begin, "--pause", calendar), at(end, "--pause", calendar)
        if pause[1] < pause[0]:
            message = f"`{text}` ends before it begins; give the earlier instant first"
            raise click.BadParameter(message, param_hint="--pause")
        found.append(pause)
        written[pause] = text
    found.sort()
    for one, other in pairwise(found):
        if one[1] > other[0]:
            message = f"`{written[one]}` and `{written[other]}` overlap; write them as one pause"
            raise click.BadParameter(message, param_hint="--pause")
    return found


def reading(text: str, at: datetime, zone: str) -> str:
    """How a wall time was read that the clocks skip or show twice; else empty."""
    from aftersales.domain.calendar import local, zone_of  # here: help needs no calendar

    written = datetime.fromisoformat(text.strip())
    if written.tzinfo is not None:
        return ""
    shown = local(at, zone)
    if shown.replace(tzinfo=None) != written:
        return f"the clocks skip {written:%H:%M} that day: read as {shown:%H:%M}"
    second = written.replace(tzinfo=zone_of(zone), fold=1)
    if second.utcoffset() != shown.utcoffset():
        return f"the clocks show {written:%H:%M} twice that day: the first is meant"
    return ""


def check_known(calendar: "Calendar", horizon: str, first: datetime, last: datetime) -> None:
    """YearUnknown where the answer would rest on a year whose holidays nobody has told."""
    if horizon != "unknown":
        return
    almanac = calendar.content.almanac
    years = [calendar.business_date(at).year for at in (first, last)]
    year = years[0] if years[0] < almanac.first_year else years[1]
    span = f"{almanac.first_year} to {max(almanac.known_until or 0, almanac.predicted_until)}"
    if almanac.known_until is None:
        raise YearUnknown(
            f"the answer would rest on {year}, for which `{calendar.name}` has no table",
            help=f"ask within the years it has: {span}",
        )
    raise YearUnknown(
        f"the answer would rest on {year}, of which `{calendar.name}` knows no holidays",
        help=f"it knows {span}: ask within these years, or name later ones in the calendar",
    )
