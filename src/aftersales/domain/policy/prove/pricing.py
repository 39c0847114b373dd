"""What one policy offers in single cases: what they share is worked out once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, zero
from aftersales.domain.policy.decision import OptionsDecision, Spent, Undecided
from aftersales.domain.policy.draft import Kept, Work
from aftersales.domain.policy.options import (
    below_floor,
    decide_options,
    decision_of,
    drafts_of,
    not_known,
    options_of,
)
from aftersales.domain.policy.prove.goods import PLENTY
from aftersales.domain.policy.prove.law import MATTER, OF_OPTION
from aftersales.domain.policy.prove.profiles import amounts_of
from aftersales.domain.policy.prove.stage import later_conditions
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.table import OptionPolicy
from aftersales.domain.policy.unpriced import UnpricedOffer, unpriced_offer

Outcome = OptionsDecision | Undecided


@dataclass(slots=True)
class Pricing:
    """Works out offers of a policy, without saying why. What is paid for is the money fact `fact`.

    Cases that are alike in all that prices, limits, approval and return hang on share these: they
    may differ in what decides which options are priced. All are at the rates of the world.
    """

    policy: OptionPolicy
    world: World
    fact: str
    _hangs_on: tuple[str, ...] = ()
    _kept: dict[tuple[object, ...], Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hangs_on = tuple(dict.fromkeys([MATTER, self.fact, *_named_by(self.policy)]))

    def unpriced(self, facts: Facts, currency: str) -> UnpricedOffer | Undecided:
        """What is offered before amounts come in."""
        work = Work(self.policy, facts, self._spent(facts, currency), is_told=False)
        return unpriced_offer(self.world.policies, work)

    def priced(
        self, facts: Facts, currency: str, unpriced: UnpricedOffer | Undecided, shape: int
    ) -> Outcome:
        """What it comes to.

        `shape` is a number for the options and extras that may be given, and what is refused:
        cases of one shape, with the same amounts, differ only in the floors of law that bind.
        """
        if isinstance(unpriced, Undecided):
            return unpriced
        spent, kept = self._spent(facts, currency), self._kept_of(facts, currency)
        work = Work(self.policy, facts, spent, is_told=False, kept=kept)
        try:
            return self._decided(unpriced, work, shape)
        except FactMissing as missing:
            return not_known(missing, work)

    def _decided(self, unpriced: UnpricedOffer, work: Work, shape: int) -> Outcome:
        """As `with_prices` does it."""
        if unpriced.forbidden_by:
            return decision_of((), unpriced.forbidden_by, work)
        kept = work.kept
        if shape not in kept.drafts:
            kept.drafts[shape] = drafts_of(unpriced, work)
        below = below_floor(kept.drafts[shape], unpriced, self.world.policies, work)
        if below is not None:
            return below
        if shape not in kept.offers:
            kept.offers[shape] = options_of(kept.drafts[shape], work)
        found = kept.offers[shape]
        return (
            found if isinstance(found, Undecided) else decision_of(found, unpriced.start.ref, work)
        )

    def explained(self, facts: Facts, currency: str) -> Outcome:
        """The offer of a case with each step."""
        spent = self._spent(facts, currency)
        return decide_options(self.world.policies, self.policy.name, facts, spent)

    def _kept_of(self, facts: Facts, currency: str) -> Kept:
        key = (currency, *[facts.known.get(name) for name in self._hangs_on])
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = Kept()
        return found

    def _spent(self, facts: Facts, currency: str) -> Spent:
        """Nothing was given before; what was paid is what the case is about."""
        matter = facts.get(self.fact)
        left = matter if isinstance(matter, Money) else Money.from_minor(PLENTY, currency)
        return Spent(left, zero(left.currency))


def _named_by(policy: OptionPolicy) -> Iterable[str]:
    """The facts that its amounts are made of, and those that are asked of a priced option."""
    yield from (amount.of for amount in amounts_of(policy) if amount.of)
    yield from (cost.of for rule in policy.remedies.values() for cost in rule.costs if cost.of)
    later = {name for condition in later_conditions(policy) for name in condition.reads}
    yield from sorted(later - OF_OPTION)
