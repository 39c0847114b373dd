"""What a first offer counts in, as the desk would: what may be refunded, and what was given."""

from functools import cache

from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money
from aftersales.domain.policy.judging import MATTER

GOODWILL = "goodwill_given_90d"
"""The fact that says what the customer was given before beyond what was owed: limits count it."""
_UNLIMITED = 10**15  # minor units: neither what was paid nor what it is about is known


def left_to_refund(facts: Facts, currency: str, paid: Money | None) -> Money:
    """What may be refunded: no more than was paid for the order, nor than the case is about."""
    matter, left = facts.known.get(MATTER), _unlimited(currency)
    if isinstance(matter, Money) and matter.currency == currency:
        left = matter
    if paid is not None and paid.currency == currency and paid < left:
        left = paid
    return left


def goodwill_given(facts: Facts) -> tuple[tuple[int, Money], ...]:
    """What the customer was given before, so many days ago, as far as a fact says it."""
    given = facts.known.get(GOODWILL)
    return ((0, given),) if isinstance(given, Money) else ()


@cache
def _unlimited(currency: str) -> Money:
    return Money.from_minor(_UNLIMITED, currency)
