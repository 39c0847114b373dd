"""A workflow whose deadlines are paused and resumed, on a desk open from 9 to 17 in UTC."""

from case_examples import FACTS
from policy_examples import edited, node

from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.workflow_names import Known
from aftersales.definitions.workflows import read_workflow
from aftersales.domain.calendar import HOUR, Calendar, Plan, day_number, parse_instant, speak
from aftersales.domain.case import Case
from aftersales.domain.policy import Policies
from aftersales.domain.rulebook import Rulebook

MORE_FACTS = """\
  told_at:        {type: instant, may_be_missing: true}
  due_by:         {type: instant, may_be_missing: true}
  customer_zone:  {type: zone, may_be_missing: true}
"""

WORKFLOW = """
aftersales: workflow/1
workflow: wet
about: The item arrived wet
starts_in: reported
calendar: desk
needs: [affected_value, severity]
case_deadlines:
  resolution: {starts: opened_at, within: 5 business days, warn: {50%: [alert agent]}, when_over: too_long}
  lease: {starts: told_at, within: 10 hours, buffer: 2 hours, when_over: too_long}
  theirs: {starts: told_at, stamped_by: due_by, within: 96 hours, when_over: too_long}
anywhere:
  too_long: {by: system, stay: true, at_most: 9 times, do: [alert manager]}
  hold:     {by: agent, takes: {told_at: optional}, stay: true, do: [pause resolution, pause lease]}
  go_on:    {by: agent, takes: {told_at: optional}, stay: true, do: [resume resolution, resume lease]}
  no_time:  {by: agent, stay: true, do: [pause resolution, resume resolution]}
  tell:     {by: agent, takes: {told_at: optional, due_by: optional}, stay: true}
states:
  reported:
    waiting_for: desk
    deadlines:
      decide: {within: 30 days, when_over: silence}
      think:  {within: 8 business hours, warn: {50%: [alert agent], 6 business hours: [alert supervisor]}, when_over: silence}
    events:
      ask:      {by: agent, go_to: asking, do: [send question]}
      ask_held: {by: agent, go_to: asking, do: [send question, pause answer]}
      wait:     {by: agent, go_to: asking, do: [pause resolution]}
      ponder:   {by: agent, stay: true, do: [pause think]}
      decided:  {by: agent, stay: true, do: [resume think]}
      again:    {by: agent, go_to: reported, do: [pause think]}
      silence:  {by: system, go_to: asking}
  asking:
    waiting_for: customer
    deadlines:
      answer: {within: 10 days, at_latest: resolution, starts_when: sent question, warn: {5 days: [alert agent]}, when_over: silence}
      limit:  {within: 60 days, when_over: silence}
    events:
      travels:  {by: customer, stay: true, do: [pause answer]}
      is_back:  {by: customer, stay: true, do: [resume answer]}
      answered: {by: customer, go_to: reported, do: [resume resolution]}
      silence:  {by: system, go_to: closed}
  closed: {final: true, outcome: over, reopen: {by: agent, within: 90 days, go_to: reported, at_most: 1 time}}
"""  # noqa: E501

WEEK = (*(((9 * HOUR, 17 * HOUR),),) * 5, (), ())


def rulebook(*changes: tuple[str, str], **plan: object) -> Rulebook:
    """The rulebook of the example, some of it written otherwise; `plan` is of its calendar."""
    notes = Notes()
    schema = read_facts(node(FACTS + MORE_FACTS), notes)
    workflow = read_workflow(node(edited(WORKFLOW, *changes)), Known(schema), notes)
    assert workflow is not None, notes.problems
    desk = Calendar.built(Plan(**{"name": "desk", "zone": "UTC", "week": WEEK, **plan}))  # type: ignore[arg-type]
    return Rulebook("digest", "wet", workflow, schema, Policies({}, {}), {"desk": desk}, {})


RULES = rulebook()


def at(case: Case, timer: str) -> str:
    """When a timer is due, in UTC: `Mon 2 Mar 2026, 17:00`; or why it has no such time."""
    found = {t.id.split("/", 2)[2].replace("/0", "", 1): t for t in case.timers}.get(timer)
    if found is None:
        return "not armed"
    if found.due_at is not None:
        return speak(found.due_at, "UTC").removesuffix(" (UTC)")
    if found.paused_at is not None:
        return "paused"
    return "waits" if found.waits_for else "left out"


def known_until(year: int) -> int:
    """The last day of a year, as a plan says until when holidays are known."""
    return day_number(parse_instant(f"{year}-12-31T00:00:00Z").date())
