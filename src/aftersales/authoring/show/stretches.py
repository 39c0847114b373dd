"""Stretches of an amount in which the same is offered: where a rule, a limit or a band begins.

What could change the answer is looked at on both sides of each threshold; between two amounts of
which the answers differ, the cent at which they do is searched for.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import floor

from aftersales.domain.conditions import Cell, Facts
from aftersales.domain.conditions.space import Space
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, exponent
from aftersales.domain.policy import Amount, OptionPolicy
from aftersales.domain.policy.judging import MATTER
from aftersales.domain.policy.prove.profiles import amounts_of
from aftersales.domain.policy.prove.stage import bounds_of, later_conditions

_FAR = 10  # times the greatest threshold: what has no end is looked at so far


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the least amount to the greatest, and a round one of it; None is without end."""

    least: Money
    most: Money | None
    example: Money

    def __str__(self) -> str:
        if self.most is None:
            return f"from {self.least} on"
        first = f"{self.least}".partition(" ")[0]
        return f"{self.most}" if self.least == self.most else f"{first} to {self.most}"


def stretches(
    facts: Facts,
    fact: str,
    band: Cell,
    thresholds: Iterable[int],
    answer: Callable[[Facts], Hashable],
) -> list[Stretch]:
    """The stretches of `band` in which `answer` is the same; `facts` have an amount in it.

    Below one whole unit only an amount that is alone in the band is looked at.
    """
    given = facts[fact]
    assert isinstance(given, Money)
    currency = given.currency

    def asked(minor: int) -> Hashable:
        return answer(facts.having(**{fact: Money.from_minor(minor, currency)}))

    def is_in(minor: int) -> bool:
        return band.matches(Money.from_minor(minor, currency), facts.rates)

    whole = 10 ** exponent(currency)
    beside = {at + step for at in {*thresholds, given.minor, whole} for step in (-1, 0, 1)}
    far = max(beside) * _FAR
    inside = sorted(at for at in {*beside, far} if at >= min(whole, given.minor) and is_in(at))
    found = list(_runs(inside, asked))
    ends = [before - 1 for before, _ in found[1:]] + [inside[-1]]
    is_open = inside[-1] == far
    return [
        Stretch(
            Money.from_minor(first, currency),
            None if is_open and last == far else Money.from_minor(last, currency),
            Money.from_minor(_example(first, last, given.minor, inside), currency),
        )
        for (first, _), last in zip(found, ends, strict=True)
    ]


def thresholds_of(
    policy: OptionPolicy, facts: Facts, fact: str, currency: str, space: Space | None
) -> set[int]:
    """Where an offer of the policy may change its course along `fact`, in whole minor units."""
    found = set(_edges(space, fact, currency, facts)) if space is not None else set()
    shares = {a.share for a in _named(policy) if a.share is not None and a.of == fact} | {1}
    fixed = set(_fixed(policy, facts, currency))
    sums = {*shares, *(a + b for a, b in combinations(shares, 2))}
    between = {a - b for a in shares for b in shares if a > b}
    if fact == MATTER:
        asked = _shares_of_cost(policy)
        between |= {abs(share - of_cost) for share in {*sums, 0} for of_cost in asked}
    return found | {floor(one / share) for one in fixed for share in {*sums, *between} if share}


def _edges(space: Space, fact: str, currency: str, facts: Facts) -> Iterator[int]:
    """Where a condition begins or ends to hold."""
    number = space.numbers.get(fact)
    atoms = space.axes[number].atoms if number is not None else ()
    own = {atom.currency for atom in atoms if atom.is_line}
    for atom in atoms:
        edge = atom.low
        if edge is None or (currency in own and atom.currency != currency):
            continue
        try:
            yield floor(edge.key * facts.rates.factor(atom.currency, currency))
        except FactMissing:
            continue


def _named(policy: OptionPolicy) -> list[Amount]:
    """Every share and amount of money of its remedies and its limits."""
    cap = policy.limits.per_customer
    return [*amounts_of(policy), *([cap.at_most] if cap else [])]


def _fixed(policy: OptionPolicy, facts: Facts, currency: str) -> Iterator[int]:
    """Amounts of money that the policy names: of remedies, limits, approval and return."""
    for amount in (one for one in _named(policy) if one.share is None):
        try:
            over, under = amount.worth(facts, currency)
            yield over // under
        except FactMissing:
            continue
    for bound in (bound for _, bound in bounds_of(later_conditions(policy)) if bound.amounts):
        try:
            yield floor(bound.key_in(currency, facts.rates))
        except FactMissing:
            continue


def _shares_of_cost(policy: OptionPolicy) -> set[Fraction]:
    """What an option may cost of what was paid, as its approval and its return ask."""
    bounds = bounds_of(later_conditions(policy))
    return {Fraction(bound.key) for fact, bound in bounds if fact == "cost_share"}


def _runs(inside: list[int], asked: Callable[[int], Hashable]) -> Iterator[tuple[int, Hashable]]:
    """The least amount of each run of equal answers."""
    before, said = inside[0], asked(inside[0])
    yield before, said
    for at in inside[1:]:
        then = asked(at)
        while then != said:
            low, high = before, at
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if asked(middle) == said else (low, middle)
            before, said = high, asked(high)
            yield before, said
        before = at


def _example(first: int, last: int, given: int, known: Iterable[int]) -> int:
    """The given amount, if it is in the stretch, else the one with the fewest digits."""
    if first <= given <= last:
        return given
    inside = [at for at in {first, last, *known} if first <= at <= last]
    return min(inside, key=lambda at: (len(f"{at}".rstrip("0")), at))
