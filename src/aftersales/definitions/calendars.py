"""`calendars/1`: the opening hours, holidays and single days of each desk and platform."""

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from aftersales.definitions.calendar_days import Days
from aftersales.definitions.calendar_horizon import (
    asked_for_years,
    check_horizon,
    known_until,
    no_year,
)
from aftersales.definitions.calendar_hours import Weeks, parse_time, read_weeks
from aftersales.definitions.calendar_joint import TOGETHER, Together, joined
from aftersales.definitions.calendar_sources import (
    Beside,
    Source,
    countries_in,
    read_sources,
    weekends_in,
)
from aftersales.definitions.calendar_weekends import Weekends
from aftersales.definitions.calendar_zones import zone_help
from aftersales.definitions.contents import Contents
from aftersales.definitions.documents import Document, file_content, read_document
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.domain.calendar import LAST_YEAR, Calendar, Plan, date_of, zone_of
from aftersales.domain.conditions import closest
from aftersales.domain.errors import DefinitionsInvalid, ValueUnreadable
from aftersales.domain.problem import Place

_NO_WEEKEND: Weekends = ((0, frozenset()),)

Top = Path | Contents
"""Where the definitions are: a folder, or what was taken of one."""


def load_calendars(path: str | Path) -> dict[str, Calendar]:
    """The calendars of one file by name, without the rest of the definitions.

    DefinitionsInvalid, with all problems, if there is an error.
    """
    file, notes = Path(path), Notes()
    shown = str(path)
    if file.exists():
        content = file_content(file, shown, notes)
    else:
        content, help = None, "correct the path, or make the file; `aftersales init` makes one"
        notes.error("F804", Place(shown, 1, 1), f"there is no file `{shown}`", help)
    document = None if content is None else read_document(content, shown, notes)
    found: dict[str, Calendar] = {}
    if document is not None and document.format != "calendars":
        at = document.root.get("aftersales") or document.root
        help = "name a file that begins with `aftersales: calendars/1`"
        notes.error("F801", at, f"these are no calendars, but `{document.format}/1`", help)
    elif document is not None:
        found = read_calendars(document.root, notes, folder=file.parent)
    if notes.has_errors:
        raise DefinitionsInvalid([p for p in notes.problems if p.severity == "error"])
    return found


def read_calendars(
    root: Mapping, notes: Notes, *, folder: Path | None = None, today: date | None = None
) -> dict[str, Calendar]:
    """The calendars of a `calendars/1` file by name; those with errors are left out.

    `folder` is where the file stands, with the feeds it names. `today` is for the check that the
    holidays reach so far; without it, there is none.
    """
    return _read_all([(root, folder)], notes, today)


def read_calendar_files(
    documents: Iterable[Document], notes: Notes, *, top: Top | None, today: date | None = None
) -> dict[str, Calendar]:
    """The calendars of several files of the folder `top`: they may name each other's."""
    files = [(d.root, None if top is None else _beside(d.file, top)) for d in documents]
    return _read_all(files, notes, today)


def _beside(file: str, top: Top) -> Beside:
    return top.beside(file) if isinstance(top, Contents) else (top / file).parent


def _read_all(
    files: Sequence[tuple[Mapping, Beside | None]], notes: Notes, today: date | None
) -> dict[str, Calendar]:
    written: dict[str, Scalar] = {}
    found: dict[str, Calendar] = {}
    together: dict[str, Together] = {}
    for root, beside in files:
        keys = Keys(root, notes, what="a calendars file")
        keys.text("aftersales", required=True)
        keys.text("about")
        for name, node in keys.pairs("calendars", required=True):
            if name.text in written:
                first = written[name.text].place
                help = f"the other is in {first.file}:{first.line}; give one another name"
                notes.error("T319", name, f"there are two calendars `{name.text}`", help)
                continue
            written[name.text] = name
            if isinstance(node, Mapping) and node.key(TOGETHER):
                together[name.text] = Together.read(node, notes)
                continue
            calendar = read_calendar(name.text, node, notes, folder=beside, today=today)
            if calendar is not None:
                found[name.text] = calendar
        keys.done()
    joint = joined(together, found, written, notes)
    return {name: calendar for name in written if (calendar := found.get(name) or joint.get(name))}


def read_calendar(
    name: str,
    node: Node,
    notes: Notes,
    *,
    folder: Beside | None = None,
    today: date | None = None,
) -> Calendar | None:
    """One calendar, or None with the problems that keep it from being built."""
    errors_before = _errors(notes)
    keys = Keys(node, notes, what="a calendar")
    for word in ("about", "because", "source", "read_on"):
        keys.text(word)
    zone = _zone(keys, notes)
    holidays = _Holidays.read(keys, notes, folder, zone, today)
    weeks = _weeks(keys, holidays, notes)
    cut_off = _cut_off(keys, notes)
    days = Days.of(holidays.sources)
    days.read(keys, weeks, notes)
    assumed = keys.text("assumed")
    keys.done()
    if zone is None or weeks is None or _errors(notes) > errors_before:
        return None
    plan = Plan(
        name=name,
        zone=zone,
        week=weeks.week,
        earlier_weeks=weeks.earlier,
        closed=days.closed,
        special=days.special,
        frozen=days.frozen,
        cut_off=cut_off,
        known_until=holidays.known_until,
        predicted_until=holidays.predicted_until,
        sources=_sources(holidays=holidays.told, assumed=assumed),
    )
    if not _is_possible(plan, days, node, notes):
        return None
    if holidays.year is not None and today is not None:
        check_horizon(name, holidays.year, plan, today, notes)
    return _built_of(plan, node, notes)


def _sources(**told: str | None) -> dict[str, str]:
    """Where the days of a calendar are from, as far as that is known."""
    return {"zone": zone_source()} | {name: text for name, text in told.items() if text}


def _built_of(plan: Plan, node: Node, notes: Notes) -> Calendar | None:
    try:
        return _built(plan)
    except ValueUnreadable as slip:
        notes.unreadable("T304", node, slip)
        return None


def _errors(notes: Notes) -> int:
    return sum(problem.severity == "error" for problem in notes.problems)


@lru_cache(maxsize=64)
def _built(plan: Plan) -> Calendar:
    return Calendar.built(plan)


@lru_cache(maxsize=1)
def zone_source() -> str:
    """Where zones come from on this machine, with the version if it is told."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "UTC").exists():
            told = folder / "tzdata.zi"
            first = told.read_text().partition("\n")[0] if told.exists() else ""
            return f"tzdata of the system {first.removeprefix('# version ')}".strip()
    return f"tzdata {metadata.version('tzdata')}"


@dataclass(frozen=True, slots=True)
class _Holidays:
    """What `holidays` and `known_until` say together."""

    sources: Sequence[Source] = ()
    known_until: int | None = None
    year: Scalar | None = None
    is_lost: bool = False
    """Whether there are holidays that could not be read: then nobody is blamed for using them."""

    @classmethod
    def read(
        cls, keys: Keys, notes: Notes, folder: Beside | None, zone: str | None, today: date | None
    ) -> "_Holidays":
        node = keys.node("holidays")
        year = keys.scalar("known_until")
        if node is None:
            if year is None or "holidays" in keys:
                return cls(is_lost="holidays" in keys)
            if "frozen" in keys:
                # Days that a platform freezes are announced year by year, as holidays are.
                return cls((), known_until(year, (), notes), year)
            help = "remove it, or name the country: `holidays: US`"
            notes.error("T311", year, "`known_until` without `holidays` says nothing", help)
            return cls()
        sources = read_sources(node, notes, folder, zone_of(zone or "UTC"))
        if sources is None:
            return cls(is_lost=True)
        if year is None and "known_until" not in keys and not _is_misspelt(keys):
            no_year(keys.place("holidays"), sources, today, notes)
        known = known_until(year, sources, notes) if year is not None else None
        return cls(sources, known, year)

    @property
    def predicted_until(self) -> int:
        """The last year of which every country can tell anything; without one, every source."""
        told = [source.predicted_until for source in asked_for_years(self.sources)]
        return min((y or self.known_until or LAST_YEAR for y in told), default=LAST_YEAR)

    @property
    def told(self) -> str:
        return "; ".join(dict.fromkeys(source.told for source in self.sources))


def _is_misspelt(keys: Keys) -> bool:
    """Whether another key was meant as `known_until`: then that is told, and it is not missing."""
    written = keys.mapping.items if keys.mapping else ()
    return any(closest(key.text, ["known_until"]) for key, _ in written)


def _zone(keys: Keys, notes: Notes) -> str | None:
    scalar = keys.scalar("zone", required=True)
    if scalar is None:
        return None
    try:
        zone_of(scalar.text)
    except ValueUnreadable as slip:
        help = zone_help(scalar.text, countries_in(keys.node("holidays")))
        notes.error("T301", scalar, str(slip), help or slip.help)
        return None
    return scalar.text


def _weeks(keys: Keys, holidays: _Holidays, notes: Notes) -> Weeks | None:
    node = keys.node("hours", required=True)
    if isinstance(node, Mapping):
        weekends = _NO_WEEKEND if holidays.is_lost else weekends_in(holidays.sources)
        return read_weeks(node, notes, weekends)
    if node is not None:
        help = "write it like `{mon-fri: 09:00-17:00}`"
        notes.error("T302", node, "hours are given by the days of the week", help)
    return None


def _cut_off(keys: Keys, notes: Notes) -> int | None:
    scalar = keys.scalar("cut_off")
    if scalar is None:
        return None
    try:
        return parse_time(scalar.text)
    except ValueUnreadable as slip:
        notes.unreadable("T312", scalar, slip)
        return None


def _is_possible(plan: Plan, days: Days, node: Node, notes: Notes) -> bool:
    """Whether no day's hours run into the next; else a problem where that day is written."""
    for day in plan.collisions():
        where = days.written.get(day) or days.written.get(day + 1) or node
        message = f"the hours of {date_of(day)} run into others"
        notes.error("T310", where, message, "a night may run only until the next hours begin")
        return False
    return True
