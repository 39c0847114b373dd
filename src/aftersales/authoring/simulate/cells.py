"""Cells of past cases read into values, each text once; the writings of spreadsheets are taken."""

import re
from collections.abc import Callable
from datetime import UTC, date
from functools import lru_cache
from typing import TypeVar

from aftersales.authoring.simulate.past import Opened
from aftersales.domain.calendar import parse_instant, zone_of
from aftersales.domain.conditions import FactDeclaration, FactSchema, FactType, Value
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money

MOST_KEPT = 5_000  # texts of one column
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_BARE = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_ZONED = re.compile(r".*(Z|[+-]\d\d:\d\d| [A-Z][A-Za-z_]+(/[A-Za-z_+-]+)*)", re.ASCII)
T = TypeVar("T")


class Cells(dict[str, T | ValueUnreadable]):
    """The values of texts, or why they have none; each is read when it is first looked up."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> T | ValueUnreadable:
        try:
            read: T | ValueUnreadable = self._read(text)
        except ValueUnreadable as error:
            read = error.with_traceback(None)
        if len(self) >= MOST_KEPT:
            self.clear()
        self[text] = read
        return read


def fact_reader(
    schema: FactSchema, declaration: FactDeclaration, zone: str
) -> Callable[[str], Value]:
    """How the cells of this fact are read."""
    name = declaration.name
    match declaration.type:
        case FactType.YES_NO:
            return lambda text: schema.read(name, text.lower())
        case FactType.INSTANT:
            return lambda text: schema.read(name, _with_zone(text, zone))
    return lambda text: schema.read(name, text)


def read_opened(text: str, zone: str) -> Opened:
    """When a case was opened; a date is its first moment in `zone`."""
    written = _with_zone(text, zone)
    stamp, _, named = written.rpartition(" ")
    is_named = stamp and not named[:1].isdigit()
    at = parse_instant(stamp, named) if is_named else parse_instant(written, None)
    day, month = _with_month(at.astimezone(zone_of(zone)).date())
    rates_day, _ = _with_month(at.astimezone(UTC).date())
    return Opened(at, day, month, rates_day)


@lru_cache(maxsize=MOST_KEPT)
def _with_month(day: date) -> tuple[date, str]:
    """The same object for the same day: it is looked up by more than once for each case."""
    return day, day.isoformat()[:7]


def read_money(text: str) -> Money:
    """An amount with its currency."""
    return Money.parse(text)


def read_count(text: str) -> int:
    """How many cases a row stands for: a whole number from 1 on."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 1_000_000_000:
        raise ValueUnreadable(f"`{text}` is not a count", help="write a whole number from 1 on")
    return int(text)


def with_currency(text: str, currency: str) -> str:
    """A bare number is in the currency of its row."""
    return f"{text} {currency}" if currency and _BARE.fullmatch(text) else text


def _with_zone(text: str, zone: str) -> str:
    """`text` with the zone it is meant in; a date is its first moment."""
    if text[-1:] == "Z":  # as nearly all are written
        return text
    if _DATE.fullmatch(text):
        return f"{text} 00:00 {zone}"
    return text if _ZONED.fullmatch(text) else f"{text} {zone}"
