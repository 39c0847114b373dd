"""Conditions and facts drawn over a schema that has every type, for the laws of tables."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from aftersales.domain.conditions import (
    Cell,
    Condition,
    DaysBetween,
    FactDeclaration,
    Facts,
    FactSchema,
    FactType,
    Rates,
    Value,
    any_of,
    parse_cell,
)
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money

_CHOICES = ("minor", "major", "total")
COUNTRIES = ("US", "CA", "DE", "FR", "NO", "JP")
SETS = ("refund", "resend", "coupon")
_START = datetime(2026, 3, 1, tzinfo=UTC)


def _declared() -> list[FactDeclaration]:
    def fact(name: str, type: FactType, **more: object) -> FactDeclaration:
        return FactDeclaration(name, type, **more)  # type: ignore[arg-type]

    return [
        fact("severity", FactType.CHOICE, choices=_CHOICES, in_order=True),
        fact("tier", FactType.CHOICE, choices=("new", "regular", "vip"), may_be_missing=True),
        fact("value", FactType.MONEY),
        fact("item_cost", FactType.MONEY, may_be_missing=True),
        fact("stars", FactType.NUMBER, whole=True),
        fact("share", FactType.PERCENT, may_be_missing=True),
        fact("wait", FactType.DURATION),
        fact("work", FactType.BUSINESS_DURATION, may_be_missing=True),
        fact("placed_on", FactType.DATE),
        fact("delivered_at", FactType.INSTANT, may_be_missing=True),
        fact("in_stock", FactType.YES_NO),
        fact("country", FactType.COUNTRY),
        fact("language", FactType.LANGUAGE, may_be_missing=True),
        fact("note", FactType.TEXT, may_be_missing=True),
        fact(
            "days",
            FactType.NUMBER,
            whole=True,
            may_be_missing=True,
            derived=DaysBetween("delivered_at", "opened_at"),
        ),
    ]


def _schema() -> FactSchema:
    declared = {one.name: one for one in _declared()}
    plain = FactSchema(declared)
    bands = {
        "small": parse_cell("under {USD: 20, EUR: 18}", declared["value"], plain),
        "large": parse_cell("at least {USD: 20, EUR: 18}", declared["value"], plain),
    }
    countries = parse_cell("US or CA", declared["country"], plain)
    return FactSchema(
        declared, groups={"country": {"near": countries.tests}}, band_cells={"value": bands}
    )


SCHEMA = _schema()
NAMES = (*SCHEMA.declarations, "remedy", "opened_at", "kind")
RATES = (
    Rates.none(),
    Rates.of("EUR", {"USD": "1.25", "JPY": "160"}),
    Rates.of("USD", {"EUR": "0.9", "GBP": "0.8", "JPY": "150.5"}),
)


def facts(chance: random.Random, missing: float = 0.15) -> Facts:
    """The facts of a case: any of them missing, money in any of four currencies."""
    values = {name: _value(name, chance) for name in NAMES if chance.random() > missing}
    values.pop("days", None)
    return Facts(SCHEMA, values, chance.choice(RATES))


def condition(chance: random.Random) -> Condition:
    """One box or several, of up to four facts each; sometimes none at all."""
    return Condition(tuple(_box(chance) for _ in range(chance.choice((0, 1, 1, 1, 1, 2, 3)))))


def conditions(chance: random.Random, many: int) -> Sequence[Condition]:
    """Some that hold seldom, and often."""
    return [condition(chance) for _ in range(many)]


def _box(chance: random.Random) -> tuple[tuple[str, Cell], ...]:
    names = chance.sample(NAMES, chance.choice((0, 1, 1, 2, 2, 3, 4)))
    return tuple((name, cell(name, chance)) for name in names)


def cell(name: str, chance: random.Random) -> Cell:
    """A cell of that fact in one of the forms of the language."""
    declaration = SCHEMA.declaration(name)
    while True:
        try:
            return _cell(declaration, chance)
        except ValueUnreadable:  # an empty range, or `missing` of a fact that never is
            continue


def _cell(declaration: FactDeclaration, chance: random.Random) -> Cell:
    form = chance.random()
    if form < 0.15:
        return parse_cell(chance.choice(("any", "known", "missing")), declaration, SCHEMA)
    tests = [_test(declaration, chance) for _ in range(chance.choice((1, 1, 2, 3)))]
    if form < 0.35:
        return parse_cell("not " + " nor ".join(tests), declaration, SCHEMA)
    if form < 0.5:
        cells = [parse_cell(test, declaration, SCHEMA) for test in tests]
        return any_of(cells, declaration)
    return parse_cell(" or ".join(tests), declaration, SCHEMA)


def _test(declaration: FactDeclaration, chance: random.Random) -> str:
    one, other = (_text(declaration, chance) for _ in range(2))
    forms = [one]
    if declaration.has_order:
        forms += [f"{words} {one}" for words in ("at least", "over", "under", "at most")]
        forms += [f"{one} to {other}", f"over {one} to under {other}"]
    forms += list(SCHEMA.names(declaration.name))
    return chance.choice(forms)


def _text(declaration: FactDeclaration, chance: random.Random) -> str:
    if declaration.type is FactType.MONEY and chance.random() < 0.4:
        amounts = {c: chance.randrange(0, 200) for c in chance.sample(("USD", "EUR", "JPY"), 2)}
        return "{" + ", ".join(f"{c}: {amount}" for c, amount in amounts.items()) + "}"
    value = _value(declaration.name, chance)
    if isinstance(value, frozenset):
        return min(value, default="refund")
    return SCHEMA.write(declaration.name, value)


def _value(name: str, chance: random.Random) -> Value:
    """Near enough to others that values meet the ends of intervals."""
    few = chance.randrange(0, 6)
    match SCHEMA.declaration(name).type:
        case FactType.MONEY:
            currency = chance.choice(("USD", "EUR", "JPY", "GBP"))
            return Money.from_minor(chance.choice((0, 1, 1800, 2000, 100 * few, few)), currency)
        case FactType.NUMBER:
            return Decimal(few)
        case FactType.PERCENT:
            return Fraction(few, chance.choice((3, 5, 10)))
        case FactType.DURATION:
            unit = chance.choice((Unit.HOURS, Unit.MINUTES))
            return Duration(few * (60 if unit is Unit.MINUTES else 1), unit)
        case FactType.BUSINESS_DURATION:
            return Duration(few, Unit.BUSINESS_DAYS)
        case FactType.DATE:
            return date(2026, 3, 1 + few)
        case FactType.INSTANT:
            return _START + timedelta(hours=12 * few)
        case FactType.YES_NO:
            return few < 3
        case FactType.COUNTRY:
            return chance.choice(COUNTRIES)
        case FactType.LANGUAGE:
            return chance.choice(("de", "en", "fr"))
        case FactType.CHOICE:
            return chance.choice(SCHEMA.declaration(name).choices)
    if name == "remedy":
        return frozenset(chance.sample(SETS, chance.randrange(0, 4)))
    return chance.choice(("one", "two", "three", "four"))
