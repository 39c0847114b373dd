"""`known_until`: the last year whose holidays are published, and whether it is near."""

from collections.abc import Sequence
from datetime import date

from aftersales.definitions.calendar_sources import Source
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Scalar
from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR, Plan
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.problem import Place

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
    asked = asked_for_years(sources)
    late = next((source for source in asked if not source.is_published(int(text))), None)
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


def no_year(where: Place, sources: Sequence[Source], today: date | None, notes: Notes) -> None:
    """Note (K102) that `known_until` is missing, with the last year that it could name.

    Many countries' holidays are computed for long: nobody vouches for more than the next year.
    """
    last = min(LAST_YEAR, today.year + 1) if today else LAST_YEAR
    years = range(last, FIRST_YEAR - 1, -1)
    asked = asked_for_years(sources)
    known = next((y for y in years if all(source.is_published(y) for source in asked)), None)
    help = f"add `known_until: {known or '...'}`: the last year whose holidays are published"
    notes.error("K102", where, "a calendar with `holidays` needs `known_until`", help)


def asked_for_years(sources: Sequence[Source]) -> Sequence[Source]:
    """The sources that say which years are known: the countries; all, if there is no country.

    A list or a feed beside a country adds a few days of our own, and shortens nothing.
    """
    return [source for source in sources if source.weekends is not None] or sources


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
