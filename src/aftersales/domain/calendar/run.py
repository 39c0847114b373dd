"""A deadline being counted, as a value that can be stored and counted on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DueKind = Literal["close", "midnight", "same_time"]
IfClosed = Literal["keep", "following"]


@dataclass(frozen=True, slots=True)
class Run:
    """From when something is counted, and until when if nothing pauses it.

    With its pauses it gives a due date (`Calendar.resumed`), on a newer calendar a run that goes
    on from there (`Calendar.taken_over`). Days are numbers since 1970.
    """

    start: datetime
    planned: datetime
    unit: str  # business hours, business days, days, hours or minutes
    due_at: DueKind | None  # None for hours and minutes, and for a part of a deadline
    start_day: int  # counted from this date
    due_day: int
    if_closed: IfClosed = "keep"
    wall_micros: int = 0  # the time of day that `same_time` keeps, after the 00:00 of its date
    zone: str = ""  # whose wall clock, where not the calendar's
    percent: int | None = None  # of a part of a deadline
    duration: str = ""  # as it was written
    slack_micros: int = 0  # open time before `planned` that is not owed: pauses end a day whole
    taken_over_at: datetime | None = None  # since when this calendar counts, after another one
