"""Which currencies there are: a misspelt one would make a rule fit nothing, without a word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from aftersales.definitions.documents import Document
from aftersales.definitions.notes import Notes
from aftersales.definitions.rates import DatedRates
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import closest
from aftersales.domain.problem import Place

# What somebody pays with today. Source: ISO 4217, list one, without funds and precious metals;
# held against the currencies of territories in CLDR by a test.
ISO_4217 = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
    KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 (a list would be read worse)
)
_AMOUNT = re.compile(r"(?<![\w:])(?<!\d\.)\d[\d.]* ([A-Z]{3})(?!\w)")
_PART = re.compile(r"(?:n?or\b)?(?:(?!\bn?or\b).)+", re.DOTALL)
_AROUND = re.compile(r"(?:n?or|not|over|under|up|at|least|most|to|[][()<>=≤≥,.\s])*")
_CODE = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"\d[\d.]*")
_WORDS = frozenset(("about", "label", "labels", "because", "source", "details", "note"))
_FORMATS = ("policy", "facts", "workflow")


def check_currencies(
    documents: Iterable[Document], rates: Iterable[DatedRates], notes: Notes
) -> None:
    """Note each currency that is none, and has no rate of the shop's own (C207)."""
    own = {code for one in rates for code in (one.rates.base, *one.rates.per_base)}
    known, unknown = ISO_4217 | own, dict[str, Place]()
    used: list[str] = []
    for document in (one for one in documents if one.format in _FORMATS):
        for code, place in _named(document.root):
            if code in known:
                used.append(code)
            else:
                unknown.setdefault(code, place)
    for code, place in unknown.items():
        near = closest(code, [*dict.fromkeys(used), *sorted(own)]) or closest(
            code, sorted(ISO_4217)
        )
        meant = f"did you mean `{near}`? " if near else ""
        help = f"{meant}one of your own needs a rate in `policies/rates.yaml`"
        notes.error("C207", place, f"`{code}` is not a currency", help)


def _named(node: Node) -> Iterator[tuple[str, Place]]:
    """The currencies of all amounts, each with its place."""
    if isinstance(node, Scalar):
        for start, code in _of_amounts(node.text):
            yield code, _within(node, start)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _named(item)
    elif isinstance(node, Mapping):
        if all(_is_by_currency(key, value) for key, value in node.items):
            yield from ((key.text, key.place) for key, _ in node.items)
        for key, value in node.items:
            if key.text not in _WORDS:
                yield from _named(value)


def _of_amounts(text: str) -> Iterator[tuple[int, str]]:
    """The codes in parts that are nothing but amounts: not in `09:00 UTC`, or `2 LED lamps`."""
    for part in _PART.finditer(text):
        if _AROUND.fullmatch(_AMOUNT.sub("", part[0])):
            yield from ((part.start() + m.start(1), m[1]) for m in _AMOUNT.finditer(part[0]))


def _is_by_currency(key: Scalar, value: Node) -> bool:
    """Whether it is one of `{USD: 20, EUR: 18}`."""
    is_number = isinstance(value, Scalar) and _NUMBER.fullmatch(value.text) is not None
    return is_number and _CODE.fullmatch(key.text) is not None


def _within(scalar: Scalar, start: int) -> Place:
    """The place of three letters in a text; where it runs over several lines, of the text."""
    place = scalar.place
    quotes = 1 if scalar.is_quoted else 0
    if place.length != len(scalar.text) + 2 * quotes:
        return place
    return replace(place, column=place.column + quotes + start, length=3)
