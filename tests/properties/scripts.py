"""Random scripts of events for the shipped workflows, and a way to play them on a real desk."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from aftersales.authoring import Rehearsal
from aftersales.definitions import Catalog
from aftersales.desk import Desk, done, failed
from aftersales.domain.case import Actor, Role
from aftersales.domain.errors import AftersalesError, EventRefused
from aftersales.domain.money import Money
from aftersales.domain.rulebook import Rulebook
from aftersales.store import Store

CATALOG = Catalog.load()
START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
VALUES = ["12.00 USD", "45.00 USD", "80.00 USD", "150.00 USD", "600.00 USD"]
HELD_BACK = {"outside_refund"}  # given in whole dollars below


@dataclass(frozen=True)
class Move:
    """At `at`: an event by somebody, or `settle` with its outcome."""

    at: datetime
    event: str
    role: Role = "system"
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Script:
    """A case opened at START, and what is put to it."""

    kind: str
    facts: tuple[tuple[str, str], ...]
    moves: tuple[Move, ...]

    @property
    def end(self) -> datetime:
        last = self.moves[-1].at if self.moves else START
        return last + timedelta(days=200)


def samples(rulebook: Rulebook, fact: str) -> st.SearchStrategy[str]:
    """Texts that a fact can have."""
    declared = rulebook.schema.declared(fact)
    if declared is None or fact == "option":
        return st.just("full_refund")
    match declared.type.value:
        case "choice":
            return st.sampled_from(declared.choices)
        case "yes_no":
            return st.sampled_from(["yes", "no"])
        case "money":
            return st.sampled_from(VALUES)
        case "country":
            return st.sampled_from(["US", "DE", "FR", "GB", "JP"])
        case "language":
            return st.sampled_from(["en", "de"])
        case "number":
            return st.integers(0, 9).map(str)
        case "date":
            return st.integers(0, 30).map(lambda d: str((START + timedelta(days=d)).date()))
        case "instant":
            return st.integers(0, 400).map(
                lambda h: (START + timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ")
            )
    return st.sampled_from(["a reason", "another"])


USUAL = ["affected_value", "severity", "country", "platform", "buyer", "fault", "evidence"]
USUAL += ["tier", "in_stock", "fulfilled_by", "item_cost", "resend_cost", "order_value"]


@st.composite
def scripts(draw: st.DrawFn, kinds: Sequence[str] = CATALOG.kinds) -> Script:
    """A kind, facts to open it with, and moves at random times, some a moment from a due time."""
    kind = draw(st.sampled_from(list(kinds)))
    rulebook = CATALOG.rulebook(kind, START)
    workflow = rulebook.workflow
    names = dict.fromkeys((*workflow.needs, *USUAL))
    starts = [d.starts for d in workflow.case_deadlines.values()]
    names |= dict.fromkeys(n for n in starts if n != "opened_at" and draw(st.booleans()))
    facts = {n: draw(samples(rulebook, n)) for n in names if rulebook.schema.declared(n)}
    facts |= {name: START.strftime("%Y-%m-%dT%H:%M:%SZ") for name in starts if name in facts}
    walk = Rehearsal(rulebook, CATALOG.rates_on(START.date()), START)
    walk.paid = Money.parse(facts["affected_value"])
    walk.open(facts, by=Actor.system())
    moves: list[Move] = []
    for _ in range(draw(st.integers(1, 9))):
        if walk.case is not None and _is_over(rulebook, walk.case.state):
            break
        at = walk.at + timedelta(minutes=draw(st.sampled_from(GAPS)))
        moves.append(_drawn(draw, rulebook, walk, at))
        _step(walk, moves[-1])
    return Script(kind, tuple(facts.items()), tuple(moves))


def _is_over(rulebook: Rulebook, state: str) -> bool:
    here = rulebook.workflow.states[state]
    return here.is_final and here.reopen is None


GAPS = [1, 60, 60, 240, 240, 1441, 2880, 4321, 10081, 20000]


def _drawn(draw: st.DrawFn, rulebook: Rulebook, walk: Rehearsal, at: datetime) -> Move:
    """Mostly something that is possible where the case will stand then; sometimes anything."""
    if walk.case is None:
        return Move(at, "reopen", "agent")
    walk.pass_until(at)
    is_paying = any(entry.status == "reserved" for entry in walk.ledger.values())
    if is_paying and draw(st.integers(0, 2)):
        return Move(at, draw(st.sampled_from(["settle done", "settle done", "settle failed"])))
    events = list(rulebook.machine.events_of(walk.case.state))
    if not events:
        return Move(at, "reopen", draw(st.sampled_from(["customer", "agent"])))
    ways = rulebook.machine.ways(walk.case.state, draw(st.sampled_from(events)))
    if draw(st.integers(0, 9)) == 0:
        states = rulebook.workflow.states.values()
        ways = tuple(way for s in states for event in s.events.values() for way in event)
    way = draw(st.sampled_from(ways))
    role: Role = draw(st.sampled_from(way.by))
    given = tuple((f, draw(samples(rulebook, f))) for f in way.takes)
    return Move(at, way.event, "manager" if role == "approvers" else role, given)


def _step(walk: Rehearsal, move: Move) -> None:
    """What the move comes to, so that the next one fits."""
    if walk.case is None:
        return
    if move.event.startswith("settle"):
        walk.settle(reason="it failed" if "failed" in move.event else "")
        return
    actor = Actor("customer" if move.role == "customer" else f"the {move.role}", move.role)
    offer = walk.offers.get(walk.case.offer_id)
    facts = dict(move.facts)
    if "option" in facts and offer is not None:
        facts["option"] = offer.options[-1].id
    walk.submit(move.event, by=actor, facts=facts)


@st.composite
def schedules(draw: st.DrawFn) -> tuple[timedelta, ...]:
    """Gaps between ticks, repeated to the end of a script."""
    gaps = st.sampled_from([7, 61, 1440, 4320, 10080, 50000])
    return tuple(timedelta(minutes=g) for g in draw(st.lists(gaps, min_size=1, max_size=3)))


class Played:
    """One script played on a real desk with one schedule of ticks."""

    def __init__(self, store: Store, shop: str, *, is_told: bool) -> None:
        self.now = START
        self.desk = Desk(
            store=store,
            catalog=CATALOG,
            shop=shop,
            clock=lambda: self.now,
            waits_start_when_told=is_told,
        )
        self.answers: list[str] = []

    def play(self, script: Script, gaps: Sequence[timedelta], *, most_ticks: int = 60) -> None:
        """Open, then moves and ticks in the order of their times; a last tick at the end."""
        self._open(script)
        ticks = list(self._ticks(script, gaps, most_ticks))
        timeline = sorted(
            [*((at, 0, None) for at in ticks), *((m.at, 1, m) for m in script.moves)],
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

    def _ticks(self, script: Script, gaps: Sequence[timedelta], most: int) -> list[datetime]:
        at, ticks = START, []
        while at < script.end and len(ticks) < most:
            at += gaps[len(ticks) % len(gaps)]
            ticks.append(at)
        return ticks

    def _open(self, script: Script) -> None:
        facts = dict(script.facts)
        self.desk.record_order("o1", paid=Money.parse(facts["affected_value"]))
        try:
            case = self.desk.open_case(script.kind, order_id="o1", customer_id="c1", facts=facts)
            self.case_id = case.id
        except AftersalesError as error:
            self.case_id = ""
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
            view = self.desk.submit(self.case_id, move.event, by=actor, facts=facts)
            self.answers.append(f"{move.event} -> {view.state}")
        except EventRefused as refused:
            self.answers.append(f"{move.event} refused: {refused.code}")

    def _settle(self, answer: Any) -> None:
        with self.desk.store.reading(self.desk.shop) as tx:
            keys = [e.key for e in tx.effects(self.case_id) if e.lane == "money"]
        for key in keys:
            self.desk.settle(key, answer)

    def outcome(self) -> str:
        """Everything that is to be equal, ids by order of opening, recording times left out."""
        cases = self.desk.find_cases(limit=1000)
        told = []
        with self.desk.store.reading(self.desk.shop) as tx:
            for view in cases:
                case = view.case
                told.append(
                    {
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
                        "effects": [
                            [e.key, e.sort, e.name, str(e.amount)] for e in tx.effects(case.id)
                        ],
                    }
                )
            account = tx.account("order:o1")
        text = json.dumps([self.answers, told, str(account)], default=str, indent=1)
        for number, view in enumerate(cases):
            text = text.replace(view.id, f"case-{number}")
        return text.replace(f"{self.desk.shop}/", "shop/")
