"""Do bands cover a fact's range, each value once?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from aftersales.domain.conditions.cell import Bound, Cell, Interval
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.conditions.values import default_unit
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.money import Money


def bands_slip(declaration: FactDeclaration, bands: Mapping[str, Cell]) -> str | None:
    """What is wrong with `bands` of this fact: a value that none holds, or that two hold.

    None if each value in the range is in exactly one band, or if that hangs on rates because no
    currency is named in all of them.
    """
    for value, text in _samples(declaration, bands):
        if declaration.range is not None and not declaration.range.matches(value):
            continue
        holding = [name for name, band in bands.items() if band.matches(value)]
        if not holding:
            return f"no band of `{declaration.name}` holds {text}"
        if len(holding) > 1:
            return f"`{holding[0]}` and `{holding[1]}` both hold {text}"
    return None


def _samples(declaration: FactDeclaration, bands: Mapping[str, Cell]) -> Iterator[tuple[Any, str]]:
    """One value of each piece into which the bands' ends cut the range, with its text."""
    if declaration.type is FactType.YES_NO:
        yield from ((True, "yes"), (False, "no"))
    elif declaration.choices:
        yield from ((choice, choice) for choice in declaration.choices)
    elif declaration.type is FactType.MONEY:
        for currency in _shared_currencies(bands):
            for minor in _pieces({bound.amounts[currency].minor for bound in _ends(bands)}):
                money = Money.from_minor(minor, currency)
                if _is_judged(declaration, money):
                    yield money, str(money)
    elif declaration.type in (FactType.DURATION, FactType.BUSINESS_DURATION):
        for duration in _durations(declaration, {bound.key for bound in _ends(bands)}):
            yield duration, str(duration)
    else:
        ends = {bound.key for bound in _ends(bands)}
        for key in _pieces(ends, is_whole=declaration.whole):
            yield key, str(key)


def _durations(declaration: FactDeclaration, ends: Iterable[int]) -> Iterator[Duration]:
    """One duration of each piece; none is below zero. Elapsed time is told in minutes."""
    unit = declaration.unit or default_unit(declaration.type)
    counted = Unit.MINUTES if unit is Unit.HOURS else unit
    for key in _pieces(ends):
        if key >= 0:
            whole_hours = counted is not unit and key % 60 == 0
            yield Duration(key // 60, unit) if whole_hours else Duration(key, counted)


def _is_judged(declaration: FactDeclaration, money: Money) -> bool:
    """Whether the range can be told in this currency without rates."""
    if declaration.range is None:
        return True
    ends = _ends({"range": declaration.range})
    return all(
        money.currency in bound.amounts or next(iter(bound.amounts.values())).is_zero
        for bound in ends
    )


def _ends(bands: Mapping[str, Cell]) -> list[Bound]:
    return [
        bound
        for band in bands.values()
        for test in band.plain_tests()
        if isinstance(test, Interval)
        for bound in (test.low, test.high)
        if bound is not None
    ]


def _shared_currencies(bands: Mapping[str, Cell]) -> list[str]:
    named = [set(bound.amounts) for bound in _ends(bands)]
    return sorted(set.intersection(*named)) if named else []


def _pieces(ends: Iterable[Any], *, is_whole: bool = False) -> Iterator[Any]:
    """Each end, and a value before, between and after them."""
    ordered = sorted(ends)
    if not ordered:
        return
    yield ordered[0] - _step(ordered[0])
    for end, following in pairwise(ordered):
        yield end
        between = _between(end, following, is_whole=is_whole)
        if between is not None:
            yield between
    yield ordered[-1]
    yield ordered[-1] + _step(ordered[-1])


def _step(value: Any) -> Any:
    return timedelta(days=1) if isinstance(value, date) else type(value)(1)


def _between(low: Any, high: Any, *, is_whole: bool) -> Any:
    """A value strictly between; None if the fact has none there."""
    is_by_ones = isinstance(low, int) or is_whole
    is_by_days = isinstance(low, date) and not isinstance(low, datetime)
    if is_by_ones or is_by_days:
        return low + _step(low) if low + _step(low) < high else None
    if isinstance(low, Decimal | Fraction):
        return (low + high) / 2
    return low + (high - low) / 2
