"""The file of facts, and the conditions that read them."""
# ruff: noqa: E501

from pathlib import Path

import pytest

from aftersales.definitions.conditions import cell, condition
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, read
from aftersales.domain.conditions import (
    ByPolicy,
    Condition,
    DaysBetween,
    FactSchema,
    FactType,
    Rates,
)
from aftersales.domain.duration import Unit
from aftersales.domain.money import Money

SHIPPED = Path(__file__).parents[2] / "policies" / "facts.yaml"

FACTS = """\
aftersales: facts/1
facts:
  severity:     {type: choice, of: [minor, major, total], in_order: true, label: how bad it is}
  amount:       {type: money, range: over 0 USD, label: {de: Betrag, en: what was paid}}
  country:      {type: country}
  market:       {type: country, may_be_missing: true}
  wait:         {type: duration, unit: days}
  delivered_at: {type: instant, may_be_missing: true, set_by: [platform, system]}
  days:         {type: number, whole: true, may_be_missing: true, is: days from delivered_at to opened_at}
  answer:       {type: choice, of: [contest, accept], is: by policy dispute}
  stars:        {type: number, range: 1 to 5, about_review: true, may_be_missing: true}
  message:      {type: text, personal: true, may_be_missing: true}
groups:
  country: {home: [US], nearby: [CA, MX], ours: home or nearby}
bands:
  amount: {small: under 20 USD, large: at least 20 USD}
"""


def read_text(text: str) -> tuple[FactSchema, list[tuple[str, int, int, str, str]]]:
    root, problems = read(text, "facts.yaml")
    assert problems == []
    assert isinstance(root, Mapping)
    notes = Notes()
    schema = read_facts(root, notes)
    return schema, [
        (p.code, p.place.line, p.place.column, p.message, p.help) for p in notes.problems
    ]


def test_the_shipped_facts_have_no_problems() -> None:
    _, problems = read_text(SHIPPED.read_text(encoding="utf-8"))
    assert problems == []


def test_everything_that_is_declared_is_read() -> None:
    schema, problems = read_text(FACTS)
    assert problems == []
    assert schema.declaration("severity").order == ("minor", "major", "total")
    assert schema.declaration("amount").label == "what was paid"
    assert str(schema.declaration("amount").range) == "over 0 USD"
    assert schema.declaration("wait").unit is Unit.DAYS
    assert schema.declaration("delivered_at").set_by == ("platform", "system")
    assert schema.declaration("days").derived == DaysBetween("delivered_at", "opened_at")
    assert schema.declaration("answer").derived == ByPolicy("dispute")
    assert schema.declaration("stars").about_review
    assert schema.declaration("message").personal
    assert schema.declaration("country").place.line == 5
    assert schema.declaration("kind").is_built_in
    assert list(schema.names("market")) == ["home", "nearby", "ours"]
    assert [str(test) for test in schema.names("country")["ours"]] == ["home", "nearby"]
    assert list(schema.bands("amount")) == ["small", "large"]


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "word", "help"),
    [
        ("type: country}\n  market", "tpye: country}\n  market", "K101", 5, "tpye", "did you mean `type`?"),
        ("wait:         {type: duration", "wait:         {type: durtion", "K105", 7, "durtion", "did you mean `duration`?"),
        ("of: [contest, accept], ", "", "K102", 10, "{type", "add `of: ...`"),
        ("whole: true, ", "whole: true, of: [x], ", "C101", 9, "of", "remove it; it is for `choice`"),
        ("range: over 0 USD", "range: over 0", "C201", 4, "over 0,", "write the amount and the currency: `39.90 EUR`"),
        ("range: over 0 USD", "range: not 0 USD", "C103", 4, "not 0 USD", "write it like `at least 0` or `1 to 5`"),
        ("days from delivered_at", "days from delivred_at", "C203", 9, "days", "did you mean `delivered_at`?"),
        ("days from delivered_at", "days from country", "C105", 9, "days", "name a fact of type date or instant that is given"),
        ("is: days from", "is: hours from", "C105", 9, "hours from", "write `days from FACT to FACT` or `by policy NAME`"),
        ("  market: ", "  kind:   ", "C106", 6, "kind", "it means something else already; use another"),
        ("  market: ", "  any:    ", "C106", 6, "any", "it is a word of the cell language; use another"),
        ("  market: ", "  Market: ", "C106", 6, "Market", "use small letters, digits and `_`, and begin with a letter"),
        ("minor, major", "minor, minor", "C106", 3, "minor, total", "remove one of the two"),
        ("[platform, system]", "[platfrom, system]", "C108", 8, "platfrom", "did you mean `platform`?"),
        ("nearby: [CA, MX]", "nearby: [CA, UK]", "C201", 14, "UK", "did you mean `GB`?"),
        ("home or nearby}", "not home}", "C104", 14, "not home", "list the values, like `[CA, MX]`"),
        ("  country: {home", "  contry: {home", "C203", 14, "contry", "did you mean `country`?"),
        ("  amount: {small", "  amonut: {small", "C203", 16, "amonut", "did you mean `amount`?"),
        ("at least 20 USD", "over 20 USD", "C107", 16, "{small", "together the bands must cover the whole range, each value once"),
        ("at least 20 USD", "at least 19 USD", "C107", 16, "{small", "together the bands must cover the whole range, each value once"),
        ("small: under", "severity: udner", "C201", 16, "udner", "write it like `39.90 EUR`"),
        ("bands:\n", "band:\n", "K101", 15, "band:", "did you mean `bands`?"),
    ],
)  # fmt: skip
def test_each_slip_is_one_problem_at_its_place(
    old: str, new: str, code: str, line: int, word: str, help: str
) -> None:
    assert FACTS.count(old) == 1
    source = FACTS.replace(old, new)
    _, problems = read_text(source)
    assert [(problem[0], problem[1], problem[4]) for problem in problems] == [(code, line, help)]
    assert source.splitlines()[line - 1][problems[0][2] - 1 :].startswith(word)


def test_a_use_of_a_fact_that_is_declared_wrong_is_not_a_second_problem() -> None:
    schema, problems = read_text(FACTS.replace("{type: country}", "{type: contry}"))
    assert len(problems) == 1
    notes = Notes()
    node, _ = read("{country: NO}", "p.yaml")
    assert node is not None
    condition(node, schema, notes)
    assert notes.problems == []


def conditions(text: str) -> tuple[Condition, list[tuple[str, int, int, str]]]:
    schema, problems = read_text(FACTS)
    assert problems == []
    node, unread = read(text, "p.yaml")
    assert unread == []
    assert node is not None
    notes = Notes()
    found = condition(node, schema, notes)
    return found, [(p.code, p.place.line, p.place.column, p.help) for p in notes.problems]


def test_a_condition_is_read_as_it_is_written() -> None:
    found, problems = conditions("{amount: under 100 USD, country: [home, NO], market: missing}")
    assert problems == []
    assert found.plain() == [
        {"amount": "under 100 USD", "country": "home or NO", "market": "missing"}
    ]


def test_a_list_of_mappings_means_one_of_them() -> None:
    found, problems = conditions("[{country: NO}, {severity: at least major}]")
    assert problems == []
    assert str(found) == "country NO; or severity at least major"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{amount: {USD: 100, EUR: 95}}", "{USD: 100, EUR: 95}"),
        ("{amount: {at least: {USD: 100, EUR: 95}}}", "at least {USD: 100, EUR: 95}"),
        ("{amount: {over: 1 USD, at most: 2 USD}}", "over 1 USD to 2 USD"),
        (
            "{amount: {at least: {USD: 1, EUR: 1}, under: {USD: 2, EUR: 2}}}",
            "{USD: 1, EUR: 1} to under {USD: 2, EUR: 2}",
        ),
        ("{amount: 'at least {USD: 100, EUR: 95}'}", "at least {USD: 100, EUR: 95}"),
    ],
)
def test_money_may_be_given_in_several_currencies(text: str, words: str) -> None:
    found, problems = conditions(text)
    assert problems == []
    assert found.plain() == [{"amount": words}]


def test_a_threshold_in_the_currency_of_the_order_is_used_as_it_is() -> None:
    found, _ = conditions("{amount: {at least: {USD: 100, EUR: 95}}}")
    schema, _ = read_text(FACTS)
    facts = schema.typed({"amount": "95 EUR"}, rates=Rates.none())
    assert found.holds(facts)
    assert facts["amount"] == Money(95, "EUR")


@pytest.mark.parametrize(
    ("text", "code", "column", "help"),
    [
        ("{contry: NO}", "C203", 2, "did you mean `country`? (facts.yaml:5)"),
        ("{knd: x}", "C203", 2, "did you mean `kind`?"),
        ("{message: x}", "C202", 2, "read a fact about the matter instead, which somebody sets after reading it"),
        ("{country: [US, nearbi]}", "C201", 16, "did you mean `nearby`?"),
        ("{country: [not US]}", "C201", 12, "a list holds values that fit; write `not A nor B` as one text"),
        ("{country: []}", "C201", 11, "write the values that fit, or `any`"),
        ("{country: not US, CA}", "K103", 19, "did you mean `not US nor CA`? write `country: not US nor CA`"),
        ("{amount: {at: 3 USD}}", "C201", 10, "write it like `{at least: {USD: 100, EUR: 95}, under: {USD: 400, EUR: 380}}`"),
        ("[NO]", "C204", 1, "write it like `{country: NO, severity: major}`: all of them must hold"),
        ("NO", "C204", 1, "write it like `{country: NO, severity: major}`: all of them must hold"),
        ("[]", "C204", 1, "write it like `{country: NO, severity: major}`: all of them must hold"),
    ],
)  # fmt: skip
def test_a_slip_in_a_condition_is_one_problem_at_its_place(
    text: str, code: str, column: int, help: str
) -> None:
    _, problems = conditions(text)
    assert problems == [(code, 1, column, help)]


def test_a_cell_is_read_for_any_declared_fact() -> None:
    schema, _ = read_text(FACTS)
    node, _ = read("at least supervisor", "p.yaml")
    assert node is not None
    notes = Notes()
    assert cell(node, "approval", schema, notes).matches("manager")
    assert notes.problems == []
    assert schema.declaration("approval").type is FactType.CHOICE
