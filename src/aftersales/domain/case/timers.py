"""Arming, re-arming and cancelling timers. A timer's due time derives from stored event times."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Case, Effect, Timer
from aftersales.domain.case.pausing import Stretch, paused_since, pauses_of, start_of_wait, stopped
from aftersales.domain.case.recounting import (
    call_for_unknown_holidays,
    capped,
    inner,
    instant_of,
    needs_a_person,
    recap,
    running_timer,
    stamp_of,
)
from aftersales.domain.case.terms import Due, Term, term_of
from aftersales.domain.duration import Duration
from aftersales.domain.workflow import Action, CaseDeadline, Deadline

FOLLOW_UP = "follow_up"
SENT_IN = "sent_in_version"  # which sending of its message a timer waits for


# -- arming


def arm_state(draft: Draft, *, sent: Iterable[str]) -> None:
    """Arm the deadlines of the state just entered; `sent` are the templates this change sends."""
    state = draft.around.rulebook.workflow.states[draft.case.state]
    start, sending = start_of_wait(draft), set(sent)
    for deadline in state.deadlines.values():
        if deadline.is_once_per_case and draft.case.counts.get(f"once:{deadline.name}"):
            continue
        if deadline.is_once_per_case:
            draft.count(f"once:{deadline.name}")
        waits = deadline.starts_when_sent if draft.around.waits_start_when_told else None
        if waits in sending:
            _add(
                draft,
                [_waiting_timer(draft, deadline, waits)],
                paused_since=_since(draft, deadline),
            )
        else:
            arm(draft, deadline, start=start)


def arm(
    draft: Draft,
    deadline: Deadline,
    *,
    start: datetime,
    number: int = 0,
    paused_since: datetime | None = None,
) -> None:
    """Arm `deadline` of the present visit and its warnings, from `start`, or paused since then."""
    term = term_of(draft, deadline)
    due = capped(draft, deadline, term.due(start), start)
    timers = _timers(draft, deadline.name, draft.case.visit, number, start, due, term)
    _add(draft, timers, paused_since=paused_since or _since(draft, deadline))


def arm_case_deadlines(draft: Draft, *, changed: Iterable[str]) -> None:
    """Arm the case deadlines whose start or stamp is among the facts `changed`."""
    changed = set(changed)
    for deadline in draft.around.rulebook.workflow.case_deadlines.values():
        if deadline.starts in changed or (deadline.stamped_by or "") in changed:
            _arm_case_deadline(draft, deadline)
            recap(draft, deadline.name)


def arm_ahead(draft: Draft) -> None:
    """In a new round: arm the case deadlines whose platform still waits, by its own date."""
    for deadline in draft.around.rulebook.workflow.case_deadlines.values():
        stamp = stamp_of(draft, deadline)
        if stamp is not None and stamp > draft.at:
            _arm_case_deadline(draft, deadline)


def _arm_case_deadline(draft: Draft, deadline: CaseDeadline) -> None:
    start, stamp = instant_of(draft, deadline.starts), stamp_of(draft, deadline)
    if start is None and stamp is None:
        return
    start = start or draft.at
    pauses = pauses_of(draft.case, deadline.name, start)
    since = paused_since(draft.case, deadline.name)
    term = _term_or_stamp(draft, deadline, stamp)
    due = inner(draft, deadline, term.due(start, pauses) if term else None)
    due = replace(due, at=max(due.at, draft.at))  # never before the arming
    number = draft.case.counts.get(f"armed:{deadline.name}", 0)
    draft.count(f"armed:{deadline.name}")
    cancel(draft, [deadline.name], visit=0)
    timers = _timers(draft, deadline.name, 0, number, start, due, term, pauses, since)
    _add(draft, timers, paused_since=since)


def _term_or_stamp(draft: Draft, deadline: CaseDeadline, stamp: datetime | None) -> Term | None:
    """The term by policy; None where only the platform's stamp is known."""
    try:
        return term_of(draft, deadline)
    except NotPermitted:
        if stamp is None:
            raise
        return None


def _since(draft: Draft, deadline: Deadline) -> datetime | None:
    """Since when a deadline of the state is paused that is armed now: from the start, or not."""
    return draft.at if deadline.name in draft.paused else None


def rearm(draft: Draft, fired: Timer) -> None:
    """Arm again the deadline whose firing left the case where it is."""
    state = draft.around.rulebook.workflow.states[draft.case.state]
    deadline = state.deadlines.get(fired.deadline)
    if fired.visit == 0 or deadline is None:
        return
    start = max(start_of_wait(draft), draft.at)
    arm(draft, deadline, start=start, number=fired.number + 1)
    again = running_timer(draft.case, deadline.name)
    if again and again.due_at and again.due_at <= draft.at:
        raise NotPermitted(
            "deadline_empty", f"`{deadline.name}` would be due again at once", calls_person=True
        )


def arm_follow_up(draft: Draft, wait: Duration) -> None:
    """In a final state: arm the follow-up."""
    if draft.case.counts.get(FOLLOW_UP):
        raise NotPermitted("told_before", "it was told before, and is followed up once")
    draft.count(FOLLOW_UP)
    due = draft.calendar(None).due(draft.at, wait)
    timer = _timer(draft, FOLLOW_UP, draft.case.visit, 0, draft.at, Due(due.at, due.why, due.run))
    _add(draft, [timer])


def start_waiting(draft: Draft, message: Effect) -> bool:
    """A message was handed over: start what waited for this very one. Says whether any did."""
    waiting = [
        timer
        for timer in draft.case.timers
        if timer.waits_for == message.name and timer.why.get(SENT_IN) == message.version
    ]
    state = draft.around.rulebook.workflow.states[draft.case.state]
    for timer in waiting:
        draft.set(timers=tuple(t for t in draft.case.timers if t != timer))
        arm(
            draft,
            state.deadlines[timer.deadline],
            start=draft.at,
            number=timer.number,
            paused_since=timer.paused_at,
        )
    return bool(waiting)


# -- cancelling


def cancel(
    draft: Draft, deadlines: Iterable[str] | None = None, *, visit: int | None = None
) -> None:
    """Cancel timers by name and visit; all of them where neither is given."""
    names = set(deadlines) if deadlines is not None else None
    kept = [
        timer
        for timer in draft.case.timers
        if (names is not None and timer.deadline not in names)
        or (visit is not None and timer.visit != visit)
    ]
    draft.set(timers=tuple(kept))


def cancel_ended(draft: Draft, happened: Iterable[str]) -> bool:
    """Cancel the case deadlines that end with one of `happened`. Says whether any did."""
    over = set(happened)
    ended = [
        deadline.name
        for deadline in draft.around.rulebook.workflow.case_deadlines.values()
        if over & set(deadline.ends_with)
    ]
    before = draft.case.timers
    cancel(draft, ended, visit=0)
    return draft.case.timers != before


def drop(draft: Draft, fired: Timer) -> None:
    """Take a timer that has fired off the case; a deadline takes its warnings with it."""
    kept = [
        t
        for t in draft.case.timers
        if t.id != fired.id
        and not (
            fired.warning is None
            and t.warning is not None
            and (t.visit, t.deadline, t.number) == (fired.visit, fired.deadline, fired.number)
        )
    ]
    draft.set(timers=tuple(kept))


# -- reading


def next_due(case: Case, before: datetime) -> Timer | None:
    """The timer that fires next: the earliest due strictly before `before`, warnings first."""
    due = [t for t in case.timers if t.due_at is not None and t.due_at < before]
    return min(due, key=_firing_order, default=None)


def _firing_order(timer: Timer) -> tuple[Any, ...]:
    warning = -1 if timer.warning is None else timer.warning
    return (timer.due_at, timer.warning is None, timer.visit, timer.deadline, timer.number, warning)


def _timers(
    draft: Draft,
    name: str,
    visit: int,
    number: int,
    start: datetime,
    due: Due,
    term: Term | None,
    pauses: tuple[Stretch, ...] = (),
    since: datetime | None = None,
) -> list[Timer]:
    """The timer of a deadline and those of its warnings.

    A warning whose moment is not before the due time has none, as long as that is so. Armed again,
    a deadline does not repeat the warnings that were given: those of before now, or of before it
    was paused, `since` then.
    """
    base = _timer(draft, name, visit, number, start, due, pauses)
    ladder = term.warn if term else ()
    warned = [
        (index, term.warned(start, warning, pauses), tuple(_bare(warning.do)))
        for index, warning in enumerate(ladder)
        if term
    ]
    return [base] + [
        replace(
            base,
            warning=index,
            due_at=at.at if at.at < due.at else None,
            why=at.why,
            run=at.run,
            do=do,
        )
        for index, at, do in warned
        if number == 0 or at.at >= (since or draft.at)
    ]


def _timer(
    draft: Draft,
    name: str,
    visit: int,
    number: int,
    start: datetime,
    due: Due,
    pauses: tuple[Stretch, ...] = (),
) -> Timer:
    return Timer(
        draft.case.round,
        visit,
        name,
        number,
        due.at,
        started_at=start,
        why=due.why,
        run=due.run,
        pauses=pauses,
    )


def _bare(actions: Iterable[Action]) -> Iterator[Action]:
    """The actions without where they are written, which is no part of what a case keeps."""
    return (replace(action, place=None) for action in actions)


def _waiting_timer(draft: Draft, deadline: Deadline, template: str | None) -> Timer:
    case = draft.case
    why = {"waits_for": f"the hand-over of `{template}`", SENT_IN: case.version}
    return Timer(case.round, case.visit, deadline.name, 0, None, waits_for=template, why=why)


def _add(draft: Draft, timers: Iterable[Timer], *, paused_since: datetime | None = None) -> None:
    """Put timers on the case. One that rests on unknown holidays runs, and a person is called."""
    added = list(timers)
    if paused_since is not None:
        added = [stopped(timer, paused_since) for timer in added]
    draft.set(timers=(*draft.case.timers, *added))
    for timer in filter(needs_a_person, added):
        call_for_unknown_holidays(draft, timer)
