"""Which transition an event takes: exactly one, or a refusal that says why not."""

from collections.abc import Mapping, Sequence

from aftersales.domain.case import offers
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Actor, Case
from aftersales.domain.case.situation import Event
from aftersales.domain.conditions import Facts, Value, did_you_mean
from aftersales.domain.errors import FactMissing, ValueUnreadable
from aftersales.domain.policy import OptionsDecision
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import REOPEN, Transition

# Built-in facts that only an offer can answer.
_OF_THE_OFFER = frozenset({"approval", "return_required", "option", "remedy"})


def choose(draft: Draft, event: Event) -> Transition:
    """The one transition that fits `event`. NotPermitted where none does, or several do."""
    ways = draft.around.rulebook.machine.ways(draft.case.state, event.name)
    if not ways:
        raise NotPermitted("not_here", _not_here(draft, event.name))
    open_to = [way for way in ways if may_submit(draft, event.by, way)]
    if not open_to:
        raise NotPermitted("role", _for_whom(draft, event, ways))
    _take_facts(draft, event, open_to)
    fitting = [way for way in open_to if _holds(draft, way)]
    if len(fitting) > 1:
        raise NotPermitted("conflict", f"two ways of `{event.name}` fit at once", calls_person=True)
    if not fitting:
        raise NotPermitted("guard", _why_none(draft, event, open_to))
    _require_facts(fitting[0], event)
    return _bounded(draft, fitting[0], event)


def _not_here(draft: Draft, name: str) -> str:
    workflow = draft.around.rulebook.workflow
    known = {event for state in workflow.states.values() for event in state.events}
    if name in known | set(workflow.anywhere) or name == REOPEN:
        return f"`{name}` is not possible in `{draft.case.state}`"
    hint = did_you_mean(name, sorted(known | set(workflow.anywhere)))
    return f"`{name}` is not an event of `{workflow.name}`" + (f"; {hint}" if hint else "")


def _for_whom(draft: Draft, event: Event, ways: Sequence[Transition]) -> str:
    roles = list(dict.fromkeys(role for way in ways for role in way.by))
    if roles == ["approvers"] and draft.offer is not None:
        roles = [f"a {draft.offer.approval}"]
    return f"`{event.name}` is for {' or '.join(roles)}; {event.by.id} is here as {event.by.role}"


def _require_facts(way: Transition, event: Event) -> None:
    for fact, how in way.takes.items():
        if how == "required" and fact not in event.facts:
            raise NotPermitted("fact_missing", f"`{event.name}` needs `{fact}`")


def may_submit(draft: Draft, by: Actor, way: Transition) -> bool:
    """Whether an actor's role may take this way. `approvers` are the roles that reach the band."""
    for role in way.by:
        if role == "approvers":
            band = draft.offer.approval if draft.offer is not None else "manager"
            if offers.may_act_as(by.role, "agent" if band == offers.NO_APPROVAL else band):
                return True
        elif offers.may_act_as(by.role, role):
            return True
    return False


def allowed_events(rulebook: Rulebook, case: Case) -> tuple[str, ...]:
    """The events that people and platforms may put to the case where it stands."""
    machine = rulebook.machine
    named = [
        event
        for event in machine.events_of(case.state)
        if any(set(way.by) - {"system"} for way in machine.ways(case.state, event))
    ]
    state = rulebook.workflow.states[case.state]
    if state.follow_up is not None:
        named.append(state.follow_up.after)
    if state.reopen is not None and case.counts.get("reopened", 0) < state.reopen.at_most:
        named.append("reopen")
    return tuple(named)


def _take_facts(draft: Draft, event: Event, ways: Sequence[Transition]) -> None:
    """Put the facts given with the event on the draft, as far as the event takes them."""
    taken = {fact for way in ways for fact in way.takes}
    unknown = sorted(set(event.facts) - taken)
    if unknown:
        takes = f"it takes {', '.join(sorted(taken))}" if taken else "it takes no facts"
        raise NotPermitted(
            "fact_not_taken", f"`{event.name}` does not take `{unknown[0]}`: {takes}"
        )
    add_facts(draft, event.facts, event.by)


def note_given(draft: Draft, facts: Mapping[str, str]) -> None:
    """Keep what was told with an event, personal facts apart; the case does not learn it."""
    for name, text in facts.items():
        draft.given[name] = text
        declared = draft.around.rulebook.schema.declared(name)
        if declared is not None and declared.personal:
            draft.personal[name] = text


def add_facts(draft: Draft, facts: Mapping[str, str], by: Actor) -> None:
    """Merge facts into the case: personal ones apart, each only by a role that may set it."""
    schema = draft.around.rulebook.schema
    kept = dict(draft.case.facts)
    for name, text in facts.items():
        draft.given[name] = text
        if name == "option":
            continue
        declared = schema.declared(name)
        if declared is None:
            raise NotPermitted("fact_unknown", f"`{name}` is not a fact")
        if declared.is_built_in:
            raise NotPermitted("fact_built_in", f"`{name}` is worked out here, and cannot be given")
        if declared.set_by and not any(
            offers.may_act_as(by.role, role) for role in declared.set_by
        ):
            raise NotPermitted("fact_role", f"`{name}` is set by {' or '.join(declared.set_by)}")
        try:
            schema.read(name, text)
        except ValueUnreadable as error:
            raise NotPermitted("fact", f"`{name}`: {error}") from error
        if declared.personal:
            draft.personal[name] = text
        else:
            kept[name] = text
    draft.set(facts=kept)


def _holds(draft: Draft, way: Transition) -> bool:
    try:
        return way.guard.holds(_facts_for(draft, way))
    except FactMissing as missing:
        raise NotPermitted("fact_missing", str(missing)) from missing


def _facts_for(draft: Draft, way: Transition) -> Facts:
    """The facts a guard is judged on, with those of the offer where it reads them."""
    if not way.guard.reads & _OF_THE_OFFER:
        return draft.facts_for(way.guard)
    making = next((action for action in way.do if action.verb == "make offer"), None)
    if making is not None:
        decision = offers.prospect(draft, making.argument)
    elif draft.offer is not None:
        decision = draft.offer.decision
    else:
        return draft.facts_for(way.guard)
    chosen = draft.given.get("option") or (draft.offer.accepted_option if draft.offer else None)
    return draft.facts_for(way.guard, **_of_the_offer(decision, chosen))


def _of_the_offer(decision: OptionsDecision, chosen: str | None) -> dict[str, Value]:
    """What an offer answers: of the chosen option, or of all where none is chosen yet."""
    meant = [o for o in decision.options if o.id == chosen] or list(decision.options)
    names = (text for option in meant for r in option.remedies for text in (r.name, r.sort))
    more: dict[str, Value] = {
        "approval": decision.approval,
        "return_required": frozenset(option.returns.answer for option in meant),
        "remedy": frozenset(names),
    }
    return {**more, "option": chosen} if chosen else more


def _why_none(draft: Draft, event: Event, ways: Sequence[Transition]) -> str:
    reasons = []
    for way in ways:
        failing = way.guard.first_failing(_facts_for(draft, way))
        if failing is not None:
            reasons.append(str(failing))
    return f"`{event.name}` is not possible now: {'; '.join(dict.fromkeys(reasons))}"


def _bounded(
    draft: Draft, way: Transition, event: Event, used_up: frozenset[str] = frozenset()
) -> Transition:
    """`way`, or what comes in its place once it was taken as often as it may."""
    if way.at_most is None:
        return way
    name = _counted_as(draft, way)
    if draft.case.counts.get(name, 0) < way.at_most:
        draft.count(name)
        return way
    if way.after_that is None or name in used_up:
        raise NotPermitted(
            "at_most", f"`{event.name}` was possible {way.at_most} times, and is used up"
        )
    for instead in draft.around.rulebook.machine.ways(draft.case.state, way.after_that):
        if _holds(draft, instead):
            return _bounded(draft, instead, event, used_up | {name})
    raise NotPermitted("guard", f"`{way.after_that}`, after `{event.name}`, is not possible now")


def _counted_as(draft: Draft, way: Transition) -> str:
    rulebook, state = draft.around.rulebook, draft.case.state
    number = rulebook.machine.ways(state, way.event).index(way)
    return rulebook.workflow.counted_as(state, way.event, number)
