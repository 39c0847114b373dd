"""A script played on a real desk, with one way of ticking; and what came of it, made comparable."""

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.properties.scripts import CATALOG, START, Move, Script

from aftersales.definitions import Catalog
from aftersales.desk import Answer, Desk, done, failed
from aftersales.domain.case import Account, Actor, Case, Effect
from aftersales.domain.errors import AftersalesError, EventRefused
from aftersales.domain.money import Money, zero
from aftersales.store import Store, Transaction

MOMENT = timedelta(microseconds=1)
Handler = Callable[[Effect], Answer]


def ticks_of(script: Script, gaps: Sequence[timedelta], *, most: int) -> list[datetime]:
    """Ticks with these gaps between them, over and over, to the end of the script."""
    ticks = itertools.accumulate(itertools.islice(itertools.cycle(gaps), most), initial=START)
    return [at for at in ticks if START < at < script.end]


def _told_at(move: Move, late: timedelta) -> datetime:
    return move.at if move.role == "customer" or move.event.startswith("settle") else move.at + late


class Played:
    """One script played on a real desk. Without a handler of messages nothing is handed over."""

    def __init__(
        self,
        store: Store,
        shop: str,
        *,
        is_told: bool,
        message: Handler | None = None,
        catalog: Catalog = CATALOG,
    ) -> None:
        self.now = START
        self.desk = Desk(
            store=store,
            catalog=catalog,
            shop=shop,
            clock=lambda: self.now,
            waits_start_when_told=is_told,
        )
        if message is not None:
            self.desk.on("message")(message)
        self.case_id = ""
        self.answers: list[str] = []

    def play(
        self, script: Script, ticks: Sequence[datetime], *, late: timedelta = timedelta(0)
    ) -> None:
        """Open, then moves and ticks in the order of their times; a last tick at the end.

        With `late`, what others than the customer do is recorded that much after it occurred.
        """
        self._open(script)
        timeline = sorted(
            [
                *((at, 0, None) for at in ticks),
                *((_told_at(move, late), 1, move) for move in script.moves),
            ],
            key=lambda e: e[:2],
        )
        for at, _, move in timeline:
            self.now = at
            if move is None:
                self.desk.tick()
            else:
                self._put(move)
        self.now = script.end
        self.desk.tick(until_idle=True)

    def play_on_time(self, script: Script, extra: Sequence[datetime] = ()) -> None:
        """Tick whenever something was put, and a moment after anything is due.

        With `extra`: also at those instants, at each due instant itself, and always twice.
        """
        self._open(script)
        self._tick(twice=bool(extra))
        for move in script.moves:
            self._pass_until(move.at, extra)
            self._put(move)
            self._tick(twice=bool(extra))
        self._pass_until(script.end, extra)

    def _pass_until(self, at: datetime, extra: Sequence[datetime]) -> None:
        while True:
            due = self._next_due()
            stops = [*([due + MOMENT, due] if extra else [due + MOMENT] if due else []), *extra]
            ahead = [stop for stop in stops if self.now < stop <= at]
            if not ahead:
                break
            self.now = min(ahead)
            self._tick(twice=bool(extra))
        self.now = at

    def _next_due(self) -> datetime:
        """When a timer is due, or a message is to be tried again, that is not yet over."""
        with self.desk.store.reading(self.desk.shop) as tx:
            due = [case.due_at for case in tx.find_cases(limit=10)]
            due += [e.due_at - MOMENT for e in tx.waiting_effects() if e.lane == "message"]
        return min((at for at in due if at is not None and at >= self.now), default=START)

    def _tick(self, *, twice: bool) -> None:
        self.desk.tick(until_idle=True)
        if twice:
            self.desk.tick()

    def _open(self, script: Script) -> None:
        facts = dict(script.facts)
        self.desk.record_order("o1", paid=Money.parse(facts["affected_value"]))
        try:
            case = self.desk.open_case(script.kind, order_id="o1", customer_id="c1", facts=facts)
            self.case_id = case.id
        except AftersalesError as error:
            self.answers.append(str(error))

    def _put(self, move: Move) -> None:
        if not self.case_id:
            return None
        if move.event.startswith("settle"):
            return self._settle(failed("it failed") if "failed" in move.event else done("ref"))
        facts = dict(move.facts)
        offer = self.desk.get_case(self.case_id).offer
        if "option" in facts and offer is not None:
            facts["option"] = offer.options[-1].id
        actor = Actor("customer" if move.role == "customer" else f"the {move.role}", move.role)
        try:
            view = self.desk.submit(
                self.case_id,
                move.event,
                by=actor,
                facts=facts,
                occurred_at=move.at if move.at < self.now else None,
            )
            self.answers.append(f"{move.event} -> {view.state}")
        except EventRefused as refused:
            self.answers.append(f"{move.event} refused: {refused.code}")
        return None

    def _settle(self, answer: Answer) -> None:
        with self.desk.store.reading(self.desk.shop) as tx:
            keys = [e.key for e in tx.effects(self.case_id) if e.lane == "money"]
        for key in keys:
            self.desk.settle(key, answer)

    def outcome(self) -> str:
        """All that is to be equal."""
        return normalised(self.desk, self.answers)


class Flaky:
    """A handler whose receiver is down now and then: by `seed`, the same for the same effect."""

    def __init__(self, seed: int, clock: Callable[[], datetime]) -> None:
        self._seed = seed
        self._clock = clock
        self.told_at: dict[str, datetime] = {}

    def __call__(self, effect: Effect) -> Answer:
        """Hand the message over, or raise; from the fifth attempt on it succeeds."""
        place = effect.key.split("/", 2)[2]
        is_down = Random(f"{self._seed} {place} {effect.attempts}").random() < 0.3
        if self._seed and is_down and effect.attempts < 5:
            raise ConnectionError("the mail server is down")
        self.told_at[effect.key] = self._clock()
        return done()


def money_of(tx: Transaction, order_id: str) -> Account:
    """The account of an order. How often it was written is no part of what stands in it."""
    account = tx.account(f"order:{order_id}")
    nothing = zero("USD")
    known = account or Account(f"order:{order_id}", nothing, nothing, nothing, nothing)
    return replace(known, version=0)


def normalised(desk: Desk, answers: Sequence[str]) -> str:
    """Everything that is to be equal, ids by order of opening, recording times left out."""
    views = desk.find_cases(limit=1000)
    with desk.store.reading(desk.shop) as tx:
        told = [_told(tx, view.case) for view in views]
        orders = sorted({view.case.order_id for view in views if view.case.order_id})
        accounts = [str(money_of(tx, order)) for order in orders]
    text = json.dumps([list(answers), told, accounts], default=str, indent=1)
    for number, view in enumerate(views):
        text = text.replace(view.id, f"case-{number}")
    return text.replace(f"{desk.shop}/", "shop/")


def _told(tx: Transaction, case: Case) -> dict[str, Any]:
    return {
        "case": [case.kind, case.state, case.outcome, case.round, case.visit],
        "needs_person": case.needs_person,
        "closed": case.closed_at,
        "timers": sorted((t.id, str(t.due_at)) for t in case.timers),
        "facts": dict(case.facts),
        "history": [
            [
                h.version,
                h.event,
                str(h.actor),
                h.effective_at,
                h.state_before,
                h.state_after,
                dict(h.facts),
                h.did,
                h.rule,
                h.note,
            ]
            for h in tx.history(case.id)
        ],
        "ledger": [
            [e.id, e.status, str(e.amount), str(e.cost), e.granted_at, e.reason]
            for e in tx.ledger_of_case(case.id)
        ],
        "offers": [[o.status, o.digest, o.made_at] for o in tx.offers(case.id)],
        "effects": [[e.key, e.sort, e.name, str(e.amount)] for e in tx.effects(case.id)],
    }
