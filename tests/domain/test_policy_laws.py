"""Laws of every offer, whatever the case and whatever was given before."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from policy_examples import CHANNELS, FLOORS, POLICY, SCHEMA, facts, node, policies, spent

from aftersales.definitions import text
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_option_policy
from aftersales.domain.conditions import Facts
from aftersales.domain.policy import (
    Brief,
    Decider,
    OptionsDecision,
    Policies,
    Spent,
    Undecided,
    decide_options,
    in_brief,
)

POLICIES = policies(channels=CHANNELS)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY"])


def money(most: int) -> st.SearchStrategy[str]:
    return st.integers(1, most).map(lambda minor: f"{minor // 100}.{minor % 100:02} USD")


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    return facts(
        severity=draw(st.sampled_from(["minor", "major", "total"])),
        affected_value=draw(money(200_000)),
        tier=draw(st.sampled_from(["new", "regular", "vip"])),
        country=draw(st.sampled_from(["US", "CA", "DE", "NO"])),
        platform=draw(st.sampled_from(["own_shop", "amazon", "ebay"])),
        fulfilled_by=draw(st.sampled_from(["us", "platform"])),
        in_stock=draw(st.sampled_from(["yes", "no"])),
        item_cost=draw(st.none() | money(100_000)),
    )


@st.composite
def given_before(draw: st.DrawFn) -> Spent:
    currency = draw(CURRENCIES)
    whole = "" if currency == "JPY" else ".37"
    goodwill = draw(st.lists(st.tuples(st.integers(0, 120), money(8_000)), max_size=4))
    return spent(
        left=f"{draw(st.integers(-50, 3_000))}{whole} {currency}",
        cost=f"{draw(st.integers(0, 400))} {currency}",
        goodwill=tuple(goodwill),
    )


def decided(case: Facts, before: Spent, these: Policies = POLICIES) -> OptionsDecision:
    decision = decide_options(these, "broken", case, before)
    assert not isinstance(decision, Undecided), decision
    return decision


def in_units(amount: str, case: Facts, currency: str):
    """An amount in unrounded minor units of the order's currency."""
    value = SCHEMA.read("affected_value", amount)
    return case.rates.convert(value, currency)


@given(cases(), given_before())
def test_no_option_refunds_more_than_is_left(case: Facts, before: Spent):
    currency = before.left_to_refund.currency
    for option in decided(case, before).options:
        assert option.refunded(currency).minor <= max(before.left_to_refund.minor, 0)


@given(cases(), given_before())
def test_no_option_costs_more_than_its_cap(case: Facts, before: Spent):
    currency = before.left_to_refund.currency
    value = case.rates.convert(case["affected_value"], currency)
    for option in decided(case, before).options:
        assert option.cost(currency).minor <= value * 120 / 100


@given(cases(), given_before())
def test_no_remedy_is_worth_more_than_its_most(case: Facts, before: Spent):
    currency = before.left_to_refund.currency
    most = {"small_coupon": "15 USD", "part_refund": "60 USD"}
    for option in decided(case, before).options:
        for remedy in option.remedies:
            if remedy.name in most:
                assert remedy.amount is not None
                assert remedy.amount.minor <= in_units(most[remedy.name], case, currency)


@given(cases(), given_before())
def test_goodwill_of_a_customer_stays_within_its_cap(case: Facts, before: Spent):
    currency = before.left_to_refund.currency
    recent = [cost for days, cost in before.goodwill_of_customer if days <= 90]
    already = sum(case.rates.convert(cost, currency) for cost in recent)
    room = max(in_units("150 USD", case, currency) - already, 0)
    for option in decided(case, before).options:
        assert option.goodwill(currency).minor <= room


@given(cases(), given_before())
def test_goodwill_given_takes_nothing_from_what_is_owed(case: Facts, before: Spent):
    def owed(decision: OptionsDecision):
        return {
            frozenset((r.name, r.amount) for r in option.remedies if r.counts_as == "owed")
            for option in decision.options
        } - {frozenset()}

    without = replace(before, goodwill_of_customer=())
    assert owed(decided(case, before)) == owed(decided(case, without))


@given(cases(), given_before())
def test_every_option_gives_something_and_no_two_give_the_same(case: Facts, before: Spent):
    options = decided(case, before).options
    assert all(r.amount is None or r.amount.minor > 0 for o in options for r in o.remedies)
    assert all(option.remedies for option in options)
    assert len({frozenset(r.name for r in o.remedies) for o in options}) == len(options)


@given(cases(), given_before())
def test_options_and_what_was_left_out_are_in_the_order_currency(case: Facts, before: Spent):
    currency = before.left_to_refund.currency
    for option in decided(case, before).options:
        assert {r.cost.currency for r in option.remedies} == {currency}


@given(cases(), given_before(), st.integers(0, 500))
def test_more_left_to_refund_never_means_less_for_the_customer(
    case: Facts, before: Spent, more: int
):
    currency = before.left_to_refund.currency
    left = before.left_to_refund
    richer = replace(before, left_to_refund=replace_minor(left, left.minor + more))
    poor = {o.id: o.refunded(currency) for o in decided(case, before).options}
    rich = {o.id: o.refunded(currency) for o in decided(case, richer).options}
    assert all(rich[id] >= amount for id, amount in poor.items() if id in rich)


def replace_minor(money_, minor: int):
    return type(money_).from_minor(minor, money_.currency)


DECIDERS = [Decider(these, "broken") for these in (POLICIES, policies(floors=FLOORS))]


def brief(told: OptionsDecision | Undecided) -> tuple[Brief, ...] | Undecided:
    return told if isinstance(told, Undecided) else in_brief(told)


@given(cases(), given_before(), st.sampled_from(DECIDERS), st.sampled_from([None, *SCHEMA.all]))
def test_a_decider_decides_the_same_and_says_nothing(
    case: Facts, before: Spent, decider: Decider, forgotten: str | None
):
    case = case.having(**{forgotten: None}) if forgotten else case
    told = decide_options(decider.policies, "broken", case, before)
    if isinstance(told, OptionsDecision):
        options = tuple(replace(option, steps=()) for option in told.options)
        told = replace(told, options=options, steps=(), left_out=())
    assert decider.decide(case, before) == told
    assert decider.decide_in_brief(case, before) == brief(told)
    assert decider.decide_in_brief(case, before) == brief(told), "the second time"


def test_without_such_a_policy_a_decider_is_undecided_as_the_function_is():
    told = decide_options(POLICIES, "unknown", facts(), spent())
    assert Decider(POLICIES, "unknown").decide(facts(), spent()) == told


@settings(max_examples=30)
@given(cases(), given_before(), st.integers(0, 10_000))
def test_the_order_in_which_keys_are_written_means_nothing(case: Facts, before: Spent, seed: int):
    notes = Notes()
    shuffled = _shuffled(node(POLICY), random.Random(seed))
    policy = read_option_policy(shuffled, SCHEMA, notes)
    assert policy is not None, notes.problems
    these = replace(POLICIES, compensation={"broken": policy})
    one, other = decided(case, before), decided(case, before, these)
    assert one.options == other.options
    assert one.rule == other.rule
    assert one.steps == other.steps


def _shuffled(part: text.Node, chance: random.Random) -> text.Node:
    """The same node with the keys of every mapping in another order."""
    if isinstance(part, text.Scalar):
        return part
    if isinstance(part, text.Listing):
        items = tuple(_shuffled(item, chance) for item in part.items)
        return text.Listing(items, part.place)
    pairs = [(key, _shuffled(value, chance)) for key, value in part.items]
    chance.shuffle(pairs)
    return text.Mapping(tuple(pairs), part.place)
