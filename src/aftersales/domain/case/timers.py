"""Arming, re-arming and cancelling timers. A timer's due time derives from stored event times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aftersales.domain.calendar import Calendar, from_iso
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Case, Effect, Timer
from aftersales.domain.duration import Duration
from aftersales.domain.errors import FactMissing, InvariantBroken
from aftersales.domain.policy import RowsDecision, decide_rows
from aftersales.domain.workflow import Action, CaseDeadline, Deadline, DueKind, Warning

FOLLOW_UP = "follow_up"
SENT_IN = "sent_in_version"  # which sending of its message a timer waits for


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and why, as data."""

    at: datetime
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Term:
    """How long a deadline is for this case, after the policy was asked."""

    within: Duration
    calendar: Calendar
    due_at: DueKind | None
    warn: tuple[Warning, ...]
    source: Mapping[str, Any]

    def due(self, start: datetime) -> Due:
        due = self.calendar.due(start, self.within, due_at=self.due_at)
        return Due(due.at, {**due.why, **self.source})

    def warned(self, start: datetime, warning: Warning) -> Due:
        if isinstance(warning.at, Duration):
            due = self.calendar.due(start, warning.at, due_at=self.due_at)
        else:
            due = self.calendar.part(start, self.within, warning.at, due_at=self.due_at)
        return Due(due.at, due.why)


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
            _add(draft, [_waiting_timer(draft, deadline, waits)])
        else:
            arm(draft, deadline, start=start)


def start_of_wait(draft: Draft) -> datetime:
    """When a wait armed now starts: a customer's, never before we recorded what it follows from."""
    state = draft.around.rulebook.workflow.states[draft.case.state]
    if state.waiting_for == "customer" and draft.around.waits_start_when_told:
        return max(draft.at, draft.around.recorded_at)
    return draft.at


def arm(draft: Draft, deadline: Deadline, *, start: datetime, number: int = 0) -> None:
    """Arm `deadline` of the present visit and its warnings, from `start`."""
    term = term_of(draft, deadline)
    due = _capped(draft, deadline, term.due(start), start)
    visit = draft.case.visit
    _add(draft, _timers(draft, deadline, visit, number, start, due, term))


def arm_case_deadlines(draft: Draft, *, changed: Iterable[str]) -> None:
    """Arm the case deadlines whose start or stamp is among the facts `changed`."""
    changed = set(changed)
    for deadline in draft.around.rulebook.workflow.case_deadlines.values():
        if deadline.starts in changed or (deadline.stamped_by or "") in changed:
            _arm_case_deadline(draft, deadline)
            _recap(draft, deadline.name)


def arm_ahead(draft: Draft) -> None:
    """In a new round: arm the case deadlines whose platform still waits, by its own date."""
    for deadline in draft.around.rulebook.workflow.case_deadlines.values():
        stamp = _instant(draft, deadline.stamped_by) if deadline.stamped_by else None
        if stamp is not None and stamp > draft.at:
            _arm_case_deadline(draft, deadline)


def _arm_case_deadline(draft: Draft, deadline: CaseDeadline) -> None:
    start = _instant(draft, deadline.starts)
    stamp = _instant(draft, deadline.stamped_by) if deadline.stamped_by else None
    if start is None and stamp is None:
        return
    start = start or draft.at
    term = _term_or_stamp(draft, deadline, stamp)
    due = _inner(draft, deadline, term, start, stamp)
    number = draft.case.counts.get(f"armed:{deadline.name}", 0)
    draft.count(f"armed:{deadline.name}")
    cancel(draft, [deadline.name], visit=0)
    _add(draft, _timers(draft, deadline, 0, number, start, due, term))


def _term_or_stamp(draft: Draft, deadline: CaseDeadline, stamp: datetime | None) -> Term | None:
    """The term by policy; None where only the platform's stamp is known."""
    try:
        return term_of(draft, deadline)
    except NotPermitted:
        if stamp is None:
            raise
        return None


def _inner(
    draft: Draft,
    deadline: CaseDeadline,
    term: Term | None,
    start: datetime,
    stamp: datetime | None,
) -> Due:
    """The due time we work to: the earlier of our own and the outer one minus its buffer.

    Never before the arming. A platform's date is never moved by us; the buffer is ours.
    """
    own = term.due(start) if term else None
    outer = stamp or (own.at if own else None)
    if outer is None:
        raise InvariantBroken(f"the deadline `{deadline.name}` has neither a term nor a stamp")
    calendar = draft.around.rulebook.calendar(deadline.calendar)
    inner = calendar.back(outer, deadline.buffer) if deadline.buffer else outer
    if own and stamp:
        inner = min(inner, own.at)
    why = {
        **(own.why if own else {}),
        "outer": outer.isoformat(),
        "stamped": stamp is not None,
        "buffer": str(deadline.buffer or ""),
    }
    return Due(max(inner, draft.at), why)


def _recap(draft: Draft, case_deadline: str) -> None:
    """Work out again the waits that end at the latest with `case_deadline`."""
    state = draft.around.rulebook.workflow.states[draft.case.state]
    for deadline in state.deadlines.values():
        if deadline.at_latest != case_deadline:
            continue
        running = _running(draft.case, deadline.name)
        if running is not None and running.started_at is not None:
            cancel(draft, [deadline.name], visit=draft.case.visit)
            arm(draft, deadline, start=running.started_at, number=running.number + 1)


def rearm(draft: Draft, fired: Timer) -> None:
    """Arm again the deadline whose firing left the case where it is."""
    state = draft.around.rulebook.workflow.states[draft.case.state]
    deadline = state.deadlines.get(fired.deadline)
    if fired.visit == 0 or deadline is None:
        return
    start = max(start_of_wait(draft), draft.at)
    arm(draft, deadline, start=start, number=fired.number + 1)
    again = _running(draft.case, deadline.name)
    if again and again.due_at and again.due_at <= draft.at:
        raise NotPermitted(
            "deadline_empty", f"`{deadline.name}` would be due again at once", calls_person=True
        )


def arm_follow_up(draft: Draft, wait: Duration) -> None:
    """In a final state: arm the follow-up."""
    if draft.case.counts.get(FOLLOW_UP):
        raise NotPermitted("told_before", "it was told before, and is followed up once")
    draft.count(FOLLOW_UP)
    due = draft.around.rulebook.calendar(None).due(draft.at, wait)
    case = draft.case
    timer = Timer(case.round, case.visit, FOLLOW_UP, 0, due.at, started_at=draft.at, why=due.why)
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
        arm(draft, state.deadlines[timer.deadline], start=draft.at, number=timer.number)
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


def term_of(draft: Draft, deadline: Deadline) -> Term:
    """How long `deadline` is for this case. NotPermitted if its policy cannot say."""
    rulebook = draft.around.rulebook
    if deadline.within is not None:
        calendar = rulebook.calendar(deadline.calendar)
        source = {"rule": f"{deadline.name} ({deadline.place})"} if deadline.place else {}
        return Term(deadline.within, calendar, deadline.due_at, deadline.warn, source)
    answer = _asked(draft, deadline)
    named = answer.answers.get("calendar") or ""
    calendar = rulebook.calendar(deadline.calendar or named)
    kind = deadline.due_at or _due_kind(answer.answers.get("due_at", ""))
    warn = deadline.warn or rulebook.ladder(deadline.by_policy or "", answer)
    source = {"rule": str(answer.rule)}
    return Term(Duration.parse(answer.answers["within"]), calendar, kind, warn, source)


def _asked(draft: Draft, deadline: Deadline) -> RowsDecision:
    table = draft.around.rulebook.policies.rows[deadline.by_policy or ""]
    try:
        answer = decide_rows(table, draft.facts(deadline=deadline.name))
    except FactMissing as missing:
        raise NotPermitted("fact_missing", str(missing), calls_person=True) from missing
    if not isinstance(answer, RowsDecision):
        asked = f"the policy `{deadline.by_policy}` cannot say how long `{deadline.name}` is"
        raise NotPermitted("undecided", f"{asked}: {answer.why}", calls_person=True)
    return answer


def _due_kind(text: str) -> DueKind | None:
    match text:
        case "close" | "midnight" | "same_time":
            return text
    return None


def _timers(
    draft: Draft,
    deadline: Deadline,
    visit: int,
    number: int,
    start: datetime,
    due: Due,
    term: Term | None,
) -> list[Timer]:
    """The timer of `deadline` and those of its warnings that come before it.

    Armed again, it does not repeat the warnings that were given.
    """
    base = Timer(
        draft.case.round, visit, deadline.name, number, due.at, started_at=start, why=due.why
    )
    warned = [] if term is None else [(i, term.warned(start, w)) for i, w in enumerate(term.warn)]
    return [base] + [
        replace(base, warning=index, due_at=at.at, why=at.why)
        for index, at in warned
        if at.at < due.at and (number == 0 or at.at >= draft.at)
    ]


def _waiting_timer(draft: Draft, deadline: Deadline, template: str | None) -> Timer:
    case = draft.case
    why = {"waits_for": f"the hand-over of `{template}`", SENT_IN: case.version}
    return Timer(case.round, case.visit, deadline.name, 0, None, waits_for=template, why=why)


def _capped(draft: Draft, deadline: Deadline, due: Due, start: datetime) -> Due:
    """`due`, or the inner due time of the case deadline it may not outlast."""
    outer = _running(draft.case, deadline.at_latest, visit=0) if deadline.at_latest else None
    if outer is None or outer.due_at is None or outer.due_at >= due.at:
        return due
    why = {**due.why, "at_latest": deadline.at_latest, "uncapped": due.at.isoformat()}
    return Due(max(outer.due_at, start), why)


def _running(case: Case, name: str, visit: int | None = None) -> Timer | None:
    wanted = case.visit if visit is None else visit
    return next(
        (t for t in case.timers if (t.deadline, t.visit, t.warning) == (name, wanted, None)), None
    )


def _instant(draft: Draft, fact: str) -> datetime | None:
    if fact == "opened_at":
        return draft.case.opened_at
    text = draft.case.facts.get(fact)
    return from_iso(text) if text else None


def _add(draft: Draft, timers: Iterable[Timer]) -> None:
    draft.set(timers=(*draft.case.timers, *timers))


def actions_of(draft: Draft, timer: Timer) -> tuple[Action, ...]:
    """What a warning says to do."""
    workflow = draft.around.rulebook.workflow
    deadline: Deadline = (
        workflow.case_deadlines[timer.deadline]
        if timer.visit == 0
        else workflow.states[draft.case.state].deadlines[timer.deadline]
    )
    warn = term_of(draft, deadline).warn
    index = timer.warning or 0
    return warn[index].do if index < len(warn) else ()
