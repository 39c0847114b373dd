"""`holidays:` of a calendar: countries, lists of dates, iCal feeds, or several of them."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache
from pathlib import Path

from aftersales.definitions.calendar_dates import Dates
from aftersales.definitions.calendar_feeds import MAX_BYTES, Feed, read_feed
from aftersales.definitions.calendar_holidays import Holidays, holidays_of
from aftersales.definitions.calendar_weekends import Weekends, weekends_of
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR, date_of
from aftersales.domain.conditions import did_you_mean, ticked
from aftersales.domain.errors import ValueUnreadable

_SORTS = ("country", "dates", "ical")
_OF_COUNTRY = ("subdivision", "categories", "make_up_days", "except")


@dataclass(frozen=True, slots=True)
class Source:
    """Closed days from one place, and how far they are known."""

    told: str
    """What it is, for people and for `sources`."""
    closed: tuple[tuple[int, str], ...]
    make_up_days: tuple[int, ...]
    predicted_until: int | None
    """The last year it can tell at all; None if no further than is published."""
    is_published: Callable[[int], bool]
    weekends: Weekends | None = None


Beside = Path | Map[str, bytes]
"""What stands beside a calendars file: a folder, or the files of one by name."""


def read_sources(
    node: Node, notes: Notes, beside: Beside | None, zone: tzinfo = UTC
) -> list[Source] | None:
    """The sources of holidays, or None with problems.

    A feed is a file that stands `beside`; what it gives in UTC is meant in `zone`.
    """
    nodes = node.items if isinstance(node, Listing) else (node,)
    if not nodes:
        help = "name a country, such as `US`, or leave `holidays` out"
        notes.error("T318", node, "there is nothing in this list", help)
    dates = Dates()
    read = [_source(item, notes, _Feeds(beside, zone), dates) for item in nodes]
    found = [source for source in read if source is not None]
    return found if found and len(found) == len(nodes) else None


def countries_in(node: Node | None) -> list[str]:
    """The countries that are written under `holidays`, known or not."""
    nodes = node.items if isinstance(node, Listing) else (node,)
    written = [item.get("country") if isinstance(item, Mapping) else item for item in nodes]
    return [item.text for item in written if isinstance(item, Scalar)]


def closed_days(sources: Sequence[Source]) -> dict[int, str]:
    """The closed days of all sources together, each with the names it has."""
    names: dict[int, dict[str, None]] = {}
    for source in sources:
        for day, name in source.closed:
            names.setdefault(day, {}).update(dict.fromkeys(name.split("; ")))
    return {day: "; ".join(found) for day, found in names.items()}


def weekends_in(sources: Sequence[Source]) -> Weekends | None:
    """The weekends of the country among the sources; None if there is none, or they differ."""
    found = {source.weekends for source in sources if source.weekends is not None}
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Feeds:
    """Where the feeds lie, and whose days their instants are on."""

    beside: Beside | None
    zone: tzinfo


def _source(node: Node, notes: Notes, feeds: _Feeds, dates: Dates) -> Source | None:
    if isinstance(node, Scalar):
        return _country(node, None, (), notes)
    keys = Keys(node, notes, what="`holidays`")
    others = [sort for sort in ("dates", "ical") if sort in keys]
    country = keys.scalar("country", required=not others)
    subdivision = keys.scalar("subdivision")
    categories = keys.scalars("categories")
    has_make_up_days = keys.yes_no("make_up_days", default=True)
    worked = keys.scalars("except")
    days = keys.node("dates")
    feed = keys.scalar("ical")
    counts_free_days = keys.yes_no("free_days")
    keys.done()
    if _is_mixed(keys, notes):
        return None
    if days is not None:
        return _listed(days, notes, dates)
    if feed is not None:
        return _feed(feed, notes, feeds, counts_free_days)
    found = _country(country, subdivision, categories, notes) if country else None
    return found and _worked(found, worked, has_make_up_days, notes)


def _is_mixed(keys: Keys, notes: Notes) -> bool:
    """Whether keys stand together that belong to different sorts of sources."""
    if not keys.is_mapping:
        return True
    sorts = [sort for sort in _SORTS if sort in keys]
    sort = sorts[0] if sorts else "country"
    wrong = sorts[1:] + [word for word in _OF_COUNTRY if word in keys and sort != "country"]
    wrong += ["free_days"] if "free_days" in keys and sort != "ical" else []
    if wrong:
        help = "give each source its own place in a list: `[{country: US}, {ical: our.ics}]`"
        message = f"`{wrong[0]}` does not go with `{sort}`"
        notes.error("T318", keys.place(wrong[0]), message, help)
    return bool(wrong)


def _country(
    country: Scalar,
    subdivision: Scalar | None,
    categories: tuple[Scalar, ...],
    notes: Notes,
) -> Source | None:
    part = subdivision.text if subdivision else None
    try:
        read = holidays_of(country.text, part, tuple(scalar.text for scalar in categories))
    except ValueUnreadable as slip:
        told = [*categories, *([subdivision] if subdivision else []), country]
        at = next((s for s in told if f"`{s.text}`" in str(slip)), country)
        notes.unreadable("T306", at, slip)
        return None
    return Source(
        told=read.source,
        closed=read.closed,
        make_up_days=read.make_up_days,
        predicted_until=read.last_year,
        is_published=_publishes(read, country.text),
        weekends=weekends_of(country.text, part),
    )


def _publishes(read: Holidays, country: str) -> Callable[[int], bool]:
    return lambda year: read.is_published(year, country)


def _worked(
    source: Source, worked: tuple[Scalar, ...], has_make_up_days: bool, notes: Notes
) -> Source:
    """The source without the holidays that are worked here."""
    names = {part for _, name in source.closed for part in _parts(name)}
    for scalar in worked:
        if scalar.text not in names:
            help = did_you_mean(scalar.text, names) or f"known are {ticked(sorted(names))}"
            notes.error("T307", scalar, f"there is no holiday `{scalar.text}`", help)
    left_out = {scalar.text for scalar in worked}
    return Source(
        told=source.told,
        closed=tuple((day, name) for day, name in source.closed if _parts(name) - left_out),
        make_up_days=source.make_up_days if has_make_up_days else (),
        predicted_until=source.predicted_until,
        is_published=source.is_published,
        weekends=source.weekends,
    )


def _parts(name: str) -> set[str]:
    """The holidays that fall on one day, which the package joins to one name."""
    return {part.removesuffix(" (observed)") for part in name.split("; ")}


def _listed(node: Node, notes: Notes, dates: Dates) -> Source | None:
    problems_before = len(notes.problems)
    spans = list(dates.read(node, notes))
    closed = [(day, span.reason(notes, otherwise="holiday")) for span in spans for day in span.days]
    if not closed and len(notes.problems) == problems_before:
        notes.error("T318", node, "there is no date here", "write `{2026-05-01: Labour Day}`")
    if not closed or len(notes.problems) > problems_before:
        return None
    return _of_list("dates of the calendars file", closed)


def _of_list(told: str, closed: Sequence[tuple[int, str]], *, is_by_rule: bool = False) -> Source:
    last = date_of(max(day for day, _ in closed)).year
    return Source(
        told=told,
        closed=tuple(sorted(closed)),
        make_up_days=(),
        predicted_until=LAST_YEAR if is_by_rule else None,
        is_published=lambda year: year <= last,
    )


def _feed(name: Scalar, notes: Notes, feeds: _Feeds, counts_free_days: bool) -> Source | None:
    content = _content(name, notes, feeds.beside)
    if content is None:
        return None
    try:
        feed = _feed_of(content, feeds.zone, counts_free_days)
    except ValueUnreadable as slip:
        notes.error("T314", name, f"`{name.text}`: {slip}", slip.help)
        return None
    if feed.doubtful:
        help = "to close a day, make the event all-day; to shorten one, use `special_days`"
        first, others = feed.doubtful[0], len(feed.doubtful) - 1
        more = f", and {others} more" if others else ""
        notes.warning("T317", name, f"`{name.text}`: {first}{more}", help, feed.doubtful[1:6])
    return _of_list(name.text, feed.days, is_by_rule=feed.is_by_rule)


@lru_cache(maxsize=32)
def _feed_of(content: bytes, zone: tzinfo, counts_free_days: bool) -> Feed:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return read_feed(content, years, zone=zone, counts_free_days=counts_free_days)


def _content(name: Scalar, notes: Notes, beside: Beside | None) -> bytes | None:
    """The bytes of the feed beside the calendars file, or None with a problem."""
    text = name.text
    is_plain = Path(text).name == text and "\\" not in text and text.isprintable()
    if not is_plain or beside is None or not _is_within(beside, text):
        help = "put the file beside the calendars file, and write its name only"
        notes.error("T314", name, f"`{text}` is not the name of a file beside this one", help)
        return None
    try:
        content = _bytes_of(text, beside)
    except OSError as error:
        help = "look at the permissions of the file"
        notes.error("T314", name, f"`{text}` cannot be read: {error.strerror}", help)
        return None
    if content is None:
        help = did_you_mean(text, _feeds_in(beside)) or (
            f"save the feed as {text} beside the calendars file"
        )
        notes.error("T314", name, f"there is no file `{text}` beside this one", help)
    return content


def _is_within(beside: Beside, name: str) -> bool:
    """Whether a file of that name is not a link to elsewhere."""
    if not isinstance(beside, Path):
        return True
    return (beside / name).resolve().is_relative_to(beside.resolve())


def _bytes_of(name: str, beside: Beside) -> bytes | None:
    """What is in the file, as far as a feed may go; None if there is none."""
    if not isinstance(beside, Path):
        content = beside.get(name)
        return None if content is None else content[: MAX_BYTES + 1]
    if not (beside / name).is_file():
        return None
    with (beside / name).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _feeds_in(beside: Beside) -> list[str]:
    return [found.name for found in beside.glob("*.ics")] if isinstance(beside, Path) else [*beside]
