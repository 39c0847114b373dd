"""What one version of the definitions would have offered in a past case."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from aftersales.authoring.simulate.past import PastCase
from aftersales.definitions import Catalog
from aftersales.domain.conditions import Facts, Rates, Value
from aftersales.domain.errors import FactMissing, KindNotInForce
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import (
    Brief,
    Decider,
    Policies,
    RuleRef,
    Spent,
    Undecided,
    with_answers,
)
from aftersales.domain.rulebook import Rulebook

MATTER = "affected_value"  # what a case is about, in money
GOODWILL = "goodwill_given_90d"  # what the desk had given the customer before
NOTHING_LEFT = "no option is left, a person decides"
_UNLIMITED = 10**15  # minor units: what was paid is not known, so that it limits nothing
_AMOUNT = re.compile(r"-?\d[\d.]* [A-Z]{3}\b|\b\d[\d.]*\b")

Decide = Callable[[Policies, str, Facts, Spent], tuple[Brief, ...] | Undecided]


class Deciders:
    """Decides as `decide_options` does, without explaining; what can be shared is kept."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], Decider] = {}

    def __call__(
        self, policies: Policies, name: str, facts: Facts, spent: Spent
    ) -> tuple[Brief, ...] | Undecided:
        """What the policy `name` offers. The policies must outlive this object."""
        return self._decider(policies, name).decide_in_brief(facts, spent)

    def rule(self, policies: Policies, name: str, facts: Facts) -> RuleRef | None:
        """The cell or exception that what the policy offers begins with, if that is clear."""
        return self._decider(policies, name).rule(facts)

    def _decider(self, policies: Policies, name: str) -> Decider:
        key = id(policies), name
        decider = self._kept.get(key)
        if decider is None:
            decider = self._kept[key] = Decider(policies, name)
        return decider


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a version says of a case: options in `currency`, or why it does not say any."""

    currency: str
    options: tuple[Brief, ...] = ()
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """All that a decision about a past case reads, under one version."""

    rulebook: Rulebook
    policy: str
    facts: Facts
    spent: Spent


class Version:
    """The definitions of one version, asked about past cases by the day they were opened.

    With `day`, all are asked by the rules of that day; with `policy`, by the one of that name.
    `currency` is that of a case which names none.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        currency: str,
        policy: str = "",
        day: date | None = None,
        decide: Decide | None = None,
    ) -> None:
        self.catalog = catalog
        self._policy, self._decide = policy, decide or Deciders()
        self._currency, self._fixed = currency, day
        self._rulebooks: dict[tuple[str, date], Rulebook | str] = {}
        self._rates: dict[date, Rates] = {}
        self._named: dict[tuple[str, str], str] = {}
        self._reads: dict[tuple[str, str], frozenset[str]] = {}

    def rulebook(self, past: PastCase) -> Rulebook | str:
        """What would have bound the case; or why nothing does."""
        key = past.kind, self._fixed or past.opened.day
        if key not in self._rulebooks:
            zone = ZoneInfo(self.catalog.zone)
            at = datetime.combine(key[1], time(12), zone)
            try:
                self._rulebooks[key] = self.catalog.rulebook(past.kind, at)
            except KindNotInForce as error:
                why = f"no rules of `{past.kind}` are in force"
                self._rulebooks[key] = why if past.kind in self.catalog.kinds else str(error)
        return self._rulebooks[key]

    def rates(self, day: date) -> Rates:
        """The rates of exchange of a day."""
        if day not in self._rates:
            self._rates[day] = self.catalog.rates_on(day)
        return self._rates[day]

    def facts(self, rulebook: Rulebook, past: PastCase, values: Mapping[str, Value]) -> Facts:
        """The facts of the case as a decision reads them."""
        known: dict[str, Value] = {
            "state": rulebook.workflow.starts_in,
            "order_held": False,
            **values,
            "kind": past.kind,
            "opened_at": past.opened.at,
        }
        return Facts(rulebook.schema, known, self.rates(past.opened.day))

    def question(
        self, rulebook: Rulebook, past: PastCase, facts: Facts, spent: Spent | None = None
    ) -> Question | str:
        """What is to be decided; or why nothing can be. `spent` is worked out if not given."""
        policy = self._name(rulebook, past.kind, facts)
        if isinstance(policy, Undecided):
            return policy.why
        if spent is None:
            spent = spent_of(past, facts, currency_of(past, facts) or self._currency)
        return Question(rulebook, policy, self._answered(rulebook, policy, facts), spent)

    def outcome(self, question: Question) -> Outcome:
        """What the version offers."""
        policies, spent = question.rulebook.policies, question.spent
        decided = self._decide(policies, question.policy, question.facts, spent)
        return outcome_of(decided, spent.left_to_refund.currency)

    def _answered(self, rulebook: Rulebook, policy: str, facts: Facts) -> Facts:
        """With the facts that tables answer: asked once, though two versions may read them."""
        key = rulebook.digest, policy
        reads = self._reads.get(key)
        if reads is None:
            is_known = policy in rulebook.policies.compensation
            reads = rulebook.policies.reads(policy) if is_known else frozenset()
            self._reads[key] = reads
        return with_answers(rulebook.policies.rows, facts, reads)

    def _name(self, rulebook: Rulebook, kind: str, facts: Facts) -> str | Undecided:
        if self._policy:
            return self._policy
        key = rulebook.digest, kind
        if key not in self._named:
            policies = rulebook.policies.compensation.values()
            if any(policy.applies_to.reads - {"kind"} for policy in policies):
                return _for_kind(rulebook.policies, facts)
            named = _for_kind(rulebook.policies, facts)
            if isinstance(named, Undecided):
                return named
            self._named[key] = named
        return self._named[key]


def currency_of(past: PastCase, facts: Facts) -> str:
    """What the customer was charged in: as given, else that of the matter, else of any amount."""
    if past.currency:
        return past.currency
    matter = facts.get(MATTER)
    if isinstance(matter, Money):
        return matter.currency
    amounts = (facts[name] for name in sorted(facts))
    return next((value.currency for value in amounts if isinstance(value, Money)), "")


def spent_of(past: PastCase, facts: Facts, currency: str) -> Spent:
    """What a first offer counts in: what may be refunded, and the goodwill given before."""
    matter, goodwill, paid = facts.get(MATTER), facts.get(GOODWILL), past.paid
    left = _UNLIMITED
    if isinstance(matter, Money) and matter.currency == currency:
        left = matter.minor
    if paid is not None and paid.currency == currency:
        left = min(left, paid.minor)
    given = ((0, goodwill),) if isinstance(goodwill, Money) else ()
    return Spent(Money.from_minor(left, currency), _zero(currency), given)


_zero = cache(zero)


def outcome_of(decided: tuple[Brief, ...] | Undecided, currency: str) -> Outcome:
    """A decision as it is compared."""
    if isinstance(decided, Undecided):
        return Outcome(currency, undecided=general(decided))
    return Outcome(currency, decided) if decided else Outcome(currency, undecided=NOTHING_LEFT)


def general(undecided: Undecided) -> str:
    """Why, without the numbers of one case, so that cases can be counted by it."""
    return _AMOUNT.sub("...", undecided.why)


def _for_kind(policies: Policies, facts: Facts) -> str | Undecided:
    try:
        return policies.for_kind(facts)
    except FactMissing as missing:
        return Undecided("compensation", str(missing), missing=missing.fact)
