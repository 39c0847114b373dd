"""The cell language: what can be written, what it fits, and how it reads back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.domain.conditions import (
    Cell,
    CellKind,
    FactDeclaration,
    FactSchema,
    FactType,
    Interval,
    Named,
    Rates,
    Value,
    any_of,
    bands_slip,
    parse_cell,
)
from aftersales.domain.errors import FactMissing, ValueUnreadable
from aftersales.domain.money import Money


def _schema() -> FactSchema:
    plain = FactSchema(
        {
            fact.name: fact
            for fact in (
                FactDeclaration(
                    "severity", FactType.CHOICE, choices=("minor", "major", "total"), in_order=True
                ),
                FactDeclaration("tier", FactType.CHOICE, choices=("new", "regular", "vip")),
                FactDeclaration("amount", FactType.MONEY),
                FactDeclaration("number", FactType.NUMBER),
                FactDeclaration("hint", FactType.NUMBER, may_be_missing=True),
                FactDeclaration("share", FactType.PERCENT),
                FactDeclaration("wait", FactType.DURATION),
                FactDeclaration("desk_time", FactType.BUSINESS_DURATION),
                FactDeclaration("day", FactType.DATE),
                FactDeclaration("at", FactType.INSTANT),
                FactDeclaration("in_stock", FactType.YES_NO),
                FactDeclaration("country", FactType.COUNTRY),
                FactDeclaration("market", FactType.COUNTRY),
                FactDeclaration("note", FactType.TEXT),
            )
        }
    )
    nearby = parse_cell("CA or MX", plain.declaration("country"), plain).tests
    home = parse_cell("US", plain.declaration("country"), plain).tests
    grouped = FactSchema(plain.declarations, {"country": {"home": home, "nearby": nearby}})
    amount = plain.declaration("amount")
    return grouped.with_bands(
        "amount",
        {
            "small": parse_cell("under 20 USD", amount, grouped),
            "large": parse_cell("at least 20 USD", amount, grouped),
        },
    )


SCHEMA = _schema()
RATES = Rates.of("EUR", {"USD": "1.25", "JPY": "150"})


def cell(fact: str, text: str) -> Cell:
    return parse_cell(text, SCHEMA.declaration(fact), SCHEMA)


def usd(amount: str) -> Money:
    return Money(amount, "USD")


@pytest.mark.parametrize(
    ("fact", "text", "fits", "fits_not"),
    [
        ("amount", "100 USD", [usd("100")], [usd("99.99"), usd("100.01")]),
        ("amount", "at least 100 USD", [usd("100"), usd("101")], [usd("99.99")]),
        ("amount", "over 100 USD", [usd("100.01")], [usd("100")]),
        ("amount", "at most 100 USD", [usd("100")], [usd("100.01")]),
        ("amount", "under 100 USD", [usd("99.99")], [usd("100")]),
        ("amount", "25 USD to 100 USD", [usd("25"), usd("100")], [usd("24.99"), usd("100.01")]),
        ("amount", "25 USD to under 100 USD", [usd("25"), usd("99.99")], [usd("100")]),
        ("amount", "small or 50 USD", [usd("19.99"), usd("50")], [usd("20")]),
        ("amount", "not small", [usd("20")], [usd("19.99")]),
        ("number", "over 20 to 100", [Decimal("20.1"), Decimal(100)], [Decimal(20)]),
        ("number", "not 3", [Decimal(4)], [Decimal("3.0")]),
        ("severity", "at least major", ["major", "total"], ["minor"]),
        ("severity", "minor to under total", ["minor", "major"], ["total"]),
        ("severity", "not minor nor total", ["major"], ["minor", "total"]),
        ("tier", "new or vip", ["new", "vip"], ["regular"]),
        ("country", "not home nor nearby", ["NO"], ["US", "CA", "MX"]),
        ("market", "nearby", ["CA"], ["US"]),
        ("country", "NO", ["NO"], ["SE"]),
        ("in_stock", "no", [False], [True]),
        ("note", "'lost or found'", ["lost or found"], ["lost"]),
        ("day", "2026-11-20 to 2026-11-30", [date(2026, 11, 30)], [date(2026, 12, 1)]),
        (
            "at",
            "at least 2026-03-02 09:00 Europe/Berlin",
            [datetime(2026, 3, 2, 8, tzinfo=UTC)],
            [datetime(2026, 3, 2, 7, 59, tzinfo=UTC)],
        ),
        (
            "remedy",
            "full_refund or resend",
            [frozenset({"resend", "coupon"})],
            [frozenset({"coupon"})],
        ),
        ("remedy", "not resend", [frozenset({"coupon"})], [frozenset({"resend", "coupon"})]),
        ("hint", "missing", [None], [Decimal(1)]),
        ("hint", "known", [Decimal(1)], [None]),
        ("hint", "any", [Decimal(1), None], []),
        ("hint", "not 3", [Decimal(1)], [None]),
        ("hint", "at least 0", [Decimal(1)], [None]),
        ("amount", "at least {USD: 100, EUR: 95}", [Money(95, "EUR"), usd("100")], [usd("99")]),
    ],
)
def test_a_cell_fits_what_it_says(
    fact: str, text: str, fits: list[Value | None], fits_not: list[Value | None]
) -> None:
    read = cell(fact, text)
    assert str(read) == text.replace("2026-03-02 09:00 Europe/Berlin", "2026-03-02T08:00:00Z")
    assert [value for value in fits if not read.matches(value)] == []
    assert [value for value in fits_not if read.matches(value)] == []


@pytest.mark.parametrize(
    ("fact", "symbols", "words"),
    [
        ("amount", ">= 100 USD", "at least 100 USD"),
        ("amount", ">=100 USD", "at least 100 USD"),
        ("amount", "<= 19.90 USD", "at most 19.90 USD"),
        ("amount", "> 100 USD", "over 100 USD"),
        ("amount", "< 20 USD or >= 100 USD", "under 20 USD or at least 100 USD"),
        ("number", "[20..100)", "20 to under 100"),
        ("number", "[20 .. 100[", "20 to under 100"),
        ("number", "(20..100]", "over 20 to 100"),
        ("number", "]20..100]", "over 20 to 100"),
        ("number", "(20..100)", "over 20 to under 100"),
        ("number", "!= 3", "not 3"),
        ("number", "= 3", "3"),
        ("number", "-", "any"),
        ("number", "-3", "-3"),
        ("country", "not(US, CA)", "not US nor CA"),
        ("note", "'>= 3'", "'>= 3'"),
    ],
)
def test_quoted_symbols_are_turned_into_words(fact: str, symbols: str, words: str) -> None:
    assert str(cell(fact, symbols)) == words


@pytest.mark.parametrize(
    ("fact", "text", "help"),
    [
        ("country", "not US or CA", "did you mean `not US nor CA`?"),
        ("country", "US nor CA", "did you mean `US or CA`, or `not US nor CA`?"),
        ("country", "US, CA", "did you mean `US or CA`?"),
        ("country", "US or not CA", "did you mean `not US nor CA`?"),
        ("country", "hme", "did you mean `home`?"),
        ("country", "at least US", "list the values that fit, with `or` between them"),
        ("tier", "vpi", "did you mean `vip`?"),
        ("amount", "smal", "did you mean `small`?"),
        ("amount", "above 3 USD", "did you mean `over 3 USD`?"),
        ("amount", "below 3 USD", "did you mean `under 3 USD`?"),
        ("amount", "100", "write the amount and the currency: `39.90 EUR`"),
        ("amount", "at least", "write a value, like `39.90 EUR`"),
        ("amount", "100 USD to 20 USD", "write the lower end first"),
        ("amount", "100 USD to under 100 USD", "write the lower end first"),
        ("amount", "at least {USD: 100, USD: 90}", "write USD once"),
        ("amount", "{ 100 USD", "write an amount for each currency, as in `{USD: 100, EUR: 95}`"),
        ("amount", "{100 USD}", "write an amount for each currency, as in `{USD: 100, EUR: 95}`"),
        (
            "amount",
            "{USD: 100, EUR: 95",
            "write an amount for each currency, as in `{USD: 100, EUR: 95}`",
        ),
        ("number", "3 or", "write a value on both sides of `or`"),
        ("number", "not", "write a value on both sides of `nor`"),
        ("number", "", "write `any` if it does not matter"),
        ("number", "any or 3", "`any` fits everything; remove the rest"),
        ("hint", "missing or 3", "write two conditions in a list, one of them with `missing`"),
        ("hint", "not missing", "write two conditions in a list, one of them with `missing`"),
        ("number", "missing", "remove it, or declare `number` with `may_be_missing: true`"),
        ("number", "*", "write it like `3` or `1.5`"),
        ("number", "1 to 2 to 3", "write a value, like `3`"),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_to_write(fact: str, text: str, help: str) -> None:
    with pytest.raises(ValueUnreadable) as slip:
        cell(fact, text)
    assert slip.value.help == help


@pytest.mark.parametrize("text", ["{", "}", "'", '"', "{}", "[", "..", "to", "or", "not not", "at"])
@pytest.mark.parametrize("fact", ["amount", "number", "severity", "country", "day", "at", "share"])
def test_scraps_are_refused_and_never_crash(fact: str, text: str) -> None:
    with pytest.raises(ValueUnreadable):
        cell(fact, text)


@given(st.sampled_from(sorted(SCHEMA.all)), st.text(max_size=30))
def test_any_text_is_read_or_refused(fact: str, text: str) -> None:
    try:
        read = cell(fact, text)
    except ValueUnreadable:
        return
    assert cell(fact, str(read)) == read


_WORDS = "any missing known or nor not to at least most over under small vip major 100 USD EUR 95"
_LANGUAGE = [*_WORDS.split(), *",{}:[])(=", "..", ">=", "<"]


@given(st.sampled_from(sorted(SCHEMA.all)), st.lists(st.sampled_from(_LANGUAGE), max_size=9))
def test_any_words_of_the_language_are_read_or_refused(fact: str, words: list[str]) -> None:
    text = " ".join(words)
    try:
        read = cell(fact, text)
    except ValueUnreadable:
        return
    assert cell(fact, str(read)) == read


_NUMBERS = st.integers(-5, 5)
_TESTS = st.one_of(
    _NUMBERS.map(str),
    st.tuples(st.sampled_from(["at least", "over", "at most", "under"]), _NUMBERS).map(
        lambda pair: f"{pair[0]} {pair[1]}"
    ),
    st.tuples(_NUMBERS, _NUMBERS)
    .filter(lambda pair: pair[0] < pair[1])
    .flatmap(
        lambda pair: st.sampled_from(
            [
                f"{low}{pair[0]} to {high}{pair[1]}"
                for low in ("", "over ")
                for high in ("", "under ")
            ]
        )
    ),
)


@given(st.lists(_TESTS, min_size=1, max_size=4), st.integers(-13, 13))
def test_not_nor_fits_exactly_what_or_does_not(tests: list[str], halves: int) -> None:
    value = Decimal(halves) / 2
    fitting = cell("number", " or ".join(tests))
    excluding = cell("number", "not " + " nor ".join(tests))
    assert fitting.matches(value) != excluding.matches(value)
    assert fitting.matches(value) == any(cell("number", test).matches(value) for test in tests)


@given(_NUMBERS, _NUMBERS, st.integers(-13, 13))
def test_an_interval_agrees_with_arithmetic(low: int, high: int, halves: int) -> None:
    value = Decimal(halves) / 2
    assert cell("number", f"at least {low}").matches(value) == (value >= low)
    assert cell("number", f"over {low}").matches(value) == (value > low)
    if low < high:
        assert cell("number", f"{low} to under {high}").matches(value) == (low <= value < high)


def test_a_threshold_in_another_currency_is_converted_unrounded() -> None:
    threshold = cell("amount", "over 0.01 USD")  # 0.8 cents of a euro
    assert threshold.matches(Money("0.01", "EUR"), RATES)
    assert not threshold.matches(Money("0.00", "EUR"), RATES)
    assert cell("amount", "100 USD").matches(Money(80, "EUR"), RATES)
    assert cell("amount", "100 USD").matches(Money(12000, "JPY"), RATES)


def test_a_threshold_given_in_the_currency_is_not_converted() -> None:
    for text in ("at least {USD: 100, EUR: 95}", "at least {EUR: 95, USD: 100}"):
        threshold = cell("amount", text)
        assert not threshold.matches(Money(90, "EUR"), RATES)
        assert threshold.matches(Money(95, "EUR"), RATES)
        # Of several the first by code, 95 EUR, is converted, however they are ordered.
        assert threshold.matches(Money(14250, "JPY"), RATES)
        assert not threshold.matches(Money(14249, "JPY"), RATES)


def test_an_amount_in_its_own_currency_needs_no_rate() -> None:
    assert Rates.none().factor("GBP", "GBP") == 1


def test_a_missing_rate_is_named() -> None:
    with pytest.raises(FactMissing, match="rate USD->GBP"):
        cell("amount", "at least 100 USD").matches(Money(1, "GBP"), RATES)
    assert cell("amount", "over 0 USD").matches(Money(1, "GBP"))  # nothing is nothing everywhere


def test_a_group_is_kept_by_name_and_written_out_for_proofs() -> None:
    near = cell("country", "nearby or NO")
    assert isinstance(near.tests[0], Named)
    assert [str(test) for test in near.plain_tests()] == ["CA", "MX", "NO"]


def test_a_list_of_cells_is_one_cell() -> None:
    declaration = SCHEMA.declaration("country")
    both = any_of([cell("country", "US or CA"), cell("country", "home")], declaration)
    assert str(both) == "US or CA or home"
    with pytest.raises(ValueUnreadable, match="cannot stand in a list"):
        any_of([cell("country", "not US")], declaration)


def test_a_value_is_an_interval_so_that_proofs_can_cut_it() -> None:
    (test,) = cell("number", "3").tests
    assert isinstance(test, Interval)
    assert test.low == test.high
    assert cell("number", "3").kind is CellKind.MATCHES


_NO_TWO_DAYS = "no band of `desk_time` holds 2 business days"


@pytest.mark.parametrize(
    ("fact", "bands", "slip"),
    [
        ("amount", ["under 20 USD", "at least 20 USD"], None),
        ("amount", ["at most 19.99 USD", "at least 20 USD"], None),
        ("amount", ["under 20 USD", "over 20 USD"], "no band of `amount` holds 20.00 USD"),
        ("amount", ["at most 20 USD", "at least 20 USD"], "`a` and `b` both hold 20.00 USD"),
        ("amount", ["under 20 USD", "30 USD to 40 USD"], "no band of `amount` holds 20.00 USD"),
        (
            "amount",
            ["under {USD: 20, EUR: 18}", "at least {USD: 20, EUR: 19}"],
            "no band of `amount` holds 18.00 EUR",
        ),
        ("severity", ["minor", "at least major"], None),
        ("severity", ["minor", "total"], "no band of `severity` holds major"),
        ("number", ["under 0", "0 to under 1", "at least 2"], "no band of `number` holds 1"),
        ("day", ["at most 2026-01-31", "at least 2026-02-01"], None),
        ("in_stock", ["yes"], "no band of `in_stock` holds no"),
        ("wait", ["under 24 hours", "at least 24 hours"], None),
        ("wait", ["under 24 hours", "over 1440 minutes"], "no band of `wait` holds 24 hours"),
        ("wait", ["at most 90 minutes", "2 hours"], "no band of `wait` holds 91 minutes"),
        ("desk_time", ["under 2 business days", "over 2 business days"], _NO_TWO_DAYS),
    ],
)
def test_bands_must_hold_each_value_once(fact: str, bands: list[str], slip: str | None) -> None:
    cells = {name: cell(fact, text) for name, text in zip("abc", bands, strict=False)}
    assert bands_slip(SCHEMA.declaration(fact), cells) == slip
