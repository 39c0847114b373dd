"""Business time: calendars as tables of open intervals, and instants. Home of pendulum."""

from aftersales.domain.calendar.almanac import Horizon
from aftersales.domain.calendar.calendar import Calendar
from aftersales.domain.calendar.clock import (
    DAY,
    HOUR,
    SECOND,
    date_of,
    day_begins,
    day_number,
    weekday,
)
from aftersales.domain.calendar.instants import (
    from_iso,
    iso,
    local,
    parse_instant,
    speak,
    zone_of,
)
from aftersales.domain.calendar.meant import instant_help, meant_date
from aftersales.domain.calendar.pausing import Pauses
from aftersales.domain.calendar.plan import FIRST_YEAR, LAST_YEAR, Plan, week_collides
from aftersales.domain.calendar.run import DueKind, IfClosed, Run
from aftersales.domain.calendar.table import Hours, Week
from aftersales.domain.calendar.why import DueDate

__all__ = [
    "DAY",
    "FIRST_YEAR",
    "HOUR",
    "LAST_YEAR",
    "SECOND",
    "Calendar",
    "DueDate",
    "DueKind",
    "Horizon",
    "Hours",
    "IfClosed",
    "Pauses",
    "Plan",
    "Run",
    "Week",
    "date_of",
    "day_begins",
    "day_number",
    "from_iso",
    "instant_help",
    "iso",
    "local",
    "meant_date",
    "parse_instant",
    "speak",
    "week_collides",
    "weekday",
    "zone_of",
]
