"""Two versions of a policy compared by meaning, held against offering every case by both."""

import os
import re

import pytest
from hypothesis import Phase, given, settings
from proof_examples import SCHEMA, costs_of, every_offer, policies, policy_of, world

from aftersales.domain.conditions import Facts
from aftersales.domain.conditions.space import NotProvable
from aftersales.domain.policy import OptionsDecision, Undecided
from aftersales.domain.policy.compare import Compared, compare_offers
from aftersales.domain.policy.compare.alike import alike
from aftersales.domain.policy.prove import World

QUICK = [Phase.explicit, Phase.generate]  # to make a failing pair smaller takes too long
PAIRS = 300 if os.environ.get("TESTS_IN_FULL") else 10
Drawn = tuple[str, str, str, str]


def seen(decision: OptionsDecision | Undecided) -> object:
    """What a customer sees of an offer; an undecided one and none are the same to him."""
    if isinstance(decision, Undecided):
        return frozenset()
    return frozenset(
        (o.id, o.approval, o.returns.answer, tuple((r.name, r.amount, r.cost) for r in o.remedies))
        for o in decision.options
    )


@settings(max_examples=PAIRS, phases=QUICK)
@given(policies(), policies())
def test_each_case_that_is_offered_something_else_is_in_a_region_told(
    one: Drawn, other: Drawn
) -> None:
    older = world(one[0], channels=one[1], floors=one[2])
    newer = world(other[0], channels=other[1], floors=other[2])
    every_difference_is_told(older, newer)


@settings(max_examples=PAIRS, phases=QUICK)
@given(policies(), policies())
def test_where_only_cells_differ_each_difference_is_told_too(one: Drawn, other: Drawn) -> None:
    [cells] = re.findall(r"^    high: .*$", other[0], re.M)
    written = re.sub(r"^    high: .*$", cells, one[0], flags=re.M)
    older, newer = (world(text, channels=one[1], floors=one[2]) for text in (one[0], written))
    every_difference_is_told(older, newer)


def every_difference_is_told(older: World, newer: World) -> None:
    """Each case that brute force finds to differ is in a region, and if none does there is none."""
    changed = compare_offers("broken", older, newer).changed
    differs = False
    costs = costs_of(older, newer)
    both = zip(every_offer(older, costs), every_offer(newer, costs), strict=True)
    for (facts, was), (_, now) in both:
        if seen(was) != seen(now):
            differs = True
            assert any(group.holds(facts) for group in changed), facts
    assert not differs or changed
    for group in changed:
        assert group.holds(facts_of(group.example)), group.example


def facts_of(example: str) -> Facts:
    """The case that an example tells; what it does not name may be anything."""
    told = dict(part.split(" ", 1) for part in example.split(", ") if part != "any case")
    whole = {
        "affected_value": "1 USD",
        "severity": "minor",
        "in_stock": "yes",
        "platform": "amazon",
    }
    texts = {fact: text for fact, text in {**whole, **told}.items() if text != "missing"}
    return Facts(SCHEMA, {fact: SCHEMA.read(fact, text) for fact, text in texts.items()})


@settings(max_examples=PAIRS, phases=QUICK)
@given(policies())
def test_a_policy_does_not_differ_from_itself(drawn: Drawn) -> None:
    older = world(drawn[0], channels=drawn[1], floors=drawn[2])
    assert compare_offers("broken", older, older) == Compared(())


def test_a_change_is_told_with_its_region_what_was_and_what_is() -> None:
    older, newer = world(policy_of("some_back")), world(policy_of("[some_back, all_back]"))
    [changed] = compare_offers("broken", older, newer).changed
    assert changed.regions == ("affected_value high, severity major",)
    assert (changed.was, changed.now) == ("without all_back", "all_back")
    assert changed.example == "affected_value 10.00 USD, severity major"


def test_one_option_in_place_of_another_is_told_by_both() -> None:
    older, newer = world(policy_of("some_back")), world(policy_of("all_back"))
    [changed] = compare_offers("broken", older, newer).changed
    assert (changed.was, changed.now) == ("some_back", "all_back")


def test_another_share_is_told_by_its_amounts() -> None:
    older = world(policy_of("some_back"))
    newer = world(policy_of("some_back").replace("20% of", "25% of"))
    found = [(one.was, one.now) for one in compare_offers("broken", older, newer).changed]
    assert ("some_back of 2.00 USD", "some_back of 2.50 USD") in found


def test_another_band_of_approval_is_told_once_for_all_options() -> None:
    older = world(policy_of("[some_back, all_back]"))
    newer = world(policy_of("[some_back, all_back]").replace("50 USD", "40 USD"))
    [changed] = compare_offers("broken", older, newer).changed
    assert (changed.was, changed.now) == ("approval none_needed", "approval manager")


def test_goods_that_are_added_are_told_as_added() -> None:
    money = "  all_back:  {refund: 100% of affected_value}\n"
    goods = "  again: {resend: it, costs: item_cost, if_missing: 60% of affected_value}\n"
    older, newer = (
        world(policy_of(cell).replace(money, money + goods))
        for cell in ("all_back", "[all_back, again]")
    )
    found = [(one.was, one.now) for one in compare_offers("broken", older, newer).changed]
    assert ("without again", "again") in found
    assert not [one for one in found if "nothing by this policy" in one]


def test_goods_whose_cost_may_be_unknown_are_compared() -> None:
    money = "  all_back:  {refund: 100% of affected_value}\n"
    goods = world(
        policy_of("again").replace(money, f"{money}  again: {{resend: it, costs: item_cost}}\n")
    )
    [changed] = compare_offers("broken", world(policy_of("all_back")), goods).changed
    assert (changed.was, changed.now) == ("all_back", "again")
    assert changed.regions == ("affected_value high, severity major",)


def test_versions_that_seem_alike_where_not_all_was_tried_are_not_said_to_be() -> None:
    capped = "some_back: {refund: 20% of affected_value, at_most: 90% of item_cost}"
    older = policy_of("some_back").replace("some_back: {refund: 20% of affected_value}", capped)
    newer = older.replace("90% of item_cost", "80% of item_cost")
    with pytest.raises(NotProvable, match="`some_back` hangs on `item_cost` too"):
        compare_offers("broken", world(older), world(newer))


def test_where_some_differences_are_found_and_not_all_was_tried_more_is_said_to_be_possible() -> (
    None
):
    money = "  all_back:  {refund: 100% of affected_value}\n"
    goods = "  again: {resend: it, costs: 90% of item_cost, if_missing: 60% of affected_value}\n"
    older, newer = (
        world(policy_of(cell).replace(money, money + goods)) for cell in ("some_back", "again")
    )
    found = compare_offers("broken", older, newer)
    assert [(one.was, one.now) for one in found.changed] == [("some_back", "again")]
    assert found.why_more == "`again` costs a share of `item_cost`"


def test_another_amount_in_a_currency_that_no_condition_tells_may_be_more() -> None:
    two = "some_back: {refund: {USD: 5, EUR: 4}}"
    older = policy_of("some_back").replace("some_back: {refund: 20% of affected_value}", two)
    newer = older.replace("EUR: 4", "EUR: 2")
    with pytest.raises(NotProvable, match="its amounts in EUR"):
        compare_offers("broken", world(older), world(newer))
    found = compare_offers("broken", world(older), world(newer.replace("USD: 5", "USD: 6")))
    assert [(one.was, one.now) for one in found.changed] == [
        ("some_back of 5.00 USD", "some_back of 6.00 USD")
    ]
    assert "EUR" in found.why_more


def test_rules_that_stand_elsewhere_are_alike_and_rules_that_say_something_else_are_not() -> None:
    written = policy_of("all_back")
    versions = [written, f"\n\n{written}", written.replace("20% of", "25% of")]
    policy, moved, changed = (world(text).policies.compensation["broken"] for text in versions)
    assert policy != moved
    assert alike(policy, moved)
    assert not alike(policy, changed)
