"""Calling a person: the case stays where it is, and says why somebody must look."""

from datetime import datetime

from aftersales.domain.case import timers
from aftersales.domain.case.change import Change
from aftersales.domain.case.draft import Draft
from aftersales.domain.case.model import Actor, Case, Timer
from aftersales.domain.case.situation import Surroundings


def call_person(around: Surroundings, case: Case, why: str, *, by: Actor, at: datetime) -> Change:
    """Mark the case for a person and tell one; nothing else moves."""
    return for_a_person(around, case, by, at, event="person_called", why=why)


def for_a_person(
    around: Surroundings,
    case: Case,
    by: Actor,
    at: datetime,
    *,
    event: str,
    why: str,
    used_up: Timer | None = None,
) -> Change:
    """A version of the case that only calls a person; `used_up` is the timer that led to it."""
    draft = Draft(around, case, before=case, at=max(at, case.last_effective_at), by=by)
    if used_up is not None:
        timers.drop(draft, used_up)
        draft.rule = f"timer {used_up.id}"
        draft.set(last_effective_at=draft.at)
    draft.call_person(why)
    return draft.change(event, note=why)
