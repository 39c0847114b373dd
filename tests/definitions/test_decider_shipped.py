"""A decider decides every case of the shipped policies as the public function does, to the cent."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import drawn_cases
from aftersales.definitions import Catalog
from aftersales.domain.policy import (
    Brief,
    Decider,
    OptionsDecision,
    Undecided,
    decide_options,
    in_brief,
)

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
PRICED_BY = frozenset({"affected_value", "item_cost", "resend_cost", "order_value"})
CASES = 400


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def unexplained(decision: OptionsDecision | Undecided) -> OptionsDecision | Undecided:
    if isinstance(decision, Undecided):
        return decision
    options = tuple(replace(option, steps=()) for option in decision.options)
    return replace(decision, options=options, steps=(), left_out=())


def brief(told: OptionsDecision | Undecided) -> tuple[Brief, ...] | Undecided:
    return told if isinstance(told, Undecided) else in_brief(told)


@pytest.mark.parametrize(
    "kind", ["bad_review", "chargeback", "damaged", "not_received", "wrong_item"]
)
def test_a_decider_decides_as_the_public_function_does(catalog: Catalog, kind: str):
    rulebook = catalog.rulebook(kind, AT)
    tables = rulebook.policies.rows.values()
    reads = PRICED_BY.union(*(table.reads for table in tables), rulebook.policies.reads(kind))
    decider = Decider(rulebook.policies, kind)
    seen = Counter[str]()
    for seed in range(CASES):
        case = drawn_cases.case(rulebook.schema, reads, kind, AT, catalog.rates_on(AT.date()), seed)
        before = drawn_cases.spent(case, seed)
        expected = unexplained(decide_options(rulebook.policies, kind, case, before))
        assert decider.decide(case, before) == expected
        if isinstance(expected, OptionsDecision):
            assert decider.rule(case) == expected.rule
        assert decider.decide_in_brief(case, before) == brief(expected)
        assert decider.decide_in_brief(case, before) == brief(expected), "the second time"
        offers = isinstance(expected, OptionsDecision) and len(expected.options)
        seen["undecided" if isinstance(expected, Undecided) else f"{min(offers, 2)}"] += 1
    assert min(seen["undecided"], seen["0"], seen["1"], seen["2"]) > CASES / 20, seen


def test_cases_for_which_the_same_conditions_hold_have_one_signature(catalog: Catalog):
    rulebook = catalog.rulebook("damaged", AT)
    decider = Decider(rulebook.policies, "damaged")
    texts = {"affected_value": "80 USD", "severity": "major", "country": "US", "tier": "new"}
    dearer, abroad = {"affected_value": "81 USD"}, {"country": "NO"}
    one, same, other = (
        decider.signature(rulebook.schema.typed({**texts, **changed}, kind="damaged"))
        for changed in ({}, dearer, abroad)
    )
    assert one == same
    assert one != other
