"""What is told too late to move a case, or after it was closed: noted, and its money counted."""

from aftersales.domain.case import ledger, offers
from aftersales.domain.case.change import Change, Refusal
from aftersales.domain.case.choose import add_facts, allowed_events, may_submit, note_given
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Case
from aftersales.domain.case.situation import Event, Surroundings


def enter_money_told(draft: Draft, event: Event) -> bool:
    """Enter what others have paid even where the event moves nothing: the account must know it."""
    ways = draft.around.rulebook.workflow.anywhere.get(event.name, ())
    enters = any(
        (action.verb, action.argument) == ("record", ledger.OUTSIDE_REFUND)
        for way in ways
        for action in way.do
    )
    text = event.facts.get(ledger.OUTSIDE_REFUND)
    if not enters or text is None or not any(may_submit(draft, event.by, way) for way in ways):
        return False
    told_before = draft.case.facts.get(ledger.OUTSIDE_REFUND) == text
    add_facts(draft, event.facts, event.by)
    if not told_before:
        ledger.enter_outside_refund(draft, text)
    offers.close(draft, "withdrawn")
    return True


def cannot_be_told(draft: Draft, event: Event) -> Refusal | None:
    """An event that this workflow never takes from this actor is refused, late or not."""
    workflow = draft.around.rulebook.workflow
    ways = [*workflow.anywhere.get(event.name, ())]
    for state in workflow.states.values():
        ways += state.events.get(event.name, ())
    if any(may_submit(draft, event.by, way) for way in ways):
        return None
    reason = f"`{event.name}` is nothing that {event.by} may put to a case of `{workflow.name}`"
    return Refusal("role", reason, allowed_events(draft.around.rulebook, draft.case))


def recorded_late(around: Surroundings, case: Case, event: Event) -> Change:
    """An event told after later things were recorded: noted, moves nothing, calls a person."""
    draft = Draft(around, case, before=case, at=case.last_effective_at, by=event.by)
    note_given(draft, event.facts)
    try:
        enter_money_told(draft, event)
    except NotPermitted as refused:
        draft.call_person(f"`{event.name}` could not be entered: {refused.reason}")
    draft.call_person(f"`{event.name}` happened at {event.at.isoformat()}, but was told late")
    return draft.change(event.name, note="recorded late", effective_at=event.at)
