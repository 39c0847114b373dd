"""Masks say of every condition what it says itself, whatever the facts."""

import copy
import pickle
import random

from drawn_tables import NAMES, RATES, SCHEMA, cell, conditions, facts
from hypothesis import given
from hypothesis import strategies as st

from aftersales.domain.conditions import (
    ALWAYS,
    Condition,
    FactDeclaration,
    Facts,
    FactSchema,
    FactType,
    Masks,
    Rates,
    all_of,
    parse_cell,
)
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money

SEEDS = st.integers(0, 2**32)


def own_answers(rules: list[Condition], case: Facts) -> tuple[int, int]:
    """What each condition says itself: those that hold, and those that raise FactMissing."""
    holding = unsure = 0
    for n, rule in enumerate(rules):
        try:
            holding |= rule.holds(case) << n
        except FactMissing:
            unsure |= 1 << n
    return holding, unsure


@given(SEEDS)
def test_masks_say_what_each_condition_says(seed: int):
    chance = random.Random(seed)
    rules = list(conditions(chance, 25))
    masks = Masks(rules)
    for _ in range(25):
        case = facts(chance)
        assert masks.of(case) == own_answers(rules, case)


@given(SEEDS)
def test_one_fact_alone_fits_as_its_cell_says_whatever_was_asked_before(seed: int):
    chance = random.Random(seed)
    name = chance.choice(NAMES)
    rules = [all_of({name: cell(name, chance)}) for _ in range(8)]
    masks = Masks(rules)
    for _ in range(40):
        case = facts(chance, missing=0.1)
        assert masks.of(case) == own_answers(rules, case)


@given(SEEDS)
def test_an_amount_of_money_fits_whether_it_comes_as_money_or_as_a_number(seed: int):
    chance = random.Random(seed)
    rules = [all_of({name: cell(name, chance)}) for name in NAMES for _ in range(4)]
    for asked in (Masks(rules), Masks([])):
        by_fact = asked.by_fact(SCHEMA)
        for _ in range(40):
            case = facts(chance)
            for fact, value in case.items():
                if isinstance(value, Money):
                    number = value.minor, value.currency
                    as_money = by_fact.of_one(fact, value, case.rates)
                    assert by_fact.of_money(fact, *number, case.rates) == as_money


@given(SEEDS)
def test_masks_are_the_same_however_they_were_copied(seed: int):
    chance = random.Random(seed)
    masks = Masks(list(conditions(chance, 6)))
    cases = [facts(chance) for _ in range(6)]
    asked = [masks.of(case) for case in cases]
    for other in (copy.deepcopy(masks), pickle.loads(pickle.dumps(masks)), copy.copy(masks)):
        assert [other.of(case) for case in cases] == asked


def test_a_fact_is_needed_or_not_as_the_schema_of_the_case_says():
    needed, free = (
        FactSchema({"stars": FactDeclaration("stars", FactType.NUMBER, may_be_missing=is_free)})
        for is_free in (False, True)
    )
    masks = Masks([all_of({"stars": parse_cell("over 3", needed.declaration("stars"), needed)})])
    assert masks.of(Facts(needed, {})) == (0, 1)
    assert masks.of(Facts(free, {})) == (0, 0)
    assert masks.of(Facts(needed, {})) == (0, 1)


def test_a_threshold_is_converted_at_the_rates_of_each_case():
    declaration = SCHEMA.declaration("value")
    masks = Masks([all_of({"value": parse_cell("at least 100 USD", declaration, SCHEMA)})])
    euros = {"value": Money("85.00", "EUR")}
    assert masks.of(Facts(SCHEMA, euros, RATES[1])) == (1, 0)
    assert masks.of(Facts(SCHEMA, euros, RATES[2])) == (0, 0)
    assert masks.of(Facts(SCHEMA, euros)) == (0, 1)
    for cents in range(1, 200):  # more rates than are kept
        rates = Rates.of("EUR", {"USD": f"{cents}"})
        assert masks.of(Facts(SCHEMA, euros, rates)) == (int(85 * cents >= 100), 0)


def test_free_texts_without_end_are_answered_each():
    declaration = SCHEMA.declaration("note")
    masks = Masks([all_of({"note": parse_cell("not one", declaration, SCHEMA)}), ALWAYS])
    for n in range(5000):
        assert masks.of(Facts(SCHEMA, {"note": f"text {n}"})) == (3, 0)
    assert masks.of(Facts(SCHEMA, {"note": "one"})) == (2, 0)


def test_a_condition_without_boxes_never_holds_and_no_conditions_need_no_facts():
    assert Masks([Condition(()), ALWAYS]).of(Facts(SCHEMA, {})) == (2, 0)
    assert Masks([]).of(Facts(SCHEMA, {})) == (0, 0)
