"""Roundings, and costs of several parts: what a proof must not take for a straight line.

`TESTS_IN_FULL=1` draws five hundred policies.
"""

import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from proof_examples import SCHEMA, laws_of, proven, world

from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import Decider, OptionsDecision, Spent
from aftersales.domain.policy.prove import Law, World, prove_policy
from aftersales.domain.policy.prove.law import measured
from aftersales.domain.policy.prove.lines import Line, Stretch, Sum, fixed

POLICIES = 500 if os.environ.get("TESTS_IN_FULL") else 15
MOST = 300  # minor units: beyond, nothing new can be seen of the policies drawn here
COSTS = [*range(31), 49, 50, 51, 1_000, None]

POLICY = """
aftersales: policy/1
policy: broken
remedies:
  one:   {ONE}
  other: {OTHER}
  again: {resend: the same, costs: COSTS, if_missing: 0.03 USD}
base:
  down: severity
  cells: {minor: MINOR, major: MAJOR}
LIMITS
approval:
  none_needed: under 0.25 USD
  manager:     at least 0.25 USD
"""
ALONG = "{never_less: {measure: cost, when: {severity: up}, all_else: same}}"
GROWING = "{never_less: {measure: cost, when: {affected_value: up}, all_else: same}}"
TEN = "refund: 10% of affected_value"


def policy(
    one: str = TEN,
    other: str = TEN,
    *,
    minor: str = "one",
    major: str = "one",
    costs: str = "[item_cost]",
    limits: str = "",
) -> World:
    """A policy of two remedies of money, and goods."""
    written = POLICY.replace("ONE", one).replace("OTHER", other).replace("COSTS", costs)
    written = written.replace("MINOR", minor).replace("MAJOR", major)
    return world(written.replace("LIMITS", limits))


def is_told(of: World, law: str) -> bool:
    """Whether the law is told to be broken; if it is not, it is proven."""
    codes = {finding.code for finding in proven(of, law)}
    assert not {"P436", "P437"} & codes
    return "P435" in codes


@pytest.mark.parametrize(
    ("rounding", "law"),
    [
        ("", "{never: {option: one, cost: over 20 USD to under 30 USD}}"),
        (", round: to 5 whole units", "{never: {option: one, cost: over 22 USD to 28 USD}}"),
        (", round: up to 5 whole units", "{never: {cost_share: over 12%, cost: over 20 USD}}"),
        (", round: down to 5 whole units", "{never: {cost_share: under 8%, cost: over 10 USD}}"),
    ],
)
def test_an_amount_between_two_limits_is_seen_however_it_is_rounded(
    rounding: str, law: str
) -> None:
    assert is_told(policy(TEN + rounding), law)


def test_an_amount_that_rounding_leaps_over_is_never_given() -> None:
    of = policy(TEN + ", round: to 5 whole units")
    assert not is_told(of, "{never: {option: one, cost: over 20 USD to under 25 USD}}")
    of = policy(TEN + ", round: up to 5 whole units")
    assert not is_told(of, "{never: {cost_share: over 12.5%, cost: over 20 USD}}")


@pytest.mark.parametrize(
    ("one", "other", "minor"),
    [
        ("refund: 30% of affected_value, round: up to 5 whole units", "refund: 32%", "one"),
        ("refund: 30%", "refund: 32% of affected_value, round: down to 5 whole units", "one"),
        ("refund: 10%", "coupon: 30%", "one + part"),
    ],
)
def test_rounding_alone_can_give_the_graver_case_less(one: str, other: str, minor: str) -> None:
    whole = [text if "of" in text else f"{text} of affected_value" for text in (one, other)]
    if "part" in minor:  # 10% and 20%, each rounded by itself, beside 30%
        whole[1], minor, major = "coupon: 20% of affected_value", "one + other", "third"
        of = world(
            POLICY.replace("ONE", whole[0])
            .replace("OTHER", whole[1] + "}\n  third: {refund: 30% of affected_value")
            .replace("COSTS", "[item_cost]")
            .replace("MINOR", minor)
            .replace("MAJOR", major)
            .replace("LIMITS", "")
        )
    else:
        of = policy(*whole, major="other")
    assert is_told(of, ALONG)


def test_what_goods_cost_beside_a_fact_counts_too() -> None:
    law = "{never: {approval: none_needed, cost: over 0.23 USD}}"
    assert is_told(policy(minor="again", costs="[item_cost, 0.05 USD]"), law)
    assert is_told(policy(minor="again", costs="[0.20 USD, 0.04 USD]"), law)
    assert not is_told(policy(minor="again", costs="[0.20 USD, 0.03 USD]", major="again"), law)


def test_a_part_that_wavers_beside_goods_is_not_proven() -> None:
    of = policy(
        other="coupon: 20% of affected_value, at_least: 15% of affected_value, counts_as: goodwill",
        minor="again + other",
        major="again + other",
        limits="limits: {each_option: {at_most: 50% of affected_value}}",
    )
    [law] = laws_of(of, GROWING)
    assert "P436" in {finding.code for finding in prove_policy("broken", of, [law])}
    # What is not proven is broken indeed, by a cent of rounding.
    assert is_broken(law, of)


GOODWILL = "refund: 20% of affected_value, counts_as: goodwill"
PER_CUSTOMER = "limits: {per_customer: {goodwill: at most 47 USD, within: 90 days}}"


def test_what_one_customer_may_get_bends_an_offer_too() -> None:
    of = policy(GOODWILL, limits=PER_CUSTOMER)
    assert is_told(of, "{never: {cost_share: 11% to 13%}}")
    assert is_told(of, "{always: {cost_share: [under 11%, over 13%]}}")
    assert not is_told(of, "{never: {cost: over 47 USD}}")


def test_two_rows_of_return_that_fit_where_a_limit_cuts_are_told() -> None:
    rows = "\n".join(
        f"    - {{id: r{n}, when: {{cost_share: {n}% to 13%}}, answer: {ANSWERS[n]}}}"
        for n in (11, 12)
    )
    back = (
        f"return_required:\n  choose: one\n  rows:\n{rows}\n  otherwise: {{answer: customer_keeps}}"
    )
    of = policy(GOODWILL, limits=f"{PER_CUSTOMER}\n{back}")
    assert "P434" in {finding.code for finding in proven(of)}


ANSWERS = {11: "prepaid_label", 12: "customer_keeps"}


@pytest.mark.parametrize(
    "limits",
    [
        "limits: {each_option: {at_most: 50% of item_cost}}",
        "limits: {per_customer: {goodwill: at most 10% of item_cost, within: 90 days}}",
    ],
)
def test_a_limit_that_hangs_on_another_fact_is_not_proven(limits: str) -> None:
    of = policy(GOODWILL, limits=limits)
    law = "{never: {cost: 20 USD to 30 USD, affected_value: over 500 USD}}"
    assert "P436" in {finding.code for finding in proven(of, law)}


def test_a_share_of_the_matter_is_asked_where_all_amounts_are_fixed() -> None:
    of = policy("refund: 10 USD", "coupon: 5 USD", major="other")
    assert is_told(of, "{never: {cost_share: 40% to 60%}}")
    assert not is_told(of, "{never: {option: one, cost_share: over 100%}}")


def offers(of: World) -> Iterator[tuple[Facts, OptionsDecision]]:
    """What each case up to a value is offered."""
    decider = Decider(of.policies, "broken")
    hangs = any(a.of for r in of.policies.compensation["broken"].remedies.values() for a in r.costs)
    for cost, severity in product(COSTS if hangs else [None], ["minor", "major"]):
        known = {} if cost is None else {"item_cost": Money.from_minor(cost, "USD")}
        for minor in range(1, MOST + 1):
            value = Money.from_minor(minor, "USD")
            facts = Facts(SCHEMA, {**known, "affected_value": value, "severity": severity})
            decision = decider.decide(facts, Spent(value, zero("USD")))
            if isinstance(decision, OptionsDecision):
                yield facts, decision


def is_broken(law: Law, of: World) -> bool:
    """Whether some case breaks the law, by trying them all."""
    if law.sort != "never_less":
        return any(law.breach(decision, facts, "USD") for facts, decision in offers(of))
    steps: dict[tuple[object, ...], list[int]] = {}
    for facts, decision in offers(of):
        if decision.options:
            minor = getattr(facts["affected_value"], "minor", 0)
            names = [n for n in ("item_cost", "affected_value", "severity") if n != law.along]
            key = tuple(facts.get(name) for name in names)
            steps.setdefault(key, []).append(measured(decision, law.measure, "USD", minor))
    return any(b < a for each in steps.values() for a, b in pairwise(each))


@st.composite
def drawn(draw: st.DrawFn) -> tuple[list[str], dict[str, str], str]:
    """A policy of roundings, and a law."""
    shares = st.sampled_from(["10%", "15%", "20%", "30%", "32%", "50%"])
    ways = ["", "", "to 5 minor units", "up to 5 minor units", "down to 10 minor units"]
    money = []
    for sort in ("refund", "coupon"):
        way = draw(st.sampled_from(ways))
        least = draw(st.sampled_from(["", "", "at_least: 0.07 USD"]))
        most = draw(st.sampled_from(["", "", "at_most: 0.43 USD"]))
        rounded = f"round: {way}" if way else ""
        counts = draw(st.sampled_from(["", "counts_as: goodwill"]))
        parts = [f"{sort}: {draw(shares)} of affected_value", least, most, rounded, counts]
        money.append(", ".join(part for part in parts if part))
    costs = draw(st.sampled_from(["[0.06 USD]", "[item_cost]", "[item_cost, 0.02 USD]"]))
    cell = st.sampled_from(
        ["one", "other", "one + other", "again", "again + other", "[one, other]"]
    )
    cap = draw(st.sampled_from(CAPS))
    cells = {"minor": draw(cell), "major": draw(cell), "costs": costs, "limits": cap}
    return money, cells, draw(st.sampled_from(LAWS))


CAPS = [
    "",
    "limits: {each_option: {at_most: 40% of affected_value}}",
    "limits: {per_customer: {goodwill: at most 0.21 USD, within: 90 days}}",
]
LAWS = [
    "{never: {cost: over 0.20 USD to under 0.25 USD}}",
    "{never: {option: one, cost: over 0.11 USD to 0.14 USD}}",
    "{never: {cost: 0.26 USD to 0.29 USD}}",
    "{never: {approval: none_needed, cost: at least 0.24 USD}}",
    "{never: {cost_share: over 33%}}",
    "{never: {option: one, cost_share: over 31%, cost: at least 0.30 USD}}",
    "{never: {option: other, cost_share: under 15%}}",
    ALONG,
    GROWING,
    ALONG.replace("cost", "best_value_to_customer"),
    GROWING.replace("cost", "cheapest_cost"),
]


@settings(max_examples=POLICIES, phases=[Phase.explicit, Phase.generate])
@given(drawn())
def test_roundings_break_a_law_exactly_where_trying_every_case_does(
    case: tuple[list[str], dict[str, str], str],
) -> None:
    money, cells, written = case
    of = policy(*money, **cells)
    [law] = laws_of(of, written)
    codes = {finding.code for finding in prove_policy("broken", of, [law])}
    if not {"P436", "P437"} & codes:
        assert ("P435" in codes) == is_broken(law, of)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    slope = draw(st.fractions(0, Fraction(3, 2), max_denominator=12))
    height = Fraction(draw(st.integers(0, 40)), draw(st.sampled_from([1, 2])))
    return Line(slope, height, draw(st.sampled_from([1, 5, 7])), draw(st.sampled_from(WAYS)))


WAYS = ["nearest", "up", "down"]


@given(lines())
def test_a_line_jumps_where_it_says(line: Line) -> None:
    changes = {at for at in range(80) if line.at(at) != line.at(at + 1)}
    assert changes == {at for at in line.jumps(0, 79) if line.at(at) != line.at(at + 1)}


@given(st.lists(lines(), min_size=1, max_size=2), st.fractions(0, 2, max_denominator=9))
def test_each_change_beside_a_limit_is_among_the_crossings(
    parts: list[Line], slope: Fraction
) -> None:
    one = Sum(tuple(parts))
    for limit in (Sum((Line(slope, Fraction(3)),)), fixed(17), Sum((Line(one.slope, one.height),))):
        tried = sorted(Stretch(0, 200).crossings([(one, limit)]))
        shown = {_side(one, limit, at) for at in tried}
        assert shown == {_side(one, limit, at) for at in range(201)}


def _side(one: Sum, limit: Sum, at: int) -> int:
    apart = one.at(at) - limit.at(at)
    return (apart > 0) - (apart < 0)


@given(st.lists(lines(), min_size=1, max_size=2), st.lists(lines(), min_size=1, max_size=2))
def test_where_one_amount_is_above_another_some_meeting_shows_it(
    ones: list[Line], others: list[Line]
) -> None:
    one, other = Sum(tuple(ones)), Sum(tuple(others))
    tried = Stretch(0, 300).meetings([one], [other])
    for above, below in ((one, other), (other, one)):
        seen = any(above.at(at) > below.at(at) for at in tried)
        assert seen == any(above.at(at) > below.at(at) for at in range(301))
