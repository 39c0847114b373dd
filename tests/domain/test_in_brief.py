"""Offers in brief are those of the working-out in full, whatever the policy and the currencies."""

from datetime import UTC, datetime
from itertools import product
from random import Random

import proof_examples
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import drawn_cases
from aftersales.domain.conditions import Rates
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import Decider, Spent, Undecided, decide_options, in_brief

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
RATES = Rates.of("USD", {"EUR": "0.92", "GBP": "0.79", "JPY": "150"})
EACH = 60  # cases of each policy
CAP = "  per_customer: {goodwill: at most 3 USD, within: 90 days}\napproval:"
RETURNS = """
return_required:
  choose: first
  rows:
    - {id: swapped, when: {swap_cost: known, remedy: again}, answer: prepaid_label}
    - {id: sent, when: {cost_share: over 60%, remedy: [refund, again]}, answer: prepaid_label}
    - {id: theirs, when: {platform: amazon}, answer: customer_keeps}
  otherwise: {answer: customer_keeps}
"""


@settings(max_examples=60)
@given(
    proof_examples.policies(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", ", round: up to whole units", ", round: to 5 minor units"]),
    st.integers(0, 10_000),
)
def test_offers_in_brief_are_those_of_the_working_out_in_full(
    drawn: tuple[str, str, str, str],
    is_capped: bool,
    has_returns: bool,
    has_two_costs: bool,
    rounding: str,
    seed: int,
):
    written, channels, floors, _ = drawn
    written = written.replace("approval:", CAP if is_capped else "approval:")
    written = written.replace("10% of affected_value", f"10% of affected_value{rounding}")
    written = written.replace(
        "[item_cost]", "[item_cost, swap_cost]" if has_two_costs else "[item_cost]"
    )
    written += RETURNS if has_returns else ""
    world = proof_examples.world(written, channels=channels, floors=floors)
    decider = Decider(world.policies, "broken")
    reads = world.policies.reads("broken") | {"affected_value", "item_cost", "swap_cost"}
    for number in range(seed, seed + EACH):
        # Few amounts, so that prices and options that were kept are met again.
        case = drawn_cases.case(world.schema, reads, "broken", AT, RATES, number)
        before = drawn_cases.spent(case, Random(number).randrange(20))
        told = decide_options(world.policies, "broken", case, before)
        brief = told if isinstance(told, Undecided) else in_brief(told)
        assert decider.decide_in_brief(case, before) == brief


@pytest.mark.parametrize("goods", ["[item_cost]", "[item_cost, swap_cost]"])
def test_a_price_is_found_again_only_for_the_same_amounts_of_the_same_currencies(goods: str):
    again = f"remedies:\n  again: {{resend: the same, costs: {goods}}}"
    written = proof_examples.policy_of("[again, some_back]").replace("remedies:", again)
    world = proof_examples.world(written)
    decider = Decider(world.policies, "broken")
    texts = {"severity": "major", "platform": "own_shop", "in_stock": "yes"}
    texts["affected_value"] = "90.00 USD"
    costs = product(("10 USD", "10 EUR", "12 USD"), ("5 USD", "5 EUR", "6 USD"))
    before = Spent(Money.parse("90.00 USD"), zero("USD"))
    for item, swap in [*costs] * 2:
        case = world.schema.typed({**texts, "item_cost": item, "swap_cost": swap}, rates=RATES)
        told = decide_options(world.policies, "broken", case, before)
        assert decider.decide_in_brief(case, before) == in_brief(told)


def test_a_cost_whose_rate_is_missing_is_not_found_again():
    costs = "costs: [item_cost, 5 ISK], if_missing: 60% of affected_value"
    again = f"remedies:\n  again: {{resend: x, {costs}}}"
    written = proof_examples.policy_of("[again]").replace("remedies:", again)
    world = proof_examples.world(written)
    decider = Decider(world.policies, "broken")
    for value, cost in (("100 USD", 6_000), ("200 USD", 12_000), ("300 USD", 18_000)):
        texts = {"severity": "major", "affected_value": value, "item_cost": "8 USD"}
        case = world.schema.typed(texts, rates=RATES)
        brief = decider.decide_in_brief(case, Spent(Money.parse(value), zero("USD")))
        assert [one.cost for one in brief] == [cost]


def test_where_no_limit_bites_nothing_is_worked_out_in_full(monkeypatch: pytest.MonkeyPatch):
    world = proof_examples.world(proof_examples.policy_of("[all_back, some_back]"))
    decider = Decider(world.policies, "broken")
    texts = {"severity": "major", "platform": "own_shop", "in_stock": "yes"}
    for value in ("10.00 USD", "20.00 USD", "30.00 USD"):
        case = world.schema.typed({**texts, "affected_value": value})
        before = Spent(Money.parse(value), zero("USD"))
        offered = decider.decide_in_brief(case, before)
        assert [one.cost for one in offered] == [Money.parse(value).minor, int(value[0]) * 200]
        monkeypatch.setattr("aftersales.domain.policy.decider.with_prices", None)
