"""A desk that is asked about two cases of one order, and never stops watching the money."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.properties.pairs import (
    Chooser,
    Pair,
    Request,
    Step,
    actor_of,
    answer_of,
    minutes,
)
from tests.properties.played import money_of, normalised
from tests.properties.scripts import CATALOG, START

from aftersales.definitions import Catalog
from aftersales.desk import Answer, CaseView, Desk, Done, Failed, done
from aftersales.domain.case import Account, Effect, LedgerEntry
from aftersales.domain.errors import AftersalesError, EventRefused
from aftersales.domain.money import Money, zero
from aftersales.store import Store

ORDER, CUSTOMER = "o1", "c1"
GOODS = ("resend", "exchange", "coupon")
# The first band of every shipped policy, and the cap of goodwill in each of them.
NEEDS_A_SECOND_PERSON = Money.parse("50 USD")
MOST_GOODWILL, GOODWILL_DAYS = Money.parse("150 USD"), 90


@dataclass
class OrderDesk:
    """`broken` lists what must never be so; `asked` what was asked, and `answers` what came."""

    store: Store
    shop: str
    pair: Pair
    is_told: bool = True
    handles: bool = True
    catalog: Catalog = CATALOG
    most_goodwill: Money = MOST_GOODWILL
    asked: list[Request] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    sent: dict[str, Effect] = field(default_factory=dict)  # money handed out, not known to fail
    broken: list[str] = field(default_factory=list)
    granted: int = 0
    minute: int = 0

    def __post_init__(self) -> None:
        self.now = START
        self.desk = Desk(
            store=self.store,
            catalog=self.catalog,
            shop=self.shop,
            clock=lambda: self.now,
            waits_start_when_told=self.is_told,
        )
        self._do: dict[str, Callable[[Request], str]] = {
            "open": self._open,
            "event": self._event,
            "settle": self._settle,
            "order": self._order,
            "tick": self._tick,
        }
        if self.handles:
            self.desk.on("message")(lambda effect: done())
            self.desk.on("refund")(self._pay)
            for sort in GOODS:
                self.desk.on(sort)(self._pay)

    # -- asking

    def live(self, steps: tuple[Step, ...]) -> None:
        """Do what the steps come to, each where the ones before it have led."""
        self.ask(Request(0, "order"))
        self.ask(Request(0, "open", 0))
        at = 0
        for step in steps:
            at += step.minutes
            self._move_on(at)
            self.ask(self._read(step, at))

    def ask(self, request: Request) -> None:
        """Ask one thing, at its time."""
        self._move_on(request.at_minutes)
        self.asked.append(request)
        before = self.account()
        self.answers.append(f"{request.sort} {request.event}: {self._answer(request)}")
        self._watch(before)

    def ask_again(self, number: int) -> None:
        """Deliver once more what was asked before: it must change nothing, and say the same."""
        request, first = self.asked[number], self.answers[number]
        before = self._all_that_stands()
        again = f"{request.sort} {request.event}: {self._answer(request)}"
        if self._all_that_stands() != before:
            self.broken.append(f"{request} acted twice")
        if again != first and request.sort in ("open", "event"):
            self.broken.append(f"{request} was answered {first}, then {again}")

    def _all_that_stands(self) -> list[object]:
        with self.store.reading(self.shop) as tx:
            account, entries = money_of(tx, ORDER), tx.ledger_of_order(ORDER)
            effects = [(e.key, e.status) for case in self.cases for e in tx.effects(case)]
            versions = [case.version for case in tx.find_cases(limit=100)]
        return [account, entries, effects, versions]

    def was_refused(self, number: int) -> bool:
        """Whether what was asked was refused: it may be put again, and is judged again."""
        return "refused" in self.answers[number]

    def _answer(self, request: Request) -> str:
        try:
            return self._do[request.sort](request)
        except EventRefused as refused:
            return f"refused: {refused.code}"
        except AftersalesError as error:
            return f"refused: {type(error).__name__}"

    def _move_on(self, at: int) -> None:
        self.minute = max(self.minute, at)
        self.now = START + minutes(self.minute)

    def _read(self, step: Step, at: int) -> Request:
        chooser, number = Chooser(step.seed), len(self.asked)
        unsettled = self._unsettled()
        views = [self.desk.get_case(case) for case in self.cases]
        is_open = [number for number, view in enumerate(views) if view.is_open]
        sort = chooser.sort(may_open=len(is_open) < 2, may_settle=bool(unsettled))
        if sort == "settle":
            return chooser.settle(at, unsettled)
        if sort == "order":
            return chooser.order(at, self.account())
        if sort != "event" or not views:
            return Request(at, sort, len(self.cases), number=number)
        case = chooser.one_of(is_open, range(len(views)))
        rulebook = CATALOG.rulebook(views[case].kind, START)
        found = chooser.event(at, case, views[case], rulebook)
        return replace(found, number=number)

    def _unsettled(self) -> list[tuple[int, Effect]]:
        """Money that was instructed. Not what failed: that it was paid all the same is no order
        of ours, and may well be too much."""
        with self.store.reading(self.shop) as tx:
            failed = {e.id for e in tx.ledger_of_order(ORDER) if e.status == "failed"}
            return [
                (number, effect)
                for number, case in enumerate(self.cases)
                for effect in tx.effects(case)
                if effect.lane == "money" and effect.ledger_id not in failed
            ]

    # -- doing

    def _open(self, request: Request) -> str:
        opening = self.pair.openings[request.case % 2]
        view = self.desk.open_case(
            opening.kind,
            facts=dict(opening.facts),
            order_id=ORDER,
            customer_id=CUSTOMER,
            idempotency_key=f"open-{request.case}",
        )
        if view.id not in self.cases:
            self.cases.append(view.id)
        return _stands(view)

    def _event(self, request: Request) -> str:
        view = self.desk.submit(
            self.cases[request.case],
            request.event,
            by=actor_of(request),
            facts=dict(request.facts),
            idempotency_key=request.key,
        )
        return _stands(view)

    def _settle(self, request: Request) -> str:
        assert request.answer is not None
        key = f"{self.shop}/{self.cases[request.case]}/{request.effect}"
        with self.store.reading(self.shop) as tx:
            effect = tx.effect(key)
            entry = tx.ledger_entry(effect.ledger_id) if effect else None
        assert effect is not None
        assert entry is not None
        if entry.status == "reserved":
            self._note(effect, request.answer)
        return _stands(self.desk.settle(key, request.answer))

    def _order(self, request: Request) -> str:
        told = dict(request.facts).get("refunded")
        refunded = Money.parse(told) if told else None
        paid = Money.parse(self.pair.paid)
        return str(self.desk.record_order(ORDER, paid=paid, refunded=refunded).external)

    def _tick(self, request: Request) -> str:
        self.desk.tick(until_idle=True)
        return "ticked"

    # -- watching

    def account(self) -> Account:
        """The order's account as stored."""
        with self.store.reading(self.shop) as tx:
            return money_of(tx, ORDER)

    def _pay(self, effect: Effect) -> Answer:
        """The receiver of money and goods: what is handed to it must be allowed at this moment."""
        account = self.account()
        if account.held_by:
            self.broken.append(f"{effect.key} was sent while the order was held")
        if effect.sort == "refund" and effect.amount is not None:
            out = sum((e.amount.minor for e in self._refunds() if e.amount), effect.amount.minor)
            out -= effect.amount.minor if effect.key in self.sent else 0
            if out + account.external.minor > account.paid.minor:
                self.broken.append(f"{effect.key}: {out} sent, {account} known")
        self.sent[effect.key] = effect
        answer = answer_of(self.pair.answers, effect)
        self._note(effect, answer)
        return answer

    def _note(self, effect: Effect, answer: Answer) -> None:
        """What is known to have failed was not paid; what was paid by hand was."""
        if isinstance(answer, Failed):
            self.sent.pop(effect.key, None)
        elif isinstance(answer, Done):
            self.sent[effect.key] = effect

    def _refunds(self) -> list[Effect]:
        return [effect for effect in self.sent.values() if effect.sort == "refund"]

    def _watch(self, before: Account) -> None:
        """The account and the ledger, after each thing asked."""
        account = self.account()
        if account.reserved + account.confirmed > account.paid:
            self.broken.append(f"ours is more than was paid: {account}")
        is_worse = account.left.minor < 0 and account.left < before.left
        if is_worse and account.external <= before.external:
            self.broken.append(f"more than was paid, and not by others: {before}, {account}")
        with self.store.reading(self.shop) as tx:
            entries = tx.ledger_of_order(ORDER)
            offers = {o.id: o for case in self.cases for o in tx.offers(case)}
        live = [e for e in entries if e.by == "us" and e.status in ("reserved", "confirmed")]
        self.granted = max(self.granted, len(live))
        alone = [e for e in live if not offers[e.offer_id].approved_by]
        if _cost(alone) >= NEEDS_A_SECOND_PERSON and alone:
            self.broken.append(f"{_cost(alone)} was given with nobody's approval")
        for offer in offers.values():
            if offer.approved_by is not None and offer.approved_by.id == offer.made_by.id:
                self.broken.append(f"{offer.id} was approved by who made it")
        if _most_goodwill(live) > self.most_goodwill:
            self.broken.append(f"{_most_goodwill(live)} of goodwill within {GOODWILL_DAYS} days")

    def check(self) -> None:
        """Nothing was broken at any moment, and nothing stored is wrong."""
        assert self.broken == [], "\n".join([*self.broken, *map(str, self.asked), *self.answers])
        found = [f for f in self.desk.doctor() if f.severity == "error" and f.code != "timer-late"]
        assert found == [], "\n".join([*map(str, found), *map(str, self.asked), *self.answers])

    def outcome(self) -> str:
        """All that is to be equal."""
        return normalised(self.desk, self.answers)


def _stands(view: CaseView) -> str:
    return f"{view.state} in version {view.version}"


def _cost(entries: list[LedgerEntry]) -> Money:
    return sum((entry.cost for entry in entries), zero("USD"))


def _most_goodwill(entries: list[LedgerEntry]) -> Money:
    """The most that was given beyond what was owed within the days of the cap."""
    given = [entry for entry in entries if entry.counts_as == "goodwill"]
    windows = [[e for e in given if _is_within(e.granted_at, last.granted_at)] for last in given]
    return max((_cost(window) for window in windows), default=zero("USD"))


def _is_within(at: datetime, last: datetime) -> bool:
    return at <= last and (last - at).days <= GOODWILL_DAYS
