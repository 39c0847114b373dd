"""A small workflow as an author would write it, and ways to decide on a case of it, in memory."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from policy_examples import edited, node

from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_option_policy
from aftersales.definitions.workflow_names import Known
from aftersales.definitions.workflows import read_workflow
from aftersales.domain.calendar import HOUR, Calendar, Plan, parse_instant
from aftersales.domain.case import (
    Account,
    Actor,
    Case,
    Change,
    Event,
    Opening,
    Refusal,
    Surroundings,
    fire_timers,
    handle_event,
    open_case,
)
from aftersales.domain.conditions import Rates
from aftersales.domain.money import Money
from aftersales.domain.policy import Policies
from aftersales.domain.rulebook import Rulebook

START = parse_instant("2026-03-02T09:00:00Z")
ANN, SUE, CUSTOMER = Actor.agent("ann"), Actor.supervisor("sue"), Actor.customer("c1")

FACTS = """
aftersales: facts/1
facts:
  severity:       {type: choice, of: [minor, major], in_order: true}
  affected_value: {type: money, range: over 0 USD}
  weather:        {type: choice, of: [dry, wet]}
  photo:          {type: yes_no, may_be_missing: true}
"""

WORKFLOW = """
aftersales: workflow/1
workflow: wet
about: The item arrived wet
starts_in: reported
calendar: desk
needs: [affected_value, severity]
anywhere:
  note: {by: agent, takes: {photo: optional}, stay: true}
states:
  reported:
    waiting_for: desk
    deadlines:
      decide: {within: 24 hours, warn: {50%: [alert agent]}, when_over: escalate}
      reply:  {within: 24 hours, when_over: nudge}
    events:
      ask:      {by: agent, go_to: asking, do: [send question]}
      hurry:    {by: agent, go_to: asking}
      sort_out:
        - {by: agent, if: {severity: minor}, go_to: closed}
        - {by: agent, if: {severity: major, photo: yes}, go_to: asking}
      dry:      {by: agent, if: {weather: dry}, go_to: closed}
      propose:
        {by: agent, if: {approval: none_needed}, go_to: closed, do: [make offer, send offer]}
      nudge:    {by: system, stay: true, at_most: 1 time, do: [alert agent]}
      escalate: {by: system, go_to: asking}
  asking:
    waiting_for: customer
    deadlines:
      answer: {within: 10 hours, starts_when: sent question, when_over: silence}
    events:
      answered: {by: customer, go_to: reported}
      silence:  {by: system, if: {severity: minor}, go_to: closed}
  closed: {final: true, outcome: over}
"""

POLICY = """
aftersales: policy/1
policy: wet
about: What we may offer
applies_to: {kind: wet}
remedies:
  all: {refund: 100% of affected_value}
rows:
  - {id: always, when: {severity: any}, options: all}
approval: {none_needed: under 50 USD, supervisor: at least 50 USD}
return_required: {choose: one, rows: [], otherwise: {answer: customer_keeps}}
"""


def rulebook(*changes: tuple[str, str]) -> Rulebook:
    """The rulebook of the example, with some of its workflow or policy written otherwise."""
    notes = Notes()
    schema = read_facts(node(FACTS), notes)
    of_policy = [change for change in changes if change[0] in POLICY]
    of_workflow = [change for change in changes if change not in of_policy]
    workflow = read_workflow(node(edited(WORKFLOW, *of_workflow)), Known(schema), notes)
    policy = read_option_policy(node(edited(POLICY, *of_policy)), schema, notes)
    assert workflow is not None, notes.problems
    assert policy is not None, notes.problems
    hours = (((0, 24 * HOUR),),) * 7
    desk = Calendar.built(Plan(name="desk", zone="UTC", week=hours))  # type: ignore[arg-type]
    policies = Policies({"wet": policy}, {})
    return Rulebook("digest", "wet", workflow, schema, policies, {"desk": desk}, {})


RULES = rulebook()


def hours(count: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=count)


def around(rules: Rulebook = RULES, *, recorded_at: datetime = START) -> Surroundings:
    """What a decision may read: an order of which 100 USD were paid."""
    nothing = Money("0.00", "USD")
    account = Account("order:1", Money("100.00", "USD"), nothing, nothing, nothing)
    return Surroundings(rules, recorded_at, lambda day: Rates.none(), account=account)


def opening(facts: Mapping[str, str] | None = None) -> Opening:
    """A case of minor harm, opened at START."""
    given = {"affected_value": "40.00 USD", "severity": "minor", **(facts or {})}
    return Opening(
        shop="shop", case_id="case", by=ANN, at=START, currency="USD", facts=given, order_id="1"
    )


def opened(rules: Rulebook = RULES, **facts: str) -> Case:
    """The case just opened."""
    return changed(open_case(around(rules), opening(facts))).case


def changed(outcome: Change | Refusal | None) -> Change:
    """The change that a decision came to; an error if it came to none."""
    assert isinstance(outcome, Change), outcome
    return outcome


def refused(outcome: Change | Refusal) -> Refusal:
    """The refusal that a decision came to."""
    assert isinstance(outcome, Refusal), outcome
    return outcome


def put(
    case: Case,
    name: str,
    *,
    by: Actor = ANN,
    after: float = 0,
    recorded_after: float | None = None,
    rules: Rulebook = RULES,
    **facts: str,
) -> Change | Refusal:
    """Put an event to the case, so many hours after START."""
    recorded_at = START + hours(after if recorded_after is None else recorded_after)
    event = Event(name, by, START + hours(after), facts)
    return handle_event(around(rules, recorded_at=recorded_at), case, event)


def fired(case: Case, after: float, rules: Rulebook = RULES) -> list[Change]:
    """All that fires within so many hours after START, in order."""
    changes: list[Change] = []
    before = START + hours(after)
    while change := fire_timers(around(rules, recorded_at=before), case, before):
        changes.append(change)
        case = change.case
    return changes


def due(case: Case) -> dict[str, float | None]:
    """The armed timers by id, in hours after START; None for one that waits for a message."""
    return {t.id: t.due_at and (t.due_at - START) / hours(1) for t in case.timers}


def without_recording(change: Change) -> Change:
    """The change, whenever it was recorded."""
    return replace(change, history=replace(change.history, recorded_at=START))
