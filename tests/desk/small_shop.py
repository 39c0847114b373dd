# ruff: noqa: E501
"""A small shop for the tests of the desk: its definitions as files, and words for what is done.

Its calendar is open round the clock in UTC, so that hours are hours.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aftersales.definitions import Catalog, Contents
from aftersales.desk import CaseView, Desk
from aftersales.domain.case import Account, Actor, Effect, LedgerEntry
from aftersales.domain.errors import EventRefused
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests

START = "2026-03-02T09:00:00Z"  # a Monday
ANN, BOB = Actor.agent("ann"), Actor.agent("bob")
SUE, TOM = Actor.supervisor("sue"), Actor.supervisor("tom")
MAX = Actor.manager("max")
CUSTOMER = Actor.customer("c1")
MARKET, BANK = Actor.platform("market"), Actor.bank("bank")

FACTS = """\
aftersales: facts/1
facts:
  severity:       {type: choice, of: [minor, major], in_order: true}
  affected_value: {type: money, range: over 0 USD}
  photo:          {type: yes_no, may_be_missing: true}
  checked:        {type: yes_no, may_be_missing: true, set_by: agent}
  note:           {type: text, personal: true, may_be_missing: true}
  asked_at:       {type: instant, may_be_missing: true, set_by: [platform, system]}
  due_by:         {type: instant, may_be_missing: true, set_by: [platform, system]}
  outside_refund: {type: money, may_be_missing: true, set_by: [platform, bank, system]}
"""

TORN = """\
aftersales: workflow/1
workflow: torn
about: The item arrived torn
starts_in: reported
calendar: desk
needs: [affected_value, severity]
when_opened: [send received]

case_deadlines:
  their_clock: {starts: asked_at, stamped_by: due_by, within: 96 hours, buffer: 4 hours, warn: {50%: [alert agent]}, when_over: answer_now, ends_with: [sent offer, they_paid]}

anywhere:
  they_paid:  {by: [platform, bank], takes: {outside_refund: required}, go_to: paid_by_them, do: [record outside_refund, withdraw offer]}
  they_ask:   {by: platform, takes: {asked_at: optional, due_by: optional}, stay: true}
  answer_now: {by: system, stay: true, at_most: 2 times, do: [alert supervisor]}
  order_held: {by: system, go_to: frozen, do: [withdraw offer, alert supervisor]}

states:
  reported:
    waiting_for: desk
    deadlines:
      first_reply: {within: 24 hours, once: per case, when_over: remind}
      decide:      {within: 72 hours, when_over: remind}
    events:
      propose:
        - {by: agent, if: {approval: none_needed}, go_to: offered, do: [make offer, send offer]}
        - {by: agent, if: {approval: not none_needed}, go_to: awaiting_approval, do: [make offer, alert approvers]}
      ask:     {by: agent, go_to: asking, do: [send question]}
      look:    {by: agent, takes: {checked: optional, photo: optional}, stay: true, at_most: 2 times, after_that: give_up}
      poke:    {by: agent, stay: true, at_most: 1 time}
      quarrel: {by: agent, stay: true, do: [open case quarrel]}
      remind:  {by: system, stay: true, at_most: 2 times, after_that: give_up, do: [alert manager]}
      give_up: {by: system, go_to: silent}
      thank:   {by: agent, stay: true, do: [gift coupon]}
      leave:   {by: agent, go_to: silent}
  asking:
    waiting_for: customer
    deadlines:
      reply: {within: 48 hours, starts_when: sent question, warn: {24 hours: [send reminder]}, when_over: silence}
    events:
      answered: {by: [customer, agent], takes: {photo: optional, note: optional, checked: optional}, go_to: reported}
      silence:  {by: system, go_to: silent}
  awaiting_approval:
    waiting_for: desk
    deadlines:
      approval: {within: 24 hours, when_over: escalate}
    events:
      approve:  {by: approvers, go_to: offered, do: [approve offer, send offer]}
      escalate: {by: system, stay: true, at_most: 3 times, after_that: give_up, do: [alert manager]}
      give_up:  {by: system, go_to: silent, do: [withdraw offer]}
  offered:
    waiting_for: customer
    deadlines:
      answer: {within: 96 hours, at_latest: their_clock, starts_when: sent offer, warn: {48 hours: [send reminder]}, when_over: expire}
    events:
      accept:  {by: customer, takes: {option: required}, go_to: fulfilling, do: [accept option, grant accepted option, send granted]}
      propose: {by: agent, stay: true, do: [make offer, send offer]}
      expire:  {by: system, go_to: silent, do: [expire offer]}
  fulfilling:
    waiting_for: desk
    deadlines:
      done: {within: 240 hours, when_over: give_up}
    events:
      remedy_done:   {by: system, go_to: settled}
      remedy_failed: {by: system, go_to: reported, do: [alert supervisor]}
      give_up:       {by: system, go_to: reported, do: [alert supervisor]}
  frozen:
    waiting_for: bank
    deadlines:
      thaw: {within: 1200 hours, when_over: give_up}
    events:
      order_released: {by: system, go_to: reported}
      remedy_failed:  {by: system, stay: true}
      give_up:        {by: system, go_to: silent}
  paid_by_them:
    waiting_for: desk
    deadlines:
      recover: {within: 48 hours, when_over: leave_it}
    events:
      leave_it:      {by: [agent, system], go_to: settled_by_them}
      remedy_failed: {by: system, stay: true}
  settled:
    final: true
    outcome: compensated
    follow_up: {after: event arrived, wait: 24 hours, do: [send how_was_it]}
    reopen: {by: [customer, agent], within: 240 hours, go_to: reported, at_most: 2 times}
  silent: {final: true, outcome: no_answer, reopen: {by: [customer, agent], within: 240 hours, go_to: reported, at_most: 2 times}}
  settled_by_them: {final: true, outcome: paid_by_them}
"""

QUARREL = """\
aftersales: workflow/1
workflow: quarrel
about: The customer turned to his bank
starts_in: received
calendar: desk
needs: [affected_value]
when_opened: [hold order, call gather]

states:
  received:
    waiting_for: desk
    deadlines:
      decide: {within: 240 hours, when_over: lost}
    events:
      won:  {by: bank, go_to: closed_won, do: [release order]}
      lost: {by: [bank, system], takes: {outside_refund: optional}, go_to: closed_lost, do: [release order]}
  closed_won:  {final: true, outcome: won}
  closed_lost: {final: true, outcome: lost}
"""

CALENDARS = """\
aftersales: calendars/1
calendars:
  desk: {zone: UTC, hours: {mon-sun: 00:00-24:00}}
"""

OFFERS = """\
aftersales: policy/1
policy: torn
about: What we may offer when an item arrives torn
applies_to: {kind: torn}
remedies:
  coupon:     {coupon: 10 USD, counts_as: goodwill, if_unknown: retry with key}
  half:       {refund: 50% of affected_value, counts_as: goodwill}
  refund_all: {refund: 100% of affected_value}
  again:      {resend: the ordered items, costs: [affected_value]}
rows:
  - {id: small_harm, when: {severity: minor}, options: [coupon, half]}
  - {id: great_harm, when: {severity: major}, options: [refund_all, again + coupon]}
limits:
  per_customer: {goodwill: at most 30 USD, within: 90 days}
approval: {none_needed: under 50 USD, supervisor: 50 USD to under 250 USD, manager: at least 250 USD}
return_required: {choose: one, rows: [], otherwise: {answer: customer_keeps}}
"""

QUARREL_OFFERS = """\
aftersales: policy/1
policy: quarrel
about: Nothing is offered while the bank decides
applies_to: {kind: quarrel}
remedies:
  refund_all: {refund: 100% of affected_value}
rows:
  - {id: always, when: {severity: any}, options: refund_all}
approval: {none_needed: under 50 USD, supervisor: 50 USD to under 250 USD, manager: at least 250 USD}
return_required: {choose: one, rows: [], otherwise: {answer: customer_keeps}}
"""

REPLIES = """\
aftersales: replies/1
language: en
replies:
  received:   {needs: [order_id], subject: "Your order {{ order_id }}", body: "We have your message."}
  question:   {needs: [order_id], subject: "A question", body: "Please send a photo by {{ answer_by }}. You wrote: {{ note }}"}
  reminder:   {needs: [order_id], subject: "A reminder", body: "We still wait."}
  offer:      {needs: [order_id, options], subject: "Our offer", body: "Please choose."}
  granted:    {needs: [order_id], subject: "On its way", body: "It is on its way."}
  how_was_it: {needs: [order_id], subject: "Did it arrive", body: "All well?"}
"""

FILES = {
    "workflows/torn.yaml": TORN,
    "workflows/quarrel.yaml": QUARREL,
    "policies/facts.yaml": FACTS,
    "policies/calendars.yaml": CALENDARS,
    "policies/compensation/torn.yaml": OFFERS,
    "policies/compensation/quarrel.yaml": QUARREL_OFFERS,
    "replies/en.yaml": REPLIES,
}


def catalog_of(folder: Path, *edits: tuple[str, str]) -> Catalog:
    """The small shop's definitions, each edit `(old, new)` made in the one file that has it."""
    contents_of(*edits).write_to(folder)
    return Catalog.load(folder)


def contents_of(*edits: tuple[str, str]) -> Contents:
    """The same, not written anywhere."""
    files = dict(FILES)
    for old, new in edits:
        holders = [name for name, text in files.items() if old in text]
        assert len(holders) == 1, f"{old!r} stands in {holders}"
        files[holders[0]] = files[holders[0]].replace(old, new)
    return Contents({name: text.encode() for name, text in sorted(files.items())})


def opened(
    shop: ShopForTests,
    kind: str = "torn",
    *,
    order: str | None = "1001",
    paid: str = "100.00 USD",
    value: str = "40.00 USD",
    severity: str = "minor",
    customer: str = "c1",
    facts: dict[str, object] | None = None,
    **how: Any,
) -> CaseView:
    """A case on an order of which `paid` was paid."""
    if order is not None:
        shop.desk.record_order(order, paid=Money.parse(paid))
    given = {"affected_value": value, "severity": severity, **(facts or {})}
    return shop.desk.open_case(kind, order_id=order, customer_id=customer, facts=given, **how)


def offered(shop: ShopForTests, **how: Any) -> CaseView:
    """A case with an offer that the customer has received. A supervisor approves if need be."""
    case = opened(shop, **how)
    view = shop.desk.submit(case.id, "propose", by=ANN)
    if view.state == "awaiting_approval":
        shop.desk.submit(case.id, "approve", by=MAX)
    shop.tick()
    return shop.desk.get_case(case.id)


def accepted_option(shop: ShopForTests, option: str, **how: Any) -> CaseView:
    """A case whose customer chose `option`: its remedies are granted, none handed out yet."""
    case = offered(shop, **how)
    return shop.desk.submit(case.id, "accept", by=CUSTOMER, facts={"option": option})


def refusal(act: Callable[[], object]) -> EventRefused:
    """The refusal that `act` meets; an error if it meets none."""
    try:
        act()
    except EventRefused as refused:
        return refused
    raise AssertionError("it was not refused")


def effects(desk: Desk, case_id: str, lane: str = "") -> list[Effect]:
    """The effects a case has caused, of one lane or of all."""
    with desk.store.reading(desk.shop) as tx:
        return [e for e in tx.effects(case_id) if lane in ("", e.lane)]


def money(desk: Desk, case_id: str) -> Effect:
    """The one effect of money that a case has caused."""
    (effect,) = effects(desk, case_id, "money")
    return effect


def ledger(desk: Desk, case_id: str) -> tuple[LedgerEntry, ...]:
    """What was granted in a case."""
    with desk.store.reading(desk.shop) as tx:
        return tx.ledger_of_case(case_id)


def account(desk: Desk, scope: str = "order:1001") -> Account:
    """The account as it stands."""
    with desk.store.reading(desk.shop) as tx:
        found = tx.account(scope)
    assert found is not None
    return found


def events(desk: Desk, case_id: str) -> list[str]:
    """The names of what happened to a case, in order."""
    return [entry.event for entry in desk.history(case_id)]
