"""How a count is told: a row for each day or run of days, the versions, and what is uncertain."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from aftersales.authoring.reckoning import MOST_DAYS, Reckoned, hours_in_words
from aftersales.cli.calendar.drawing import span
from aftersales.cli.output import aligned
from aftersales.domain.calendar import local, speak

if TYPE_CHECKING:
    from aftersales.domain.calendar import Calendar

MOST_ROWS = 22
"""More are told at both ends only: an explanation is read, not searched."""
_PLAIN = "plain"


def when(at: datetime, zone: str) -> str:
    """An instant for people; the end of a day reads 24:00."""
    wall = local(at, zone)
    if (wall.hour, wall.minute) != (0, 0):
        return speak(at, zone)
    return speak(at - timedelta(minutes=1), zone).replace("23:59", "24:00")


def rows(told: Sequence[Reckoned]) -> list[str]:
    """The days as lines: one each, but for neighbours of which the same is said.

    Where that is too long to be read, plain days are told as runs, then with their weekends.
    """
    for sort in (_by_day, _by_run, _by_stretch):
        lines = aligned(_cells(told, sort))
        if len(lines) <= MOST_ROWS:
            break
    if len(lines) > MOST_ROWS:
        half = MOST_ROWS // 2
        left_out = f"... {len(lines) - 2 * half} more lines; `--json` has each day"
        lines = [*lines[:half], left_out, *lines[-half:]]
    if len(told) == MOST_DAYS:
        lines.append(f"... only the first {MOST_DAYS:,} days are told")
    return [f"  {line}".rstrip() for line in lines]


def versions(calendar: "Calendar") -> str:
    """What the answer was made with, so that another answer later can be told apart."""
    made = {key: text for key, text in calendar.content.sources.items() if key != "assumed"}
    return "; ".join([f"calendar {calendar.name} {calendar.digest[:12]}", *made.values()])


def assumed(calendar: "Calendar") -> list[str]:
    """That the calendar is a guess, where it is one."""
    said = calendar.content.sources.get("assumed")
    return [f"assumed: {said}"] if said else []


def many(number: int, unit: str) -> str:
    """`1 business day`, `2 business days`."""
    return f"{number} {unit}" if abs(number) == 1 else f"{number} {unit}s"


def as_data(told: Iterable[Reckoned]) -> list[dict[str, object]]:
    """The days for a machine."""
    return [
        {
            "date": one.day.date,
            "weekday": one.day.weekday,
            "number": one.number,
            "used_seconds": one.used_seconds,
            "open_seconds": one.day.open_seconds,
            "hours": one.day.hours,
            "why": one.why,
        }
        for one in told
    ]


def _by_day(one: Reckoned) -> Hashable:
    return one.number, one.used_seconds, one.why


def _by_run(one: Reckoned) -> Hashable:
    return one.number is not None, bool(one.used_seconds), one.why


def _by_stretch(one: Reckoned) -> Hashable:
    return _PLAIN if _is_plain(one) else _by_run(one)


def _is_plain(one: Reckoned) -> bool:
    """A day like all others: counted with nothing to say of it, or a weekend."""
    is_counted = one.number is not None or bool(one.used_seconds)
    return not one.why if is_counted else one.why == ("weekend",)


def _cells(told: Sequence[Reckoned], sort: Callable[[Reckoned], Hashable]) -> list[list[str]]:
    """Dates, number, time used, words: a row for each run of days."""
    found, passed = [], 0
    for _, group in groupby(told, key=sort):
        run = list(group)
        passed += sum(one.used_seconds or 0 for one in run)
        found.append(_row(run, passed))
    kept = [i for i in range(5) if any(row[i] for row in found)]
    return [[row[i] for i in kept] for row in found]


def _row(run: Sequence[Reckoned], passed: int) -> list[str]:
    numbers = [one.number for one in run if one.number is not None]
    used = sum(one.used_seconds or 0 for one in run)
    words = "; ".join(run[0].why)
    if any(one.why != run[0].why for one in run):
        words = "weekends do not count"
    return [
        span([one.day.date for one in run]),
        _numbered(numbers),
        f"{hours_in_words(used):>8}" if used else "",
        f"{hours_in_words(passed)} so far" if used and used < passed else "",
        words,
    ]


def _numbered(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
