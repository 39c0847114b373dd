"""Values of facts: read from text, written back, accepted from programs.

`read_value(d, write_value(d, x)) == x` for every value that can be read.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import available_timezones

from aftersales.domain.calendar import iso, parse_instant, zone_of
from aftersales.domain.conditions.cell import Single, Value
from aftersales.domain.conditions.codes import COUNTRIES, COUNTRY_SLIPS, LANGUAGES
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.conditions.meant import rewritten
from aftersales.domain.conditions.words import did_you_mean, ticked
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money

MAX_TEXT = 20_000
_LONGEST_MEANT = 200  # characters; nobody means a longer one
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]*( \+ [A-Za-z0-9_]+)*")
_LANGUAGE = re.compile(r"([a-z]{2})(-[A-Za-z0-9]{2,8})*")
_NO_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ELAPSED = frozenset({Unit.MINUTES, Unit.HOURS})


def read_value(declaration: FactDeclaration, text: str) -> Value:
    """`text` as a value of this fact. ValueUnreadable says what is wrong and what to write."""
    if declaration.is_set:
        return frozenset(_name(declaration, part.strip()) for part in text.split(",") if part)
    return read_single(declaration, text)


def read_single(declaration: FactDeclaration, text: str) -> Single:
    """One value of this fact; for a fact that is a set, one of its members."""
    try:
        return _READERS[declaration.type](declaration, text)
    except ValueUnreadable as slip:
        meant = "" if slip.help.startswith("did you") else _meant(declaration, text)
        raise ValueUnreadable(str(slip), help=meant or slip.help) from None


def _meant(declaration: FactDeclaration, text: str) -> str:
    """What to write instead, where another writing of a value is known and can be read."""
    other = rewritten(text, declaration) if len(text) < _LONGEST_MEANT else text
    if other == text:
        return ""
    try:
        _READERS[declaration.type](declaration, other)
    except ValueUnreadable:
        return ""
    return f"did you mean `{other}`?"


def write_value(declaration: FactDeclaration, value: Value) -> str:
    """The canonical text of `value`."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return _write_single(declaration, value)


def text_of(declaration: FactDeclaration, value: object) -> str:
    """The canonical text of what a program gave: a text, or a value of the fact's type.

    Floats are refused, so are naive datetimes. ValueUnreadable says what to give instead.
    """
    if isinstance(value, str):
        return write_value(declaration, read_value(declaration, value))
    wanted, given = _TAKES[declaration.type], value
    if declaration.is_set and isinstance(value, frozenset | set | list | tuple):
        return write_value(declaration, frozenset(str(item) for item in value))
    if isinstance(given, int) and not isinstance(given, bool):
        given = Decimal(given)
    if isinstance(given, Decimal) and declaration.type is FactType.PERCENT:
        given = Fraction(given)
    is_other_kind = isinstance(given, datetime) and declaration.type is FactType.DATE
    if not isinstance(given, wanted) or is_other_kind or isinstance(value, float):
        raise ValueUnreadable(
            f"`{declaration.name}` cannot be {value!r}",
            help=f"it is of type {declaration.type}: {_EXAMPLES[declaration.type]}",
        )
    if isinstance(given, datetime) and given.tzinfo is None:
        raise ValueUnreadable(
            f"`{declaration.name}` is a datetime without a zone", help="give an aware datetime"
        )
    if isinstance(given, Decimal) and not given.is_finite():
        raise ValueUnreadable(f"`{declaration.name}` cannot be {given}", help="give a number")
    text = _write_single(declaration, given)
    return write_value(declaration, read_value(declaration, text))


def example_of(type: FactType) -> str:
    """How a value of this type is written."""
    return _EXAMPLES[type]


def _choice(declaration: FactDeclaration, text: str) -> str:
    if text in declaration.choices:
        return text
    raise ValueUnreadable(
        f"`{text}` is not a choice of `{declaration.name}`",
        help=did_you_mean(text, declaration.choices) or f"one of {ticked(declaration.choices)}",
    )


def _money(declaration: FactDeclaration, text: str) -> Money:
    amount, _, currency = text.strip().partition(" ")
    if currency and not _NUMBER.fullmatch(amount):
        raise _not_a(declaration, text)
    return Money.parse(text)


def _number(declaration: FactDeclaration, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise _not_a(declaration, text, _number_help(text))
    value = Decimal(text)
    if declaration.whole and value != value.to_integral_value():
        raise ValueUnreadable(
            f"`{text}` is not a whole number", help=f"`{declaration.name}` is declared whole"
        )
    return value


def _number_help(text: str) -> str:
    if re.fullmatch(r"0[0-9]+", text):
        return f"write it without the leading 0: `{text.lstrip('0') or '0'}`"
    return "write it like `3` or `1.5`"


def _percent(declaration: FactDeclaration, text: str) -> Fraction:
    digits = text.removesuffix("%").rstrip()
    if not text.endswith("%") or not _FRACTION.fullmatch(digits) or len(digits) > 60:
        raise _not_a(declaration, text)
    return Fraction(digits) / 100


def _duration(declaration: FactDeclaration, text: str) -> Duration:
    duration = Duration.parse(text)
    wanted = declaration.unit or default_unit(declaration.type)
    same = {duration.unit, wanted} <= _ELAPSED or duration.unit is wanted
    if not same:
        raise ValueUnreadable(
            f"`{text}` is not in {wanted}, as `{declaration.name}` is",
            help=f"write it like `{Duration(2, wanted)}`",
        )
    return duration


def default_unit(type: FactType) -> Unit:
    """What a duration is counted in where its declaration does not say."""
    return Unit.BUSINESS_DAYS if type is FactType.BUSINESS_DURATION else Unit.HOURS


def _date(declaration: FactDeclaration, text: str) -> date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _not_a(declaration, text, "there is no such day") from None
    raise _not_a(declaration, text)


def _instant(declaration: FactDeclaration, text: str) -> datetime:
    stamp, _, zone = text.strip().rpartition(" ")
    if stamp and not re.match(r"[0-9]", zone):
        return parse_instant(stamp, zone)
    try:
        return parse_instant(text.strip(), None)
    except ValueUnreadable as slip:
        is_other = _NO_TIME.fullmatch(text.strip()) or slip.help.startswith("write it like")
        raise _not_a(declaration, text, "" if is_other else slip.help) from None


def _yes_no(declaration: FactDeclaration, text: str) -> bool:
    if text in ("yes", "true"):
        return True
    if text in ("no", "false"):
        return False
    raise _not_a(declaration, text)


def _country(declaration: FactDeclaration, text: str) -> str:
    if text in COUNTRIES:
        return text
    upper = text.upper()
    meant = COUNTRY_SLIPS.get(upper, upper if upper in COUNTRIES else "")
    help = f"did you mean `{meant}`?" if meant else "write the two letters of ISO 3166, like `NO`"
    raise _not_a(declaration, text, help)


def _language(declaration: FactDeclaration, text: str) -> str:
    match = _LANGUAGE.fullmatch(text)
    if match and match[1] in LANGUAGES:
        return text
    lower = text.lower()
    help = f"did you mean `{lower}`?" if lower in LANGUAGES else ""
    raise _not_a(declaration, text, help)


def _zone(declaration: FactDeclaration, text: str) -> str:
    try:
        return zone_of(text).key
    except ValueUnreadable as slip:
        known = sorted(available_timezones())
        word = text.strip().lower().replace(" ", "_")
        named = [name for name in known if word in (name.lower(), name.lower().rpartition("/")[2])]
        help = f"did you mean `{named[0]}`?" if named else did_you_mean(text, known)
        raise _not_a(declaration, text, help or slip.help) from None


def _text(declaration: FactDeclaration, text: str) -> str:
    if len(text) > MAX_TEXT:
        raise ValueUnreadable(
            f"`{declaration.name}` has {len(text):,} characters", help=f"at most {MAX_TEXT:,}"
        )
    return text


def _name(declaration: FactDeclaration, text: str) -> str:
    if declaration.choices:
        return _choice(declaration, text)
    if not _NAME.fullmatch(text):
        raise _not_a(declaration, text)
    return text


def _not_a(declaration: FactDeclaration, text: str, help: str = "") -> ValueUnreadable:
    name = declaration.name
    kind = _CALLED.get(declaration.type, str(declaration.type))
    return ValueUnreadable(
        f"`{text}` is not {kind}, as `{name}` is",
        help=help or f"write it like {_EXAMPLES[declaration.type]}",
    )


def _write_single(declaration: FactDeclaration, value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
        case Decimal():
            return _decimal_text(value)
        case Fraction() if declaration.type is FactType.PERCENT:
            return percent_text(value)
    return str(value)


def _decimal_text(value: Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent_text(part: Fraction) -> str:
    """A fifth as `20%`; a third, which has no end in decimals, as `100/3%`."""
    percent = part * 100
    rest = percent.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{percent}%"
    places = len(str(percent.denominator)) * 4  # 1/2**n needs n places, 1/5**n fewer
    scaled = percent * 10**places
    return f"{_decimal_text(Decimal(int(scaled)).scaleb(-places))}%"


_READERS: dict[FactType, Callable[[FactDeclaration, str], Single]] = {
    FactType.CHOICE: _choice,
    FactType.MONEY: _money,
    FactType.NUMBER: _number,
    FactType.PERCENT: _percent,
    FactType.DURATION: _duration,
    FactType.BUSINESS_DURATION: _duration,
    FactType.DATE: _date,
    FactType.INSTANT: _instant,
    FactType.YES_NO: _yes_no,
    FactType.COUNTRY: _country,
    FactType.LANGUAGE: _language,
    FactType.ZONE: _zone,
    FactType.TEXT: _text,
    FactType.NAME: _name,
}

_TAKES: dict[FactType, type] = {
    FactType.MONEY: Money,
    FactType.NUMBER: Decimal,
    FactType.PERCENT: Fraction,
    FactType.DURATION: Duration,
    FactType.BUSINESS_DURATION: Duration,
    FactType.DATE: date,
    FactType.INSTANT: datetime,
    FactType.YES_NO: bool,
} | dict.fromkeys(
    (
        FactType.CHOICE,
        FactType.COUNTRY,
        FactType.LANGUAGE,
        FactType.ZONE,
        FactType.TEXT,
        FactType.NAME,
    ),
    str,
)

_EXAMPLES: dict[FactType, str] = {
    FactType.CHOICE: "one of its choices",
    FactType.MONEY: "`39.90 EUR`",
    FactType.NUMBER: "`3`",
    FactType.PERCENT: "`20%`",
    FactType.DURATION: "`24 hours`",
    FactType.BUSINESS_DURATION: "`2 business days`",
    FactType.DATE: "`2026-03-02`",
    FactType.INSTANT: "`2026-03-02T09:00:00Z` or `2026-03-02 09:00 Europe/Berlin`",
    FactType.YES_NO: "`yes` or `no`",
    FactType.COUNTRY: "`NO`, the two letters of ISO 3166",
    FactType.LANGUAGE: "`de`, the two letters of ISO 639",
    FactType.ZONE: "`Europe/Berlin`",
    FactType.TEXT: "any text",
    FactType.NAME: "a name, like `small_coupon`",
}

_CALLED = {
    FactType.MONEY: "an amount of money",
    FactType.NUMBER: "a number",
    FactType.PERCENT: "a percentage",
    FactType.DATE: "a date",
    FactType.INSTANT: "an instant",
    FactType.YES_NO: "`yes` or `no`",
    FactType.COUNTRY: "a country",
    FactType.LANGUAGE: "a language",
    FactType.ZONE: "a time zone",
    FactType.NAME: "a name",
}
