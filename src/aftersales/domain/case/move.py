"""A case gets a newer rulebook: the one way, for calendars now, for workflows and policies too.

What was counted stays counted, the rest is counted by the newer calendars. A deadline that is armed
keeps its length; a new length holds from the next arming. A move fires nothing, and by itself makes
nothing late.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aftersales.domain.calendar import (
    Calendar,
    Pauses,
    Run,
    day_number,
    iso,
    local,
    speak,
)
from aftersales.domain.case.change import Change, Refusal
from aftersales.domain.case.changed_days import changed_days
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Actor, Case, Timer
from aftersales.domain.case.recounting import (
    EARLIER,
    MOVED,
    calendar_of,
    recount,
    stamp_of,
    whole_story,
)
from aftersales.domain.case.situation import Surroundings
from aftersales.domain.rulebook import Rulebook

EVENT = "rulebook_moved"
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class TimerMove:
    """What a move makes of one timer."""

    before: Timer
    after: Timer
    calendar: str
    zone: str
    why: tuple[str, ...] = ()
    """The days that count otherwise, and their reasons; empty where its date stays."""

    @property
    def name(self) -> str:
        """What it is called in words: `answer`, `warning of answer`."""
        warns = "warning of " if self.before.warning is not None else ""
        return f"{warns}{self.before.deadline}"

    @property
    def is_moved(self) -> bool:
        """Whether it is due at another instant."""
        return self.after.due_at != self.before.due_at

    @property
    def is_confirmed(self) -> bool:
        """Whether it rested on guessed holidays, and does no longer."""
        return is_provisional(self.before) and not is_provisional(self.after)


@dataclass(frozen=True, slots=True)
class Moved:
    """A case bound to a newer rulebook: the change to save, and what it makes of each timer."""

    change: Change
    timers: tuple[TimerMove, ...]


def is_provisional(timer: Timer) -> bool:
    """Whether its date rests on holidays that are not published yet."""
    return bool(timer.why.get("provisional"))


def is_overdue(timer: Timer, at: datetime) -> bool:
    """Whether it fires before anything that happens at `at`: no move changes when it was due."""
    return timer.due_at is not None and timer.due_at < at


def move(
    around: Surroundings, case: Case, before: Rulebook, *, at: datetime, by: Actor, why: str
) -> Moved | Refusal | None:
    """Bind `case` to the rulebook of `around`. None if it is closed, or bound to that one already.

    `before` binds it until now. What is due before `at` is to be fired first, and is not moved.
    The calendar that was answered at opening stays. The Refusal says what the newer rulebook lacks.
    """
    new = around.rulebook
    if case.closed_at is not None or case.rulebook == new.digest:
        return None
    calendar = _kept_calendar(case, before, new)
    if lacks := _lacking(new, case, calendar):
        return Refusal("rulebook", f"the newer rulebook {lacks}")
    draft = Draft(around, case, before=case, at=max(at, case.last_effective_at), by=by)
    draft.set(rulebook=new.digest, calendar=calendar)
    try:
        moves = _retimed(draft, before)
    except NotPermitted as refused:
        return Refusal(refused.code, refused.reason)
    draft.did += [line for move in moves for line in _told(move)] or ["no due date moves"]
    draft.rule = f"rulebook {before.digest[:12]} -> {new.digest[:12]}"
    return Moved(draft.change(EVENT, note=why), moves)


def _kept_calendar(case: Case, before: Rulebook, new: Rulebook) -> str:
    """The calendar answered at opening is never asked for again.

    A case that had the workflow's own keeps that where the newer workflow asks a policy.
    """
    is_asked_now = new.workflow.calendar_by_policy is not None
    return case.calendar or (before.workflow.calendar if is_asked_now else "")


def _lacking(new: Rulebook, case: Case, calendar: str) -> str:
    """What the case needs and `new` has not; empty where it has all."""
    if new.kind != case.kind:
        return f"is for cases of `{new.kind}`, this is one of `{case.kind}`"
    if case.state not in new.workflow.states:
        return f"has no state `{case.state}`, in which the case is; let it leave that first"
    if calendar and calendar not in new.calendars:
        return f"has no calendar `{calendar}`, by which the case is counted; keep it"
    own, anywhere = new.workflow.states[case.state].deadlines, new.workflow.case_deadlines
    for timer in case.timers:
        if timer.deadline not in (own if timer.visit else anywhere):
            return f"has no deadline `{timer.deadline}`, which runs; let it end first"
        name = timer.why.get("calendar")
        if name and name not in new.calendars:
            return f"has no calendar `{name}`, by which `{timer.deadline}` is counted; keep it"
    return ""


# -- timers


def _retimed(draft: Draft, before: Rulebook) -> tuple[TimerMove, ...]:
    """Take over what runs, then work out the dates: case deadlines first, for they cap others."""
    old = {timer.id: timer for timer in draft.case.timers}
    calendars = {id: _calendars(draft, before, timer) for id, timer in old.items()}
    taken_over = [_taken_over(t, calendars[t.id], draft.at) for t in draft.case.timers]
    draft.set(timers=tuple(taken_over))
    for timer in sorted(draft.case.timers, key=lambda timer: timer.visit):
        if timer.warning is None and not is_overdue(timer, draft.at):
            _recounted(draft, old[timer.id], calendars[timer.id])
    moves = [_compared(calendars[t.id], old[t.id], t, draft.at) for t in draft.case.timers]
    draft.set(timers=tuple(move.after for move in moves))
    return tuple(moves)


@dataclass(frozen=True, slots=True)
class _Calendars:
    """By what a timer was counted, and by what it is from now on."""

    old: Calendar
    new: Calendar


def _calendars(draft: Draft, before: Rulebook, timer: Timer) -> _Calendars:
    new = calendar_of(draft, timer)
    return _Calendars(before.calendars.get(new.name, new), new)


def _taken_over(timer: Timer, calendars: _Calendars, at: datetime) -> Timer:
    """The timer with its run taken over. A pause that runs is counted until now, and goes on."""
    old, new = calendars.old, calendars.new
    run = timer.run
    if run is None or new == old or is_overdue(timer, at):
        return timer
    since, floor = timer.paused_at, timer.not_before
    running = ((since, at),) if since is not None and since < at else ()
    pauses = (*timer.pauses, *running)
    if floor is not None and _is_open_time(floor):
        floor = new.taken_over(floor, before=old, at=at, pauses=pauses)
    return replace(
        timer,
        run=new.taken_over(run, before=old, at=at, pauses=pauses),
        not_before=floor,
        why={**timer.why, EARLIER: _earlier(timer, old, pauses)},
    )


def _earlier(timer: Timer, old: Calendar, pauses: Pauses) -> dict[str, Any]:
    """What is told of the time until a move when it is counted on after it."""
    assert timer.run is not None
    told = old.resumed(timer.run, pauses).why if pauses else {"start": iso(timer.run.start)}
    before = {EARLIER: timer.why[EARLIER]} if EARLIER in timer.why else {}
    story = whole_story({**told, **before})
    return {name: story[name] for name in ("start", "planned", "pauses") if name in story}


def _recounted(draft: Draft, old: Timer, calendars: "_Calendars") -> None:
    """Work out the date. One that would be over at once by the edit alone keeps its old date."""
    recount(draft, _by_id(draft, old.id))
    again = _by_id(draft, old.id)
    if again.due_at is None or old.due_at is None or not again.due_at <= draft.at < old.due_at:
        return
    floor = _until_old_date(draft, old, old.due_at, calendars)
    kept = replace(again, not_before=floor)
    draft.set(timers=tuple(kept if timer == again else timer for timer in draft.case.timers))
    recount(draft, kept)


def _until_old_date(draft: Draft, old: Timer, due_at: datetime, calendars: "_Calendars") -> Run:
    """The time until the old date, as a run: a pause leaves as much of it as there was.

    Open time is as long on the newer calendar as it was, and ends at the old date or later. With a
    platform's date there is no more of it than until the old one.
    """
    anywhere = draft.around.rulebook.workflow.case_deadlines
    is_stamped = old.visit == 0 and stamp_of(draft, anywhere[old.deadline]) is not None
    is_open = old.run is not None and _is_open_time(old.run) and not is_stamped
    new, at = calendars.new, draft.at
    run = Run(
        start=at,
        planned=due_at,
        unit="business hours" if is_open else "hours",
        due_at=None,
        start_day=day_number(new.business_date(at)),
        due_day=day_number(new.business_date(due_at)),
    )
    if not is_open:
        return run
    projected = new.taken_over(run, before=calendars.old, at=at)
    return replace(projected, planned=max(projected.planned, due_at))


def _by_id(draft: Draft, timer_id: str) -> Timer:
    return next(timer for timer in draft.case.timers if timer.id == timer_id)


def _is_open_time(run: Run) -> bool:
    return "business" in run.unit


# -- explaining


def _compared(calendars: _Calendars, old: Timer, new: Timer, at: datetime) -> TimerMove:
    name = calendars.new.name
    zone = (new.run.zone if new.run else "") or calendars.new.zone
    if old.due_at != new.due_at:
        why = _reasons(calendars, old, new, at)
        return TimerMove(old, _noted(old, new, why), name, zone, why)
    is_same = calendars.old == calendars.new or is_overdue(old, at)
    kept = replace(old, not_before=new.not_before) if is_same else _noted(old, new, ())
    return TimerMove(old, kept, name, zone)


def _reasons(calendars: _Calendars, old: Timer, new: Timer, at: datetime) -> tuple[str, ...]:
    """What makes the difference, of all days from the move to the later of both dates."""
    before, after = calendars.old, calendars.new
    ends = [due for due in (old.due_at, new.due_at, at) if due is not None]
    last = max(after.business_date(end - _MOMENT) for end in ends)
    first = min(before.business_date(at), after.business_date(at), last)
    days = range(day_number(first), day_number(last) + 1)
    reasons = changed_days(before, after, days, by_hours=_is_by_hours(new.run))
    cap = new.why.get("at_latest") or old.why.get("at_latest")
    if not reasons and cap:
        return (f"`{cap}` has moved, which it may not outlast",)
    return reasons


def _is_by_hours(run: Run | None) -> bool:
    """Whether opening hours have a part in its date; a buffer's may, where nothing is counted."""
    if run is None:
        return True
    return _is_open_time(run) or run.due_at == "close" or run.if_closed == "following"


def _noted(old: Timer, new: Timer, why: Sequence[str]) -> Timer:
    """The explanation says where the date comes from: it is read without the history."""
    told = dict(new.why)
    if old.due_at is not None and new.due_at != old.due_at:
        told["moved_from"] = iso(old.due_at)
    if why:
        told["notes"] = [*told.get("notes", ()), f"{MOVED}{'; '.join(why)}"]
    return replace(new, why=told)


def _told(move: TimerMove) -> Iterator[str]:
    """A line of history for what a move does to a timer; none where nothing changes for people."""
    before, after = _spoken(move.before, move.zone), _spoken(move.after, move.zone)
    if move.is_moved:
        reasons = f": {'; '.join(move.why)}" if move.why else ""
        yield f"{move.name}: {before} -> {after}{reasons}"
    elif move.is_confirmed:
        yield f"{move.name}: {after} is no longer provisional"
    elif move.after.paused_at is not None and move.after.run != move.before.run:
        yield f"{move.name}: paused; when it goes on, the newer calendar counts its rest"


def _spoken(timer: Timer, zone: str) -> str:
    """A due time for people; the end of a day reads 24:00."""
    at = timer.due_at
    if at is None:
        return "paused" if timer.paused_at is not None else "not before its deadline"
    wall = local(at, zone)
    if (wall.hour, wall.minute) != (0, 0):
        return speak(at, zone)
    return speak(at - timedelta(minutes=1), zone).replace("23:59", "24:00")
