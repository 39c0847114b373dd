"""Small policies to be proven, and a brute force that offers every case and looks at it."""

from collections.abc import Iterator, Sequence
from itertools import product

from hypothesis import strategies as st

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.law_files import LawFile, read_laws
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_channels, read_floors, read_option_policy
from aftersales.domain.conditions import Facts, FactSchema
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import (
    Channels,
    Decider,
    Floors,
    OptionsDecision,
    Policies,
    Spent,
    Undecided,
)
from aftersales.domain.policy.prove import Finding, Law, World, prove_policy
from aftersales.domain.policy.prove.law import measured
from aftersales.domain.problem import Place

FACTS = """
aftersales: facts/1
facts:
  affected_value: {type: money, range: over 0 USD}
  severity:       {type: choice, of: [minor, major], in_order: true}
  tier:           {type: choice, of: [regular, vip], may_be_missing: true}
  in_stock:       {type: yes_no}
  platform:       {type: choice, of: [own_shop, amazon]}
  item_cost:      {type: money, may_be_missing: true}
  swap_cost:      {type: money, may_be_missing: true}
bands:
  affected_value: {low: under 0.30 USD, high: at least 0.30 USD}
"""
VALUES = {
    "severity": ["minor", "major"],
    "tier": ["regular", "vip", None],
    "in_stock": ["yes", "no"],
    "platform": ["own_shop", "amazon"],
}
MINORS = [*range(1, 46), *range(48, 53), *range(68, 73), *range(88, 93), 200, 1_000, 99_999]
COSTS = ["0 USD", "0.10 USD", "0.40 USD", "5 USD", None]
MANY_MINORS = range(1, 1_101)  # an amount of up to half a USD is 5% of at most 10 USD
MANY_COSTS = [*(f"{cost / 100:.2f} USD" for cost in range(121)), None]


def schema() -> FactSchema:
    """The facts above."""
    notes = Notes()
    found = read_facts(node(FACTS, "facts.yaml"), notes)
    assert notes.problems == []
    return found


def node(written: str, file: str) -> text.Mapping:
    """The YAML as a mapping."""
    root, problems = text.read(written, file)
    assert isinstance(root, text.Mapping), problems
    return root


SCHEMA = schema()


def world(policy: str, *, channels: str = "", floors: str = "") -> World:
    """A world of one policy, with channels and floors of law."""
    notes = Notes()
    read = read_option_policy(node(policy, "policy.yaml"), SCHEMA, notes)
    allowed = read_channels(node(channels, "channels.yaml"), SCHEMA, notes) if channels else None
    law = read_floors(node(floors, "law.yaml"), SCHEMA, notes) if floors else None
    assert read is not None, notes.problems
    policies = Policies({read.name: read}, channels=allowed or Channels(), floors=law or Floors())
    return World(SCHEMA, policies)


def laws_of(of: World, *written: str) -> list[Law]:
    """Laws about the one policy of a world, all on one line."""
    notes, root = Notes(), node(f"laws: [{', '.join(written)}]", "broken.tests.yaml")
    listed = root.get("laws")
    assert isinstance(listed, text.Listing)
    name = next(iter(of.policies.compensation or of.policies.rows))
    file = LawFile(name, Place("broken.tests.yaml", 1, 1), listed)
    found = [law for law, _ in read_laws(file, of.policies, of.schema, notes)]
    assert notes.problems == [], notes.problems
    return found


def proven(of: World, *laws: str) -> list[Finding]:
    """What is found about the one policy of a world, held to these laws."""
    return prove_policy(next(iter(of.policies.compensation)), of, laws_of(of, *laws))


@st.composite
def policies(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """A policy, channels, floors of law and one law, as YAML."""
    share = st.sampled_from(["5%", "20%", "50%", "100%"])
    least = draw(st.sampled_from(["", ", at_least: 0.20 USD", ", at_least: 0.05 USD"]))
    most = draw(st.sampled_from(["", ", at_most: 0.40 USD"]))
    counts = draw(st.sampled_from(["", ", counts_as: goodwill"]))
    goods = draw(st.sampled_from(["[0.25 USD]", "[item_cost]"]))
    cells = [draw(_options()) for _ in range(4)]
    exception = draw(st.sampled_from(["", *_EXCEPTIONS])).replace("OPTIONS", draw(_options()))
    cap = draw(
        st.sampled_from(["", f"  each_option: {{at_most: {draw(share)} of affected_value}}"])
    )
    extra = draw(st.sampled_from(["", _EXTRA]))
    written = f"""
aftersales: policy/1
policy: broken
remedies:
  gift_card: {{coupon: 10% of affected_value{least}}}
  some_back: {{refund: {draw(share)} of affected_value{least}{most}{counts}}}
  all_back:  {{refund: 100% of affected_value}}
  again:
    {{resend: the same, costs: {goods}, if_missing: 60% of affected_value,
      only_if: {{in_stock: yes}}}}
base:
  down: affected_value
  across: severity
  cells:
    low:  {{minor: {cells[0]}, major: {cells[1]}}}
    high: {{minor: {cells[2]}, major: {cells[3]}}}
{exception}
{extra}
limits:
  never_together: [[all_back, again]]
{cap}
approval:
  none_needed: under 0.50 USD
  manager:     at least 0.50 USD
"""
    return written, draw(st.sampled_from(_CHANNELS)), draw(st.sampled_from(_FLOORS)), draw(_law())


def _options() -> st.SearchStrategy[str]:
    single = [
        "gift_card",
        "some_back",
        "all_back",
        "again",
        "again + gift_card",
        "again + some_back",
    ]
    return st.lists(st.sampled_from(single), min_size=1, max_size=2, unique=True).map(
        lambda names: f"[{', '.join(names)}]"
    )


_EXCEPTIONS = [
    "exceptions:\n  - {id: for_vips, when: {tier: vip}, options: OPTIONS}",
    "exceptions:\n  - {id: dear, when: {affected_value: at least 0.70 USD}, options: OPTIONS}",
]
_EXTRA = "extras:\n  - {id: thanks, when: {tier: vip}, add: gift_card}"
_CHANNELS = [
    "",
    "aftersales: policy/1\npolicy: channels\nrows:\n"
    "  - {id: amazon, platform: amazon, can: [refund, resend], coupons: never}",
    "aftersales: policy/1\npolicy: channels\nrows:\n"
    "  - {id: amazon, platform: amazon, can: [resend]}",
]
_FLOORS = [
    "",
    "aftersales: policy/1\npolicy: law\nfloors:\n"
    "  - {id: faulty, when: {severity: major}, must_offer_one_of: [resend, all_back], source: x}",
]


def _law() -> st.SearchStrategy[str]:
    return st.sampled_from(
        [
            "{never: {cost_share: over 110%}}",
            "{never: {cost_share: over 20%}}",
            "{never: {options: all_back, approval: none_needed}}",
            "{never: {options: some_back, cost: at least 0.35 USD}}",
            "{never: {remedy: resend, platform: amazon}}",
            "{always: {remedy: refund}, when: {severity: major}}",
            "{always: {options: all_back}, when: {affected_value: at least 0.90 USD}}",
            "{never_less: {measure: best_value_to_customer, when: {affected_value: up}}}",
            "{never_less: {measure: cost, when: {severity: up}, all_else: same}}",
        ]
    )


def policy_of(written: str) -> str:
    """A small policy with these options where goods are high in value and the matter is major."""
    return _SMALL.replace("OPTIONS", written)


_SMALL = """
aftersales: policy/1
policy: broken
remedies:
  some_back: {refund: 20% of affected_value}
  all_back:  {refund: 100% of affected_value}
base:
  down: affected_value
  across: severity
  cells:
    low:  {minor: some_back, major: all_back}
    high: {minor: some_back, major: OPTIONS}
approval:
  none_needed: under 50 USD
  manager:     at least 50 USD
"""


def costs_of(*worlds: World) -> list[str | None]:
    """The costs of goods to be tried: one, if none of the policies hangs on them."""
    policies = [policy for of in worlds for policy in of.policies.compensation.values()]
    named = [a.of for policy in policies for r in policy.remedies.values() for a in r.costs]
    return [*COSTS] if any(named) else [None]


def every_offer(
    of: World, costs: Sequence[str | None] = (), minors: Sequence[int] = MINORS
) -> Iterator[tuple[Facts, OptionsDecision | Undecided]]:
    """Every case of the values above, and what it is offered."""
    name = next(iter(of.policies.compensation))
    decider = Decider(of.policies, name)
    costs = costs or costs_of(of)
    for texts in product(*VALUES.values(), costs):
        names = [*VALUES, "item_cost"]
        pairs = zip(names, texts, strict=True)
        known = {fact: SCHEMA.read(fact, text) for fact, text in pairs if text is not None}
        for minor in minors:
            value = Money.from_minor(minor, "USD")
            facts = Facts(SCHEMA, {**known, "affected_value": value})
            yield facts, decider.decide(facts, Spent(value, zero("USD")))


def is_broken_anywhere(law: Law, of: World) -> bool:
    """Whether some case breaks the law, by trying more and more of them."""
    tried = [((), MINORS), ((), MANY_MINORS)]
    if len(costs_of(of)) > 1:
        tried.append((MANY_COSTS, MINORS))
    return any(is_broken(law, of, costs, minors) for costs, minors in tried)


def is_broken(
    law: Law, of: World, costs: Sequence[str | None] = (), minors: Sequence[int] = MINORS
) -> bool:
    """Whether one of these cases breaks the law, by trying them all."""
    offers = every_offer(of, costs, minors)
    if law.sort != "never_less":
        decided = ((f, d) for f, d in offers if isinstance(d, OptionsDecision))
        return any(law.breach(d, f, "USD") is not None for f, d in decided)
    found: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    order = ["minor", "major"]
    for facts, decision in offers:
        if isinstance(decision, OptionsDecision) and decision.options:
            minor = getattr(facts["affected_value"], "minor", 0)
            measure = measured(decision, law.measure, "USD", minor)
            others = {n: facts.get(n) for n in (*VALUES, "affected_value", "item_cost")}
            step = minor if law.along == "affected_value" else order.index(str(facts["severity"]))
            others.pop(law.along)
            found.setdefault(tuple(others.items()), []).append((step, measure))
    return any(
        later[1] < earlier[1]
        for steps in found.values()
        for earlier, later in zip(sorted(steps), sorted(steps)[1:], strict=False)
    )
