"""What is asked: business days, business hours, and building a calendar; of us and of others."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from building import DESKS, UNITED_STATES, YEARS, Place, agrees, built_fresh, listed
from measuring import Answers, Contestant, Question

from aftersales import Calendar, Duration, load_calendars

try:
    import numpy as np
except ImportError:
    np = None  # type: ignore[assignment]
try:
    import pandas as pd  # type: ignore[import-untyped]
except ImportError:
    pd = None

DAYS, HOURS = 30, 20
ZONE = ZoneInfo("America/New_York")
FIRST, LAST = date(2017, 1, 1), date(2026, 6, 30)


def questions(items: int) -> list[Question]:
    """All questions, the same ones in each run: the seed is fixed."""
    calendar = load_calendars(Path(__file__).with_name("calendars.yaml"))["measured"]
    chance = random.Random(20260302)
    span = (LAST - FIRST).days
    days = [FIRST + timedelta(days=chance.randrange(span)) for _ in range(items)]
    starts = [
        datetime.combine(day, time(chance.randrange(24), 15 * chance.randrange(4)), ZONE)
        for day in days
    ]
    closed = holidays.country_holidays("US", years=range(2015, 2036))
    return [
        _business_days(calendar, days, starts, closed),
        _business_hours(calendar, starts, sorted(closed)),
        _building((UNITED_STATES,), ", United States"),
        _building(DESKS, ", mean of six countries"),
    ]


# -- business days


def _business_days(
    calendar: Calendar, days: list[date], starts: list[datetime], closed: Any
) -> Question:
    instants = [start.astimezone(UTC) for start in starts]
    contestants = [
        Contestant("aftersales `business_day(date, 30)`", partial(_our_days, calendar, days), True),
        Contestant(
            "aftersales `instant(at, 30 business days)`",
            partial(_our_instants, calendar, instants, Duration.parse(f"{DAYS} business days")),
            True,
        ),
    ]
    if np is not None:
        contestants += _numpy_days(days, sorted(closed))
    contestants.append(
        Contestant("holidays `get_nth_working_day`", partial(_holidays_days, closed, days))
    )
    title = f"the {DAYS}th business day after a date"
    return Question(title, len(days), contestants, _days_agree)


def _our_days(calendar: Calendar, days: list[date]) -> Answers:
    return [calendar.business_day(day, DAYS) for day in days]


def _our_instants(calendar: Calendar, starts: list[datetime], duration: Duration) -> Answers:
    return [calendar.instant(start, duration) for start in starts]


def _numpy_days(days: list[date], closed: list[date]) -> list[Contestant]:
    calendar = np.busdaycalendar(weekmask="1111100", holidays=closed)
    offset, numpy_days = np.busday_offset, [np.datetime64(day, "D") for day in days]

    def scalar() -> Answers:
        return [offset(day, DAYS, roll="backward", busdaycal=calendar) for day in numpy_days]

    def dates() -> Answers:
        return [offset(day, DAYS, roll="backward", busdaycal=calendar).item() for day in days]

    return [
        Contestant("numpy `busday_offset`, a scalar `datetime64`", scalar),
        Contestant("numpy `busday_offset`, from `date` to `date`", dates),
    ]


def _holidays_days(closed: Any, days: list[date]) -> Answers:
    return [closed.get_nth_working_day(day, DAYS) for day in days]


def _days_agree(answers: dict[str, Answers]) -> str:
    """All name the same date; our instant is the closing of that date."""
    ours, *others = (list(map(_as_date, answer)) for answer in answers.values())
    for name, theirs in zip(list(answers)[1:], others, strict=True):
        assert theirs == ours, f"{name} differs"
    closings = list(answers.values())[1]
    assert all((at.astimezone(ZONE).hour, at.minute) == (17, 0) for at in closings)
    return f"all {len(answers)} ways name the same {len(ours)} dates"


def _as_date(answer: Any) -> date:
    if isinstance(answer, datetime):
        return answer.astimezone(ZONE).date()
    return answer if isinstance(answer, date) else answer.item()


# -- business hours


def _business_hours(calendar: Calendar, starts: list[datetime], closed: list[date]) -> Question:
    instants = [start.astimezone(UTC) for start in starts]
    duration = Duration.parse(f"{HOURS} business hours")
    contestants = [
        Contestant(
            "aftersales `instant(at, 20 business hours)`",
            partial(_our_instants, calendar, instants, duration),
            True,
        ),
        Contestant(
            "aftersales `add_open(at, 20 hours)`", partial(_our_adding, calendar, instants), True
        ),
    ]
    if pd is not None:
        contestants += _pandas_hours(starts, closed)
    title = f"{HOURS} business hours after an instant"
    return Question(title, len(starts), contestants, partial(_hours_agree, calendar))


def _our_adding(calendar: Calendar, starts: list[datetime]) -> Answers:
    amount = timedelta(hours=HOURS)
    return [calendar.add_open(start, amount) for start in starts]


def _pandas_hours(starts: list[datetime], closed: list[date]) -> list[Contestant]:
    offset = pd.offsets.CustomBusinessHour(n=HOURS, start="09:00", end="17:00", holidays=closed)
    aware = [pd.Timestamp(start) for start in starts]
    naive = [pd.Timestamp(start.replace(tzinfo=None)) for start in starts]

    def adding(stamps: Sequence[Any]) -> Answers:
        return [stamp + offset for stamp in stamps]

    return [
        Contestant("pandas `CustomBusinessHour`, with a zone", partial(adding, aware)),
        Contestant("pandas `CustomBusinessHour`, without a zone", partial(adding, naive)),
    ]


def _hours_agree(calendar: Calendar, answers: dict[str, Answers]) -> str:
    """The same instant; but where time is used up at closing, pandas names the next opening."""
    ours = next(iter(answers.values()))
    at_closing = 0
    for name, theirs in answers.items():
        for our, their in zip(ours, theirs, strict=True):
            other = _aware(their)
            if other != our:
                at_closing += 1
                assert other == calendar.add_open(our, timedelta()), f"{name}: {our} or {other}"
    ways = f"all {len(answers)} ways name the same {len(ours)} moments"
    return f"{ways}; at closing pandas names the next opening ({at_closing} times)"


def _aware(answer: Any) -> datetime:
    at: datetime = answer.to_pydatetime() if hasattr(answer, "to_pydatetime") else answer
    return at.replace(tzinfo=ZONE).astimezone(UTC) if at.tzinfo is None else at


# -- building


def _building(places: Sequence[Place], where: str) -> Question:
    contestants = [
        Contestant(
            "aftersales, table and digest",
            lambda: [built_fresh(place) for place in places],
            True,
        ),
        Contestant("holidays, the list alone", lambda: list(map(listed, places))),
    ]
    title = f"{len(YEARS)} years of a calendar built from `holidays`{where}"
    return Question(title, len(places), contestants, _building_agrees)


def _building_agrees(answers: dict[str, Answers]) -> str:
    """What `holidays` lists on a weekday is closed in ours, and nothing else is."""
    assert all(map(agrees, *answers.values()))
    return "each day of these years is open or closed in both alike"
