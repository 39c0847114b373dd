"""Opening a case, putting an event to it, firing what is due: pure, to a Change or a Refusal."""

from collections.abc import Callable
from datetime import datetime

from aftersales.domain.case import ledger, offers, timers
from aftersales.domain.case.actions import perform
from aftersales.domain.case.change import Change, Refusal
from aftersales.domain.case.choose import add_facts, allowed_events, choose
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.handling import refuse_others
from aftersales.domain.case.late import cannot_be_told, enter_money_told, recorded_late
from aftersales.domain.case.model import Actor, Case, Effect, LedgerEntry, Timer
from aftersales.domain.case.person import for_a_person
from aftersales.domain.case.situation import Event, Opening, Surroundings
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy import RowsDecision, Undecided, decide_rows
from aftersales.domain.workflow import REOPEN, Transition

SYSTEM = Actor.system()
PEOPLE = ("agent", "supervisor", "manager")
# Who may say that something happened earlier than now.
_NOT_NOW = ("guard", "at_most")
MAY_BACKDATE = (*PEOPLE, "platform", "bank", "system")


def open_case(around: Surroundings, opening: Opening) -> Change | Refusal:
    """A new case in the state its workflow starts in, with its deadlines armed."""
    workflow = around.rulebook.workflow
    case = Case(
        shop=opening.shop,
        id=opening.case_id,
        kind=workflow.name,
        state=workflow.starts_in,
        version=1,
        round=1,
        visit=1,
        rulebook=around.rulebook.digest,
        currency=opening.currency,
        opened_at=opening.at,
        last_effective_at=opening.at,
        order_id=opening.order_id,
        customer_key=opening.customer_key,
        parent_id=opening.parent_id,
        lines=opening.lines,
    )
    draft = Draft(around, case, before=None, at=opening.at, by=opening.by)

    def decide() -> None:
        add_facts(draft, opening.facts, SYSTEM)
        missing = [fact for fact in workflow.needs if fact not in draft.case.facts]
        if missing:
            raise NotPermitted("fact_missing", f"a case of `{workflow.name}` needs `{missing[0]}`")
        draft.set(priority=_priority(draft))
        draft.set(calendar=_calendar(draft))
        perform(draft, workflow.when_opened)
        timers.arm_case_deadlines(draft, changed={*draft.case.facts, "opened_at"})
        _end_deadlines(draft, "open")
        timers.arm_state(draft, sent=draft.sent)

    refused = _tried(decide)
    return refused or draft.change("open")


def handle_event(around: Surroundings, case: Case, event: Event) -> Change | Refusal:
    """Judge `event` in the state the case is in. Timers due before it have been fired already."""
    draft = Draft(around, case, before=case, at=event.at, by=event.by)
    if event.at < case.last_effective_at:
        unheard = cannot_be_told(draft, event)
        return unheard or recorded_late(around, case, event)

    def decide() -> None:
        refuse_others(draft, event.by)
        if around.rulebook.workflow.states[case.state].is_final:
            _in_final_state(draft, event)
        else:
            _take(draft, choose(draft, event))

    return _decided(draft, event.name, decide)


def fire_timers(around: Surroundings, case: Case, before: datetime) -> Change | None:
    """Fire the one timer that is due first, strictly before `before`; None when none is.

    Its change happens at the due time, however late it is recorded. A timer whose event cannot be
    taken is used up all the same, and a person is called: nothing sits at the head for ever.
    """
    timer = timers.next_due(case, before)
    if timer is None or timer.due_at is None:
        return None
    at = max(timer.due_at, case.last_effective_at)
    draft = Draft(around, case, before=case, at=at, by=SYSTEM)
    draft.rule = f"timer {timer.id}"
    name, decide = _firing(draft, timer)
    outcome = _decided(draft, name, decide)
    if isinstance(outcome, Change):
        return outcome
    return for_a_person(
        around,
        case,
        SYSTEM,
        at,
        event=name,
        why=f"`{name}` was due: {outcome.reason}",
        used_up=timer,
    )


def settle(
    around: Surroundings, case: Case, entry: LedgerEntry, *, failed: bool, text: str, at: datetime
) -> Change:
    """The outcome of one remedy. Once all of its grant are settled the workflow is told."""
    at = max(at, case.last_effective_at)
    told = f"{entry.remedy} {'failed' if failed else 'confirmed'}: {text}"

    def settled() -> Draft:
        draft = Draft(around, case, before=case, at=at, by=SYSTEM)
        ledger.settle(draft, entry, "failed" if failed else "confirmed", text)
        draft.did.append(told)
        return draft

    draft = settled()
    event = _event_of_grant(draft, entry)
    if event and around.rulebook.machine.ways(case.state, event):
        try:
            _take(
                draft, choose(draft, Event(event, SYSTEM, at, _failure(around, case, event, text)))
            )
        except (FactMissing, NotPermitted) as refused:
            draft = settled()  # nothing of what was refused half-way
            draft.call_person(f"`{event}` could not be taken: {refused}")
    elif failed:
        draft.call_person(told)
    elif entry.status == "failed":
        draft.call_person(f"{told}, after it was counted as failed")
    return draft.change(event or "remedy_settled")


def _failure(around: Surroundings, case: Case, event: str, text: str) -> dict[str, str]:
    """The reason, where the event is a failure and takes the fact `failure`."""
    ways = around.rulebook.machine.ways(case.state, event)
    is_taken = event == "remedy_failed" and all("failure" in way.takes for way in ways)
    return {"failure": text} if is_taken else {}


def message_told(around: Surroundings, case: Case, message: Effect, at: datetime) -> Change | None:
    """A message was handed over: start what waits for it, end what ends with it.

    None where nothing does: then there is no new version.
    """
    draft = Draft(around, case, before=case, at=max(at, case.last_effective_at), by=SYSTEM)
    try:
        # First: what this message ends does not cap the wait that it starts.
        ended = timers.cancel_ended(draft, [f"sent {message.name}"])
        started = timers.start_waiting(draft, message)
    except NotPermitted as refused:
        draft.call_person(
            f"`{message.name}` was sent, but its deadline cannot be set: {refused.reason}"
        )
        started = ended = True
    if not (started or ended):
        return None
    draft.did.append(f"handed over {message.name}")
    return draft.change("message_sent")


# -- taking a transition


def _take(draft: Draft, way: Transition) -> None:
    draft.rule = draft.rule or (str(way.place) if way.place else "")
    if draft.by.role in PEOPLE:
        draft.set(needs_person="")
    perform(draft, way.do)
    _end_deadlines(draft, way.event)  # before a wait is armed, which they would cap
    if way.go_to is not None:
        timers.cancel(draft, visit=draft.case.visit)
        _enter(draft, draft.around.rulebook.machine.move(draft.case.state, way))
    timers.arm_case_deadlines(draft, changed=_news(draft))
    _end_deadlines(draft, way.event)


def _news(draft: Draft) -> set[str]:
    """The facts given that say something new: the same stamp told twice re-arms nothing."""
    before = draft.before.facts if draft.before else {}
    return {name for name, text in draft.given.items() if before.get(name) != text}


def _enter(draft: Draft, state: str) -> None:
    """Start the next visit, in `state`."""
    case = draft.case
    draft.set(state=state, visit=case.visit + 1, stands_since=case.version)
    entered = draft.around.rulebook.workflow.states[state]
    if entered.is_final:
        timers.cancel(draft)
        draft.set(closed_at=draft.at, outcome=entered.outcome or "")
    else:
        timers.arm_state(draft, sent=draft.sent)


def _end_deadlines(draft: Draft, event: str) -> None:
    """Case deadlines end with events, and with messages: when told, or here when telling is off."""
    happened = [event]
    if not draft.around.waits_start_when_told:
        happened += [f"sent {template}" for template in draft.sent]
    timers.cancel_ended(draft, happened)
    draft.set(last_effective_at=max(draft.case.last_effective_at, draft.at))


def _in_final_state(draft: Draft, event: Event) -> None:
    state = draft.around.rulebook.workflow.states[draft.case.state]
    if state.follow_up is not None and event.name == state.follow_up.after:
        if event.by.role not in MAY_BACKDATE:
            raise NotPermitted("role", f"`{event.name}` is not for a {event.by.role}")
        _refuse_facts(event)
        timers.arm_follow_up(draft, state.follow_up.wait)
        draft.set(last_effective_at=draft.at)
    elif event.name == REOPEN and state.reopen is not None:
        _reopen(draft, event)
    elif enter_money_told(draft, event):
        draft.call_person(f"`{event.name}` was told after the case was closed")
    else:
        raise NotPermitted("closed", f"the case is closed ({draft.case.outcome})")


def _refuse_facts(event: Event) -> None:
    if event.facts:
        raise NotPermitted("fact_not_taken", f"`{event.name}` takes no facts")


def _reopen(draft: Draft, event: Event) -> None:
    case = draft.case
    reopen = draft.around.rulebook.workflow.states[case.state].reopen
    assert reopen is not None
    assert case.closed_at is not None
    _refuse_facts(event)
    if not any(offers.may_act_as(event.by.role, role) for role in reopen.by):
        raise NotPermitted("role", f"`reopen` is for {' or '.join(reopen.by)}")
    until = draft.calendar(None).due(case.closed_at, reopen.within).at
    if event.at > until:
        raise NotPermitted("too_late", f"reopening was possible until {until.isoformat()}")
    if case.counts.get("reopened", 0) >= reopen.at_most:
        raise NotPermitted(
            "at_most", f"reopening was possible {reopen.at_most} times, and is used up"
        )
    kept = {
        name: n for name, n in case.counts.items() if name == "reopened" or name.startswith("once:")
    }
    state = draft.around.rulebook.machine.reopened(case.state)
    timers.cancel(draft)
    draft.set(
        round=case.round + 1,
        visit=0,
        counts=kept,
        pauses=(),
        closed_at=None,
        outcome="",
        offer_id="",
    )
    draft.offer = None
    draft.count("reopened")
    draft.set(counts={**draft.case.counts, offers.ROUND_BEGAN: case.version + 1})
    timers.arm_ahead(draft)
    _enter(draft, state)
    draft.set(last_effective_at=draft.at)


def _firing(draft: Draft, timer: Timer) -> tuple[str, Callable[[], None]]:
    """The name under which a timer's firing stands in the history, and what it does."""
    workflow, case = draft.around.rulebook.workflow, draft.case
    state = workflow.states[case.state]
    if timer.deadline == timers.FOLLOW_UP and state.follow_up is not None:
        follow_up = state.follow_up

        def follow() -> None:
            timers.drop(draft, timer)
            perform(draft, follow_up.do)

        return "follow_up", follow
    if timer.warning is not None:

        def warn() -> None:
            timers.drop(draft, timer)
            perform(draft, timer.do, timer_id=timer.id)

        return f"warning of {timer.deadline}", warn
    deadline = (
        workflow.case_deadlines[timer.deadline]
        if timer.visit == 0
        else state.deadlines[timer.deadline]
    )

    def over() -> None:
        timers.drop(draft, timer)
        draft.fired = timer
        way = choose(draft, Event(deadline.when_over, SYSTEM, draft.at))
        _take(draft, way)
        if way.go_to is None:
            timers.rearm(draft, timer)

    return deadline.when_over, over


def _event_of_grant(draft: Draft, entry: LedgerEntry) -> str:
    """`remedy_done` or `remedy_failed` once no remedy of the grant is open; else nothing yet."""
    if not entry.offer_id or entry.offer_id != draft.case.offer_id:
        return ""  # of an earlier offer: entered, but it moves nothing
    grant = [e for e in draft.entries if e.offer_id == entry.offer_id]
    if any(e.status == "reserved" for e in grant):
        return ""
    return "remedy_failed" if any(e.status == "failed" for e in grant) else "remedy_done"


def _priority(draft: Draft) -> str:
    table = draft.around.rulebook.policies.rows.get("triage")
    if table is None:
        return ""
    answer = decide_rows(table, draft.facts())
    return answer.answers.get("priority", "") if isinstance(answer, RowsDecision) else ""


def _calendar(draft: Draft) -> str:
    """The calendar that the policy answers; empty where the workflow names its own."""
    rulebook = draft.around.rulebook
    policy = rulebook.workflow.calendar_by_policy
    if policy is None:
        return ""
    table = rulebook.policies.rows[policy]
    answer = decide_rows(table, rulebook.answered(draft.facts(), table.reads))
    if isinstance(answer, RowsDecision) and "calendar" in answer.answers:
        draft.rule = str(answer.rule)
        return answer.answers["calendar"]
    why = answer.why if isinstance(answer, Undecided) else f"`{answer.rule.rule}` names none"
    is_missing = isinstance(answer, Undecided) and answer.missing
    asked = f"the policy `{policy}` cannot say by which calendar the case is counted"
    raise NotPermitted("fact_missing" if is_missing else "undecided", f"{asked}: {why}")


# -- refusing, and calling a person


def _tried(decide: Callable[[], None]) -> Refusal | None:
    try:
        decide()
    except FactMissing as missing:
        return Refusal("fact_missing", str(missing))
    except NotPermitted as refused:
        return Refusal(refused.code, refused.reason)
    return None


def _decided(draft: Draft, event: str, decide: Callable[[], None]) -> Change | Refusal:
    case, around = draft.before, draft.around
    assert case is not None
    try:
        decide()
    except (FactMissing, NotPermitted) as error:
        code = error.code if isinstance(error, NotPermitted) else "fact_missing"
        raises = None
        if isinstance(error, NotPermitted) and error.calls_person:
            why = f"`{event}` was refused: {error.reason}"
            raises = for_a_person(around, case, draft.by, draft.at, event="person_called", why=why)
        reason = error.reason if isinstance(error, NotPermitted) else str(error)
        possible = allowed_events(around.rulebook, case)
        # What was just refused for what is known of the case is not possible at this moment.
        allowed = tuple(name for name in possible if name != event or code not in _NOT_NOW)
        return Refusal(code, reason, allowed, raises)
    return draft.change(event)
