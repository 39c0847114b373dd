"""What may be the next step of a story, wherever it stands: an event, a wait, an outcome."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product

from aftersales.authoring.stories import Play, written
from aftersales.authoring.story_values import Values, any_text
from aftersales.definitions.story_files import Step
from aftersales.domain.calendar import local
from aftersales.domain.case import Case
from aftersales.domain.conditions import FactType
from aftersales.domain.problem import NOWHERE
from aftersales.domain.workflow import REOPEN, Transition, Workflow

_NO_APPROVAL = "none_needed"
OUTCOMES = ("remedy_done", "remedy_failed")
_LATER = timedelta(days=3)
_MOST_GIVEN = 24  # ways to give the facts of one event
Given = dict[str, str]


def moves(play: Play, values: Values) -> Iterator[Step]:
    """The steps that can be tried next, those of people first. Some of them will be refused."""
    case = play.on.case
    if case is None:
        return
    rulebook = play.on.rulebook
    state = rulebook.workflow.states[case.state]
    by_engine = put_by_engine(rulebook.workflow)
    for event in rulebook.machine.events_of(case.state):
        for way in rulebook.machine.ways(case.state, event):
            for role in _roles(way, play, is_engines=event in by_engine):
                for given in _given(way, play, values, role):
                    yield Step(NOWHERE, by=role, event=event, given=given)
    if state.reopen is not None:
        yield Step(NOWHERE, by=state.reopen.by[0], event=REOPEN)
    if is_under_way(play):
        yield Step(NOWHERE, settle="done")
        yield Step(NOWHERE, settle="failed")
    due_at = _next_over(case)
    if due_at is not None:
        yield Step(NOWHERE, at=written(_minute_after(due_at), play.tests.zone))


def is_under_way(play: Play) -> bool:
    """Whether a remedy was granted of which nobody knows yet how it ended."""
    return any(entry.status == "reserved" for entry in play.on.ledger.values())


def put_by_engine(workflow: Workflow) -> frozenset[str]:
    """The events that the engine puts itself: what is over, what comes in place, and outcomes."""
    states = workflow.states.values()
    deadlines = [d for s in states for d in s.deadlines.values()]
    over = {d.when_over for d in (*deadlines, *workflow.case_deadlines.values())}
    events = [*workflow.anywhere.values(), *(ways for s in states for ways in s.events.values())]
    instead = {way.after_that for ways in events for way in ways if way.after_that is not None}
    return frozenset(over | instead | set(OUTCOMES))


def _next_over(case: Case) -> datetime | None:
    """When the next deadline ends, warnings left out."""
    due = [t.due_at for t in case.timers if t.warning is None and t.due_at is not None]
    return min(due, default=None)


def _minute_after(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _roles(way: Transition, play: Play, *, is_engines: bool) -> Sequence[str]:
    """Who may put it: a person if one may, the shop's own code where it is not the engine's."""
    others = [role for role in way.by if role != "system"]
    if "approvers" in others:
        case = play.on.case
        offer = play.on.offers.get(case.offer_id) if case is not None else None
        band = offer.approval if offer is not None else "manager"
        return ("agent" if band == _NO_APPROVAL else band, "manager")
    if others:
        return others[:1]
    return () if is_engines else ("system",)


def _given(way: Transition, play: Play, values: Values, role: str) -> Iterator[Given]:
    """The facts that may be given with an event: what it requires, and what its guard reads."""
    read = way.guard.reads
    asked = [fact for fact, how in way.takes.items() if how == "required" or fact in read]
    choices = [_choices(fact, play, values, role) for fact in asked]
    for number, texts in enumerate(product(*choices)):
        if number == _MOST_GIVEN:
            return
        yield dict(zip(asked, texts, strict=True))


def _choices(fact: str, play: Play, values: Values, role: str) -> Sequence[str]:
    case, rulebook, zone = play.on.case, play.on.rulebook, play.tests.zone
    offer = play.on.offers.get(case.offer_id) if case is not None else None
    if fact == "option":
        is_open = offer is not None and offer.status == "open"
        return [o.id for o in offer.options] if offer is not None and is_open else values.options
    declared = rulebook.schema.declared(fact)
    if declared is not None and declared.type is FactType.INSTANT:
        is_desk = role in ("agent", "supervisor", "manager")
        return (_closing(play.on.at + _LATER, zone) if is_desk else written(play.on.at, zone),)
    return values.by_fact.get(fact) or (any_text(rulebook, fact, play.on.paid),)


def _closing(at: datetime, zone: str) -> str:
    return f"{local(at, zone):%Y-%m-%d} 17:00"
