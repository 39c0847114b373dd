# ruff: noqa: E501
"""A small shop with one policy, for the tests of versions, differences and simulations."""

from pathlib import Path

FACTS = """\
aftersales: facts/1
facts:
  severity:       {type: choice, of: [minor, major], in_order: true}
  affected_value: {type: money, range: over 0 USD}
  country:        {type: country}
  platform:       {type: choice, of: [own_shop, market]}
  tier:           {type: choice, of: [regular, vip], may_be_missing: true}
  delivered_at:   {type: instant, may_be_missing: true}
  days_since:     {type: number, whole: true, may_be_missing: true, is: days from delivered_at to opened_at}
  message:        {type: text, personal: true, may_be_missing: true}
"""

CALENDARS = """\
aftersales: calendars/1
calendars:
  desk: {zone: America/New_York, holidays: US, hours: {mon-fri: 09:00-17:00}, known_until: 2030}
"""

RATES = """\
aftersales: rates/1
about: What one dollar buys
because: round rates for tests
base: USD
rates: {EUR: 0.5}
"""

WORKFLOW = """\
aftersales: workflow/1
workflow: torn
about: The item arrived torn
starts_in: reported
calendar: desk
needs: [affected_value, severity]
states:
  reported:
    waiting_for: desk
    deadlines:
      decide: {within: 2 business days, when_over: give_up}
    events:
      propose: {by: agent, go_to: offered, do: [make offer, send offer]}
      give_up: {by: system, go_to: silent}
  offered:
    waiting_for: customer
    deadlines:
      answer: {within: 7 days, when_over: give_up}
    events:
      accept:  {by: customer, takes: {option: required}, go_to: settled, do: [accept option, grant accepted option]}
      give_up: {by: system, go_to: silent, do: [expire offer]}
  settled: {final: true, outcome: compensated}
  silent: {final: true, outcome: no_answer}
"""

POLICY = """\
aftersales: policy/1
policy: torn
about: What we may offer when an item arrives torn
applies_to: {kind: torn}
remedies:
  coupon:      {coupon: 5 USD, valid_for: 90 days, counts_as: goodwill}
  half_refund: {refund: 50% of affected_value}
  full_refund: {refund: 100% of affected_value}
rows:
  - {id: slight, when: {severity: minor}, options: coupon}
  - {id: heavy,  when: {severity: major, affected_value: under 100 USD}, options: [half_refund, full_refund]}
  - {id: dear,   when: {severity: major, affected_value: at least 100 USD}, options: half_refund}
approval: {none_needed: under 50 USD, supervisor: at least 50 USD}
"""

REPLIES = """\
aftersales: replies/1
language: en
replies:
  offer: {needs: [order_id, options], subject: "Our offer", body: "Please choose."}
"""

FILES = {
    "policies/facts.yaml": FACTS,
    "policies/calendars.yaml": CALENDARS,
    "policies/rates.yaml": RATES,
    "policies/compensation/torn.yaml": POLICY,
    "workflows/torn.yaml": WORKFLOW,
    "replies/en.yaml": REPLIES,
}
HALF_FOR_ALL = ("options: [half_refund, full_refund]", "options: half_refund")


def write_shop(folder: Path, *changes: tuple[str, str]) -> Path:
    """The small shop's definitions in `folder`, with texts replaced; each must be found."""
    left = list(changes)
    for file, written in FILES.items():
        content = written
        for change in [change for change in left if change[0] in content]:
            content = content.replace(*change)
            left.remove(change)
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert not left, f"nothing reads {left}"
    return folder
