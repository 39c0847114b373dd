"""Which options are offered: cell, exception, swaps, extras, and what is left out and why."""

from dataclasses import replace

from policy_examples import (
    POLICY,
    decide,
    edited,
    facts,
    ids,
    offered,
    policies,
    spent,
    worths,
)

from aftersales.domain.policy import Undecided, decide_options


def left_out(decision, what):
    return next(out.why for out in decision.left_out if out.what == what)


def test_the_cell_of_band_and_severity_is_offered_in_the_authors_order():
    decision = offered(severity="major", affected_value="80 USD")
    assert ids(decision) == ["half_refund", "resend", "full_refund"]
    assert decision.rule.rule == "medium/major"


def test_the_edges_of_the_bands_belong_to_the_upper_band():
    assert ids(offered(severity="minor", affected_value="19.99 USD")) == ["small_coupon"]
    assert ids(offered(severity="minor", affected_value="20 USD")) == [
        "small_coupon",
        "part_refund",
    ]
    assert ids(offered(severity="minor", affected_value="100 USD")) == ["part_refund"]


def test_a_rule_names_the_file_and_line_of_its_cell():
    rule = offered().rule
    line = POLICY[: POLICY.index("      major: [half")].count("\n") + 1
    assert str(rule) == f"medium/major (a.yaml:{line})"


def test_an_exception_replaces_the_cell_and_says_which():
    decision = offered(country="NO")
    assert ids(decision) == ["full_refund"]
    assert decision.rule.rule == "far_away"
    assert left_out(decision, "medium/major") == "the exception `far_away` replaces it"


def test_what_only_the_replaced_cell_needs_need_not_be_known():
    known_in_pounds = (
        ("{affected_value: under 100 USD, country: not home nor nearby,", "{country: NO,"),
        ("needed: under 50 USD", "needed: 'under {USD: 50, GBP: 50}'"),
        ("50 USD to under 250 USD", "'{USD: 50, GBP: 50} to under {USD: 250, GBP: 250}'"),
        ("at least 250 USD", "'at least {USD: 250, GBP: 250}'"),
        ("{affected_value: at least 100 USD, remedy", "{remedy"),
        ("  per_customer: {goodwill: at most 150 USD, within: 90 days}\n", ""),
    )
    these = policies(edited(POLICY, *known_in_pounds))
    pounds = {"affected_value": "80.00 GBP", "item_cost": None, "resend_cost": None}
    here = decide(these, spent("1000.00 GBP"), **pounds)
    assert isinstance(here, Undecided)
    assert here.missing == "rate USD->GBP"
    assert ids(offered(these, spent("1000.00 GBP"), country="NO", **pounds)) == ["full_refund"]


def test_an_exception_that_does_not_fit_says_in_what():
    why = left_out(offered(country="CA"), "far_away")
    assert why == "`country` is CA; the rule asks for `not home nor nearby`"


VIP_ABROAD = "  - {id: vip_abroad, when: {tier: vip}, options: half_refund}\nswaps:"


def test_two_exceptions_that_fit_are_for_a_person_with_both_named():
    both = edited(POLICY, ("swaps:", VIP_ABROAD))
    decision = decide(policies(both), country="NO", tier="vip")
    assert isinstance(decision, Undecided)
    assert [rule.rule for rule in decision.rules] == ["far_away", "vip_abroad"]


def test_an_exception_wins_over_those_it_names():
    winner = VIP_ABROAD.replace("half_refund", "half_refund, wins_over: far_away")
    decision = offered(policies(edited(POLICY, ("swaps:", winner))), country="NO", tier="vip")
    assert decision.rule.rule == "vip_abroad"
    assert left_out(decision, "far_away") == "`vip_abroad` wins over it"


def test_a_swap_puts_another_remedy_wherever_one_stands():
    decision = offered(tier="vip", country="DE", severity="total", affected_value="200 USD")
    assert ids(decision)[0].startswith("resend + part_refund")
    assert any(step.rule and step.rule.rule == "vip_refund_de" for step in decision.steps)


def test_options_that_a_swap_makes_equal_are_offered_once():
    decision = offered(tier="vip", country="DE", severity="minor")
    assert ids(decision) == ["part_refund"]
    assert any("come to the same" in step.what for step in decision.steps)


def test_options_with_the_same_remedies_in_another_order_are_equal():
    both_ways = "[resend + small_coupon, small_coupon + resend]"
    twice = edited(POLICY, ("[half_refund, resend, full_refund]", both_ways))
    assert ids(offered(policies(twice))) == ["resend + small_coupon"]


def test_an_extra_is_added_where_it_can_be_borne_and_explained_where_not():
    decision = offered(tier="vip")
    assert ids(decision) == ["half_refund + small_coupon", "resend + small_coupon", "full_refund"]
    why = left_out(decision, "small_coupon added to full_refund")
    assert why == "`full_refund` and `small_coupon` are never given together"


def test_an_extra_that_would_break_the_cap_of_an_option_is_left_out():
    dear = edited(POLICY, ("at_most: 120% of affected_value}", "at_most: 55% of affected_value}"))
    decision = offered(policies(dear), tier="vip")
    assert "half_refund" in ids(decision)
    assert "each option costs at most 55%" in left_out(
        decision, "small_coupon added to half_refund"
    )


def test_an_option_whose_remedy_is_not_possible_is_left_out_with_the_reason():
    decision = offered(in_stock="no")
    assert ids(decision) == ["half_refund", "full_refund"]
    assert (
        left_out(decision, "resend")
        == "`resend` is not possible: `in_stock` is no; the rule asks for `yes`"
    )


def test_a_fact_that_is_reached_and_not_known_is_named():
    decision = decide(in_stock=None)
    assert isinstance(decision, Undecided)
    assert decision.missing == "in_stock"


def test_a_fact_that_no_reached_rule_reads_may_be_missing():
    assert ids(offered(in_stock=None, country="NO")) == ["full_refund"]


def test_an_unknown_policy_is_for_a_person():
    assert isinstance(decide_options(policies(), "nonsense", facts(), spent()), Undecided)


def test_rows_may_stand_in_place_of_the_matrix():
    start, end = POLICY.index("base:"), POLICY.index("swaps:")
    rows = """rows:
  - {id: grave, when: {severity: at least major}, options: [full_refund, resend]}
otherwise: {options: small_coupon}
"""
    these = policies(POLICY[:start] + rows + POLICY[end:])
    assert ids(offered(these, severity="major")) == ["full_refund", "resend"]
    assert offered(these, severity="minor").rule.rule == "otherwise"


def test_a_value_in_no_line_of_the_matrix_is_for_a_person():
    these = policies()
    policy = these.compensation["broken"]
    assert policy.base is not None
    holed = replace(policy, base=replace(policy.base, lines=policy.base.lines[:2]))
    decision = decide(replace(these, compensation={"broken": holed}), affected_value="300 USD")
    assert isinstance(decision, Undecided)
    assert decision.why == "no line fits affected_value 300.00 USD"


def test_one_compensation_policy_applies_by_its_condition():
    assert policies().for_kind(facts()) == "broken"
    other = policies(edited(POLICY, ("{kind: broken}", "{kind: other}")))
    assert isinstance(other.for_kind(facts()), Undecided)


def test_a_fact_that_a_policy_answers_is_filled_in():
    late = """
aftersales: policy/1
policy: lateness
choose: first
answers: {is_late: yes_no}
rows:
  - {id: late, when: {days_late: over 3}, is_late: yes}
otherwise: {is_late: no}
"""
    these = policies(
        edited(POLICY, ("country: not home nor nearby, ", "is_late: yes, ")), tables=(late,)
    )
    assert offered(these, days_late="4").rule.rule == "far_away"
    assert offered(these, days_late="3").rule.rule == "medium/major"


def test_the_remedies_of_an_option_carry_what_a_handler_needs():
    decision = offered(severity="total")
    resend, coupon = decision.options[0].remedies
    assert resend.details == {"items": "the ordered items", "shipping": "express"}
    assert coupon.details == {"valid_for": "90 days"}
    assert worths(decision.options[0]) == {"resend": "26.00 USD", "small_coupon": "8.00 USD"}


def test_goods_come_back_only_where_the_option_holds_the_remedy_asked_for():
    decision = offered(affected_value="150 USD")
    returns = {option.id: option.returns.answer for option in decision.options}
    assert returns == {
        "half_refund": "customer_keeps",
        "resend": "prepaid_label",
        "full_refund": "prepaid_label",
    }
    assert decision.options[1].returns.within == "14 days"


def test_a_remedy_that_a_swap_puts_in_twice_is_given_once():
    twice = edited(POLICY, ("[small_coupon, part_refund]", "small_coupon + part_refund"))
    decision = offered(policies(twice), tier="vip", country="DE", severity="minor")
    assert ids(decision) == ["part_refund"]


def test_tables_that_read_each_other_do_not_go_round():
    one = """
aftersales: policy/1
policy: lateness
choose: first
answers: {is_late: yes_no}
rows:
  - {id: itself, when: {is_late: yes}, is_late: yes}
otherwise: {is_late: no}
"""
    late = edited(POLICY, ("country: not home nor nearby, ", "is_late: yes, "))
    decision = decide(policies(late, tables=(one,)))
    assert isinstance(decision, Undecided)
    assert decision.missing == "is_late"
