"""`known_until`: the last year whose holidays are published, and whether it is near."""

from collections.abc import Sequence
from datetime import date

from aftersales.definitions.calendar_sources import Source
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Scalar
from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR, Plan
from aftersales.domain.errors import InvariantBroken

WARNED_DAYS = 60
"""So many days before the last known one a check begins to warn."""


def known_until(year: Scalar, sources: Sequence[Source], notes: Notes) -> int | None:
    """The year, if every source has published it; else None with a problem (T311)."""
    text = year.text
    is_year = text.isascii() and text.isdecimal() and len(text) == 4
    if not (is_year and FIRST_YEAR <= int(text) <= LAST_YEAR):
        help = f"the last year whose holidays are published, {FIRST_YEAR} to {LAST_YEAR}"
        notes.error("T311", year, f"`{text}` is not such a year", help)
        return None
    late = next((source for source in sources if not source.is_published(int(text))), None)
    if late is None:
        return int(text)
    message = f"the holidays of {text} are not published yet by {late.told}"
    years = (known for known in range(int(text), FIRST_YEAR - 1, -1) if late.is_published(known))
    last = next(years, None)
    help = f"write `known_until: {last}`" if last else "name an earlier year"
    if late.predicted_until is None:
        help += "; single days of the years after it belong under `closed`"
    notes.error("T311", year, message, help)
    return None


def check_horizon(name: str, year: Scalar, plan: Plan, today: date, notes: Notes) -> None:
    """Note (T313) that today is past all years the calendar knows or predicts, or nearly so."""
    if plan.known_until is None:
        raise InvariantBroken(f"`{name}` knows no years")
    last = max(plan.known_until, plan.predicted_until)
    left = (date(last, 12, 31) - today).days
    if left < 0:
        message = f"every due date of `{name}` would rest on holidays that are not known"
        help = f"add the holidays of {today.year}, then raise `known_until`"
        notes.error("T313", year, message, help)
    elif left < WARNED_DAYS:
        message = f"the holidays of `{name}` are known for {left} days more"
        notes.warning("T313", year, message, f"add those of {last + 1}, then raise `known_until`")
