"""Thresholds in several currencies: a space tells the same of an amount as the condition does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from space_examples import SCHEMA, when

from aftersales.domain.conditions import Facts, Rates
from aftersales.domain.conditions.space import NotProvable, meet, space_of
from aftersales.domain.money import Money

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
