"""Values spoken in a customer's language and zone. The home of Babel."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from babel.units import format_unit

from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money, exponent

# The filters of a reply, and how many texts each takes.
FILTERS: Mapping[str, int] = {"date_time": 0, "date": 0, "money": 0, "if_known": 1, "list": 0}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says dates, money and lists as people of `locale` read them, on the clock of `zone`."""

    locale: Locale
    zone: ZoneInfo

    @classmethod
    def of(cls, language: str, zone: str) -> "Speaker":
        """For `de` or `pt-BR`; an unknown region is left out. ValueUnreadable for others."""
        return cls(_locale(language), _zone(zone))

    def speak(self, value: object) -> str:
        """Any plain value, without being told how."""
        match value:
            case str():
                return value
            case Money():
                return self.money(value)
            case datetime():
                return self.date_time(value)
            case date():
                return self.date(value)
            case list() | tuple():
                return self.list(value)
            case Duration():
                return self.duration(value)
            case Fraction():
                return self.percent(value)
            case int() | Decimal() if not isinstance(value, bool):
                return format_decimal(value, locale=self.locale, decimal_quantization=False)
        raise ValueUnreadable(f"a {type(value).__name__} cannot be written into a reply")

    def date_time(self, value: object) -> str:
        """`Tuesday, March 3, 2026, 5:00 PM (Eastern Standard Time)`; midnight ends the day before.

        A wait that ends at midnight is told as 24:00 of its last day: `Sunday, 12:00 AM` is taken
        for noon, or for a day more.
        """
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise ValueUnreadable("`date_time` wants a moment with its zone")
        at = value.astimezone(self.zone)
        zone = get_timezone_name(at, "long", locale=self.locale)
        if at.time() == time(0):
            last_day = format_date(at.date() - timedelta(days=1), "full", locale=self.locale)
            return f"{last_day}, 24:00 ({zone})"
        day = format_date(at, "full", locale=self.locale)
        hour = format_time(at, "short", tzinfo=self.zone, locale=self.locale)
        return f"{day}, {hour} ({zone})"

    def percent(self, value: Fraction) -> str:
        """`12.5%`: a part of one, to a hundredth of a percent."""
        pattern = self.locale.percent_formats[None].pattern.replace("0", "0.##", 1)
        part = Decimal(value.numerator) / value.denominator
        return format_percent(part, pattern, locale=self.locale)

    def duration(self, value: Duration) -> str:
        """`2 days`; business time has a word of its own in no locale, so it stays as written."""
        if value.unit.is_business:
            return str(value)
        return format_unit(value.amount, f"duration-{str(value.unit)[:-1]}", locale=self.locale)

    def date(self, value: object) -> str:
        """`Tuesday, March 3, 2026`: a date, or the local date of an instant."""
        if isinstance(value, datetime):
            if value.utcoffset() is None:
                raise ValueUnreadable("`date` wants a moment with its zone")
            value = value.astimezone(self.zone).date()
        if not isinstance(value, date):
            raise ValueUnreadable("`date` wants a date")
        return format_date(value, "full", locale=self.locale)

    def money(self, value: object) -> str:
        """`€39.90`, exact to the smallest unit."""
        if not isinstance(value, Money):
            raise ValueUnreadable("`money` wants an amount with its currency")
        return format_currency(
            value.amount,
            value.currency,
            format=_pattern(self.locale, value.currency),
            locale=self.locale,
            currency_digits=False,
        )

    def list(self, value: object) -> str:
        """`a, b, and c`."""
        if not isinstance(value, list | tuple):
            raise ValueUnreadable("`list` wants a list")
        return format_list([self.speak(item) for item in value], locale=self.locale)


def _locale(language: str) -> Locale:
    tag = language.strip().replace("-", "_")
    for candidate in (tag, tag.partition("_")[0]):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse(candidate)
    raise ValueUnreadable(f"`{language}` is not a language", help="write it like `de`")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueUnreadable(
            f"`{name}` is not a zone", help="write it like `Europe/Berlin`"
        ) from None


def _pattern(locale: Locale, currency: str) -> str:
    """The locale's own way to write money, with our decimals, and a gap after a letter."""
    pattern = str(locale.currency_formats["standard"].pattern)
    digits = exponent(currency)
    decimals = "." + "0" * digits if digits else ""
    gap = "\xa0" if get_currency_symbol(currency, locale=locale)[-1:].isalpha() else ""
    return pattern.replace(".00", decimals).replace("¤#", f"¤{gap}#")
