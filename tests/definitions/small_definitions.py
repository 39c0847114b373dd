# ruff: noqa: E501
"""Small definitions for the tests of their readers, and ways to read them."""

from pathlib import Path
from textwrap import dedent

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.workflow_names import Known
from aftersales.definitions.workflows import read_workflow
from aftersales.domain.conditions import FactSchema
from aftersales.domain.workflow import Workflow

FACTS = """\
aftersales: facts/1
facts:
  severity:       {type: choice, of: [minor, major, total], in_order: true}
  affected_value: {type: money, range: over 0 USD}
  evidence:       {type: choice, of: [none, photo, video]}
  country:        {type: country}
  asked_at:       {type: instant, may_be_missing: true, set_by: platform}
  due_by:         {type: instant, may_be_missing: true, set_by: platform}
  answer_by_us:   {type: choice, of: [fight, give_in], is: by policy answer}
  placed_on:      {type: date, may_be_missing: true}
  in_stock:       {type: yes_no, may_be_missing: true}
  orders_before:  {type: number, whole: true, set_by: system, may_be_missing: true}
  language_of_customer: {type: language, may_be_missing: true}
  message:        {type: text, personal: true, may_be_missing: true}
  stars:          {type: number, whole: true, about_review: true, may_be_missing: true}
  item_cost:      {type: money, may_be_missing: true}
"""

WORKFLOW = """\
aftersales: workflow/1
workflow: torn
about: The item arrived torn
starts_in: reported
calendar: desk
needs: [affected_value, severity]
when_opened: [send received]

case_deadlines:
  their_clock: {starts: asked_at, stamped_by: due_by, within: by policy deadlines, buffer: 4 business hours, when_over: answer_now, ends_with: [sent offer, they_paid]}

anywhere:
  they_paid:  {by: platform, go_to: paid, do: [withdraw offer]}
  answer_now: {by: system, stay: true, at_most: 1 time, do: [alert supervisor]}

states:
  reported:
    waiting_for: desk
    deadlines:
      decide: {within: 2 business days, warn: {50%: [alert assignee], 1 business day: [alert supervisor]}, once: per case, when_over: remind}
    events:
      propose:
        - {by: agent, if: {approval: none_needed}, go_to: offered, do: [make offer, send offer]}
        - {by: agent, if: {approval: not none_needed}, stay: true, do: [alert approvers]}
      remind: {by: system, stay: true, at_most: 2 times, after_that: give_up, do: [alert manager]}
      give_up: {by: system, go_to: silent}
  offered:
    waiting_for: customer
    deadlines:
      answer: {within: 7 days, calendar: desk, due_at: midnight, at_latest: their_clock, starts_when: sent offer, when_over: expire}
    events:
      accept: {by: customer, takes: {option: required}, go_to: paid, do: [accept option, grant accepted option]}
      expire: {by: system, go_to: silent, do: [expire offer]}
  paid:
    final: true
    outcome: compensated
    follow_up: {after: event arrived, wait: 24 hours, do: [send received]}
  silent: {final: true, outcome: no_answer, reopen: {by: [customer, agent], within: 30 days, go_to: reported, at_most: 2 times}}

always:
  - never: {do: send offer, unless_after: propose, if: {approval: not none_needed}}
  - at_most_once: grant accepted option ever
"""


def schema_of(facts: str = FACTS) -> FactSchema:
    """The schema of a text of facts that has no slip."""
    notes = Notes()
    root, problems = text.read(facts, "facts.yaml")
    assert isinstance(root, text.Mapping), problems
    schema = read_facts(root, notes)
    assert not notes.problems, notes.problems
    return schema


def workflow_of(written: str = WORKFLOW, *, strict: bool = True) -> tuple[Workflow | None, Notes]:
    """The workflow of a text, and what was noted. `strict`: names of other files are known."""
    notes = Notes()
    root, problems = text.read(dedent(written), "torn.yaml")
    assert isinstance(root, text.Mapping), problems
    known = Known(
        schema_of(),
        templates=frozenset({"received", "offer"}),
        policies=frozenset({"torn"}),
        tables=frozenset({"deadlines", "answer"}),
        remedies=frozenset({"refund_all"}),
        calendars=frozenset({"desk"}),
        kinds=frozenset({"torn"}),
    )
    return read_workflow(root, known if strict else Known(schema_of()), notes), notes


CALENDARS = """\
aftersales: calendars/1
calendars:
  desk: {zone: America/New_York, holidays: US, hours: {mon-fri: 09:00-17:00}, known_until: 2030}
  unused: {zone: Europe/Berlin, holidays: DE, hours: {mon-fri: 08:00-16:00}, known_until: 2030}
"""

DEADLINES = """\
aftersales: policy/1
policy: deadlines
choose: one
answers: {within: duration, calendar: {type: calendar, default: of the workflow}, warn: {type: ladder, default: none}}
rows:
  - {id: high, when: {deadline: their_clock, affected_value: over 100 USD}, within: 4 business days, warn: {2 business days: [alert assignee], 50%: [alert supervisor]}}
  - {id: low,  when: {deadline: their_clock, affected_value: at most 100 USD}, within: 2 business days}
"""

ANSWER = """\
aftersales: policy/1
policy: answer
choose: first
answers: {answer_by_us: [fight, give_in]}
rows:
  - {id: dear, when: {affected_value: at least 50 USD}, answer_by_us: fight}
otherwise: {answer_by_us: give_in}
"""

TORN = """\
aftersales: policy/1
policy: torn
about: What we may offer when an item arrives torn
applies_to: {kind: torn}
remedies:
  refund_all: {refund: 100% of affected_value}
rows:
  - {id: any_case, when: {severity: any}, options: refund_all}
approval: {none_needed: under 50 USD, supervisor: 50 USD to under 250 USD, manager: at least 250 USD}
return_required: {choose: one, rows: [], otherwise: {answer: customer_keeps}}
"""

REPLIES = """\
aftersales: replies/1
language: en
replies:
  received: {needs: [order_id], subject: "Your order {{ order_id }}", body: "We have your message."}
  offer: {needs: [order_id, options], subject: "Our offer", body: "Please choose."}
"""

FILES = {
    "workflows/torn.yaml": WORKFLOW,
    "policies/facts.yaml": FACTS,
    "policies/calendars.yaml": CALENDARS,
    "policies/deadlines.yaml": DEADLINES,
    "policies/answer.yaml": ANSWER,
    "policies/compensation/offers.yaml": TORN,
    "replies/en.yaml": REPLIES,
}


def write_folder(folder: Path, **changed: str | None) -> Path:
    """The small definitions as files. A key of `changed` is a file's stem; None: left out."""
    for file, written in FILES.items():
        content = changed.pop(Path(file).stem, written)
        if content is not None:
            write_file(folder, file, content)
    assert not changed, changed
    return folder


def write_file(folder: Path, file: str, content: str) -> None:
    """One file, with the folders it needs."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
