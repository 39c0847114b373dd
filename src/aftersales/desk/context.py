"""What every use of the desk works with: the store, the definitions, the shop and the clock."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from aftersales.definitions import Catalog, read_rulebook
from aftersales.desk.catalogs import CatalogSource
from aftersales.desk.handlers import Handlers
from aftersales.desk.view import CaseView, view_of
from aftersales.domain.case import Account, Case, LedgerEntry, Opening, Surroundings
from aftersales.domain.conditions import Rates
from aftersales.domain.errors import AftersalesError, InvariantBroken
from aftersales.domain.rulebook import Rulebook
from aftersales.store import Store, Transaction

# Goodwill is read back as far as the longest cap a policy may set.
GOODWILL_DAYS = 366


def utc_now() -> datetime:
    """The wall clock. Only the desk asks it."""
    return datetime.now(UTC)


class NaiveInstant(AftersalesError, ValueError):
    """An instant without a zone was given; say which zone it is meant in."""


def aware(at: datetime) -> datetime:
    """`at` in UTC. NaiveInstant if it has no zone."""
    if at.tzinfo is None:
        raise NaiveInstant(f"{at.isoformat()} has no zone; give an aware datetime")
    return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to each of the desk's tasks."""

    store: Store
    catalogs: CatalogSource
    shop: str
    clock: Callable[[], datetime]
    handlers: Handlers
    waits_start_when_told: bool = True
    max_attempts: int = 8
    _rulebooks: dict[str, Rulebook] = field(default_factory=dict)

    def now(self) -> datetime:
        """What time it is, to the microsecond, in UTC."""
        return aware(self.clock())

    def catalog(self, tx: Transaction, at: datetime) -> Catalog:
        """The definitions that bind a case opened at that instant."""
        return self.catalogs.catalog(tx, at, now=self.now())

    def rates(self, tx: Transaction, recorded_at: datetime) -> Callable[[date], Rates]:
        """The rates of a day, as they were published by its end, or by now.

        By its end, not by now: so a late tick takes the same as one that was on time.
        """

        def rates_on(day: date) -> Rates:
            end = datetime.combine(day, time.max, tzinfo=UTC)
            return self.catalog(tx, min(end, recorded_at)).rates_on(day)

        return rates_on

    def pinned(self, tx: Transaction, digest: str) -> Rulebook:
        """The rulebook a case is bound to, from its stored canonical form."""
        if digest not in self._rulebooks:
            self._rulebooks[digest] = _stored_rulebook(tx, digest)
        return self._rulebooks[digest]

    def keep(self, tx: Transaction, rulebook: Rulebook) -> None:
        """Store the canonical form of a rulebook that a new case is bound to."""
        self._rulebooks[rulebook.digest] = rulebook
        if tx.has_definition(rulebook.digest):
            return
        for calendar in rulebook.calendars.values():
            tx.put_definition(calendar.digest, "calendar", _text(calendar.to_canonical()), "")
        canonical, places = _text(rulebook.canonical), json.dumps(rulebook.places)
        tx.put_definition(rulebook.digest, "rulebook", canonical, places)

    def around(self, tx: Transaction, case: Case, *, recorded_at: datetime) -> Surroundings:
        """All that a decision about `case` may read, in the state of this transaction."""
        return Surroundings(
            rulebook=self.pinned(tx, case.rulebook),
            recorded_at=recorded_at,
            rates_on=self.rates(tx, recorded_at),
            offer=tx.offer(case.offer_id) if case.offer_id else None,
            account=order_account(tx, case.order_id),
            customer_account=customer_account(tx, case.customer_key, case.currency),
            ledger=(
                tx.ledger_of_order(case.order_id) if case.order_id else tx.ledger_of_case(case.id)
            ),
            goodwill=goodwill_of(tx, case.customer_key, recorded_at),
            waits_start_when_told=self.waits_start_when_told,
        )

    def around_new(
        self,
        tx: Transaction,
        rulebook: Rulebook,
        opening: Opening,
        account: Account | None,
        *,
        recorded_at: datetime,
    ) -> Surroundings:
        """The same for a case that is being opened."""
        return Surroundings(
            rulebook=rulebook,
            recorded_at=recorded_at,
            rates_on=self.rates(tx, recorded_at),
            account=account,
            customer_account=customer_account(tx, opening.customer_key, opening.currency),
            ledger=tx.ledger_of_order(opening.order_id) if opening.order_id else (),
            goodwill=goodwill_of(tx, opening.customer_key, recorded_at),
            waits_start_when_told=self.waits_start_when_told,
        )

    def view(self, tx: Transaction, case: Case, *, is_repeat: bool = False) -> CaseView:
        """What the caller sees of `case`."""
        offer = tx.offer(case.offer_id) if case.offer_id else None
        return view_of(self.pinned(tx, case.rulebook), case, offer, is_repeat=is_repeat)


def order_account(tx: Transaction, order_id: str | None) -> Account | None:
    """The account of an order, if anything is known of it."""
    return tx.account(f"order:{order_id}") if order_id else None


def customer_account(tx: Transaction, customer_key: str, currency: str) -> Account | None:
    """The account of what a customer was given beyond what is owed, in one currency."""
    return tx.account(f"customer:{customer_key}/{currency}") if customer_key else None


def goodwill_of(tx: Transaction, customer_key: str, at: datetime) -> tuple[LedgerEntry, ...]:
    """What the customer was given beyond what was owed, as far back as a cap can look."""
    if not customer_key:
        return ()
    return tx.goodwill_of_customer(customer_key, at - timedelta(days=GOODWILL_DAYS))


def _stored_rulebook(tx: Transaction, digest: str) -> Rulebook:
    stored = tx.definition(digest)
    if stored is None:
        raise InvariantBroken(f"the rulebook {digest[:12]} of an open case is not stored")
    canonical = json.loads(stored.canonical)
    calendars = {}
    for calendar in canonical["calendars"].values():
        row = tx.definition(calendar)
        if row is None:
            raise InvariantBroken(f"the calendar {calendar[:12]} of a rulebook is not stored")
        calendars[calendar] = json.loads(row.canonical)
    rulebook = read_rulebook(canonical, calendars, json.loads(stored.places))
    if rulebook.digest != digest:
        raise InvariantBroken(f"the stored rulebook {digest[:12]} was changed")
    return rulebook


def _text(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
