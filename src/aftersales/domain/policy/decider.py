"""Deciding by one policy many times, without saying why."""

from collections.abc import Callable

from aftersales.domain.conditions import Condition, Facts, Masks, Rates, Value
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.decision import OptionsDecision, Spent, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.options import no_policy, not_known, with_prices
from aftersales.domain.policy.table import OptionPolicy, Policies
from aftersales.domain.policy.unpriced import UnpricedOffer, unpriced_offer

_MOST_KEPT, _MOST_ALIKE = 20_000, 8_000
_OF_THE_CASE = "affected_value"  # what the share of a cost is taken of
_Alike = tuple[int, int, Spent, tuple[Value | None, ...]]


class Decider:
    """Decides by the policy `name` as `decide_options` does, but keeps no steps.

    All conditions of a case are answered by masks, at once, and cases for which the same
    conditions hold share an unpriced offer. One for each thread.
    """

    def __init__(self, policies: Policies, name: str) -> None:
        self.policies, self.name = policies, name
        self._policy = policies.compensation.get(name)
        if self._policy is None:
            return
        self._reads = policies.reads(name)
        asked = {id(c): c for c in (*self._policy.conditions, *policies.around)}
        self._masks = Masks(list(asked.values()))
        self._bits = {key: 1 << n for n, key in enumerate(asked)}
        self._unpriced: dict[int, UnpricedOffer] = {}
        self._values = _values_read(self._policy)
        self._alike: dict[_Alike, OptionsDecision] = {}
        self._rates: dict[int, Rates] = {}  # those of the cases in `_alike`, known by their ids

    def decide(self, facts: Facts, spent: Spent) -> OptionsDecision | Undecided:
        """What `decide_options` decides, to the cent, without steps and what was left out."""
        policy = self._policy
        if policy is None:
            return no_policy(self.name)
        facts = with_answers(self.policies.rows, facts, self._reads)
        return self._decided(policy, facts, spent, *self._masks.of(facts))

    def decide_alike(self, facts: Facts, spent: Spent) -> OptionsDecision | Undecided:
        """As `decide`, for very many cases: those alike in all it hangs on are decided once.

        Alike are cases for which the same conditions hold, at the same rates, with the same
        amounts and the same that was spent.
        """
        policy = self._policy
        if policy is None:
            return no_policy(self.name)
        facts = with_answers(self.policies.rows, facts, self._reads)
        sure, unsure = self._masks.of(facts)
        if unsure:
            return self._decided(policy, facts, spent, sure, unsure)
        known, rates = facts.known, facts.rates
        key = sure, id(rates), spent, tuple([known.get(name) for name in self._values])
        found = self._alike.get(key)
        if found is not None:
            return found
        decided = self._decided(policy, facts, spent, sure, unsure)
        if isinstance(decided, OptionsDecision):  # why none can be decided may name other values
            if len(self._alike) >= _MOST_ALIKE:
                self._alike.clear()
                self._rates.clear()
            self._alike[key] = decided
            self._rates[id(rates)] = rates
        return decided

    def _decided(
        self, policy: OptionPolicy, facts: Facts, spent: Spent, sure: int, unsure: int
    ) -> OptionsDecision | Undecided:
        work = Work(policy, facts, spent, self._asked(facts, sure, unsure), is_told=False)
        try:
            unpriced = self._unpriced.get(sure) if not unsure else None
            if unpriced is None:
                found = unpriced_offer(self.policies, work)
                if isinstance(found, Undecided):
                    return found
                unpriced = self._kept(found, sure, unsure)
            return with_prices(unpriced, self.policies, work)
        except FactMissing as missing:
            return not_known(missing, work)

    def signature(self, facts: Facts) -> int:
        """Which conditions of the policy hold, and which hang on what is not known, as one number.

        Cases with the same signature are offered the same remedies, but for what amounts change.
        """
        if self._policy is None:
            return 0
        sure, unsure = self._masks.of(with_answers(self.policies.rows, facts, self._reads))
        return sure | unsure << len(self._bits)

    def _kept(self, unpriced: UnpricedOffer, sure: int, unsure: int) -> UnpricedOffer:
        # Where something is not known the offer may hang on which: it is worked out each time.
        if not unsure and len(self._unpriced) < _MOST_KEPT:
            self._unpriced[sure] = unpriced
        return unpriced

    def _asked(self, facts: Facts, sure: int, unsure: int) -> Callable[[Condition], bool]:
        bits = self._bits

        def holds(condition: Condition) -> bool:
            bit = bits[id(condition)]
            if unsure & bit:
                return condition.holds(facts)  # it raises FactMissing, and says of which
            return bool(sure & bit)

        return holds


def _values_read(policy: OptionPolicy) -> tuple[str, ...]:
    """The facts whose values count, beside which conditions hold: for amounts, and for options."""
    caps = policy.limits.each_option, policy.limits.per_customer
    amounts = [cap.at_most for cap in caps if cap is not None]
    for rule in policy.remedies.values():
        some = (rule.amount, rule.at_least, rule.at_most, rule.if_missing, *rule.costs)
        amounts += [amount for amount in some if amount is not None]
    shares = {amount.of for amount in amounts if amount.of}
    return tuple(sorted(shares | policy.read_of_options | {_OF_THE_CASE}))
