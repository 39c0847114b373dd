"""When an armed timer is due: worked out from its run, its pauses, and what it may not outlast."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aftersales.domain.calendar import Calendar, from_iso, iso
from aftersales.domain.case.draft import Draft
from aftersales.domain.case.model import Case, Timer
from aftersales.domain.case.terms import Due
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.workflow import CaseDeadline, Deadline

MOVED = "moved: "  # begins a note that a move has made
EARLIER = "earlier"  # in an explanation: start, planned and pauses as older calendars counted them
UNKNOWN = "unknown"
# Of a timer's explanation: kept when its due time is worked out again.
_KEPT = ("rule", "began", "moved_from", EARLIER)


def recount(draft: Draft, timer: Timer, *, not_before: datetime | None = None) -> None:
    """Work out again when the deadline `timer` and its warnings are due; no policy is asked.

    `not_before` is the earliest instant it may become due at now, beside the one that the timer
    keeps. A timer that is paused, or waits for its message, stays without a due time.
    """
    if timer.paused_at is not None or timer.waits_for is not None:
        return
    again = _recounted(draft, timer, not_before)
    _replace(draft, timer, again)
    for warning in warnings_of(draft.case, timer):
        _replace(draft, warning, _warned(draft, warning, again.due_at))
    if _is_unknown(again.why) and not _is_unknown(timer.why):
        call_for_unknown_holidays(draft, again)


def recap(draft: Draft, case_deadline: str) -> None:
    """Work out again the waits of this visit that end at the latest with `case_deadline`."""
    state = draft.around.rulebook.workflow.states[draft.case.state]
    for deadline in state.deadlines.values():
        running = running_timer(draft.case, deadline.name)
        if deadline.at_latest == case_deadline and running is not None:
            recount(draft, running)


def capped(draft: Draft, deadline: Deadline, due: Due, start: datetime) -> Due:
    """`due`, or the due time of the case deadline it may not outlast, never before `start`."""
    outer = running_timer(draft.case, deadline.at_latest, visit=0) if deadline.at_latest else None
    if outer is None or outer.due_at is None or outer.due_at >= due.at:
        return due
    why = {**due.why, "at_latest": deadline.at_latest, "uncapped": due.at.isoformat()}
    return replace(due, at=max(outer.due_at, start), why=why)


def inner(draft: Draft, deadline: CaseDeadline, own: Due | None) -> Due:
    """The due time we work to: the earlier of our own and the outer one minus its buffer.

    A platform's date is never moved by us; the buffer is ours.
    """
    stamp = stamp_of(draft, deadline)
    if own is not None and stamp is None and deadline.buffer is None:
        return own
    outer = stamp or (own.at if own else None)
    if outer is None:
        raise InvariantBroken(f"the deadline `{deadline.name}` has neither a term nor a stamp")
    calendar = draft.calendar(deadline.calendar)
    at = calendar.back(outer, deadline.buffer) if deadline.buffer else outer
    if own and stamp:
        at = min(at, own.at)
    why = {
        **(own.why if own else {}),
        "outer": outer.isoformat(),
        "stamped": stamp is not None,
        "buffer": str(deadline.buffer or ""),
    }
    return Due(at, why, own.run if own else None)


def stamp_of(draft: Draft, deadline: CaseDeadline) -> datetime | None:
    """The hour that a platform has named for `deadline`, if it has."""
    return instant_of(draft, deadline.stamped_by) if deadline.stamped_by else None


def instant_of(draft: Draft, fact: str) -> datetime | None:
    """The instant that a fact of the case says, if it is known."""
    if fact == "opened_at":
        return draft.case.opened_at
    text = draft.case.facts.get(fact)
    return from_iso(text) if text else None


def calendar_of(draft: Draft, timer: Timer) -> Calendar:
    """The calendar that `timer` is counted on, as its explanation names it."""
    return draft.calendar(timer.why.get("calendar"))


def running_timer(case: Case, name: str, visit: int | None = None) -> Timer | None:
    """The timer of the deadline `name` in this visit, or in visit 0 for a case deadline."""
    wanted = case.visit if visit is None else visit
    return next(
        (t for t in case.timers if (t.deadline, t.visit, t.warning) == (name, wanted, None)), None
    )


def warnings_of(case: Case, timer: Timer) -> list[Timer]:
    """The warnings of a deadline that were not given yet."""
    return [t for t in case.timers if t.warning is not None and is_of_one_deadline(t, timer)]


def is_of_one_deadline(one: Timer, other: Timer) -> bool:
    """Whether two timers are of the same arming of the same deadline."""
    of_one = (one.round, one.visit, one.deadline, one.number)
    return of_one == (other.round, other.visit, other.deadline, other.number)


def whole_story(why: Mapping[str, Any]) -> dict[str, Any]:
    """The explanation with what older calendars have counted; a pause across a move told once."""
    earlier = why.get(EARLIER, {})
    pauses = _joined(earlier.get("pauses", ()), why.get("pauses", ()))
    return {**why, **earlier, **({"pauses": pauses} if pauses else {})}


def call_for_unknown_holidays(draft: Draft, timer: Timer) -> None:
    """Call a person for a due time that rests on a year nobody has published."""
    notes = [note for note in timer.why.get("notes", ()) if not note.startswith(MOVED)] or [""]
    draft.call_person(f"`{timer.deadline}` may be due on another day: {notes[-1]}")


def needs_a_person(timer: Timer) -> bool:
    """Whether a deadline rests on a year of which no holidays are known."""
    return timer.warning is None and _is_unknown(timer.why)


def _recounted(draft: Draft, timer: Timer, not_before: datetime | None) -> Timer:
    workflow = draft.around.rulebook.workflow
    due = _own(draft, timer)
    if timer.visit == 0:
        due = inner(draft, workflow.case_deadlines[timer.deadline], due)
    elif due is not None:
        deadline = workflow.states[draft.case.state].deadlines[timer.deadline]
        due = capped(draft, deadline, due, timer.started_at or due.at)
    if due is None:
        return timer
    why, floor = _told_on(timer, due.why), _floor(draft, timer)
    if floor is not None and floor > due.at:
        why["not_before"] = iso(floor)
    at = max(instant for instant in (due.at, not_before, floor) if instant is not None)
    return replace(timer, due_at=at, why=why)


def _floor(draft: Draft, timer: Timer) -> datetime | None:
    """The earliest instant it may be due at since an edit; a pause moves it too."""
    if timer.not_before is None:
        return None
    return calendar_of(draft, timer).resumed(timer.not_before, timer.pauses).at


def _warned(draft: Draft, warning: Timer, ends: datetime | None) -> Timer:
    """A warning whose moment is not before the due time has none, as long as that is so."""
    own = _own(draft, warning)
    if own is None:
        return warning
    is_before = ends is not None and own.at < ends
    at, why = own.at if is_before else None, _told_on(warning, own.why)
    return replace(warning, due_at=at, why=why)


def _own(draft: Draft, timer: Timer) -> Due | None:
    """When its run ends with its pauses; None where only a platform's stamp is known."""
    if timer.run is None:
        return None
    due = calendar_of(draft, timer).resumed(timer.run, timer.pauses)
    return Due(due.at, due.why, timer.run)


def _told_on(timer: Timer, why: Mapping[str, Any]) -> dict[str, Any]:
    """The explanation of the new count, with what the timer's says that still holds."""
    kept = {name: timer.why[name] for name in _KEPT if name in timer.why}
    told = whole_story({**why, **kept})
    if moved := [note for note in timer.why.get("notes", ()) if note.startswith(MOVED)]:
        told["notes"] = [*told.get("notes", ()), *moved]
    return told


def _joined(earlier: Sequence[Any], later: Sequence[Any]) -> list[Any]:
    """The pauses told by both, in order; the one that both tell has stopped both."""
    told = [*earlier, *later]
    if earlier and later and earlier[-1][0] == later[0][0]:
        begin, end, seconds = later[0]
        told[len(earlier) - 1 : len(earlier) + 1] = [[begin, end, earlier[-1][2] + seconds]]
    return told


def _replace(draft: Draft, old: Timer, new: Timer) -> None:
    draft.set(timers=tuple(new if timer == old else timer for timer in draft.case.timers))


def _is_unknown(why: Mapping[str, Any]) -> bool:
    return why.get("horizon") == UNKNOWN
