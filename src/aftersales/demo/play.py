"""Playing the script: each step at its time, each remedy's outcome at its, and ticks between."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Protocol

from aftersales.demo.script import Order, Outage, Outcome, Script, Step
from aftersales.desk import Desk, done, failed
from aftersales.domain.case import LedgerEntry
from aftersales.domain.errors import AftersalesError, EventRefused

# Who may tell late what happened while nothing of ours ran. A customer comes back later.
TOLD_LATE = ("platform", "bank", "system")


class ScriptBroken(AftersalesError):
    """The desk did otherwise than the script says."""


class Clock(Protocol):
    """A clock that can be set."""

    def set(self, at: datetime) -> datetime: ...


@dataclass(slots=True)
class Played:
    """How far it is. `ticks` that ran, `fired` and `delivered` in them."""

    at: datetime
    steps: int = 0
    settled: int = 0
    ticks: int = 0
    fired: int = 0
    delivered: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Settle:
    """The outcome of one remedy, told at a time of its own."""

    case_id: str
    ledger_id: str
    outcome: Outcome


_Due = tuple[datetime, int, datetime, Order, Step | _Settle]


def play(
    desk: Desk,
    clock: Clock,
    script: Script,
    ticks: Iterable[datetime],
    on_progress: Callable[[Played], None] = lambda _: None,
) -> Played:
    """Play the whole script on an empty desk whose clock is `clock`, with ticks at `ticks`.

    What comes at the same time as a tick comes before it. ScriptBroken if the desk refuses what
    the script expects it to take, or takes what it expects it to refuse.
    """
    return _Play(desk, clock, script).run(sorted(ticks), on_progress)


class _Play:
    def __init__(self, desk: Desk, clock: Clock, script: Script) -> None:
        self._desk = desk
        self._clock = clock
        self._script = script
        self._number = count()
        self._due: list[_Due] = []
        self._seen: set[str] = set()
        self._granted: Counter[tuple[str, str]] = Counter()
        self._played = Played(script.begins_at)

    def run(self, ticks: list[datetime], on_progress: Callable[[Played], None]) -> Played:
        for order in self._script.orders:
            for step in order.steps:
                self._plan(step.at, order, step)
        for at in ticks:
            self._until(at)
            self._tick(at)
            on_progress(self._played)
        return self._played

    def _plan(self, at: datetime, order: Order, what: Step | _Settle) -> None:
        """Put it in the queue, at the time at which we hear of it."""
        heard_at = _heard_at(at, self._script.outage, what)
        heapq.heappush(self._due, (heard_at, next(self._number), at, order, what))

    def _until(self, until: datetime) -> None:
        while self._due and self._due[0][0] <= until:
            heard_at, _, at, order, what = heapq.heappop(self._due)
            self._clock.set(heard_at)
            occurred_at = at if at < heard_at else None
            if isinstance(what, Step):
                self._step(order, what, occurred_at)
            else:
                self._settle(what, occurred_at)

    def _tick(self, at: datetime) -> None:
        self._clock.set(at)
        report = self._desk.tick(until_idle=True)
        played = self._played
        played.at = at
        played.ticks += 1
        played.fired += report.fired
        played.delivered += report.delivered
        played.errors += report.errors

    def _step(self, order: Order, step: Step, occurred_at: datetime | None) -> None:
        key = f"{order.id}/{order.steps.index(step)}"
        for _ in range(2 if step.is_twice else 1):
            try:
                self._put(order, step, key, occurred_at)
            except EventRefused as refused:
                if not step.is_refused:
                    raise ScriptBroken(f"{_named(order, step)} was refused: {refused}") from refused
            except AftersalesError as error:
                raise ScriptBroken(f"{_named(order, step)} failed: {error}") from error
            else:
                if step.is_refused:
                    raise ScriptBroken(f"{_named(order, step)} was not refused")
        self._played.steps += 1
        self._await_outcomes(order)

    def _put(self, order: Order, step: Step, key: str, occurred_at: datetime | None) -> None:
        if not step.opens:
            self._desk.submit(
                self._case_of(order, step),
                step.does,
                by=step.by,
                facts=step.facts,
                idempotency_key=key,
                occurred_at=occurred_at,
            )
            return
        self._desk.record_order(order.id, paid=order.paid, lines=order.lines)
        self._desk.open_case(
            step.opens,
            facts={**order.facts, **step.facts},
            order_id=order.id,
            customer_id=order.customer,
            lines=order.lines,
            by=step.by,
            idempotency_key=key,
            opened_at=occurred_at,
        )

    def _case_of(self, order: Order, step: Step) -> str:
        views = self._desk.find_cases(order_id=order.id, kind=step.case or None)
        if not views:
            raise ScriptBroken(f"{_named(order, step)}: there is no such case yet")
        return views[0].id

    def _await_outcomes(self, order: Order) -> None:
        """What was granted just now turns out after a while, as the script says."""
        with self._desk.store.reading(self._desk.shop) as tx:
            entries = tx.ledger_of_order(order.id)
        for entry in entries:
            if entry.status == "reserved" and entry.id not in self._seen:
                self._seen.add(entry.id)
                outcome = self._outcome(order, entry)
                settle = _Settle(entry.case_id, entry.id, outcome)
                self._plan(entry.granted_at + outcome.after, order, settle)

    def _outcome(self, order: Order, entry: LedgerEntry) -> Outcome:
        number = self._granted[order.id, entry.sort]
        self._granted[order.id, entry.sort] += 1
        return self._script.outcome(order, entry.sort, number)

    def _settle(self, settle: _Settle, occurred_at: datetime | None) -> None:
        """Tell the desk, by the key of the effect. What was withdrawn meanwhile has no outcome."""
        with self._desk.store.reading(self._desk.shop) as tx:
            effects = tx.effects(settle.case_id)
            entry = tx.ledger_entry(settle.ledger_id)
        if entry is None or entry.status != "reserved":
            return
        key = next(effect.key for effect in effects if effect.ledger_id == settle.ledger_id)
        fails = settle.outcome.fails
        answer = failed(fails) if fails else done(reference=f"demo-{entry.sort}")
        self._desk.settle(key, answer, occurred_at=occurred_at)
        self._played.settled += 1


def _heard_at(at: datetime, outage: Outage, what: Step | _Settle) -> datetime:
    if at not in outage:
        return at
    if isinstance(what, Step) and what.by.role not in TOLD_LATE:
        raise ScriptBroken(f"a {what.by.role} cannot reach us at {at.isoformat()}: nothing runs")
    return outage.ends_at


def _named(order: Order, step: Step) -> str:
    return f"order {order.id}, {step.at.isoformat()}: `{step.opens or step.does}` by {step.by}"
