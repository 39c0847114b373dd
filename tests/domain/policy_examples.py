"""A compensation policy as an author would write it, and the facts of a case, for the tests."""

from collections.abc import Mapping

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import (
    read_channels,
    read_floors,
    read_option_policy,
    read_rows_table,
)
from aftersales.domain.conditions import Facts, FactSchema, Rates, Value
from aftersales.domain.money import Money
from aftersales.domain.policy import (
    Channels,
    Floors,
    Option,
    OptionsDecision,
    Policies,
    RowsTable,
    Spent,
    Undecided,
    decide_options,
)

FACTS = """
aftersales: facts/1
facts:
  severity: {type: choice, of: [minor, major, total], in_order: true}
  affected_value: {type: money, range: over 0 USD}
  item_cost: {type: money, may_be_missing: true}
  resend_cost: {type: money, may_be_missing: true}
  tier: {type: choice, of: [new, regular, vip]}
  country: {type: country}
  platform: {type: choice, of: [own_shop, amazon, ebay]}
  fulfilled_by: {type: choice, of: [us, platform]}
  in_stock: {type: yes_no}
  review_stars: {type: number, whole: true, may_be_missing: true, about_review: true}
  days_late: {type: number, whole: true, may_be_missing: true}
  is_late: {type: yes_no, is: by policy lateness}
groups:
  country: {home: [US], nearby: [CA, MX], eu: [DE, FR]}
bands:
  affected_value: {small: under 20 USD, medium: 20 USD to under 100 USD, large: at least 100 USD}
"""

POLICY = """
aftersales: policy/1
policy: broken
about: What we may offer
applies_to: {kind: broken}
remedies:
  small_coupon:
    {coupon: 10% of affected_value, at_least: 3 USD, at_most: 15 USD, valid_for: 90 days,
     counts_as: goodwill}
  part_refund: {refund: 20% of affected_value, at_most: 60 USD, counts_as: goodwill}
  half_refund: {refund: 50% of affected_value}
  full_refund: {refund: 100% of affected_value}
  resend:
    resend: the ordered items
    shipping: express
    costs: [item_cost, resend_cost]
    if_missing: 60% of affected_value
    only_if: {in_stock: yes}
base:
  down: affected_value
  across: severity
  cells:
    small:  {minor: small_coupon, major: full_refund, total: full_refund}
    medium:
      minor: [small_coupon, part_refund]
      major: [half_refund, resend, full_refund]
      total: [resend + small_coupon, full_refund]
    large:
      minor: part_refund
      major: [half_refund, resend, full_refund]
      total: [resend + small_coupon, full_refund]
exceptions:
  - id: far_away
    when: {affected_value: under 100 USD, country: not home nor nearby, severity: at least major}
    options: full_refund
    because: sending a second parcel abroad costs more than the goods
swaps:
  - {id: vip_refund_de, when: {tier: vip, country: DE}, instead_of: small_coupon, use: part_refund}
extras:
  - {id: vip_thanks, when: {tier: vip, severity: at least major}, add: small_coupon}
limits:
  never_together: [[full_refund, small_coupon], [full_refund, resend]]
  each_option: {at_most: 120% of affected_value}
  per_customer: {goodwill: at most 150 USD, within: 90 days}
approval:
  none_needed: under 50 USD
  supervisor: 50 USD to under 250 USD
  manager: at least 250 USD
return_required:
  choose: one
  rows:
    - id: send_back
      when: {affected_value: at least 100 USD, remedy: [full_refund, resend]}
      answer: prepaid_label
      within: 14 days
  otherwise: {answer: customer_keeps}
"""

CHANNELS = """
aftersales: policy/1
policy: channels
rows:
  - {platform: amazon, can: [refund, resend], coupons: never, review_contact: never}
  - {platform: amazon, fulfilled_by: platform, can: []}
"""

FLOORS = """
aftersales: policy/1
policy: law
floors:
  - id: eu_faulty
    when: {country: eu}
    must_offer_one_of: [resend, full_refund]
    source: the directive
    read_on: 2026-11-21
"""

USUAL = {
    "severity": "major",
    "affected_value": "80.00 USD",
    "tier": "regular",
    "country": "US",
    "platform": "own_shop",
    "fulfilled_by": "us",
    "in_stock": "yes",
    "item_cost": "20.00 USD",
    "resend_cost": "6.00 USD",
}
RATES = Rates.of("EUR", {"USD": "1.25", "JPY": "160"})


def node(source: str, file: str = "a.yaml") -> text.Mapping:
    """The mapping written in `source`."""
    root, problems = text.read(source, file)
    assert not problems
    assert isinstance(root, text.Mapping)
    return root


def schema(source: str = FACTS) -> FactSchema:
    """The facts of the examples."""
    notes = Notes()
    read = read_facts(node(source), notes)
    assert not notes.problems, notes.problems
    return read


SCHEMA = schema()


def policies(
    policy: str = POLICY, *, channels: str = "", floors: str = "", tables: tuple[str, ...] = ()
) -> Policies:
    """One compensation policy with what stands around it."""
    notes = Notes()
    read = read_option_policy(node(policy), SCHEMA, notes)
    allowed = read_channels(node(channels), SCHEMA, notes) if channels else Channels()
    law = read_floors(node(floors), SCHEMA, notes) if floors else Floors()
    assert not notes.problems, notes.problems
    assert read is not None
    assert allowed is not None
    assert law is not None
    rows = {table.name: table for table in map(rows_table, tables)}
    return Policies({read.name: read}, rows, channels=allowed, floors=law)


def rows_table(*sources: str) -> RowsTable:
    """The table that these files form."""
    notes = Notes()
    roots = [node(source, f"{n}.yaml") for n, source in enumerate(sources)]
    table = read_rows_table(roots, SCHEMA, notes)
    assert not notes.problems, notes.problems
    assert table is not None
    return table


def facts(more: Mapping[str, str | None] | None = None, **changed: str | None) -> Facts:
    """The usual case with some facts changed, or left out by None."""
    texts = {**USUAL, **(more or {}), **changed}
    known = {name: value for name, value in texts.items() if value is not None}
    builtins: dict[str, Value] = {"kind": "broken"}
    return SCHEMA.typed(known, rates=RATES, **builtins)


def spent(
    left: str = "1000.00 USD", cost: str | None = None, goodwill: tuple[tuple[int, str], ...] = ()
) -> Spent:
    """What was given before."""
    money = Money.parse(left)
    before = Money.parse(cost) if cost else Money.from_minor(0, money.currency)
    return Spent(money, before, tuple((days, Money.parse(text)) for days, text in goodwill))


def decide(
    these: Policies | None = None, before: Spent | None = None, **changed: str | None
) -> OptionsDecision | Undecided:
    """What the policy says of the usual case with some facts changed."""
    return decide_options(these or policies(), "broken", facts(**changed), before or spent())


def offered(
    these: Policies | None = None, before: Spent | None = None, **changed: str | None
) -> OptionsDecision:
    """As `decide`, where it must decide."""
    decision = decide(these, before, **changed)
    assert isinstance(decision, OptionsDecision), decision
    return decision


def ids(decision: OptionsDecision) -> list[str]:
    """The options by id, in order."""
    return [option.id for option in decision.options]


def worths(option: Option) -> dict[str, str]:
    """What each remedy of the option is worth, or costs if it is goods."""
    return {r.name: str(r.amount or r.cost) for r in option.remedies}


def edited(source: str, *changes: tuple[str, str]) -> str:
    """`source` with texts replaced; each must be in it."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source
