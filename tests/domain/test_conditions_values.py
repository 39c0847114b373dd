"""Values of facts: read from text, written back, taken from programs."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.domain.conditions import FactDeclaration, FactSchema, FactType, canonical_text
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money

SCHEMA = FactSchema(
    {
        fact.name: fact
        for fact in (
            FactDeclaration("severity", FactType.CHOICE, choices=("minor", "major"), in_order=True),
            FactDeclaration("amount", FactType.MONEY),
            FactDeclaration("number", FactType.NUMBER),
            FactDeclaration("count", FactType.NUMBER, whole=True),
            FactDeclaration("share", FactType.PERCENT),
            FactDeclaration("wait", FactType.DURATION),
            FactDeclaration("work", FactType.BUSINESS_DURATION),
            FactDeclaration("day", FactType.DATE),
            FactDeclaration("at", FactType.INSTANT),
            FactDeclaration("in_stock", FactType.YES_NO),
            FactDeclaration("country", FactType.COUNTRY),
            FactDeclaration("language", FactType.LANGUAGE),
            FactDeclaration("zone", FactType.ZONE),
            FactDeclaration("note", FactType.TEXT),
        )
    }
)


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("severity", "major", "major"),
        ("amount", "39.90 EUR", Money("39.90", "EUR")),
        ("amount", "500 JPY", Money(500, "JPY")),
        ("number", "1.10", Decimal("1.1")),
        ("number", "-3", Decimal(-3)),
        ("count", "0", Decimal(0)),
        ("share", "12.5%", Fraction(1, 8)),
        ("wait", "90 minutes", Duration(90, Unit.MINUTES)),
        ("work", "1 business day", Duration(1, Unit.BUSINESS_DAYS)),
        ("day", "2026-02-28", date(2026, 2, 28)),
        ("at", "2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("at", "2026-03-02T10:00:00+01:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("at", "2026-03-02 10:00 Europe/Berlin", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("in_stock", "yes", True),
        ("in_stock", "no", False),
        ("country", "NO", "NO"),
        ("language", "no", "no"),
        ("language", "pt-BR", "pt-BR"),
        ("zone", "Europe/Berlin", "Europe/Berlin"),
        ("note", "22:30", "22:30"),
        ("remedy", "resend, small_coupon", frozenset({"resend", "small_coupon"})),
    ],
)
def test_a_text_is_read_as_the_type_says(fact: str, text: str, value: object) -> None:
    assert SCHEMA.read(fact, text) == value


@pytest.mark.parametrize(
    ("fact", "text", "help"),
    [
        ("severity", "majr", "did you mean `major`?"),
        ("severity", "xxxxxx", "one of `minor`, `major`"),
        ("amount", "39.90", "write the amount and the currency: `39.90 EUR`"),
        ("amount", "39.905 EUR", "EUR has 2 decimals"),
        ("amount", "1e3 EUR", "write it like `39.90 EUR`"),
        ("amount", "039 EUR", "write it like `39.90 EUR`"),
        ("amount", "39.90 eur", "did you mean `39.90 EUR`?"),
        ("number", "012", "write it without the leading 0: `12`"),
        ("number", "1,000", "did you mean `1000`?"),
        ("number", "22:30", "write it like `3` or `1.5`"),
        ("number", "1e3", "write it like `3` or `1.5`"),
        ("number", "1_000", "write it like `3` or `1.5`"),
        ("number", "٣", "write it like `3` or `1.5`"),
        ("count", "1.5", "`count` is declared whole"),
        ("share", "20", "did you mean `20%`?"),
        ("wait", "2 business days", "write it like `2 hours`"),
        ("wait", "2 days", "write it like `2 hours`"),
        ("work", "2 hours", "write it like `2 business days`"),
        ("day", "2026-02-30", "there is no such day"),
        ("day", "27.11.2026", "did you mean `2026-11-27`?"),
        ("at", "27.11.2026 14:30", "did you mean `2026-11-27 14:30`?"),
        ("amount", "12,50 EUR", "did you mean `12.50 EUR`?"),
        ("amount", "12,50", "write the amount and the currency: `12.50 EUR`"),
        ("in_stock", "ja", "did you mean `yes`?"),
        ("wait", "2 horus", "did you mean `2 hours`?"),
        ("day", "20260228", "write it like `2026-03-02`"),
        (
            "at",
            "2026-03-02 09:00",
            "end it with `Z` or an offset such as `+01:00`, or state a zone",
        ),
        ("at", "2026-03-02 09:00 Europe/Berlinn", "write it like `Europe/Berlin` or `UTC`"),
        ("in_stock", "maybe", "write it like `yes` or `no`"),
        ("country", "no", "did you mean `NO`?"),
        ("country", "UK", "did you mean `GB`?"),
        ("country", "Norway", "did you mean `NO`?"),
        ("language", "DE", "did you mean `de`?"),
        ("zone", "Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("zone", "europe/berlin", "did you mean `Europe/Berlin`?"),
        ("zone", "new york", "did you mean `America/New_York`?"),
        ("zone", "the moon", "write it like `Europe/Berlin` or `UTC`"),
        ("remedy", "a; drop", "write it like a name, like `small_coupon`"),
    ],
)
def test_a_text_that_cannot_be_read_says_what_to_write(fact: str, text: str, help: str) -> None:
    with pytest.raises(ValueUnreadable) as slip:
        SCHEMA.read(fact, text)
    assert slip.value.help == help


def test_an_unknown_fact_says_which_was_meant() -> None:
    with pytest.raises(ValueUnreadable, match="`contry` is not a fact") as slip:
        SCHEMA.read("contry", "NO")
    assert slip.value.help == "did you mean `country`?"


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VALUES = st.one_of(
    st.tuples(
        st.just("amount"), st.integers(-(10**12), 10**12).map(lambda n: Money.from_minor(n, "EUR"))
    ),
    st.tuples(st.just("amount"), st.integers(0, 10**9).map(lambda n: Money.from_minor(n, "JPY"))),
    st.tuples(st.just("number"), st.decimals(-(10**9), 10**9, places=6)),
    st.tuples(st.just("count"), st.integers(-(10**9), 10**9).map(Decimal)),
    st.tuples(st.just("share"), st.fractions(0, 5, max_denominator=10**4)),
    st.tuples(st.just("wait"), st.builds(Duration, st.integers(0, 9999), st.just(Unit.HOURS))),
    st.tuples(st.just("day"), st.dates(date(1971, 1, 1))),
    st.tuples(
        st.just("at"),
        st.integers(0, 10**15).map(lambda n: EPOCH + timedelta(microseconds=n * 7)),
    ),
    st.tuples(st.just("in_stock"), st.booleans()),
    st.tuples(st.just("note"), st.text(max_size=50)),
    st.tuples(st.just("remedy"), st.frozensets(st.sampled_from(["resend", "coupon", "refund"]))),
)


@given(VALUES)
def test_reading_what_was_written_gives_the_same_value(pair: tuple[str, object]) -> None:
    fact, value = pair
    text = SCHEMA.write(fact, value)  # type: ignore[arg-type]
    assert SCHEMA.read(fact, text) == value
    assert canonical_text(SCHEMA, fact, value) == text == canonical_text(SCHEMA, fact, text)


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        ("count", 3, "3"),
        ("number", Decimal("1.50"), "1.5"),
        ("share", Decimal("0.2"), "20%"),
        ("share", Fraction(1, 3), "100/3%"),
        ("in_stock", True, "yes"),
        (
            "at",
            datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1))),
            "2026-03-02T09:00:00Z",
        ),
        ("day", date(2026, 3, 2), "2026-03-02"),
        ("remedy", ["b", "a"], "a, b"),
        ("number", "1.10", "1.1"),
    ],
)
def test_programs_may_give_typed_values(fact: str, value: object, text: str) -> None:
    assert canonical_text(SCHEMA, fact, value) == text


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("amount", 39.9),
        ("amount", 39),
        ("number", 1.5),
        ("number", float("nan")),
        ("number", Decimal("NaN")),
        ("number", True),
        ("count", Decimal("1.5")),
        ("in_stock", 1),
        ("day", datetime(2026, 3, 2, tzinfo=UTC)),
        ("at", datetime(2026, 3, 2)),  # noqa: DTZ001
        ("at", date(2026, 3, 2)),
        ("severity", None),
    ],
)
def test_values_of_another_type_are_refused(fact: str, value: object) -> None:
    with pytest.raises(ValueUnreadable):
        canonical_text(SCHEMA, fact, value)
