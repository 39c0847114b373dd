"""Thresholds in several currencies: a space tells the same of an amount as the condition does."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proof_examples import policy_of, proven, world
from space_examples import SCHEMA, when

from aftersales.domain.conditions import Facts, Rates
from aftersales.domain.conditions.space import (
    NotProvable,
    meet,
    outside,
    region_in_words,
    space_of,
    when_of,
)
from aftersales.domain.money import Money
from aftersales.domain.policy.compare import compare_offers
from aftersales.domain.policy.prove import World

RATES = Rates.of("EUR", {"USD": "1.08", "GBP": "0.85", "JPY": "160.5"})
CELLS = [
    "under 20 USD", "at least 20 USD", "19.99 USD to under 100 USD", "over 95 USD", "20 USD",
    "{at least: {USD: 100, EUR: 95}}", "{under: {USD: 20, EUR: 18}}",
    "{at most: {EUR: 18, USD: 20, GBP: 17}}", "{at least: {USD: 20, GBP: 16}, under: 100 USD}",
    "under 90 EUR", "{over: {EUR: 40, JPY: 7000}}",
]  # fmt: skip
AMOUNTS = st.one_of(
    st.integers(1, 13_000).map(lambda minor: Money.from_minor(minor, "USD")),
    st.integers(1, 13_000).map(lambda minor: Money.from_minor(minor, "EUR")),
    st.integers(1, 13_000).map(lambda minor: Money.from_minor(minor, "GBP")),
    st.integers(1, 20_000).map(lambda minor: Money.from_minor(minor, "JPY")),
    st.sampled_from(["20 USD", "18 EUR", "95 EUR", "100 USD", "17 GBP", "7000 JPY"]).map(
        Money.parse
    ),
)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(CELLS), min_size=1, max_size=4, unique=True),
    st.lists(AMOUNTS, min_size=1),
)
def test_an_amount_of_any_currency_is_in_the_regions_of_the_conditions_that_hold(
    cells: list[str], amounts: list[Money]
) -> None:
    conditions = [when(f"{{value: {cell}}}") for cell in cells]
    space = space_of(SCHEMA, conditions, rates=RATES)
    regions = [space.region(condition) for condition in conditions]
    for amount in amounts:
        facts = Facts(SCHEMA, {"value": amount}, RATES)
        point = space.point_of(facts)
        for condition, region in zip(conditions, regions, strict=True):
            is_in = any(meet(point, box) is not None for box in region)
            assert is_in == condition.holds(facts), (amount, str(condition))


def test_thresholds_that_need_a_rate_which_is_not_known_are_not_provable() -> None:
    conditions = [when("{value: {under: {USD: 20, EUR: 18}}}"), when("{value: under 90 USD}")]
    with pytest.raises(NotProvable, match="USD->EUR"):
        space_of(SCHEMA, conditions, rates=Rates.none())


def test_for_a_currency_that_is_not_named_the_first_by_code_is_converted() -> None:
    conditions = [
        when("{value: at least 20 USD}"),
        when("{value: {at least: {USD: 100, EUR: 95}}}"),
    ]
    space = space_of(SCHEMA, conditions, rates=RATES)
    facts = Facts(SCHEMA, {"value": Money("79", "GBP")}, RATES)  # 100.37 USD, yet under 95 EUR
    assert [c.holds(facts) for c in conditions] == [True, False]
    point = space.point_of(facts)
    assert [meet(point, space.region(c)[0]) is not None for c in conditions] == [True, False]


BOTH = "{under: {USD: 10, EUR: 9}}"
COUPON = f"""
aftersales: policy/1
policy: broken
remedies:
  gift_card: {{coupon: {{USD: 15, EUR: 15}}}}
  all_back: {{refund: 100% of affected_value}}
rows:
  - {{id: cheap, when: {{affected_value: {BOTH}}}, options: all_back}}
  - {{id: dear, when: {{affected_value: {{at least: {{USD: 10, EUR: 9}}}}}}, options: gift_card}}
"""


def in_rates(policy: str, gbp: str = "0.85") -> World:
    return replace(world(policy), rates=Rates.of("EUR", {"USD": "1.08", "GBP": gbp}))


def test_a_law_is_held_in_a_currency_that_no_rule_names_too() -> None:
    # 15 EUR are 12.75 GBP, but 12.765 GBP are rounded up to 12.77, which is over 15 EUR.
    law = "{never: {cost: 'over {USD: 15, EUR: 15}'}}"
    codes = {
        gbp: [f.code for f in proven(of, law) if f.code != "P432"]
        for gbp in ("0.85", "0.851")
        for of in [in_rates(COUPON, gbp)]
    }
    assert codes == {"0.85": [], "0.851": ["P435"]}


def test_a_case_in_a_currency_that_no_rule_names_is_in_the_region_of_a_difference() -> None:
    older = in_rates(COUPON)
    newer = in_rates(COUPON.replace("options: gift_card", "options: all_back"))
    [changed] = compare_offers("broken", older, newer).changed
    for amount, is_in in [("40 GBP", True), ("9 EUR", True), ("7 GBP", False), ("9 USD", False)]:
        facts = Facts(older.schema, {"affected_value": Money.parse(amount)}, older.rates)
        assert changed.holds(facts) is is_in, amount


BARE = replace(SCHEMA, groups={}, band_cells={})  # without bands, which would tell and cut
TELLING = ["{at least: {USD: 100, EUR: 95}}", "{under: {USD: 20, EUR: 18}}", "over 150 USD"]


def told(*cells: str, rates: Rates = RATES) -> list[str]:
    """The regions of some conditions, and what lies outside all of them, in words."""
    whens = [when(f"{{value: {cell}}}") for cell in cells]
    space = space_of(BARE, whens, rates=rates)
    left = outside([space.whole], [box for w in whens for box in space.region(w)])
    boxes = [*(space.region(w)[0] for w in whens), *left]
    return [region_in_words(space, box) for box in boxes]


def test_a_region_is_told_by_the_thresholds_of_each_currency() -> None:
    low, high = TELLING[1], TELLING[0]
    assert told(low, high) == [
        "value under {USD: 20, EUR: 18}",
        "value at least {USD: 100, EUR: 95}",
        "value {USD: 20, EUR: 18} to under {USD: 100, EUR: 95}",
    ]
    assert told(low, "over 150 USD")[-1] == "value {USD: 20, EUR: 18} to 150 USD"


def test_what_is_so_in_one_currency_only_is_told_in_that_one() -> None:
    two = ["{under: {USD: 20, EUR: 18}}", "{at least: {USD: 20, EUR: 30}}"]
    assert told(*two, rates=Rates.none())[-1] == "value 18 EUR to under 30 EUR"
    assert told(*two)[-1] == (
        "value 18 EUR to under 30 EUR or {USD: 20, EUR: 18} to under {USD: 20, EUR: 30}"
        " in another currency"
    )


@pytest.mark.parametrize("rates", [Rates.none(), RATES])
def test_a_region_of_several_currencies_can_be_pasted(rates: Rates) -> None:
    whens = [when(f"{{value: {cell}}}") for cell in TELLING[:2]]
    space = space_of(BARE, whens, rates=rates)
    [left] = outside([space.whole], [box for w in whens for box in space.region(w)])
    pasted = when(when_of(space, left))
    for amount in (
        "19.99 USD",
        "20 USD",
        "99 USD",
        "100 USD",
        "17 EUR",
        "18 EUR",
        "94 EUR",
        "95 EUR",
    ):
        facts = Facts(BARE, {"value": Money.parse(amount)}, rates)
        is_left = not any(w.holds(facts) for w in whens)
        assert pasted.holds(facts) is is_left, amount


@pytest.mark.parametrize(
    ("below", "above", "told"),
    [
        ("under 50 USD", "at least 50 USD", []),
        ("at most 49.99 USD", "at least 50 USD", ["no band of approval"]),
        ("under 50 USD", "over 49.99 USD", ["two bands, none_needed and manager"]),
    ],
)
def test_each_converted_cost_has_one_band_of_approval(
    below: str, above: str, told: list[str]
) -> None:
    written = policy_of("all_back").replace("under 50 USD", below)
    of = world(written.replace("at least 50 USD", above))
    found = proven(replace(of, rates=RATES))
    assert [f.message.partition(": ")[0] for f in found if f.code == "P434"] == [
        f"a cost of over 49.99 USD to under 50 USD has {one}" for one in told
    ]
    assert "P434" not in [f.code for f in proven(of)]  # nothing is converted
