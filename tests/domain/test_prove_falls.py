"""What is told of a law that is broken: a case of the rule that breaks it, not one like it."""

from proof_examples import proven, world

from aftersales.domain.policy.prove import Finding

# `small` is worked out first for those known to nobody, who never get less by worse damage.
POLICY = """
aftersales: policy/1
policy: broken
remedies:
  small:     {refund: 5% of affected_value}
  some_back: {refund: 50% of affected_value}
  all_back:  {refund: 100% of affected_value}
base: {down: severity, cells: {minor: some_back, major: all_back}}
exceptions:
  - {id: known_to_nobody, when: {platform: own_shop, tier: missing}, options: small}
  - {id: vip_elsewhere, when: {severity: major, platform: amazon, tier: vip}, options: small}
EXCEPTIONS
approval:
  none_needed: under 0.50 USD
  manager:     at least 0.50 USD
"""


def _found(law: str) -> Finding:
    of = world(POLICY.replace("EXCEPTIONS", ""))
    [found] = [f for f in proven(of, law) if f.code == "P435"]
    return found


def test_a_fall_is_told_of_a_case_in_which_it_happens_with_the_rules_that_decide() -> None:
    measure = "best_value_to_customer"
    found = _found(f"never_less: {{measure: {measure}, when: {{severity: up}}, all_else: same}}")
    example, why, everywhere = found.notes
    assert example.endswith("tier vip, platform amazon")
    assert everywhere == "all of: tier vip, platform amazon"
    assert "with severity minor (`minor`), and " in why
    assert why.endswith("with severity major (`vip_elsewhere`)")


def test_an_option_that_breaks_a_law_is_told_with_the_rule_that_offers_it() -> None:
    found = _found("{never: {option: small}, when: {tier: vip}}")
    assert found.notes[1].endswith("by `vip_elsewhere`")
    found = _found("{always: {option: all_back}, when: {severity: minor}}")
    assert found.notes[1] == "offered are only some_back, by `minor`"


def test_of_two_exceptions_either_may_be_let_decide() -> None:
    exceptions = """
  - {id: vips, when: {tier: vip}, options: all_back, wins_over: vip_elsewhere}
  - {id: elsewhere_too, when: {platform: own_shop, tier: vip}, options: some_back}
"""
    of = world(POLICY.replace("EXCEPTIONS", exceptions))
    [found] = [f for f in proven(of) if f.code == "P402"]
    assert found.help.partition("; or ")[0] == (
        "let one decide: `wins_over: vips` in `elsewhere_too`, "
        "or add `elsewhere_too` to the `wins_over` of `vips`"
    )
