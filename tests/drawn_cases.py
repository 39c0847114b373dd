"""Cases drawn for the shipped policies: near the ends of their intervals, and with holes."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from aftersales.domain.conditions import FactDeclaration, Facts, FactSchema, FactType, Rates, Value
from aftersales.domain.money import Money, exponent
from aftersales.domain.policy import Spent

CURRENCIES = ("USD", "USD", "EUR", "GBP", "JPY")
_COUNTRIES = ("US", "CA", "MX", "DE", "FR", "GB", "NO", "JP", "AU")
_WHOLE = (0, 1, 2, 3, 5, 7, 14, 15, 19, 20, 30, 31, 49, 50, 60, 90, 99, 100, 250, 400, 730, 731)


def case(
    schema: FactSchema, reads: frozenset[str], kind: str, at: datetime, rates: Rates, seed: int
) -> Facts:
    """The facts of a case of this kind, most of them known."""
    chance = random.Random(seed)
    missing = chance.choice((0, 0, 0.03, 0.2))
    currency = chance.choice(CURRENCIES)
    values: dict[str, Value] = {"kind": kind, "opened_at": at}
    for name in sorted(reads - values.keys()):
        declaration = schema.declared(name)
        is_drawn = declaration is not None and declaration.derived is None
        if declaration is not None and is_drawn and chance.random() >= missing:
            value = _value(declaration, currency, at, chance)
            if value is not None:
                values[name] = value
    return Facts(schema, values, rates if chance.random() < 0.9 else Rates.none())


def spent(case: Facts, seed: int) -> Spent:
    """What was given before: often nothing, sometimes nearly all, now and then of a currency."""
    chance = random.Random(seed)
    value = case.get("affected_value")
    own = value.currency if isinstance(value, Money) else "USD"
    currency = own if chance.random() < 0.8 else chance.choice(CURRENCIES)
    left = chance.choice((-5, 0, 1, 30, 100, 1_000_000))
    goodwill = [
        (chance.randrange(0, 120), _money(chance, chance.choice(CURRENCIES)))
        for _ in range(chance.choice((0, 0, 1, 3)))
    ]
    return Spent(
        left_to_refund=Money.from_minor(left * 10 ** exponent(currency), currency),
        cost_on_order=_money(chance, currency) if chance.random() < 0.3 else Money(0, currency),
        goodwill_of_customer=tuple(goodwill),
    )


def _money(chance: random.Random, currency: str) -> Money:
    size = 10 ** exponent(currency)
    minor = chance.choice(_WHOLE) * size + chance.choice((-1, 0, 0, 1, 37))
    return Money.from_minor(max(minor, 1), currency)


def _value(
    declaration: FactDeclaration, currency: str, at: datetime, chance: random.Random
) -> Value | None:
    if declaration.choices:
        return chance.choice(declaration.choices)
    days = timedelta(days=chance.choice(_WHOLE), hours=chance.choice((0, 5)))
    match declaration.type:
        case FactType.MONEY:
            return _money(chance, currency)
        case FactType.NUMBER:
            return Decimal(chance.choice(_WHOLE))
        case FactType.YES_NO:
            return chance.random() < 0.5
        case FactType.COUNTRY:
            return chance.choice(_COUNTRIES)
        case FactType.DATE:
            return date(at.year, at.month, at.day) - days
        case FactType.INSTANT:
            return at - days
    return None
