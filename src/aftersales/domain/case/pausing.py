"""Pausing and resuming deadlines. A second counts if it is open and not paused.

A case deadline is paused from the event that says so until the one that resumes it, in whatever
state, and whether it is armed or not: one that is armed meanwhile is armed paused. A deadline of a
state is paused where it runs, or from the start by the event that leads there, and ends with the
visit as ever.
"""

from dataclasses import replace
from datetime import datetime

from aftersales.domain.case.draft import Draft
from aftersales.domain.case.model import Case, Pause, Timer
from aftersales.domain.case.recounting import recap, recount, running_timer

Stretch = tuple[datetime, datetime]


def pause(draft: Draft, deadline: str) -> None:
    """Stop a deadline and its warnings; one that is paused already stays as it is."""
    if not _is_of_the_case(draft, deadline):
        draft.paused.add(deadline)
        _stop(draft, deadline, visit=draft.case.visit, since=draft.at)
    elif paused_since(draft.case, deadline) is None:
        draft.set(pauses=(*draft.case.pauses, Pause(deadline, draft.at)))
        _stop(draft, deadline, visit=0, since=draft.at)
        recap(draft, deadline)


def resume(draft: Draft, deadline: str) -> None:
    """Let a paused deadline and its warnings go on; one that is not paused stays as it is."""
    if not _is_of_the_case(draft, deadline):
        draft.paused.discard(deadline)
        _go_on(draft, deadline, visit=draft.case.visit, at=start_of_wait(draft))
    elif paused_since(draft.case, deadline) is not None:
        ended = (_ended(pause, deadline, draft.at) for pause in draft.case.pauses)
        draft.set(pauses=tuple(pause for pause in ended if pause.begin != pause.end))
        _go_on(draft, deadline, visit=0, at=draft.at)
        recap(draft, deadline)


def _ended(pause: Pause, deadline: str, at: datetime) -> Pause:
    is_meant = pause.deadline == deadline and pause.end is None
    return replace(pause, end=at) if is_meant else pause


def paused_since(case: Case, deadline: str) -> datetime | None:
    """Since when a case deadline is paused, armed or not."""
    running = (p.begin for p in case.pauses if p.deadline == deadline and p.end is None)
    return next(running, None)


def pauses_of(case: Case, deadline: str, start: datetime) -> tuple[Stretch, ...]:
    """The finished pauses of a case deadline that count for what begins at `start`.

    They are kept with the case: a timer that is armed again may begin before them.
    """
    pauses: tuple[Stretch, ...] = ()
    for pause in case.pauses:
        if pause.deadline == deadline and pause.end is not None:
            pauses = _and(pauses, pause.begin, pause.end)
    return tuple(pause for pause in pauses if pause[1] > start)


def stopped(timer: Timer, since: datetime) -> Timer:
    """The timer as it is while paused since then: without a due time.

    One that could not be counted again, for want of a run, is not stopped.
    """
    cannot_go_on = timer.run is None and timer.waits_for is None
    if timer.paused_at is not None or cannot_go_on:
        return timer
    return replace(timer, due_at=None, paused_at=since)


def start_of_wait(draft: Draft) -> datetime:
    """When a wait armed or resumed now begins: a customer's, never before we recorded why."""
    state = draft.around.rulebook.workflow.states[draft.case.state]
    if state.waiting_for == "customer" and draft.around.waits_start_when_told:
        return max(draft.at, draft.around.recorded_at)
    return draft.at


def _stop(draft: Draft, deadline: str, *, visit: int, since: datetime) -> None:
    draft.set(
        timers=tuple(
            stopped(timer, since) if (timer.deadline, timer.visit) == (deadline, visit) else timer
            for timer in draft.case.timers
        )
    )


def _go_on(draft: Draft, deadline: str, *, visit: int, at: datetime) -> None:
    paused = running_timer(draft.case, deadline, visit)
    if paused is None or paused.paused_at is None:
        return
    draft.set(
        timers=tuple(
            _resumed(timer, at) if (timer.deadline, timer.visit) == (deadline, visit) else timer
            for timer in draft.case.timers
        )
    )
    running = running_timer(draft.case, deadline, visit)
    if running is not None:
        # An event may lie on the very due instant: what was due then is still due then.
        recount(draft, running, not_before=paused.paused_at)


def _resumed(timer: Timer, at: datetime) -> Timer:
    begin = timer.paused_at
    if begin is None:
        return timer
    if begin >= at or timer.waits_for is not None:
        return replace(timer, paused_at=None)
    return replace(timer, paused_at=None, pauses=_and(timer.pauses, begin, at))


def _and(pauses: tuple[Stretch, ...], begin: datetime, end: datetime) -> tuple[Stretch, ...]:
    """The pauses with one more, which goes on the last where it began as that ended."""
    if pauses and pauses[-1][1] == begin:
        return (*pauses[:-1], (pauses[-1][0], end))
    return (*pauses, (begin, end))


def _is_of_the_case(draft: Draft, deadline: str) -> bool:
    return deadline in draft.around.rulebook.workflow.case_deadlines
