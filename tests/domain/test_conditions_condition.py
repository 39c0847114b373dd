"""Conditions on the facts of a case, and the facts themselves."""

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.domain.conditions import (
    ALWAYS,
    ByPolicy,
    Condition,
    DaysBetween,
    FactDeclaration,
    Facts,
    FactSchema,
    FactType,
    Rates,
    all_of,
    parse_cell,
)
from aftersales.domain.errors import FactMissing, ValueUnreadable
from aftersales.domain.money import Money


def _declarations() -> list[FactDeclaration]:
    alone = FactSchema({"amount": FactDeclaration("amount", FactType.MONEY)})
    above_nothing = parse_cell("over 0 USD", alone.declaration("amount"), alone)
    return [
        FactDeclaration("amount", FactType.MONEY, range=above_nothing),
        FactDeclaration("country", FactType.COUNTRY),
        FactDeclaration("tier", FactType.CHOICE, choices=("regular", "vip")),
        FactDeclaration("hint", FactType.NUMBER, may_be_missing=True),
        FactDeclaration("delivered_at", FactType.INSTANT, may_be_missing=True),
        FactDeclaration("placed_on", FactType.DATE, may_be_missing=True),
        FactDeclaration(
            "days_since_delivery",
            FactType.NUMBER,
            whole=True,
            may_be_missing=True,
            derived=DaysBetween("delivered_at", "opened_at"),
        ),
        FactDeclaration(
            "answer", FactType.CHOICE, choices=("a", "b"), derived=ByPolicy("contest_or_accept")
        ),
    ]


SCHEMA = FactSchema({fact.name: fact for fact in _declarations()})


def box(**cells: str) -> Condition:
    return all_of(
        {fact: parse_cell(text, SCHEMA.declaration(fact), SCHEMA) for fact, text in cells.items()}
    )


def any_box(*conditions: Condition) -> Condition:
    return Condition(tuple(box for condition in conditions for box in condition.boxes))


def facts(**texts: str) -> Facts:
    return SCHEMA.typed(texts)


def test_all_pairs_of_a_box_must_hold() -> None:
    rule = box(amount="at least 100 USD", country="not US")
    assert rule.holds(facts(amount="100 USD", country="NO"))
    assert not rule.holds(facts(amount="99 USD", country="NO"))
    assert not rule.holds(facts(amount="100 USD", country="US"))
    assert rule.reads == {"amount", "country"}


def test_one_of_several_boxes_must_hold() -> None:
    rule = any_box(box(country="US"), box(tier="vip"))
    assert rule.holds(facts(country="NO", tier="vip"))
    assert not rule.holds(facts(country="NO", tier="regular"))


def test_always_holds_without_any_fact() -> None:
    assert ALWAYS.holds(facts())
    assert ALWAYS.reads == frozenset()
    assert ALWAYS.first_failing(facts()) is None
    assert str(ALWAYS) == "always"


def test_a_fact_is_needed_only_if_it_can_still_matter() -> None:
    rule = box(country="NO", tier="vip")
    assert not rule.holds(facts(country="US"))
    with pytest.raises(FactMissing, match="`tier`"):
        rule.holds(facts(country="NO"))
    assert any_box(rule, box(country="NO")).holds(facts(country="NO"))


def test_a_fact_that_may_be_missing_fits_no_value() -> None:
    assert not box(hint="at least 0").holds(facts())
    assert not box(hint="not 3").holds(facts())
    assert box(hint="missing").holds(facts())
    assert box(hint="any", country="any").holds(facts())


def test_the_first_pair_that_fails_says_fact_cell_and_value() -> None:
    rule = box(amount="at least 100 USD", country="not US nor CA")
    failing = rule.first_failing(facts(amount="150 USD", country="CA"))
    assert failing is not None
    assert (failing.fact, failing.cell, failing.value) == ("country", "not US nor CA", "CA")
    assert str(failing) == "country is CA, and must be not US nor CA"
    unknown = rule.first_failing(facts(amount="150 USD"))
    assert unknown is not None
    assert (unknown.fact, unknown.value) == ("country", "not known")
    assert rule.first_failing(facts(amount="150 USD", country="NO")) is None


def test_a_missing_rate_is_said_and_not_guessed() -> None:
    rule = box(amount="at least 100 USD")
    with pytest.raises(FactMissing, match="rate USD->EUR"):
        rule.holds(facts(amount="100 EUR"))
    failing = rule.first_failing(facts(amount="100 EUR"))
    assert failing is not None
    assert "rate USD->EUR" in failing.value
    assert rule.holds(facts(amount="100 EUR").at_rates(Rates.of("EUR", {"USD": "1.1"})))


_PAIRS = {"country": ["NO", "US"], "tier": ["vip", "regular"], "hint": ["at least 1", "missing"]}
_KNOWN = {"country": [None, "NO", "US"], "tier": [None, "vip"], "hint": [None, "0", "1"]}


@given(
    st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in _PAIRS.items()}),
    st.fixed_dictionaries({k: st.sampled_from(v) for k, v in _KNOWN.items()}),
)
def test_the_order_of_pairs_means_nothing(
    cells: dict[str, str], known: dict[str, str | None]
) -> None:
    given_facts = facts(**{name: text for name, text in known.items() if text is not None})
    answers = set()
    for order in itertools.permutations(cells.items()):
        try:
            answers.add(box(**dict(order)).holds(given_facts))
        except FactMissing:
            answers.add(None)
    assert len(answers) == 1


@given(st.fixed_dictionaries({k: st.sampled_from(v) for k, v in _KNOWN.items()}))
def test_what_fails_is_told_exactly_when_it_does_not_hold(known: dict[str, str | None]) -> None:
    given_facts = facts(**{name: text for name, text in known.items() if text is not None})
    rule = any_box(box(country="NO", tier="vip"), box(hint="at least 1"))
    try:
        holds = rule.holds(given_facts)
    except FactMissing:
        holds = False
    assert holds == (rule.first_failing(given_facts) is None)


def test_days_are_counted_between_utc_dates() -> None:
    known = SCHEMA.typed(
        {"delivered_at": "2026-03-01T23:59:00Z"}, opened_at=datetime(2026, 3, 3, 0, 1, tzinfo=UTC)
    )
    assert known["days_since_delivery"] == Decimal(2)
    later = known.having(opened_at=datetime(2026, 3, 10, tzinfo=UTC))
    assert later["days_since_delivery"] == Decimal(9)
    assert "days_since_delivery" not in known.having(delivered_at=None)
    assert "days_since_delivery" not in facts()


def test_a_fact_by_policy_is_left_to_the_rulebook() -> None:
    assert SCHEMA.derived_by_policy == {"answer": "contest_or_accept"}
    assert "answer" not in facts(country="NO")
    assert facts(country="NO").having(answer="a")["answer"] == "a"


def test_facts_speak_their_canonical_texts() -> None:
    known = facts(amount="39.9 EUR", country="NO").having(cost_share=Fraction(6, 5))
    assert known.texts() == {"amount": "39.90 EUR", "cost_share": "120%", "country": "NO"}
    assert known.text("tier") == "not known"
    with pytest.raises(FactMissing):
        known.needed("tier")


def test_a_value_outside_the_declared_range_is_refused() -> None:
    with pytest.raises(ValueUnreadable) as slip:
        facts(amount="0 USD")
    assert slip.value.help == "it is over 0 USD"
    assert facts(amount="1 JPY")["amount"] == Money(1, "JPY")


def test_bands_of_a_policy_replace_those_declared() -> None:
    own = {"low": parse_cell("under 50 USD", SCHEMA.declaration("amount"), SCHEMA)}
    schema = SCHEMA.with_bands("amount", own)
    rule = all_of({"amount": parse_cell("low", schema.declaration("amount"), schema)})
    assert rule.holds(Facts(schema, {"amount": Money(49, "USD")}))
    assert SCHEMA.bands("amount") == {}


def test_known_words_of_a_built_in_fact_are_checked() -> None:
    schema = SCHEMA.with_words("kind", ["parcel_late", "parcel_wet"])
    with pytest.raises(ValueUnreadable) as slip:
        parse_cell("parcel_lat", schema.declaration("kind"), schema)
    assert slip.value.help == "did you mean `parcel_late`?"
    assert parse_cell("anything", SCHEMA.declaration("kind"), SCHEMA).matches("anything")


def test_a_date_compares_with_a_date() -> None:
    assert box(placed_on="2026-11-20 to 2026-11-30").holds(
        Facts(SCHEMA, {"placed_on": date(2026, 11, 20)})
    )
