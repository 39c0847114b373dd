"""Deciding by one policy many times, without saying why."""

from collections.abc import Callable

from aftersales.domain.conditions import Condition, Facts, Masks
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import zero
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.decision import OptionsDecision, RuleRef, Spent, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.options import no_policy, not_known, with_prices
from aftersales.domain.policy.plain import Brief, PlainOffer, PlainOffers, in_brief, plain_offer
from aftersales.domain.policy.prices import Prices
from aftersales.domain.policy.table import OptionPolicy, Policies
from aftersales.domain.policy.unpriced import UnpricedOffer, unpriced_offer

_MOST_KEPT, _MOST_CURRENCIES = 20_000, 64  # at some rates


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
        self._offers: dict[tuple[str, int, int], PlainOffers] = {}

    def decide(self, facts: Facts, spent: Spent) -> OptionsDecision | Undecided:
        """What `decide_options` decides, to the cent, without steps and what was left out."""
        policy = self._policy
        if policy is None:
            return no_policy(self.name)
        facts = with_answers(self.policies.rows, facts, self._reads)
        return self._decided(policy, facts, spent, *self._masks.of(facts))

    def decide_in_brief(self, facts: Facts, spent: Spent) -> tuple[Brief, ...] | Undecided:
        """The options of `decide` in brief: several times as fast, for very many cases."""
        policy = self._policy
        if policy is None:
            return no_policy(self.name)
        facts = with_answers(self.policies.rows, facts, self._reads)
        found = self._masks.found(facts)
        offers = self._offers_in(policy, facts, spent.left_to_refund.currency)
        plain = offers.by_masks.get(found)
        if plain is None and found not in offers.by_masks:
            plain = self._plain(facts, spent, found, offers)
        brief = None if plain is None else plain.options(facts, spent)
        if brief is not None:
            return brief
        told = self._masks.by_fact(facts.schema).told(found)
        decided = self._decided(policy, facts, spent, *told)
        return decided if isinstance(decided, Undecided) else in_brief(decided)

    def rule(self, facts: Facts) -> RuleRef | None:
        """The rule of what `decide` offers: a cell, or an exception; None where none is clear."""
        policy = self._policy
        if policy is None:
            return None
        facts = with_answers(self.policies.rows, facts, self._reads)
        sure, unsure = self._masks.of(facts)
        found: UnpricedOffer | Undecided | None = self._unpriced.get(sure) if not unsure else None
        if found is None:
            nothing = zero("USD")  # what was spent plays no part before prices do
            work = Work(
                policy,
                facts,
                Spent(nothing, nothing),
                self._asked(facts, sure, unsure),
                is_told=False,
            )
            try:
                found = unpriced_offer(self.policies, work)
            except FactMissing:
                return None
            if not isinstance(found, Undecided):
                self._kept(found, sure, unsure)
        return None if isinstance(found, Undecided) else found.start.ref

    def _plain(
        self, facts: Facts, spent: Spent, found: int, offers: PlainOffers
    ) -> PlainOffer | None:
        """What is offered where no limit bites; None where the working-out in full must tell.

        It hangs on what the masks have `found`, and is kept by that.
        """
        sure, unsure = self._masks.by_fact(facts.schema).told(found)
        unpriced, prices = self._unpriced.get(sure), offers.prices
        if unsure or unpriced is None:
            return None
        work = Work(prices.policy, facts, spent, self._asked(facts, sure, 0), is_told=False)
        try:
            plain = plain_offer(unpriced, self.policies, work, prices)
        except FactMissing:
            return None
        if len(offers.by_masks) < _MOST_KEPT:
            offers.by_masks[found] = plain
        return plain

    def _offers_in(self, policy: OptionPolicy, facts: Facts, currency: str) -> PlainOffers:
        key = currency, id(facts.rates), id(facts.schema)
        found = self._offers.get(key)  # it keeps both alive, so that their ids stay theirs
        if found is None:
            if len(self._offers) >= _MOST_CURRENCIES:
                self._offers.clear()
            found = self._offers[key] = PlainOffers(Prices(policy, currency, facts))
        return found

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
