"""Random scripts of events for the shipped workflows: what happens to one case, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st

from aftersales.authoring import Rehearsal
from aftersales.definitions import Catalog
from aftersales.domain.case import Actor, Role
from aftersales.domain.conditions import Rates
from aftersales.domain.money import Money
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Transition

CATALOG = Catalog.load()
START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
VALUES = ["12.00 USD", "45.00 USD", "80.00 USD", "150.00 USD", "600.00 USD"]
# Twice what a profile draws: the promises say 200.
EXAMPLES = settings(max_examples=2 * settings.default.max_examples)


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


def possible(rulebook: Rulebook, fact: str) -> Sequence[str]:
    """Texts that a fact can have."""
    declared = rulebook.schema.declared(fact)
    if declared is None or fact == "option":
        return ["full_refund"]
    match declared.type.value:
        case "choice":
            return declared.choices
        case "yes_no":
            return ["yes", "no"]
        case "money":
            return VALUES
        case "country":
            return ["US", "DE", "FR", "GB", "JP"]
        case "language":
            return ["en", "de"]
        case "number":
            return [str(number) for number in range(10)]
        case "date":
            return [str((START + timedelta(days=days)).date()) for days in range(0, 31, 3)]
        case "instant":
            return [instant(START + timedelta(hours=hours)) for hours in range(0, 400, 7)]
    return ["a reason", "another"]


def instant(at: datetime) -> str:
    """An instant as a fact tells it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def samples(rulebook: Rulebook, fact: str) -> st.SearchStrategy[str]:
    """One of the texts that a fact can have."""
    return st.sampled_from(possible(rulebook, fact))


USUAL = ["affected_value", "severity", "country", "platform", "buyer", "fault", "evidence"]
USUAL += ["tier", "in_stock", "fulfilled_by", "item_cost", "resend_cost", "order_value"]


@st.composite
def facts_of(draw: st.DrawFn, rulebook: Rulebook) -> dict[str, str]:
    """Facts to open a case with: what it needs, what is usual, perhaps a platform's clock."""
    workflow = rulebook.workflow
    names = dict.fromkeys((*workflow.needs, *USUAL))
    starts = [d.starts for d in workflow.case_deadlines.values()]
    names |= dict.fromkeys(n for n in starts if n != "opened_at" and draw(st.booleans()))
    facts = {n: draw(samples(rulebook, n)) for n in names if rulebook.schema.declared(n)}
    return facts | {name: instant(START) for name in starts if name in facts}


@st.composite
def scripts(draw: st.DrawFn, kinds: Sequence[str] = CATALOG.kinds) -> Script:
    """A kind, facts to open it with, and moves at random times, some a moment from a due time."""
    kind = draw(st.sampled_from(list(kinds)))
    rulebook = CATALOG.rulebook(kind, START)
    facts = draw(facts_of(rulebook))
    walk = Rehearsal(rulebook, CATALOG.rates_on, START)
    walk.paid = Money.parse(facts["affected_value"])
    walk.open(facts, by=Actor.system())
    moves: list[Move] = []
    for _ in range(draw(st.integers(3, 9))):
        if walk.case is None or _is_over(rulebook, walk.case.state):
            break
        at = walk.at + timedelta(minutes=draw(st.sampled_from(GAPS)))
        walk.pass_until(at)
        moves.append(_drawn(draw, rulebook, walk))
        _step(walk, moves[-1])
    return Script(kind, tuple(facts.items()), tuple(moves))


def _is_over(rulebook: Rulebook, state: str) -> bool:
    here = rulebook.workflow.states[state]
    return here.is_final and here.reopen is None


GAPS = [1, 7, 30, 60, 240, 240, 600, 1441, 2880, 4321, 10081, 20000]
TRIES = 6


def _drawn(draw: st.DrawFn, rulebook: Rulebook, walk: Rehearsal) -> Move:
    """Something put to the case where it stands; of a few, one that moves it and leaves it open."""
    assert walk.case is not None
    is_paying = any(entry.status == "reserved" for entry in walk.ledger.values())
    if is_paying and draw(st.integers(0, 2)):
        return Move(walk.at, draw(st.sampled_from(["settle done", "settle done", "settle failed"])))
    if rulebook.workflow.states[walk.case.state].is_final:
        return Move(walk.at, "reopen", draw(st.sampled_from(["customer", "agent"])))
    if draw(st.integers(0, 9)) == 9:
        return _of_way(draw, rulebook, walk, draw(st.sampled_from(_all_ways(rulebook))))
    for _ in range(TRIES):
        move = _of_way(draw, rulebook, walk, draw(st.sampled_from(_ways_on(rulebook, walk))))
        twin = _twin(walk)
        _step(twin, move)
        if twin.refused is None and twin.case and not _is_over(rulebook, twin.case.state):
            break
    return move


def _all_ways(rulebook: Rulebook) -> list[Transition]:
    """What a workflow knows anywhere: most of it is not possible in the present state."""
    states = rulebook.workflow.states.values()
    return [way for state in states for event in state.events.values() for way in event]


def _ways_on(rulebook: Rulebook, walk: Rehearsal) -> list[Transition]:
    """The ways out of the present state, those that go on to a customer more often."""
    assert walk.case is not None
    machine, states = rulebook.machine, rulebook.workflow.states
    ways = [w for e in machine.events_of(walk.case.state) for w in machine.ways(walk.case.state, e)]
    onward = [way for way in ways if way.go_to and not states[way.go_to].is_final]
    ask = [way for way in onward if way.go_to and states[way.go_to].waiting_for == "customer"]
    offer = [way for way in onward if any(action.verb == "make offer" for action in way.do)]
    return 8 * ask + 4 * offer + onward + ways


def _of_way(draw: st.DrawFn, rulebook: Rulebook, walk: Rehearsal, way: Transition) -> Move:
    role: Role | Literal["approvers"] = draw(st.sampled_from(way.by))
    given = tuple((fact, draw(_texts(rulebook, fact, way))) for fact in way.takes)
    return Move(walk.at, way.event, "manager" if role == "approvers" else role, given)


def _texts(rulebook: Rulebook, fact: str, way: Transition) -> st.SearchStrategy[str]:
    """Texts of a fact, rather those that the guard on the way lets pass."""
    texts = possible(rulebook, fact)
    if way.guard.reads != {fact}:
        return st.sampled_from(texts)
    known = {text: rulebook.facts({fact: text}, rates=Rates.none()) for text in texts}
    return st.sampled_from([text for text in texts if way.guard.holds(known[text])] or texts)


def _twin(walk: Rehearsal) -> Rehearsal:
    """The same case, to try something on."""
    return replace(
        walk,
        offers=dict(walk.offers),
        ledger=dict(walk.ledger),
        effects=list(walk.effects),
        history=list(walk.history),
    )


def _step(walk: Rehearsal, move: Move) -> None:
    """What the move comes to, so that the next one fits."""
    if move.event.startswith("settle"):
        walk.settle(reason="it failed" if "failed" in move.event else "")
        return
    assert walk.case is not None
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
