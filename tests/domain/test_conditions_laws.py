"""Laws of the cell language, for facts of every type: reading back, `not`, missing, bands."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.domain.conditions import (
    CellKind,
    Condition,
    FactDeclaration,
    Facts,
    FactSchema,
    FactType,
    Rates,
    any_of,
    bands_slip,
    parse_cell,
)
from aftersales.domain.conditions.codes import COUNTRIES, LANGUAGES
from aftersales.domain.duration import Unit
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money

RATES = Rates.of("EUR", {"USD": "1.25", "JPY": "150"})


def fact(name: str, type: FactType, **more: object) -> FactDeclaration:
    return FactDeclaration(name, type, may_be_missing=True, **more)  # type: ignore[arg-type]


DECLARED = [
    fact("severity", FactType.CHOICE, choices=("minor", "major", "total"), in_order=True),
    fact("tier", FactType.CHOICE, choices=("new", "regular", "vip")),
    fact("amount", FactType.MONEY),
    fact("number", FactType.NUMBER),
    fact("count", FactType.NUMBER, whole=True),
    fact("share", FactType.PERCENT),
    fact("wait", FactType.DURATION),
    fact("stay", FactType.DURATION, unit=Unit.DAYS),
    fact("desk_days", FactType.BUSINESS_DURATION),
    fact("desk_hours", FactType.BUSINESS_DURATION, unit=Unit.BUSINESS_HOURS),
    fact("day", FactType.DATE),
    fact("at", FactType.INSTANT),
    fact("in_stock", FactType.YES_NO),
    fact("country", FactType.COUNTRY),
    fact("speech", FactType.LANGUAGE),
    fact("zone", FactType.ZONE),
    fact("note", FactType.TEXT),
]
SCHEMA = FactSchema({declared.name: declared for declared in DECLARED})
NAMES = [*SCHEMA.declarations, "kind", "remedy"]

_DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
_NUMBERS = st.decimals(-99, 99, places=2).map(str)
_AMOUNTS = st.integers(-9999, 9999)
_TEXTS = st.text(st.sampled_from('ab .,:<>=[]{}()!-0"éß') | st.characters(), min_size=1).filter(
    lambda text: "'" not in text and text.strip() == text and text.isprintable()
)
_SENTENCES = st.lists(
    st.sampled_from(["lost", "or", "found", "not", "to", "any", ">=", "  "]), min_size=1, max_size=4
).map(" ".join)
VALUES: dict[str, st.SearchStrategy[str]] = {
    "severity": st.sampled_from(["minor", "major", "total"]),
    "tier": st.sampled_from(["new", "regular", "vip"]),
    "amount": st.builds("{}.{:02} {}".format, st.integers(0, 999), st.integers(0, 99),
                        st.sampled_from(["USD", "EUR"]))
    | st.integers(0, 9999).map("{} JPY".format)
    | st.builds("{{USD: {}, EUR: {}}}".format, st.integers(0, 99), st.integers(0, 99)),
    "number": _NUMBERS.map(lambda text: text.replace("-0.00", "0")),
    "count": _AMOUNTS.map(str),
    "share": st.builds("{}%".format, st.sampled_from(["0", "12.5", "20", "100", "100/3", "7/9"])),
    "wait": st.builds("{} {}".format, st.integers(2, 999), st.sampled_from(["hours", "minutes"])),
    "stay": st.integers(2, 999).map("{} days".format),
    "desk_days": st.integers(2, 999).map("{} business days".format),
    "desk_hours": st.integers(2, 999).map("{} business hours".format),
    "day": _DAYS.map(str),
    "at": st.builds("{}T{:02}:30:00Z".format, _DAYS, st.integers(0, 23))
    | st.builds("{} 12:00 {}".format, _DAYS, st.sampled_from(["Europe/Berlin", "Asia/Tokyo"])),
    "in_stock": st.sampled_from(["yes", "no"]),
    "country": st.sampled_from(sorted(COUNTRIES)),
    "speech": st.sampled_from(sorted(LANGUAGES)) | st.just("pt-BR"),
    "zone": st.sampled_from(["Europe/Berlin", "America/New_York"]),
    "note": (_TEXTS | _SENTENCES).map("'{}'".format),
    "kind": st.sampled_from(["torn", "lost"]),
    "remedy": st.sampled_from(["resend", "full_refund"]),
}  # fmt: skip
_ONE_SIDED = ["at least {}", "over {}", "under {}", "at most {}"]
_SYMBOLS = [">= {}", "> {}", "< {}", "<= {}"]


def drawn_tests(name: str) -> st.SearchStrategy[str]:
    """Texts of single tests of the fact, in words and in symbols."""
    value = VALUES[name]
    if not SCHEMA.declaration(name).has_order:
        return value
    sided = st.builds(str.format, st.sampled_from(_ONE_SIDED + _SYMBOLS), value)
    return value | sided


def key_of(name: str, text: str) -> object:
    test = parse_cell(text, SCHEMA.declaration(name), SCHEMA).tests[0]
    return test.low.key if not test.low.amounts else sorted(test.low.amounts.items())[0]  # type: ignore[union-attr]


@st.composite
def named_tests(draw: st.DrawFn) -> tuple[str, list[str]]:
    name = draw(st.sampled_from(NAMES))
    return name, draw(st.lists(drawn_tests(name), min_size=1, max_size=3))


@st.composite
def named_spans(draw: st.DrawFn) -> tuple[str, str]:
    """A fact with an order and a span of it, the lower end first."""
    ordered = [n for n in SCHEMA.declarations if SCHEMA.declaration(n).has_order and n != "amount"]
    name = draw(st.sampled_from(ordered))
    ends = draw(st.lists(VALUES[name], min_size=2, max_size=2, unique_by=lambda t: key_of(name, t)))
    low, high = sorted(ends, key=lambda text: key_of(name, text))  # type: ignore[arg-type, return-value]
    form = draw(st.sampled_from(["{} to {}", "over {} to {}", "{} to under {}", "[{}..{})"]))
    return name, form.format(low, high)


def typed(name: str, text: str) -> object:
    """A value of the fact from a text of VALUES; of several amounts, the first."""
    raw = text.strip("'") if name == "note" else text
    if raw.startswith("{USD"):
        raw = f"{raw[6 : raw.index(',')]} USD"
    return SCHEMA.read(name, raw)


def assert_reads_back(name: str, text: str) -> None:
    declaration = SCHEMA.declaration(name)
    cell = parse_cell(text, declaration, SCHEMA)
    assert parse_cell(str(cell), declaration, SCHEMA) == cell


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(st.data())
def test_a_cell_reads_back_as_itself(name: str, data: st.DataObject) -> None:
    tests = data.draw(st.lists(drawn_tests(name), min_size=1, max_size=3))
    assert_reads_back(name, " or ".join(tests))
    assert_reads_back(name, "not " + " nor ".join(tests))
    cells = [parse_cell(test, SCHEMA.declaration(name), SCHEMA) for test in tests]
    assert any_of(cells, SCHEMA.declaration(name)) == parse_cell(
        " or ".join(tests), SCHEMA.declaration(name), SCHEMA
    )


@given(named_spans())
def test_a_span_reads_back_as_itself(drawn: tuple[str, str]) -> None:
    assert_reads_back(*drawn)
    assert_reads_back(drawn[0], f"not {drawn[1]}")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("word", ["any", "missing", "known"])
def test_the_words_for_whole_cells_read_back(name: str, word: str) -> None:
    if word != "missing" or SCHEMA.declaration(name).may_be_missing:
        assert_reads_back(name, word)


@given(named_tests(), st.data())
def test_not_matches_exactly_the_known_values_that_the_cell_does_not(
    drawn: tuple[str, list[str]], data: st.DataObject
) -> None:
    name, tests = drawn
    declaration = SCHEMA.declaration(name)
    fits = parse_cell(" or ".join(tests), declaration, SCHEMA)
    excludes = parse_cell("not " + " nor ".join(tests), declaration, SCHEMA)
    value = typed(name, data.draw(VALUES[name]))
    assert fits.matches(value, RATES) != excludes.matches(value, RATES)  # type: ignore[arg-type]
    assert not fits.matches(None, RATES)
    assert not excludes.matches(None, RATES)


@given(named_tests())
def test_no_cell_fits_a_missing_value_but_those_that_say_so(drawn: tuple[str, list[str]]) -> None:
    name, tests = drawn
    declaration = SCHEMA.declaration(name)
    for text in (" or ".join(tests), "not " + " nor ".join(tests), "known"):
        assert not parse_cell(text, declaration, SCHEMA).matches(None, RATES)
    assert parse_cell("any", declaration, SCHEMA).matches(None)


@pytest.mark.parametrize("name", list(SCHEMA.declarations))
def test_a_missing_fact_that_is_needed_is_said_and_never_guessed(name: str) -> None:
    declared = FactDeclaration(
        name,
        (own := SCHEMA.declaration(name)).type,
        choices=own.choices,
        in_order=own.in_order,
        whole=own.whole,
        unit=own.unit,
    )
    schema = FactSchema({name: declared})
    text = EXAMPLES[name]
    for written in (text, f"not {text}", "known"):
        condition = Condition((((name, parse_cell(written, declared, schema)),),))
        with pytest.raises(FactMissing, match=name):
            condition.holds(Facts(schema, {}))
        lenient = Condition((((name, parse_cell(written, own, SCHEMA)),),))
        assert not lenient.holds(Facts(SCHEMA, {}))
    for written in ("any", "missing"):
        lenient = Condition((((name, parse_cell(written, own, SCHEMA)),),))
        assert lenient.holds(Facts(SCHEMA, {}))


EXAMPLES = {
    "severity": "at least major", "tier": "vip", "amount": "over 5 USD", "number": "3 to 4",
    "count": "3", "share": "at most 20%", "wait": "24 hours", "stay": "3 days",
    "desk_days": "2 business days", "desk_hours": "over 8 business hours",
    "day": "2026-11-20 to 2026-11-30", "at": "at least 2026-03-02T09:00:00Z", "in_stock": "no",
    "country": "NO", "speech": "de", "zone": "Europe/Berlin", "note": "'lost or found'",
}  # fmt: skip


@given(
    st.lists(VALUES["country"], min_size=1, max_size=4, unique=True),
    st.lists(VALUES["country"], max_size=2),
    VALUES["country"],
)
def test_a_group_stands_for_its_values(members: list[str], others: list[str], country: str) -> None:
    declaration = SCHEMA.declaration("country")
    tests = parse_cell(" or ".join(members), declaration, SCHEMA).tests
    schema = FactSchema(SCHEMA.declarations, {"country": {"near": tests}})
    for words, joint in ((("",), " or "), (("not ",), " nor ")):
        named = parse_cell(words[0] + joint.join(["near", *others]), declaration, schema)
        written = parse_cell(words[0] + joint.join([*members, *others]), declaration, schema)
        assert named.matches(country) == written.matches(country)
        assert list(named.plain_tests()) == list(written.plain_tests())
        assert parse_cell(str(named), declaration, schema) == named


# -- bands

STARTS: dict[str, tuple[object, ...]] = {
    "number": tuple(Decimal(n) / 4 for n in range(-9, 40)),
    "count": tuple(Decimal(n) for n in range(-9, 40)),
    "amount": tuple(Money(n, "USD") for n in range(40)),
    "stay": tuple(range(1, 40)),
    "desk_days": tuple(range(1, 40)),
    "day": tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(40)),
    "at": tuple(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(40)),
}
_UNITS = {"stay": " days", "desk_days": " business days"}


def written(name: str, value: object) -> str:
    if name in _UNITS:
        return f"{value}{_UNITS[name]}" if value != 1 else f"1{_UNITS[name][:-1]}"
    return SCHEMA.write(name, value)  # type: ignore[arg-type]


def bands_between(name: str, cuts: Sequence[object], is_upper: Sequence[bool]) -> list[str]:
    """Texts of bands that meet at the cuts; `is_upper`: whether a cut belongs to the one above."""
    texts, low = [], ""
    for cut, belongs_above in zip(cuts, is_upper, strict=True):
        high = written(name, cut)
        end = f"under {high}" if belongs_above else high
        start = "at most " if not belongs_above else ""
        texts.append(f"{low} to {end}" if low else f"{start}{end}")
        low = high if belongs_above else f"over {high}"
    texts.append(low if low.startswith("over") else f"at least {low}")
    return texts


@given(st.sampled_from(sorted(STARTS)), st.data())
def test_bands_that_meet_hold_each_value_once_and_one_less_leaves_a_hole(
    name: str, data: st.DataObject
) -> None:
    starts = STARTS[name]
    cuts = data.draw(st.lists(st.sampled_from(starts), min_size=1, max_size=4, unique=True))
    uppers = data.draw(st.lists(st.booleans(), min_size=len(cuts), max_size=len(cuts)))
    texts = bands_between(name, sorted(cuts), uppers)  # type: ignore[type-var]
    declaration = SCHEMA.declaration(name)
    bands = {f"b{n}": parse_cell(text, declaration, SCHEMA) for n, text in enumerate(texts)}
    assert all(band.kind is CellKind.MATCHES for band in bands.values())
    assert bands_slip(declaration, bands) is None
    value = SCHEMA.read(name, written(name, data.draw(st.sampled_from(starts))))
    assert sum(band.matches(value) for band in bands.values()) == 1
    left_out = data.draw(st.sampled_from(sorted(bands)))
    fewer = {label: band for label, band in bands.items() if label != left_out}
    assert "no band" in (bands_slip(declaration, fewer) or "")
    twice = {**bands, "again": bands[left_out]}
    assert "both hold" in (bands_slip(declaration, twice) or "")
