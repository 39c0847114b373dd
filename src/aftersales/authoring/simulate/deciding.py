"""What one version of the definitions would have offered in a past case."""

import re
from datetime import date, datetime, time
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aftersales.authoring.first_offer import goodwill_given, left_to_refund
from aftersales.authoring.simulate.past import PastCase
from aftersales.authoring.simulate.reading import FactColumns
from aftersales.definitions import Catalog
from aftersales.domain.conditions import Facts, Rates, Value
from aftersales.domain.errors import FactMissing, KindNotInForce
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import (
    Brief,
    Decider,
    Policies,
    Spent,
    Undecided,
    with_answers,
)
from aftersales.domain.policy.judging import MATTER
from aftersales.domain.rulebook import Rulebook

NOTHING_LEFT = "no option is left, a person decides"
_AMOUNT = re.compile(r"-?\d[\d.]* [A-Z]{3}\b|\b\d[\d.]*\b")


class Deciders:
    """The deciders of policies: each decides as `decide_options` does, without explaining."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], Decider] = {}

    def of(self, policies: Policies, name: str) -> Decider:
        """That of the policy `name`. The policies must outlive this object."""
        key = id(policies), name
        decider = self._kept.get(key)
        if decider is None:
            decider = self._kept[key] = Decider(policies, name)
        return decider


class Outcome(NamedTuple):
    """What a version says of a case: options in `currency`, or why it does not say any."""

    currency: str
    options: tuple[Brief, ...] = ()
    undecided: str = ""


class Question(NamedTuple):
    """All that a decision about a past case reads, under one version."""

    bound: "Bound"
    policy: str
    facts: Facts
    spent: Spent

    def outcome(self) -> Outcome:
        """What the version offers."""
        decided = self.bound.decider(self.policy).decide_in_brief(self.facts, self.spent)
        return outcome_of(decided, self.spent.left_to_refund.currency)


class Version:
    """The definitions of one version, asked about past cases by the day they were opened.

    With `day`, all are asked by the rules of that day; with `policy`, by the one of that name.
    `currency` is that of a case which names none.
    """

    def __init__(
        self, catalog: Catalog, *, currency: str, policy: str = "", day: date | None = None
    ) -> None:
        self.catalog, self.currency, self.policy = catalog, currency, policy
        self.deciders = Deciders()
        self._fixed = day

    def bound(self, kind: str, day: date, rates_day: date) -> "Bound | str":
        """What would have bound a case opened on that day; or why nothing does."""
        at = datetime.combine(self._fixed or day, time(12), ZoneInfo(self.catalog.zone))
        try:
            return Bound(self, kind, self.catalog.rulebook(kind, at), self.rates(rates_day))
        except KindNotInForce as error:
            why = f"no rules of `{kind}` are in force"
            return why if kind in self.catalog.kinds else str(error)

    def rates(self, day: date) -> Rates:
        """The rates of exchange of a day."""
        return self.catalog.rates_on(day)


class Bound:
    """The rulebook that binds the cases of one kind opened on one day, under one version."""

    def __init__(self, version: Version, kind: str, rulebook: Rulebook, rates: Rates) -> None:
        self.rulebook, self.rates = rulebook, rates
        self._kind = kind
        self._policies, self._schema = rulebook.policies, rulebook.schema
        self._state = rulebook.workflow.starts_in
        self._version = version
        self._named = version.policy
        self._asked: dict[str, tuple[Decider, frozenset[str]]] = {}

    def facts(self, past: PastCase, columns: FactColumns) -> Facts:
        """The facts of a case as a decision reads them. May raise Unreadable."""
        known: dict[str, Value] = {"state": self._state, "order_held": False}
        columns.into(known, past)
        known["kind"], known["opened_at"] = self._kind, past.opened.at
        return Facts(self._schema, known, self.rates)

    def policy(self, facts: Facts) -> str | Undecided:
        """The policy that decides, or why none does."""
        return self._named or self._name(facts)

    def spent(self, past: PastCase, facts: Facts) -> Spent:
        """What was given before, in the currency of the case."""
        return spent_of(past, facts, currency_of(past, facts) or self._version.currency)

    def question(self, policy: str | Undecided, facts: Facts, spent: Spent) -> Question | str:
        """What is to be decided by that policy; or why nothing can be."""
        if isinstance(policy, Undecided):
            return policy.why
        # Tables are asked once, though two versions may read their answers.
        answered = with_answers(self._policies.rows, facts, self._of(policy)[1])
        return Question(self, policy, answered, spent)

    def decider(self, policy: str) -> Decider:
        """Decides by one of its policies."""
        return self._of(policy)[0]

    def _of(self, policy: str) -> tuple[Decider, frozenset[str]]:
        """What decides by a policy, and the facts that are read for it."""
        found = self._asked.get(policy)
        if found is None:
            is_known = policy in self._policies.compensation
            reads = self._policies.reads(policy) if is_known else frozenset[str]()
            found = self._version.deciders.of(self._policies, policy), reads
            self._asked[policy] = found
        return found

    def _name(self, facts: Facts) -> str | Undecided:
        policies = self._policies.compensation.values()
        named = _for_kind(self._policies, facts)
        if isinstance(named, str) and not any(p.applies_to.reads - {"kind"} for p in policies):
            self._named = named  # it hangs on nothing but the kind, which all cases here are of
        return named


def currency_of(past: PastCase, facts: Facts) -> str:
    """What the customer was charged in: as given, else that of the matter, else of any amount."""
    if past.currency:
        return past.currency
    matter = facts.known.get(MATTER)
    if isinstance(matter, Money):
        return matter.currency
    amounts = (facts[name] for name in sorted(facts))
    return next((value.currency for value in amounts if isinstance(value, Money)), "")


def spent_of(past: PastCase, facts: Facts, currency: str) -> Spent:
    """What a first offer counts in: what may be refunded, and the goodwill given before."""
    left = left_to_refund(facts, currency, past.paid)
    return Spent(left, _zero(currency), goodwill_given(facts))


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
