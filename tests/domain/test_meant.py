"""What is proposed to an author whose amount or cell cannot be read."""

import pytest

from aftersales.domain.conditions import FactDeclaration, FactSchema, FactType, parse_cell
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money, meant_amount, plain_number

SCHEMA = FactSchema(
    {
        d.name: d
        for d in (
            FactDeclaration("amount", FactType.MONEY),
            FactDeclaration("country", FactType.COUNTRY),
            FactDeclaration("day", FactType.DATE),
            FactDeclaration("share", FactType.PERCENT),
            FactDeclaration("count", FactType.NUMBER),
            FactDeclaration("known", FactType.YES_NO),
            FactDeclaration("language", FactType.LANGUAGE),
            FactDeclaration("damage", FactType.CHOICE, choices=("minor", "very_bad")),
        )
    }
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$100", "100 USD"),
        ("USD 100", "100 USD"),
        ("100 usd", "100 USD"),
        ("100USD", "100 USD"),
        ("100 €", "100 EUR"),
        ("1,000 USD", "1000 USD"),
        ("1.000,50 eur", "1000.50 EUR"),
        ("1\u202f000,50 euros", "1000.50 EUR"),
        ("1'000 CHF", "1000 CHF"),
        ("19.995 USD", ""),
        ("USD 5 EUR", ""),
        ("five dollars", ""),
        ("100", ""),
    ],
)
def test_an_amount_is_proposed_where_only_one_can_be_meant(text: str, meant: str) -> None:
    assert meant_amount(text) == meant
    if meant:
        with pytest.raises(ValueUnreadable) as slip:
            Money.parse(text)
        assert slip.value.help == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,5", "1.5"), ("1,000", "1000"), ("1.000.000", "1000000"), ("1,00,0", ""), ("x", "")],
)
def test_a_number_is_written_without_its_commas(text: str, number: str) -> None:
    assert plain_number(text) == number


def test_a_thousand_in_german_is_not_taken_for_one() -> None:
    with pytest.raises(ValueUnreadable, match="two ways") as slip:
        Money.parse("1.000 EUR")
    assert "`1000 EUR`" in slip.value.help
    assert Money.parse("1.000 KWD").minor == 1000


@pytest.mark.parametrize(
    ("fact", "text", "meant"),
    [
        ("amount", "more than $100", "over 100 USD"),
        ("amount", "between 20 and 100 USD", "20 USD to 100 USD"),
        ("amount", "20 – 100 USD", "20 USD to 100 USD"),
        ("amount", "up to 99,90 EUR", "at most 99.90 EUR"),
        ("country", "Germany and France", "DE or FR"),
        ("country", "not uk, de", "not GB nor DE"),
        ("day", "01.03.2026", "2026-03-01"),
        ("day", "03/25/2026", "2026-03-25"),
        ("day", "from 1 March 2026 to 2026/3/31", "2026-03-01 to 2026-03-31"),
        ("share", "over 20", "over 20%"),
        ("share", "at least 0,5", "at least 50%"),
        ("count", "at least 1,000 orders", "at least 1000"),
        ("known", "ja", "yes"),
        ("language", "Deutsch/english", "de or en"),
        ("damage", "Very bad", "very_bad"),
    ],
)
def test_a_cell_is_proposed_in_our_words(fact: str, text: str, meant: str) -> None:
    declaration = SCHEMA.declaration(fact)
    with pytest.raises(ValueUnreadable) as slip:
        parse_cell(text, declaration, SCHEMA)
    assert slip.value.help == f"did you mean `{meant}`?"
    assert str(parse_cell(meant, declaration, SCHEMA)) == meant


@pytest.mark.parametrize(
    ("fact", "text"),
    [("day", "03/04/2026"), ("amount", "about 100"), ("country", "Europe"), ("share", "much")],
)
def test_nothing_is_proposed_where_it_is_not_clear(fact: str, text: str) -> None:
    with pytest.raises(ValueUnreadable) as slip:
        parse_cell(text, SCHEMA.declaration(fact), SCHEMA)
    assert not slip.value.help.startswith("did you mean")


@pytest.mark.parametrize("text", ["39.90 EUR", "0 JPY", "-0.5 USD", "12.345 KWD", "7 CLF"])
def test_a_plain_amount_is_read_as_its_parts_are(text: str) -> None:
    amount, currency = text.split()
    assert Money.parse(text) == Money(amount, currency)


@pytest.mark.parametrize("text", ["39.901 EUR", "1.5 JPY", "1.000 EUR", "39.90 eur", "39.90EUR"])
def test_what_is_not_plain_is_read_with_care(text: str) -> None:
    with pytest.raises(ValueUnreadable):
        Money.parse(text)
