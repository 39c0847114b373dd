"""Calendars and instants for the laws of business time: zones that change, hours of many shapes.

`scenes` draws a calendar and starts for it; every draw is one case and counted in `drawn`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from aftersales.domain.calendar import HOUR, Calendar, Hours, Plan, Week, day_number
from aftersales.domain.duration import Duration, Unit

ZONES = {  # the years of each table: those in which something happens to the zone
    "UTC": (2026, 2027),
    "Africa/Cairo": (2023, 2025),  # skips midnight on a Friday, repeats the hour before it
    "Africa/Casablanca": (2026, 2027),  # an hour less round Ramadan
    "America/Asuncion": (2023, 2025),  # skips and repeats midnight; stopped in 2024
    "America/Caracas": (2015, 2017),  # half an hour forward in 2016, for good
    "America/Havana": (2026, 2027),  # skips and repeats the hour after midnight
    "America/New_York": (2025, 2027),
    "America/Sao_Paulo": (2018, 2020),  # changed at midnight until 2019
    "Asia/Beirut": (2025, 2026),  # changes at midnight
    "Asia/Kathmandu": (2026, 2027),  # a quarter of an hour off
    "Asia/Pyongyang": (2015, 2018),  # half an hour back in 2015 at midnight, forward in 2018
    "Australia/Lord_Howe": (2025, 2027),  # changes by half an hour
    "Europe/Berlin": (2025, 2027),
    "Europe/Istanbul": (2015, 2017),  # stayed in summer time in 2016
    "Europe/Volgograd": (2018, 2021),  # changed its zone twice
    "Pacific/Apia": (2010, 2013),  # has no 30 December 2011
}
WORKDAYS, ALL_DAYS = (0, 1, 2, 3, 4), tuple(range(7))
MINUTE = HOUR // 60


def _hours(*texts: str) -> Hours:
    """Read `22:00-30:00` as an interval of a day."""
    intervals = []
    for text in texts:
        begin, end = (60 * int(time[:2]) + int(time[3:]) for time in text.split("-"))
        intervals.append((begin * MINUTE, end * MINUTE))
    return tuple(intervals)


def _week(days: tuple[int, ...], hours: Hours) -> Week:
    mon, tue, wed, thu, fri, sat, sun = (hours if i in days else () for i in ALL_DAYS)
    return (mon, tue, wed, thu, fri, sat, sun)


def _plain(days: tuple[int, ...], *hours: str) -> Plan:
    return Plan(name="plain", zone="UTC", week=_week(days, _hours(*hours)))


def _some_days(plan: Plan) -> Plan:
    """Half days, make-up days on weekends, and days with longer hours or hours at night."""
    half, late = _hours("09:00-13:00"), _hours("12:00-14:00", "15:00-26:00")
    special = dict.fromkeys(plan.days[4::13], (half, "half day"))
    special |= dict.fromkeys(plan.days[9::37], (late, "late day"))
    return replace(plan, special=special)


def _frozen(plan: Plan) -> Plan:
    """Eleven days each spring, and three round each day that a clock change may fall on."""
    days = [day for begin in range(40, len(plan.days), 365) for day in plan.days[begin:][:11]]
    changes = [day_number(change.date()) for change in changes_of(plan.zone)]
    days += [day + step for day in changes for step in (-1, 0, 1) if day + step in plan.days]
    return replace(plan, frozen=dict.fromkeys(days, "festival"))


def _moved_weekend(plan: Plan) -> Plan:
    """Friday and Saturday were the weekend until the middle of the table."""
    hours = plan.week[0]
    last = plan.days[len(plan.days) // 2]
    return replace(plan, earlier_weeks=((last, _week((6, 0, 1, 2, 3), hours)),))


def _as_it_is(plan: Plan) -> Plan:
    return plan


OFFICE = _plain(WORKDAYS, "09:00-17:00")
ALWAYS = _plain(ALL_DAYS, "00:00-24:00")
SHAPES: dict[str, tuple[Plan, Callable[[Plan], Plan]]] = {
    "office": (OFFICE, _as_it_is),
    "lunch": (_plain((6, 0, 1, 2, 3), "08:00-12:00", "13:00-17:00"), _as_it_is),
    "two breaks": (_plain(ALL_DAYS, "08:00-10:00", "10:15-13:00", "14:00-18:30"), _as_it_is),
    "night": (_plain(WORKDAYS, "22:00-30:00"), _as_it_is),
    "night and day": (_plain(ALL_DAYS, "07:00-09:00", "20:00-31:00"), _as_it_is),
    "always": (ALWAYS, _as_it_is),
    "weekdays through": (_plain(WORKDAYS, "00:00-24:00"), _as_it_is),
    "Saturdays": (_plain((5,), "10:00-14:00"), _as_it_is),
    "minute short": (_plain(ALL_DAYS, "00:00-23:59"), _as_it_is),
    "last minute": (_plain((0, 3, 5), "23:59-24:01"), _as_it_is),
    "small hours": (_plain(ALL_DAYS, "02:00-03:00"), _as_it_is),
    "round midnight": (_plain((4, 5, 6), "00:00-02:30", "23:00-24:00"), _as_it_is),
    "special days": (OFFICE, _some_days),
    "moved weekend": (OFFICE, _moved_weekend),
    "frozen office": (OFFICE, _frozen),
    "frozen always": (ALWAYS, _frozen),
    "morning cut-off": (replace(OFFICE, cut_off=10 * HOUR), _as_it_is),
    "night cut-off": (replace(_plain(WORKDAYS, "20:00-30:00"), cut_off=23 * HOUR), _as_it_is),
    "special cut-off": (replace(OFFICE, cut_off=14 * HOUR), _some_days),
}
JOINT = {  # open where both are, by the dates of the first
    "office and lunch": ("office", "lunch"),
    "always and night": ("always", "night"),
    "breaks and special days": ("two breaks", "special days"),
}
WITH_CUT_OFF = tuple(name for name in SHAPES if "cut-off" in name)
FROZEN = tuple(name for name in SHAPES if "frozen" in name)
ALL_SHAPES = (*SHAPES, *JOINT)
USUAL = tuple(name for name in ALL_SHAPES if name not in WITH_CUT_OFF)
drawn: Counter[str] = Counter()


@cache
def changes_of(zone: str) -> tuple[datetime, ...]:
    """The instants at which the clocks of a zone change, in the years of its table."""
    first, last = ZONES[zone]
    at, until = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, tzinfo=UTC)
    offset, found, step = _offset(zone, at), [], timedelta(minutes=15)
    while at < until:
        if _offset(zone, at + timedelta(days=1)) == offset:
            at += timedelta(days=1)
            continue
        while _offset(zone, at + step) == offset:
            at += step
        at += step
        offset = _offset(zone, at)
        found.append(at)
    return tuple(found)


def _offset(zone: str, at: datetime) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A calendar, and what it was built from."""

    zone: str
    plans: tuple[Plan, ...]
    calendar: Calendar

    def __repr__(self) -> str:
        return repr(self.calendar)

    @property
    def plan(self) -> Plan:
        """The plan, or that of the first of a joint calendar's."""
        return self.plans[0]

    @property
    def first(self) -> datetime:
        """The earliest start that is drawn."""
        return datetime(ZONES[self.zone][0], 2, 1, tzinfo=UTC)

    @property
    def days(self) -> int:
        """How many days after it starts are drawn."""
        return 365 * (ZONES[self.zone][1] - ZONES[self.zone][0] + 1) - 120


@cache
def plan_of(zone: str, shape: str, every: int) -> Plan:
    """A plan of the shape; `every` is 0 for no holidays, 1 for one each ninth day."""
    plain, changed = SHAPES[shape]
    first_year, last_year = ZONES[zone]
    plan = replace(plain, name=shape, zone=zone, first_year=first_year, last_year=last_year)
    closed = dict.fromkeys(plan.days[5 :: 9 * every] if every else (), "holiday")
    return changed(replace(plan, closed=closed))


@cache
def ground_of(zone: str, shape: str, every: int) -> Ground:
    """The calendar of a shape in a zone. Built once."""
    plans = tuple(plan_of(zone, part, every) for part in JOINT.get(shape, (shape,)))
    built = [Calendar.built(plan) for plan in plans]
    return Ground(zone, plans, built[0] if len(built) == 1 else Calendar.joint(shape, built))


@cache
def less_open(ground: Ground) -> Calendar:
    """The same with each tenth day closed too, and the days of clock changes."""
    plan = ground.plan
    changed = [day_number(change.date()) for change in changes_of(ground.zone)]
    extra = {*plan.days[2::10], *changed} - plan.special.keys()
    return Calendar.built(replace(plan, closed={**plan.closed, **dict.fromkeys(extra, "closed")}))


@cache
def with_half_days(ground: Ground) -> Calendar:
    """The same with each third day open only until half of its first hours are over."""
    plan = ground.plan
    open_days = [day for day in plan.days[1::3] if plan.hours(day)]
    halves = {day: _first_half(plan.hours(day)) for day in open_days}
    special = {day: (hours, "half day") for day, hours in halves.items()}
    return Calendar.built(replace(plan, special={**plan.special, **special}))


def _first_half(hours: Hours) -> Hours:
    begin, end = hours[0]
    return ((begin, (begin + end) // 2),)


@cache
def without_cut_off(ground: Ground) -> Calendar:
    """The same, where nothing is received late."""
    return Calendar.built(replace(ground.plan, cut_off=None))


@cache
def grounds(shapes: tuple[str, ...] = USUAL) -> st.SearchStrategy[Ground]:
    """Any zone, any of these shapes, with holidays and without."""
    return st.builds(
        ground_of, st.sampled_from(list(ZONES)), st.sampled_from(shapes), st.sampled_from([0, 1])
    )


Scene = tuple[Ground, datetime, datetime]
NUDGES = [timedelta(0), timedelta(microseconds=-1), timedelta(seconds=1), timedelta(seconds=-1)]
NUDGES += [timedelta(minutes=minutes) for minutes in (-61, -30, -1, 1, 15, 59, 90)]


@st.composite
def scenes(draw: st.DrawFn, shapes: tuple[str, ...] = USUAL) -> Scene:
    """A calendar and two instants in order, often near a clock change or the edge of hours."""
    drawn["cases"] += 1
    ground = draw(grounds(shapes))
    one, other = draw(_instants(ground)), draw(_instants(ground))
    return (ground, min(one, other), max(one, other))


@st.composite
def minute_scenes(draw: st.DrawFn, shapes: tuple[str, ...] = USUAL) -> tuple[Ground, datetime]:
    """A calendar and an instant on a full minute, for counting minute by minute."""
    drawn["minute by minute"] += 1
    ground = draw(grounds(shapes))
    return ground, draw(_instants(ground)).replace(second=0, microsecond=0)


@cache
def _instants(ground: Ground) -> st.SearchStrategy[datetime]:
    spread = st.integers(0, ground.days * 24 * 3600)
    anywhere = spread.map(lambda after: ground.first + timedelta(seconds=after))
    dates = st.integers(0, ground.days)
    edges = [at for plan in ground.plans for hours in plan.week for at in (*sum(hours, ()), 0)]
    edges += [plan.cut_off for plan in ground.plans if plan.cut_off is not None]
    at_edges = st.builds(
        lambda day, edge, fold, nudge: _instant(ground, day, edge, fold) + nudge,
        dates,
        st.sampled_from(sorted(set(edges))),
        st.integers(0, 1),
        st.sampled_from(NUDGES),
    )
    changes = changes_of(ground.zone)
    if not changes:
        return anywhere | at_edges
    before = st.integers(-1500, 3000)
    near = st.builds(
        lambda at, after: at + timedelta(minutes=after), st.sampled_from(changes), before
    )
    exactly = st.builds(
        lambda at, nudge: at + nudge, st.sampled_from(changes), st.sampled_from(NUDGES)
    )
    return anywhere | at_edges | near | exactly


def _instant(ground: Ground, day: int, edge: int, fold: int) -> datetime:
    wall = (ground.first + timedelta(days=day, microseconds=edge)).replace(fold=fold)
    return wall.replace(tzinfo=ZoneInfo(ground.zone)).astimezone(UTC)


Pauses = list[tuple[datetime, datetime]]
_STEPS = st.integers(0, 60) | st.integers(0, 8000)


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> Pauses:
    """Up to four pauses from a start on, some of no length, some that touch, at odd seconds."""
    steps = draw(st.lists(st.tuples(_STEPS, _STEPS, st.integers(0, 59)), max_size=4))
    pauses, at = [], start
    for wait, length, odd in steps:
        begin = at + timedelta(minutes=wait, seconds=odd if wait else 0)
        at = begin + timedelta(minutes=length)
        pauses.append((begin, at))
    return pauses


@st.composite
def paused_scenes(draw: st.DrawFn, shapes: tuple[str, ...] = USUAL) -> tuple[Scene, Pauses]:
    """A scene, and pauses after its first start."""
    scene = draw(scenes(shapes))
    return scene, draw(pauses_after(scene[1]))


@st.composite
def durations(draw: st.DrawFn, units: tuple[Unit, ...] = tuple(Unit)) -> Duration:
    """Any duration up to some weeks."""
    unit = draw(st.sampled_from(units))
    most = {Unit.MINUTES: 9000, Unit.HOURS: 400, Unit.BUSINESS_HOURS: 90}.get(unit, 25)
    return Duration(draw(st.integers(0, most)), unit)


def business_hours(amount: int) -> Duration:
    """So many business hours."""
    return Duration(amount, Unit.BUSINESS_HOURS)


def business_days(amount: int) -> Duration:
    """So many business days."""
    return Duration(amount, Unit.BUSINESS_DAYS)


def open_seconds(least: int, most_hours: int = 120) -> st.SearchStrategy[timedelta]:
    """Amounts of open time: whole hours as often as odd seconds."""
    odd = st.integers(least, most_hours * 3600).map(lambda s: timedelta(seconds=s))
    whole = st.integers(min(least, 1), most_hours).map(lambda h: timedelta(hours=h))
    return odd | whole
