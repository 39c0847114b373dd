"""What one policy offers in single cases: what they share is worked out once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, zero
from aftersales.domain.policy.decision import OptionsDecision, Spent, Undecided
from aftersales.domain.policy.draft import Kept, Work
from aftersales.domain.policy.options import decide_options, not_known, with_prices
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

    def priced(self, facts: Facts, currency: str, unpriced: UnpricedOffer | Undecided) -> Outcome:
        """What it comes to."""
        if isinstance(unpriced, Undecided):
            return unpriced
        spent, kept = self._spent(facts, currency), self._kept_of(facts, currency)
        work = Work(self.policy, facts, spent, is_told=False, kept=kept)
        try:
            return with_prices(unpriced, self.world.policies, work)
        except FactMissing as missing:
            return not_known(missing, work)

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
    if policy.limits.per_customer:
        yield policy.limits.per_customer.at_most.of
    later = {name for condition in later_conditions(policy) for name in condition.reads}
    yield from sorted(later - OF_OPTION)
