"""Limits, channels, floors of law, goodwill, approval: what an option may come to."""

import pytest
from policy_examples import (
    CHANNELS,
    FLOORS,
    POLICY,
    decide,
    edited,
    ids,
    offered,
    policies,
    spent,
    worths,
)

from aftersales.domain.policy import Undecided

CAP = "at_most: 120% of affected_value"


def why_left_out(decision, what):
    return next(out.why for out in decision.left_out if out.what == what)


def test_money_over_the_cap_of_an_option_is_made_less():
    decision = offered(policies(edited(POLICY, (CAP, "at_most: 60% of affected_value"))))
    full = decision.options[-1]
    assert worths(full) == {"full_refund": "48.00 USD"}
    assert any("each option at most 60%" in step.what for step in full.steps)


def test_goods_over_the_cap_of_an_option_are_dropped():
    decision = offered(policies(edited(POLICY, (CAP, "at_most: 25 USD"))))
    assert "resend" not in ids(decision)
    assert "it costs 26.00 USD" in why_left_out(decision, "resend")


def test_goodwill_is_cut_before_what_is_owed():
    both = edited(
        POLICY,
        (CAP, "at_most: 55% of affected_value"),
        ("[half_refund, ", "[small_coupon + half_refund, "),
    )
    decision = offered(policies(both), affected_value="80 USD")
    assert worths(decision.options[0]) == {"small_coupon": "4.00 USD", "half_refund": "40.00 USD"}


def test_goodwill_cut_below_its_least_is_left_out():
    both = edited(
        POLICY,
        (CAP, "at_most: 52% of affected_value"),
        ("[half_refund, ", "[small_coupon + half_refund, "),
    )
    decision = offered(policies(both), affected_value="80 USD")
    assert ids(decision)[0] == "half_refund"


def test_no_option_refunds_more_than_is_left():
    decision = offered(before=spent("30.00 USD"))
    assert worths(decision.options[0]) == {"half_refund": "30.00 USD"}
    assert worths(decision.options[2]) == {"full_refund": "30.00 USD"}
    assert worths(decision.options[1]) == {"resend": "26.00 USD"}
    assert any("is left to refund" in step.what for step in decision.options[0].steps)


@pytest.mark.parametrize("left", ["0.00 USD", "-5.00 USD"])
def test_where_nothing_is_left_no_refund_is_offered(left: str):
    decision = offered(before=spent(left))
    assert ids(decision) == ["resend"]
    assert "0.00 USD of what was paid is left" in why_left_out(decision, "full_refund")


def test_a_channel_drops_what_it_does_not_allow():
    decision = offered(policies(channels=CHANNELS), platform="amazon", severity="minor")
    assert ids(decision) == ["part_refund"]
    assert why_left_out(decision, "small_coupon") == "the channel does not allow `small_coupon`"


def test_rules_of_a_channel_that_hold_together_bind_together():
    decision = offered(policies(channels=CHANNELS), platform="amazon", fulfilled_by="platform")
    assert decision.options == ()
    assert "the channel does not allow" in why_left_out(decision, "half_refund")


def test_a_channel_without_a_rule_allows_everything():
    assert len(offered(policies(channels=CHANNELS), platform="ebay").options) == 3


def test_an_extra_that_the_channel_does_not_allow_does_not_cost_the_customer_his_option():
    decision = offered(policies(channels=CHANNELS), platform="amazon", tier="vip")
    assert ids(decision) == ["half_refund", "resend", "full_refund"]


def test_a_policy_that_needs_a_channels_leave_offers_nothing_without_it():
    these = policies(POLICY + "channel_must_allow: review_contact\n", channels=CHANNELS)
    assert offered(these, platform="amazon").options == ()
    assert offered(these, platform="ebay").options


def test_an_offer_below_the_law_is_for_a_person_with_the_floor_named():
    decision = decide(policies(floors=FLOORS), country="DE", severity="minor")
    assert isinstance(decision, Undecided)
    assert decision.rules[0].rule == "eu_faulty"


def test_the_law_is_met_by_one_option_of_those_it_names():
    assert ids(offered(policies(floors=FLOORS), country="DE", affected_value="150 USD"))


def test_what_a_limit_of_ours_has_cut_does_not_meet_the_law():
    these = policies(edited(POLICY, (CAP, "at_most: 25 USD")), floors=FLOORS)
    assert isinstance(decide(these, country="DE", affected_value="150 USD"), Undecided)


def test_a_coupon_never_meets_the_law():
    law = edited(FLOORS, ("[resend, full_refund]", "[small_coupon]"))
    assert isinstance(decide(policies(floors=law), country="DE", severity="minor"), Undecided)


def test_goodwill_is_cut_to_what_the_customer_may_still_get():
    before = spent(goodwill=((10, "140.00 USD"),))
    decision = offered(before=before, severity="minor", affected_value="90 USD")
    assert worths(decision.options[1]) == {"part_refund": "10.00 USD"}


def test_goodwill_given_too_long_ago_does_not_count():
    inside, outside = spent(goodwill=((90, "150 USD"),)), spent(goodwill=((91, "150 USD"),))
    assert offered(before=inside, severity="minor").options == ()
    assert len(offered(before=outside, severity="minor").options) == 2


def test_what_is_owed_is_never_capped_by_goodwill_given():
    before = spent(goodwill=((1, "1000 USD"),))
    decision = offered(before=before, severity="total", affected_value="400 USD")
    assert ids(decision) == ["resend", "full_refund"]
    assert worths(decision.options[1]) == {"full_refund": "400.00 USD"}


def test_goodwill_given_in_another_currency_counts_converted():
    before = spent(goodwill=((1, "112.00 EUR"),))  # 140 USD
    decision = offered(before=before, severity="minor", affected_value="90 USD")
    assert worths(decision.options[1]) == {"part_refund": "10.00 USD"}


@pytest.mark.parametrize(
    ("value", "band"),
    [
        ("49.99 USD", "none_needed"),
        ("50 USD", "supervisor"),
        ("249.99 USD", "supervisor"),
        ("250 USD", "manager"),
    ],
)
def test_the_band_of_approval_is_that_of_the_cost(value: str, band: str):
    decision = offered(severity="total", affected_value=value)
    assert decision.options[-1].approval == band


def test_earlier_remedies_of_the_order_count_for_approval():
    decision = offered(before=spent(cost="215.00 USD"), severity="major")
    assert {o.id: o.approval for o in decision.options} == {
        "half_refund": "manager",
        "resend": "supervisor",
        "full_refund": "manager",
    }
    assert decision.approval == "manager"


def test_without_bands_nobody_need_approve():
    start, end = POLICY.index("approval:"), POLICY.index("return_required:")
    decision = offered(policies(POLICY[:start] + POLICY[end:]), affected_value="9000 USD")
    assert decision.approval == "none_needed"


def test_a_refund_cut_to_what_is_left_still_meets_the_law():
    decision = offered(policies(floors=FLOORS), spent("30.00 USD"), country="DE", in_stock="no")
    assert worths(decision.options[-1]) == {"full_refund": "30.00 USD"}


def test_a_channel_may_forbid_coupons_alone():
    no_coupons = edited(CHANNELS, ("can: [refund, resend], ", ""))
    decision = offered(policies(channels=no_coupons), platform="amazon", severity="minor")
    assert ids(decision) == ["part_refund"]
