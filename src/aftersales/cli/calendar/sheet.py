"""What `calendar show` shows: all calendars in a table, or a month or a year of one."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from aftersales.authoring.days import Day, cut_off_of, days_of, usual_hours, week_in_words
from aftersales.authoring.reckoning import hours_in_words
from aftersales.cli.calendar import drawing
from aftersales.cli.calendar.drawing import MONTHS, Line, Sheet
from aftersales.cli.calendar.telling import assumed, many, versions
from aftersales.cli.output import aligned
from aftersales.domain.calendar import Calendar, Horizon, day_number

COLUMNS = ("name", "zone", "open", "holidays", "known")


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or a year where `month` is None."""

    year: int
    month: int | None

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else str(self.year)


def period(year: int, month: int | None) -> Period:
    """The period of that year, or of one month of it."""
    return Period(year, month)


def page(calendar: Calendar, shown: Period, *, today: date | None) -> list[Line]:
    """The page of a month or a year."""
    sheet = _sheet(calendar, shown, today)
    heading: Line = [(str(shown), "bold"), (f" · {calendar.name} · {calendar.zone}", "")]
    drawn = drawing.month(sheet) if shown.month else drawing.year(sheet)
    told = aligned(drawing.remarks(sheet))
    below = [*filter(None, [drawing.legend(sheet, is_small=shown.month is None)]), *told]
    known = [known_in(calendar, shown.year), *assumed(calendar), versions(calendar)]
    parts = [*_plain(_open(calendar, sheet)), [], *drawn, []]
    parts += [*_plain(below), []] if below else []
    return [heading, *parts, *_plain([_sums(sheet), *known])]


def as_data(calendar: Calendar, shown: Period) -> dict[str, object]:
    """The same for a machine."""
    days = days_of(calendar, shown.first, shown.last)
    content = calendar.content
    return {
        "calendar": calendar.name,
        "zone": calendar.zone,
        "digest": calendar.digest,
        "sources": content.sources,
        "first": shown.first,
        "last": shown.last,
        "horizon": horizon_of(calendar, shown.year),
        "known_until": content.almanac.known_until,
        "cut_off": cut_off_of(calendar) or None,
        "open_days": sum(1 for day in days if day.opens),
        "open_seconds": sum(day.open_seconds for day in days),
        "days": [_day_data(day) for day in days],
    }


def overview(calendar: Calendar, year: int) -> list[str]:
    """One calendar as a row of the table."""
    almanac = calendar.content.almanac
    holidays = _short_sources(calendar.content.sources.get("holidays", "none"))
    known = "" if almanac.known_until is None else f"until {almanac.known_until}"
    return [calendar.name, calendar.zone, _hours_of(calendar, year), holidays, known]


def overview_data(calendar: Calendar, year: int) -> dict[str, object]:
    """One calendar for a machine."""
    almanac = calendar.content.almanac
    return {
        "calendar": calendar.name,
        "zone": calendar.zone,
        "digest": calendar.digest,
        "open": _hours_of(calendar, year),
        "cut_off": cut_off_of(calendar) or None,
        "known_until": almanac.known_until,
        "predicted_until": None if almanac.known_until is None else almanac.predicted_until,
        "sources": calendar.content.sources,
    }


def horizon_of(calendar: Calendar, year: int) -> Horizon:
    """How well the holidays of a year are known."""
    first, last = day_number(date(year, 1, 1)), day_number(date(year, 12, 31))
    return calendar.content.almanac.horizon(first, last)[0]


def known_in(calendar: Calendar, year: int) -> str:
    """The same in words."""
    almanac = calendar.content.almanac
    if almanac.known_until is None:
        return "no holidays: nothing of it can be unknown"
    if "holidays" not in calendar.content.sources and horizon_of(calendar, year) != "published":
        return f"the frozen days of {year} are not known yet: due dates in it are provisional"
    if "holidays" not in calendar.content.sources:
        return f"the frozen days of {year} are announced"
    return {
        "published": f"the holidays of {year} are published",
        "predicted": f"the holidays of {year} are predicted: due dates in it are provisional",
        "unknown": f"the holidays of {year} are not known: only the week and the days written down",
    }[horizon_of(calendar, year)]


def _sheet(calendar: Calendar, shown: Period, today: date | None) -> Sheet:
    days = days_of(calendar, shown.first, shown.last)
    return Sheet.of(days, _usual(calendar, shown.year), today)


def _usual(calendar: Calendar, year: int) -> tuple[str, ...]:
    return usual_hours(days_of(calendar, date(year, 1, 1), date(year, 12, 31)))


def _hours_of(calendar: Calendar, year: int) -> str:
    """The week; of a joint calendar its parts, for the hours they share differ by season."""
    parts = ", ".join(part.name for part in calendar.content.parts)
    if parts:
        return f"together: {parts}"
    return week_in_words(_usual(calendar, year))


def _open(calendar: Calendar, sheet: Sheet) -> list[str]:
    cut_off = cut_off_of(calendar)
    also = f"; cut-off {cut_off}" if cut_off else ""
    return [f"open {week_in_words(sheet.usual)}{also}"]


def _sums(sheet: Sheet) -> str:
    days = sum(1 for day in sheet.days if day.opens)
    hours = hours_in_words(sum(day.open_seconds for day in sheet.days))
    return f"{many(days, 'open day')}, {hours}"


def _short_sources(sources: str) -> str:
    """`US` out of `holidays 0.109, US`: the version is told where one calendar is shown."""
    return "; ".join(
        source.rpartition(", ")[2] if source.startswith("holidays ") else source
        for source in sources.split("; ")
    )


def _day_data(day: Day) -> dict[str, object]:
    return {
        "date": day.date,
        "weekday": day.weekday,
        "hours": day.hours,
        "opens": day.opens,
        "open_seconds": day.open_seconds,
        "closed": day.closed,
        "remark": day.remark,
        "frozen": day.frozen,
        "clock_change": day.clocks,
    }


def _plain(lines: list[str]) -> list[Line]:
    return [[(line, "")] for line in lines]
