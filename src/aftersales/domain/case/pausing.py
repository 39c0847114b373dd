"""Pausing and resuming deadlines. A second counts if it is open and not paused.

A case deadline is paused from the event that says so until the one that resumes it, in whatever
state, and whether it is armed or not: one that is armed meanwhile is armed paused. A deadline of a
state is paused where it runs, or from the start by the event that leads there, and ends with the
visit as ever.
"""

from dataclasses import replace
from datetime import datetime

from aftersales.domain.calendar.instants import from_micros, micros
from aftersales.domain.case.draft import Draft
from aftersales.domain.case.model import Case, Timer
from aftersales.domain.case.recounting import recap, recount, running_timer

Pause = tuple[datetime, datetime]

# Among a case's counts, in microseconds since 1970.
PAUSED = "paused:"  # with the name of a case deadline: since when
PAUSE = "pause:"  # with the name and the begin of a pause that is over: when it ended


def pause(draft: Draft, deadline: str) -> None:
    """Stop a deadline and its warnings; one that is paused already stays as it is."""
    if not _is_of_the_case(draft, deadline):
        draft.paused.add(deadline)
        _stop(draft, deadline, visit=draft.case.visit, since=draft.at)
    elif PAUSED + deadline not in draft.case.counts:
        draft.set(counts={**draft.case.counts, PAUSED + deadline: micros(draft.at)})
        _stop(draft, deadline, visit=0, since=draft.at)
        recap(draft, deadline)


def resume(draft: Draft, deadline: str) -> None:
    """Let a paused deadline and its warnings go on; one that is not paused stays as it is."""
    if not _is_of_the_case(draft, deadline):
        draft.paused.discard(deadline)
        _go_on(draft, deadline, visit=draft.case.visit, at=start_of_wait(draft))
    elif PAUSED + deadline in draft.case.counts:
        counts = dict(draft.case.counts)
        begin, end = counts.pop(PAUSED + deadline), micros(draft.at)
        over = {f"{PAUSE}{deadline}:{begin}": end} if begin < end else {}
        draft.set(counts=counts | over)
        _go_on(draft, deadline, visit=0, at=draft.at)
        recap(draft, deadline)


def paused_since(case: Case, deadline: str) -> datetime | None:
    """Since when a case deadline is paused, armed or not."""
    since = case.counts.get(PAUSED + deadline)
    return None if since is None else from_micros(since)


def pauses_of(case: Case, deadline: str, start: datetime) -> tuple[Pause, ...]:
    """The finished pauses of a case deadline that count for what begins at `start`.

    They are kept with the case: a timer that is armed again may begin before them.
    """
    prefix = f"{PAUSE}{deadline}:"
    ends = {n.removeprefix(prefix): end for n, end in case.counts.items() if n.startswith(prefix)}
    pauses: tuple[Pause, ...] = ()
    for begin, end in sorted((int(begin), end) for begin, end in ends.items()):
        pauses = _and(pauses, from_micros(begin), from_micros(end))
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


def _and(pauses: tuple[Pause, ...], begin: datetime, end: datetime) -> tuple[Pause, ...]:
    """The pauses with one more, which goes on the last where it began as that ended."""
    if pauses and pauses[-1][1] == begin:
        return (*pauses[:-1], (pauses[-1][0], end))
    return (*pauses, (begin, end))


def _is_of_the_case(draft: Draft, deadline: str) -> bool:
    return deadline in draft.around.rulebook.workflow.case_deadlines
