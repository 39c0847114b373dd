"""Rows of `return_required` by cost: what some yen come to lies between two cents, too."""

from dataclasses import replace

import pytest
from proof_examples import SCHEMA, policy_of, proven, world

from aftersales.domain.conditions import Facts, Rates
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import Decider, Spent, Undecided
from aftersales.domain.policy.prove import Finding, World

RATES = Rates.of("EUR", {"USD": "1.08", "JPY": "160.5"})
BELOW, ABOVE = "at most 49.99 USD", "at least 50 USD"


def world_of(*whens: str, choose: str = "one", otherwise: str = "", rest: str = "") -> World:
    """A policy with these rows of return."""
    rows = [
        f"    - {{id: row_{n}, when: {{{when}}}, answer: prepaid_label}}"
        for n, when in enumerate(whens, start=1)
    ]
    table = ["return_required:", f"  choose: {choose}", "  rows:", *rows, otherwise]
    return replace(world(policy_of("all_back") + rest + "\n".join(table)), rates=RATES)


def between_cents(of: World) -> list[Finding]:
    """What is found of costs that only converted amounts come to."""
    return [one for one in proven(of) if one.code == "P434" and "converted" in one.message]


@pytest.mark.parametrize(
    ("whens", "choose", "told"),
    [
        (["cost: under 50 USD", f"cost: {ABOVE}"], "one", []),
        ([f"cost: {BELOW}", f"cost: {ABOVE}"], "one", ["no answer"]),
        ([f"cost: {BELOW}", f"cost: {ABOVE}"], "first", ["no answer"]),
        (["cost: under 50 USD", "cost: over 49.99 USD"], "first", []),
        (
            ["cost: under 50 USD", "cost: over 49.99 USD"],
            "one",
            ["two answers, of `row_1` and `row_2`,"],
        ),
    ],
)
def test_each_converted_cost_has_one_answer_to_return_required(
    whens: list[str], choose: str, told: list[str]
) -> None:
    of = world_of(*whens, choose=choose)
    assert [(f.ref.rule, f.message.partition(": ")[0]) for f in between_cents(of)] == [
        ("row_1", f"a cost of over 49.99 USD to under 50 USD has {one} to `return_required`")
        for one in told
    ]
    assert between_cents(replace(of, rates=Rates.none())) == []  # nothing is converted


def test_a_case_that_falls_between_two_rows_is_undecided_and_its_neighbours_are_not() -> None:
    of = world_of(f"cost: {BELOW}", f"cost: {ABOVE}")
    decider = Decider(of.policies, "broken")
    known = {"severity": "major", "in_stock": True, "platform": "own_shop"}
    found = []
    for minor in (7_429, 7_430, 7_431):  # 49.989, 49.996 and 50.003 USD
        value = Money.from_minor(minor, "JPY")
        facts = Facts(SCHEMA, {**known, "affected_value": value}, RATES)
        found.append(isinstance(decider.decide(facts, Spent(value, zero("JPY"))), Undecided))
    assert found == [False, True, False]


def test_what_otherwise_answers_is_no_hole() -> None:
    otherwise = "  otherwise: {answer: customer_keeps}"
    assert between_cents(world_of(f"cost: {BELOW}", f"cost: {ABOVE}", otherwise=otherwise)) == []


def test_only_the_cases_and_options_are_told_that_have_an_answer_at_the_cents_beside() -> None:
    of = world_of(
        f"cost: {BELOW}, severity: major, option: all_back",
        f"cost: {ABOVE}, remedy: refund",
        "cost: under 50 USD, severity: minor",
    )
    [found] = between_cents(of)
    assert found.notes == ("for example: option all_back, severity major",)
    of = world_of(f"cost: {BELOW}", f"cost: {ABOVE}", rest="applies_to: {severity: major}\n")
    assert between_cents(of)[0].notes == ()  # that goes without saying
    assert between_cents(world_of(f"cost: {ABOVE}")) == []  # none below it has an answer at all
