"""What a remedy comes to: shares, bounds, roundings, currencies, costs."""

import pytest
from policy_examples import POLICY, decide, edited, facts, offered, policies, spent, worths

from aftersales.domain.policy import Undecided

PART = "{refund: 20% of affected_value, at_most: 60 USD, counts_as: goodwill}"


def part_refund(declared: str, left: str = "1000.00 USD", **changed: str) -> str:
    """What `part_refund` comes to when it is declared like this."""
    these = policies(edited(POLICY, (PART, declared)))
    decision = offered(these, spent(left), severity="minor", **changed)
    return next(
        worths(option)["part_refund"]
        for option in decision.options
        if "part_refund" in worths(option)
    )


@pytest.mark.parametrize(
    ("declared", "value", "comes_to"),
    [
        ("{refund: 20% of affected_value}", "80.00 USD", "16.00 USD"),
        ("{refund: 12.5% of affected_value}", "80.04 USD", "10.01 USD"),  # 10.005, half up
        ("{refund: 20% of affected_value, at_least: 18 USD}", "80 USD", "18.00 USD"),
        ("{refund: 20% of affected_value, at_most: 9.99 USD}", "80 USD", "9.99 USD"),
        ("{refund: 20% of affected_value, at_most: 10% of affected_value}", "80 USD", "8.00 USD"),
        ("{refund: 7 USD}", "80 USD", "7.00 USD"),
        ("{refund: {USD: 7, EUR: 6}}", "80 USD", "7.00 USD"),
        ("{refund: item_cost}", "80 USD", "20.00 USD"),
        ("{refund: 21% of affected_value, round: to whole units}", "83.33 USD", "17.00 USD"),
        ("{refund: 21% of affected_value, round: up to 5 whole units}", "83 USD", "20.00 USD"),
        ("{refund: 21% of affected_value, round: down to 5 whole units}", "83 USD", "15.00 USD"),
        ("{refund: 21% of affected_value, round: up to 50 minor units}", "83 USD", "17.50 USD"),
    ],
)
def test_an_amount_is_exact_and_rounded_once(declared: str, value: str, comes_to: str):
    assert part_refund(declared, affected_value=value) == comes_to


def test_at_most_is_applied_again_after_rounding():
    declared = "{refund: 21% of affected_value, at_most: 18.50 USD, round: up to 5 whole units}"
    assert part_refund(declared, affected_value="99 USD") == "18.50 USD"
    these = policies(edited(POLICY, (PART, declared)))
    option = offered(these, severity="minor", affected_value="99 USD").options[-1]
    results = [step.result for step in option.steps if step.what.startswith("part_refund")]
    assert results == ["20.79 USD", "18.50 USD", "20.00 USD", "18.50 USD"]


def test_a_foreign_limit_is_converted_and_never_exceeded_by_rounding():
    # 3.34 USD are 2.672 EUR; 3.32 USD are 2.656 EUR, which half up would be 2.66.
    declared = "{refund: 20% of affected_value, at_most: 3.34 USD}"
    assert part_refund(declared, "1000 EUR", affected_value="80 EUR") == "2.67 EUR"
    declared = "{refund: 20% of affected_value, at_most: 3.32 USD}"
    assert part_refund(declared, "1000 EUR", affected_value="80 EUR") == "2.65 EUR"


def test_a_currency_without_decimals_is_rounded_to_its_unit():
    declared = "{refund: 20% of affected_value}"
    assert part_refund(declared, "100000 JPY", affected_value="8003 JPY") == "1601 JPY"


def test_an_amount_given_in_the_orders_currency_is_not_converted():
    declared = "{refund: {USD: 100, EUR: 9}}"
    assert part_refund(declared, "1000 EUR", affected_value="80 EUR") == "9.00 EUR"


def test_amounts_by_currency_mean_the_same_in_any_order():
    one = part_refund("{refund: {USD: 10, EUR: 9}}", "99999 JPY", affected_value="9000 JPY")
    other = part_refund("{refund: {EUR: 9, USD: 10}}", "99999 JPY", affected_value="9000 JPY")
    assert one == other == "1440 JPY"


def test_a_missing_rate_is_for_a_person():
    decision = decide(before=spent("1000 GBP"), severity="minor")
    assert isinstance(decision, Undecided)
    assert decision.missing == "rate USD->GBP"


def test_goods_cost_the_sum_of_what_they_are_made_of():
    resend = offered().options[1]
    assert str(resend.cost("USD")) == "26.00 USD"
    assert resend.remedies[0].amount is None


def test_goods_whose_cost_is_not_known_cost_what_the_policy_assumes():
    resend = offered(resend_cost=None).options[1]
    assert str(resend.cost("USD")) == "48.00 USD"
    assert "the fact `resend_cost` is not known" in resend.steps[0].what


def test_goods_whose_cost_is_not_known_and_not_assumed_are_for_a_person():
    these = policies(edited(POLICY, ("    if_missing: 60% of affected_value\n", "")))
    decision = decide(these, item_cost=None)
    assert isinstance(decision, Undecided)
    assert decision.missing == "item_cost"


def test_what_comes_to_nothing_is_left_out():
    decision = offered(
        policies(edited(POLICY, (PART, "{refund: 0% of affected_value}"))), severity="minor"
    )
    assert [option.id for option in decision.options] == ["small_coupon"]
    assert any(out.why == "it comes to nothing" for out in decision.left_out)


def test_each_step_of_the_arithmetic_is_kept():
    coupon = offered(severity="minor", affected_value="10 USD").options[0]
    assert [(step.what, step.result) for step in coupon.steps[:2]] == [
        ("small_coupon: 10% of affected_value (10.00 USD)", "1.00 USD"),
        ("small_coupon: at least 3 USD", "3.00 USD"),
    ]
    assert all(step.rule and step.rule.file == "a.yaml" for step in coupon.steps[:2])


def test_an_amount_in_another_currency_than_the_order_is_converted():
    decision = offered(before=spent("1000 EUR"), affected_value="80 USD", severity="major")
    assert worths(decision.options[0]) == {"half_refund": "32.00 EUR"}
    assert facts()["affected_value"].currency == "USD"
