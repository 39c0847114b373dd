# ruff: noqa: E501
"""Two sorts of goods whose costs conditions read: cases that differ in them are tried apart."""

import pytest
from proof_examples import proven, world

from aftersales.domain.policy.compare import compare_offers

# On each platform both are sent where one is cheap, but not in the same cases.
POLICY = """
aftersales: policy/1
policy: broken
remedies:
  one:   {refund: 20% of affected_value}
  again: {resend: it, costs: [item_cost], if_missing: 30 USD}
  swap:  {exchange: it, costs: [swap_cost], if_missing: 30 USD}
base:
  down: severity
  cells: {minor: again + swap, major: one}
exceptions:
  - {id: m1, when: {item_cost: missing}, options: one}
  - {id: m2, when: {item_cost: known, swap_cost: missing}, options: one}
  - {id: a1, when: {platform: HERE, item_cost: at least 20 USD, swap_cost: known}, options: one}
  - {id: a2, when: {platform: HERE, item_cost: under 20 USD, swap_cost: under 20 USD}, options: one}
  - {id: b1, when: {platform: THERE, item_cost: at least 10 USD, swap_cost: known}, options: one}
  - {id: b2, when: {platform: THERE, item_cost: under 10 USD, swap_cost: under 10 USD}, options: one}
approval:
  none_needed: under 5000 USD
  manager:     at least 5000 USD
return_required:
  choose: one
  rows: [{id: back, when: {remedy: again, cost: 12 USD to 15 USD}, answer: BACK}]
  otherwise: {answer: customer_keeps}
"""
PLATFORMS = [("own_shop", "amazon"), ("amazon", "own_shop")]


def written(platforms: tuple[str, str], back: str = "prepaid_label") -> str:
    """The policy with the platforms in this order."""
    here, there = platforms
    return POLICY.replace("THERE", there).replace("HERE", here).replace("BACK", back)


@pytest.mark.parametrize("platforms", PLATFORMS)
def test_a_law_is_broken_in_the_only_part_where_goods_cost_so_much(
    platforms: tuple[str, str],
) -> None:
    of = world(written(platforms))
    law = "{never: {cost: 12 USD to 15 USD, option: again + swap}}"
    [found] = [f for f in proven(of, law) if f.code == "P435"]
    assert f"platform {platforms[1]}" in found.notes[0]


@pytest.mark.parametrize("platforms", PLATFORMS)
def test_a_difference_is_found_in_the_only_part_where_goods_cost_so_much(
    platforms: tuple[str, str],
) -> None:
    older, newer = (world(written(platforms, back)) for back in ("prepaid_label", "customer_keeps"))
    [changed] = compare_offers("broken", older, newer).changed
    assert changed.regions == (
        f"severity minor, platform {platforms[1]}, "
        "item_cost under 10 USD, swap_cost 10 USD to under 20 USD",
    )
