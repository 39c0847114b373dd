"""One case played through in memory: no database, no clock, each message handed over at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from aftersales.authoring.laws import broken_laws
from aftersales.authoring.results import Moment
from aftersales.domain.case import (
    Account,
    Actor,
    Case,
    Change,
    Effect,
    Event,
    HistoryEntry,
    LedgerEntry,
    Offer,
    Opening,
    Refusal,
    Surroundings,
    fire_timers,
    handle_event,
    message_told,
    open_case,
    settle,
)
from aftersales.domain.conditions import Facts, Rates, Value
from aftersales.domain.duration import Duration
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.money import Money, zero
from aftersales.domain.rulebook import Rulebook


@dataclass(slots=True)
class Rehearsal:
    """A case and all around it, as values that each change replaces.

    `broken` collects what breaks a law of the workflow, `moments` each change with what was known.
    """

    rulebook: Rulebook
    rates_on: Callable[[date], Rates]
    at: datetime
    paid: Money | None = None
    case: Case | None = None
    account: Account | None = None
    customer_account: Account | None = None
    offers: dict[str, Offer] = field(default_factory=dict)
    ledger: dict[str, LedgerEntry] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    history: list[HistoryEntry] = field(default_factory=list)
    refused: Refusal | None = None
    broken: list[str] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)

    @property
    def sent(self) -> tuple[str, ...]:
        """The templates sent so far, in order."""
        return tuple(effect.name for effect in self.effects if effect.lane == "message")

    def fork(self) -> "Rehearsal":
        """Another rehearsal that stands where this one does, and goes on by itself."""
        return replace(
            self,
            offers=dict(self.offers),
            ledger=dict(self.ledger),
            effects=list(self.effects),
            history=list(self.history),
            broken=list(self.broken),
            moments=list(self.moments),
        )

    def open(self, facts: Mapping[str, str], *, by: Actor, customer_key: str = "customer") -> None:
        """Open the case now. `refused` tells if that was not possible."""
        currency = self.paid.currency if self.paid else "USD"
        nothing = zero(currency)
        self.account = Account("order:story", self.paid or nothing, nothing, nothing, nothing)
        opening = Opening(
            shop="story",
            case_id="story",
            by=by,
            at=self.at,
            currency=currency,
            facts=facts,
            order_id="story",
            customer_key=customer_key,
        )
        self._take(open_case(self._around(), opening))

    def submit(self, event: str, *, by: Actor, facts: Mapping[str, str]) -> None:
        """Put an event to the case now, after what was due before it."""
        self.pass_until(self.at)
        self._take(handle_event(self._around(), self._case(), Event(event, by, self.at, facts)))

    def settle(self, *, reason: str = "", reference: str = "by hand") -> None:
        """Tell the outcome of every remedy that was granted and is open."""
        self.pass_until(self.at)
        for entry in [e for e in self.ledger.values() if e.status == "reserved"]:
            self._take(
                settle(
                    self._around(),
                    self._case(),
                    entry,
                    failed=bool(reason),
                    text=reason or reference,
                    at=self.at,
                )
            )

    def wait(self, duration: Duration) -> None:
        """Let time pass, to just after the instant at which a deadline of that length would be due.

        Counted on the calendar of the case, as its deadlines are.
        """
        due = self.rulebook.calendar(of_case=self._case().calendar).due(self.at, duration)
        self.pass_until(due.at + timedelta(seconds=1))

    def pass_until(self, at: datetime) -> None:
        """Let time pass until `at`, firing what is due strictly before it."""
        if at < self.at:
            raise InvariantBroken(f"time cannot pass back to {at.isoformat()}")
        while (change := fire_timers(self._around(), self._case(), at)) is not None:
            self.at = max(self.at, change.history.effective_at)
            self._take(change)
        self.at = at

    def _case(self) -> Case:
        if self.case is None:
            raise InvariantBroken("no case was opened")
        return self.case

    def _around(self) -> Surroundings:
        offer = self.offers.get(self.case.offer_id) if self.case else None
        return Surroundings(
            rulebook=self.rulebook,
            recorded_at=self.at,
            rates_on=self.rates_on,
            offer=offer,
            account=self.account,
            customer_account=self.customer_account,
            ledger=tuple(self.ledger.values()),
            goodwill=tuple(e for e in self.ledger.values() if e.counts_as == "goodwill"),
        )

    def _known(self) -> Facts:
        """The facts of the case as it stands, with what its offer answers."""
        case = self._case()
        offer = self.offers.get(case.offer_id)
        builtins: dict[str, Value] = {"kind": case.kind, "state": case.state}
        if offer is not None:
            builtins["approval"] = offer.approval
        rates = self.rates_on(self.at.date())
        return self.rulebook.facts(case.facts, rates=rates, builtins=builtins)

    def _take(self, outcome: Change | Refusal) -> None:
        if isinstance(outcome, Refusal):
            self.refused = outcome
            if outcome.raises is not None:
                self._apply(outcome.raises)
            return
        self.refused = None
        self._apply(outcome)

    def _apply(self, change: Change) -> None:
        self.case = change.case
        self.history.append(change.history)
        self.offers |= {offer.id: offer for offer in change.offers}
        self.ledger |= {entry.id: entry for entry in change.ledger}
        self.account = _stored(change.account) or self.account
        self.customer_account = _stored(change.customer_account) or self.customer_account
        self.effects.extend(change.effects)
        known = self._known()
        self.moments.append(Moment(change, known))
        self.broken += broken_laws(self.rulebook.workflow, self.history, known)
        for effect in change.effects:
            if effect.lane == "message":
                told = message_told(self._around(), self._case(), effect, self.at)
                if told is not None:
                    self._apply(told)


def _stored(account: Account | None) -> Account | None:
    return replace(account, version=account.version + 1) if account else None
