"""The roundest value of a stretch: the one that a person would take as an example."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from aftersales.domain.conditions.cell import Value
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.money import Money, exponent

_MOST_MINOR = 10**15
_DAY = date(2026, 6, 1)  # where nothing else names a day


def roundest(
    declaration: FactDeclaration,
    low: Any,
    high: Any,
    *,
    has_low: bool,
    has_high: bool,
    currency: str = "",
) -> Value | None:
    """The roundest value between two keys of a fact's line; None if it has none there.

    `low` and `high` are None where the stretch has no end on that side; `has_low` and `has_high`
    say whether the ends are in it. Money is in minor units of `currency`.
    """
    ends = (low, high, has_low, has_high)
    match declaration.type:
        case FactType.MONEY:
            return _money(*ends, currency)
        case FactType.NUMBER:
            return _number(declaration, *ends)
        case FactType.PERCENT:
            part = _round(*_scaled(ends, 100), places=4)
            return None if part is None else part / 100
        case FactType.DATE:
            return _date(*ends)
        case FactType.INSTANT:
            return _instant(*ends)
        case FactType.DURATION | FactType.BUSINESS_DURATION:
            return _duration(declaration, *ends)
    return None


Ends = tuple[Any, Any, bool, bool]


def _money(low: Any, high: Any, has_low: bool, has_high: bool, currency: str) -> Money | None:
    size = 10 ** exponent(currency)
    ends = _scaled((low, high, has_low, has_high), Fraction(1, size))
    found = _round(*ends, places=exponent(currency))
    return None if found is None else Money.from_minor(int(found * size), currency)


def _number(
    declaration: FactDeclaration, low: Any, high: Any, has_low: bool, has_high: bool
) -> Decimal | None:
    ends = _scaled((low, high, has_low, has_high), 1)
    found = _round(*ends, places=0 if declaration.whole else 18)
    if found is None:
        return None
    return Decimal(found.numerator) / Decimal(found.denominator)


def _scaled(ends: Ends, by: int | Fraction) -> tuple[Fraction | None, Fraction | None, bool, bool]:
    low, high, has_low, has_high = ends
    return (
        None if low is None else Fraction(low) * by,
        None if high is None else Fraction(high) * by,
        has_low,
        has_high,
    )


def _round(
    low: Fraction | None, high: Fraction | None, has_low: bool, has_high: bool, *, places: int
) -> Fraction | None:
    """The number with the fewest digits between two ends; an end itself if it is as round.

    A stretch without a lower end begins at 0 if it can. None if `places` decimals are too few.
    """
    if low is None and high is None:
        return Fraction(10)
    if low is None:
        assert high is not None
        if high > 0:
            over = _round(Fraction(0), high, False, has_high, places=places)
            return Fraction(0) if over is None else over
        turned = _round(-high, None, has_high, False, places=places)
        return None if turned is None else -turned
    if low < 0:
        if high is None or high > 0:
            return Fraction(0)
        turned = _round(-high, -low, has_high, has_low, places=places)
        return None if turned is None else -turned
    if has_low and low > 0 and (low * 10**places).denominator == 1:
        return low
    most: Fraction = low * 2 if low > 5 else Fraction(10)
    top = 15 if high is None else len(str(int(high)))
    for power in range(top, -places - 1, -1):
        step = Fraction(10) ** power
        first = (low // step) * step
        first = first if has_low and first == low else first + step
        if high is None and power > 0 and first > most:
            continue
        is_under = high is None or first < high
        if is_under or (has_high and first == high):
            return first
    return Fraction(0) if has_low and low == 0 else None


def _date(low: Any, high: Any, has_low: bool, has_high: bool) -> date | None:
    first = None if low is None else low if has_low else low + timedelta(days=1)
    last = None if high is None else high if has_high else high - timedelta(days=1)
    return _day_between(first, last)


def _day_between(first: date | None, last: date | None) -> date | None:
    if first is None:
        return last or _DAY
    if last is not None and last < first:
        return None
    return first


def _instant(
    low: datetime | None, high: datetime | None, has_low: bool, has_high: bool
) -> datetime | None:
    second = timedelta(seconds=1)
    first = None if low is None else low if has_low else low + second
    last = None if high is None else high if has_high else high - second
    if first is None:
        return last or datetime(_DAY.year, _DAY.month, _DAY.day, 12, tzinfo=UTC)
    if last is None or first <= last:
        return first
    assert low is not None
    assert high is not None
    # Between two instants of one second there is still something.
    return low + (high - low) / 2 if low < high else None


def _duration(
    declaration: FactDeclaration, low: Any, high: Any, has_low: bool, has_high: bool
) -> Duration | None:
    """Keys of hours and minutes are minutes; those of other units count the unit itself."""
    unit = declaration.unit or _DEFAULT[declaration.type]
    is_elapsed = unit in (Unit.HOURS, Unit.MINUTES)
    step = 60 if unit is Unit.HOURS else 1
    for size, of in ((step, unit), *(((1, Unit.MINUTES),) if is_elapsed else ())):
        ends = _scaled((low, high, has_low, has_high), Fraction(1, size))
        count = _round(*ends, places=0)
        if count is not None and count >= 0:
            return Duration(int(count), of)
    return None


_DEFAULT: dict[FactType, Unit] = {
    FactType.DURATION: Unit.HOURS,
    FactType.BUSINESS_DURATION: Unit.BUSINESS_DAYS,
}
