"""Where an offer may change its course along an amount: a rule begins, or a price meets a limit.

Between two amounts at which a condition begins or ends to hold the same options are priced; what
each of them comes to is followed along the amount with each step of its rounding, as proofs do it.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from aftersales.authoring.explaining import Question
from aftersales.domain.conditions import Facts
from aftersales.domain.conditions.space import Space
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import Amount
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.decision import Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.prove.lines import (
    FAR,
    Bends,
    Line,
    Stretch,
    Sum,
    TooFine,
    bends,
    fixed,
)
from aftersales.domain.policy.prove.profiles import Left
from aftersales.domain.policy.prove.stage import Stage
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.unpriced import unpriced_offer

_NOTHING = Fraction(0)


def thresholds_of(question: Question, facts: Facts, fact: str, space: Space | None) -> set[int]:
    """Where an offer may change its course along `fact`, in minor units of the amount it has."""
    given = facts[fact]
    assert isinstance(given, Money)
    edges = set(_edges(space, fact, given.currency, facts)) if space is not None else set()
    found, priced = set(edges), set[Left]()
    policies = question.rulebook.policies
    for minor in sorted({given.minor, *(edge + step for edge in edges for step in (-1, 0, 1))}):
        here = facts.having(**{fact: Money.from_minor(max(minor, 0), given.currency)})
        here = with_answers(policies.rows, here, policies.reads(question.policy))
        try:
            left = _left(question, here)
            if left is not None and left not in priced:
                found |= _meetings(question, left, _Known(here, fact, question.currency(here)))
                priced.add(left)
        except FactMissing:
            continue  # then nothing is decided there
    return found


class _Known(Bends):
    """What bends the offer of a case whose facts, but for one amount, are as they are."""

    def line(self, amount: Amount) -> Line:
        if amount.share is None or amount.of != self.fact:
            return Line(_NOTHING, Fraction(*amount.worth(self.facts, self.currency)))
        own = self.facts[self.fact]
        assert isinstance(own, Money)
        return Line(amount.share * self.facts.rates.factor(own.currency, self.currency), _NOTHING)

    def forms(self, rule: RemedyRule) -> tuple[Sum, ...]:
        if rule.amount is not None:
            return Bends.forms(self, rule)
        try:
            lines = [self.line(cost) for cost in rule.costs]
        except FactMissing:
            return Bends.forms(self, rule)
        slope = sum((line.slope for line in lines), _NOTHING)
        whole = Line(slope, sum((line.height for line in lines), _NOTHING), 1)
        return (Sum((whole,)) if slope else fixed(whole.at(0)),)


def _left(question: Question, facts: Facts) -> Left | None:
    """What amounts are left to decide in a case; None where it goes to a person before that."""
    policies = question.rulebook.policies
    work = Work(policies.compensation[question.policy], facts, question.spent(facts), is_told=False)
    unpriced = unpriced_offer(policies, work)
    if isinstance(unpriced, Undecided):
        return None
    extras = tuple(extra.add for extra in unpriced.extras(work))
    none = frozenset[int]()
    return Left(unpriced.options, extras, frozenset(), frozenset(), none, none)


def _meetings(question: Question, left: Left, own: Bends) -> set[int]:
    """Where a price meets a limit, a band of approval or a row of return.

    If its rounding does so time and again, only where it would if it were not rounded.
    """
    policy = question.rulebook.policies.compensation[question.policy]
    rules = tuple(policy.remedies[name] for name in left.relevant)
    forms = {rule.name: own.forms(rule) for rule in rules}
    stage = Stage(policy, left, rules, own.facts, own, forms, (), FAR)
    bent = {at for some in forms.values() for at in bends(some)}
    pairs = stage.held((), is_thorough=True).pairs
    try:
        return Stretch(0, FAR).crossings(pairs, bent) - {FAR}
    except TooFine:
        return bent.union(*(bends(pair) for pair in pairs))


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
