"""The desk: the one object a shop calls. Transactions and the clock are here, decisions are not."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aftersales.definitions import Catalog
from aftersales.desk import cases, delivering, messages, moving, orders, ticking
from aftersales.desk.answers import Answer
from aftersales.desk.catalogs import CatalogSource, Fixed, Published
from aftersales.desk.context import Context, aware, utc_now
from aftersales.desk.delivering import DeliveryReport
from aftersales.desk.explaining import Explanation, explain
from aftersales.desk.handlers import H, Handlers
from aftersales.desk.messages import Content
from aftersales.desk.moving import Preview, Progress
from aftersales.desk.publications import Publication, Publications
from aftersales.desk.simulations import Simulations
from aftersales.desk.ticking import TickReport
from aftersales.desk.view import CaseView
from aftersales.domain.calendar import Calendar
from aftersales.domain.case import Account, Actor, Effect, HistoryEntry, Line, Refusal
from aftersales.domain.errors import AftersalesError, EventRefused
from aftersales.domain.money import Money
from aftersales.domain.rulebook import Rulebook
from aftersales.store import Finding, Host, Store, integrity

NO_FACTS: Mapping[str, object] = {}


class Desk:
    """Cases of one shop: opened, moved, ticked, explained.

    Each call is one transaction of its own, or, with `session=`, part of the caller's, which is
    never committed here.
    """

    def __init__(
        self,
        *,
        store: Store,
        catalog: Catalog | CatalogSource | None = None,
        shop: str = "shop",
        clock: Callable[[], datetime] = utc_now,
        waits_start_when_told: bool = True,
    ) -> None:
        """Without a `catalog`, the definitions are those published in the store.

        `clock` gives aware instants. `waits_start_when_told=False` is for simulations, in which
        nothing is handed over: waits then start when they are decided."""
        source = Fixed(catalog) if isinstance(catalog, Catalog) else catalog or Published()
        self._context = Context(store, source, shop, clock, Handlers(), waits_start_when_told)

    @property
    def catalog(self) -> Catalog:
        """The definitions new cases are opened under now. NothingPublished if there are none."""
        source = self._context.catalogs
        if isinstance(source, Fixed):
            return source.always
        with self._context.store.reading(self.shop) as tx:
            return self._context.catalog(tx, self.now())

    @property
    def publications(self) -> Publications:
        """What is published for this shop, by this desk's clock."""
        return Publications(store=self.store, shop=self.shop, clock=self._context.clock)

    @property
    def simulations(self) -> Simulations:
        """Past cases to simulate on, and the simulations on record."""
        return Simulations(store=self.store, shop=self.shop, clock=self._context.clock)

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._context.store

    @property
    def shop(self) -> str:
        """The tenant all calls are within."""
        return self._context.shop

    def now(self) -> datetime:
        """What time it is for this desk."""
        return self._context.now()

    # -- orders and cases

    def record_order(
        self,
        order_id: str,
        *,
        paid: Money,
        refunded: Money | None = None,
        lines: Sequence[Line] = (),
        session: Host | None = None,
    ) -> Account:
        """Open or update the account of an order. Safe to repeat.

        `refunded` is all that was given back so far, by whomever; what this desk confirmed itself
        is taken off. ValueUnreadable if the order was recorded in another currency.
        """
        context = self._context
        with context.store.transaction(context.shop, session=session) as tx:
            now = context.now()
            account = orders.record_order(
                tx, order_id, paid=paid, refunded=refunded, lines=lines, at=now
            )
            cases.withdraw_unpaid(context, tx, order_id, now)
            return account

    def open_case(
        self,
        kind: str,
        *,
        facts: Mapping[str, object] = NO_FACTS,
        order_id: str | None = None,
        customer_id: str = "",
        lines: Sequence[Line] = (),
        by: Actor | None = None,
        idempotency_key: str | None = None,
        opened_at: datetime | None = None,
        parent_id: str = "",
        session: Host | None = None,
    ) -> CaseView:
        """Open a case. The same idempotency key opens one case, and gives the same answer.

        EventRefused if a fact the workflow needs is missing; ValueUnreadable if one cannot be read.
        """
        context = self._context
        new = cases.NewCase(
            kind,
            facts=facts,
            order_id=order_id,
            customer_id=customer_id,
            lines=lines,
            by=by or Actor.system(),
            idempotency_key=idempotency_key,
            opened_at=opened_at,
            parent_id=parent_id,
        )
        with context.store.transaction(context.shop, session=session) as tx:
            outcome = cases.open_in(context, tx, new)
            if isinstance(outcome, Refusal):
                tx.put_refusal("", "open", new.by, outcome.code, outcome.reason, context.now())
        if isinstance(outcome, Refusal):
            raise EventRefused(outcome.reason, code=outcome.code)
        return outcome

    def submit(
        self,
        case_id: str,
        event: str,
        *,
        by: Actor,
        facts: Mapping[str, object] = NO_FACTS,
        idempotency_key: str | None = None,
        expected_version: int | None = None,
        occurred_at: datetime | None = None,
        session: Host | None = None,
    ) -> CaseView:
        """Put an event to a case. Timers due before it are fired first.

        `expected_version` binds what the caller saw: CaseChangedMeanwhile if state or offer have
        changed since. EventRefused says why, and what is possible; a refusal is logged.
        """
        put = cases.Put(event, by, facts, idempotency_key, expected_version, occurred_at)
        context = self._context
        with context.store.transaction(context.shop, session=session) as tx:
            outcome = cases.submit_in(context, tx, case_id, put)
        if isinstance(outcome, AftersalesError):
            raise outcome
        return outcome

    def get_case(self, case_id: str, *, session: Host | None = None) -> CaseView:
        """A case as it stands. CaseNotFound if this shop has none of that id."""
        context = self._context
        with context.store.reading(context.shop, session=session) as tx:
            return context.view(tx, tx.case(case_id))

    def rulebook(self, case_id: str, *, session: Host | None = None) -> Rulebook:
        """What binds this case, as it was when the case was opened."""
        with self._context.store.reading(self.shop, session=session) as tx:
            return self._context.pinned(tx, tx.case(case_id).rulebook)

    def find_cases(
        self,
        *,
        kind: str | None = None,
        state: str | None = None,
        order_id: str | None = None,
        customer_id: str | None = None,
        is_open: bool | None = None,
        needs_person: bool | None = None,
        due_before: datetime | None = None,
        limit: int = 100,
        after: str | None = None,
        session: Host | None = None,
    ) -> list[CaseView]:
        """Cases in the order of their opening; `after` is the id of the last one seen."""
        context = self._context
        with context.store.reading(context.shop, session=session) as tx:
            found = tx.find_cases(
                kind=kind,
                state=state,
                order_id=order_id,
                customer_key=customer_id,
                is_open=is_open,
                needs_person=needs_person,
                due_before=due_before,
                limit=limit,
                after=after,
            )
            return [context.view(tx, case) for case in found]

    def history(self, case_id: str, *, session: Host | None = None) -> tuple[HistoryEntry, ...]:
        """Everything that happened to a case, oldest first."""
        with self._context.store.reading(self.shop, session=session) as tx:
            tx.case(case_id)
            return tx.history(case_id)

    def explain(self, case_id: str, *, session: Host | None = None) -> Explanation:
        """Why its due dates, why its offer, and why not others."""
        with self._context.store.reading(self.shop, session=session) as tx:
            return explain(self._context, tx, case_id)

    def publication(self, case_id: str) -> Publication | None:
        """The publication this case was opened under; None if nothing was published then."""
        view, first = self.get_case(case_id), self.history(case_id)[0]
        return self.publications.binding(view.case.opened_at, first.recorded_at)

    # -- newer rulebooks

    def preview_calendars(
        self, calendars: Mapping[str, Calendar], *, progress: Progress | None = None
    ) -> Preview:
        """Which dates of open cases would move if they were counted by these calendars from now.

        Calendars are taken by name; those not given stay. Nothing is written.
        """
        return moving.preview(self._context, calendars, progress=progress)

    def move_calendars(
        self,
        calendars: Mapping[str, Calendar],
        *,
        by: Actor,
        why: str,
        only: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Preview:
        """Move open cases to these calendars: time used stays used, the rest is counted by them.

        Each case is a transaction of its own, with a version in its history. Safe to repeat, and to
        go on with after an interruption. `only` are ids of cases; `progress` is told how many cases
        were looked at. No case is made late by it; closed cases never change.
        """
        context = self._context
        return moving.apply(context, calendars, by=by, why=why, only=only, progress=progress)

    # -- effects

    def on(self, sort: str, name: str | None = None) -> Callable[[H], H]:
        """Register the function that carries out effects: `@desk.on("refund")`.

        It is given the effect and answers `done`, `accepted`, `failed` or `unknown`; an exception
        is tried again, under the same key. `name` narrows it to one template, role or remedy.
        """

        def register(handler: H) -> H:
            self._context.handlers.add(sort, name or "", handler)  # type: ignore[arg-type]
            return handler

        return register

    def content(self, effect: Effect) -> Content:
        """What a message effect says: its reply and the values to fill in."""
        with self._context.store.reading(self.shop) as tx:
            return messages.content_of(self._context, tx, effect)

    def settle(
        self,
        effect_key: str,
        answer: Answer,
        *,
        occurred_at: datetime | None = None,
        session: Host | None = None,
    ) -> CaseView:
        """Tell the outcome of an effect that was `accepted`, unknown, or carried out by hand.

        Told twice, it counts once. A message that was given up on may be settled too, so that those
        behind it go out. EventRefused if there is no such effect, or if it is said to have happened
        later than now.
        """
        context = self._context
        with context.store.transaction(self.shop, session=session) as tx:
            effect = tx.effect(effect_key)
            if effect is None:
                raise EventRefused(f"nothing has the effect key `{effect_key}`", code="no_effect")
            now = context.now()
            at = aware(occurred_at) if occurred_at else now
            if at > now:
                raise EventRefused(f"{at.isoformat()} is later than now", code="occurred_at")
            if effect.ledger_id:
                cases.settle_in(context, tx, effect.ledger_id, answer, at)
            delivering.settled_outside(tx, effect, answer)
            return context.view(tx, tx.case(effect.case_id))

    # -- passes

    def tick(self, *, limit: int = 1000, until_idle: bool = False) -> TickReport:
        """One bounded pass: fire due timers, deliver due effects. Safe to run in parallel."""
        report = TickReport()
        while True:
            before = replace(report, errors=[])
            report.has_more = False
            ticking.fire_due(self._context, limit=limit, report=report)
            self._deliver_into(report, limit)
            progressed = (report.fired, report.delivered, report.withdrawn) != (
                before.fired,
                before.delivered,
                before.withdrawn,
            )
            if not (until_idle and progressed):
                return report

    def deliver(self, *, limit: int = 1000) -> DeliveryReport:
        """Deliver due effects, and nothing else."""
        report = DeliveryReport()
        delivering.deliver(self._context, limit=limit, report=report)
        return report

    def doctor(self) -> list[Finding]:
        """Check the invariants of everything stored; what is wrong, and what to do."""
        with self._context.store.reading(self.shop) as tx:
            return list(integrity(tx, now=self._context.now()))

    def _deliver_into(self, report: TickReport, limit: int) -> None:
        delivery = self.deliver(limit=limit)
        report.delivered += delivery.delivered
        report.failed += delivery.failed
        report.withdrawn += delivery.withdrawn
        report.parked += delivery.dead
        report.has_more |= delivery.has_more
        report.errors += delivery.errors
        with self._context.store.reading(self.shop) as tx:
            report.unhandled = tx.unhandled(self._context.handlers.sorts)
