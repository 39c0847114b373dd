"""Two or more calendars together: open where all of them are."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from aftersales.domain.calendar.almanac import Almanac
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.clock import DAY
from aftersales.domain.calendar.table import Table
from aftersales.domain.errors import ValueUnreadable

_YEAR = 366 * DAY


def joined(name: str, parts: Sequence[Content], sources: Mapping[str, str]) -> Content:
    """The content that has the open time common to all parts.

    ValueUnreadable if they are not open together in each year: a search would go on for ever.
    """
    if len(parts) < 2:
        raise ValueUnreadable(f"`{name}` joins nothing", help="name two calendars or more")
    table = Table.joint(tuple(part.table for part in parts))
    if not table.opens or _is_ever_shut(table):
        help = "widen the hours of one, or use one of them alone"
        raise ValueUnreadable(f"the calendars of `{name}` are never open together", help=help)
    sources = _sources(parts) | dict(sources)
    return Content(name, parts[0].zone, table, _almanac(parts, table), None, sources, tuple(parts))


def _sources(parts: Sequence[Content]) -> dict[str, str]:
    """Those of each kind, told once for each part that has one of its own."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for what, text in part.sources.items():
            found.setdefault(what, {})[text] = None
    return {what: "; ".join(texts) for what, texts in found.items()}


def _is_ever_shut(table: Table) -> bool:
    """Whether a year of the table passes without open time, or all that comes before or after."""
    longer = table.longer(1, 1)
    if longer.opens[0] >= table.opens[0] or longer.opens[-1] <= table.opens[-1]:
        return True
    instants = (table.begins, *table.opens, table.ends)
    return any(later - earlier > _YEAR for earlier, later in pairwise(instants))


def _almanac(parts: Sequence[Content], table: Table) -> Almanac:
    is_open = set(table.open_days)
    almanacs = [part.almanac for part in parts]
    known = [almanac.known_until for almanac in almanacs if almanac.known_until is not None]
    return Almanac(
        closed=_named(parts, lambda almanac: almanac.closed, lambda day: day not in is_open),
        marked=_named(parts, lambda almanac: almanac.marked, is_open.__contains__),
        known_until=min(known, default=None),
        predicted_until=min(almanac.predicted_until for almanac in almanacs),
        first_year=max(almanac.first_year for almanac in almanacs),
        frozen=_named(parts, lambda almanac: almanac.frozen, lambda _: True),
    )


def _named(
    parts: Sequence[Content],
    reasons_of: Callable[[Almanac], Mapping[int, str]],
    is_wanted: Callable[[int], bool],
) -> dict[int, str]:
    """The reasons of all parts, each told with the calendar it is from."""
    found: dict[int, list[str]] = {}
    for part in parts:
        for day, reason in reasons_of(part.almanac).items():
            if is_wanted(day):
                found.setdefault(day, []).append(f"{reason} ({part.name})")
    return {day: "; ".join(found[day]) for day in sorted(found)}
