"""Past cases of an invented shop, the same for the same seed: `past_cases.py 1000 > past.csv`.

The shop has 500 products, each with its price in each currency; one order in six had a discount.
"""

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

COLUMNS = (
    "case", "kind", "opened_at", "affected_value", "severity", "country", "platform", "tier",
    "buyer", "fault", "evidence", "in_stock", "item_cost", "resend_cost", "delivered_at",
    "fulfilled_by", "given_option", "given_cost",
)  # fmt: skip
_BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
_DAYS = 300
_PRODUCTS = 500
_PARCELS = (3.9, 4.9, 6.9, 9.9, 14.9)  # dollars, by size
_KINDS = ("damaged", "wrong_item")
_COUNTRIES = {"US": 40, "DE": 18, "GB": 10, "FR": 8, "CA": 7, "MX": 4, "ES": 4, "NO": 3, "JP": 2}
_CURRENCIES = {"US": "USD", "GB": "GBP", "CA": "CAD", "MX": "MXN", "NO": "NOK", "JP": "JPY"}
_RATES = {"USD": 1, "EUR": 0.92, "GBP": 0.79, "CAD": 1.37, "MXN": 18, "NOK": 10.7, "JPY": 150}
_PLATFORMS = {"own_shop": 40, "shopify": 15, "amazon": 20, "ebay": 10, "etsy": 8, "tiktok_shop": 7}


def rows(count: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """`count` rows under COLUMNS; now and then a fact is not known."""
    drawn = random.Random(seed)
    prices = [round(min(drawn.lognormvariate(3.8, 0.9), 2500)) + 0.99 for _ in range(_PRODUCTS)]
    for number in range(1, count + 1):
        yield _row(number, prices, drawn)


def _row(number: int, prices: list[float], drawn: random.Random) -> tuple[str, ...]:
    country = _of(_COUNTRIES, drawn)
    currency = _CURRENCIES.get(country, "EUR")
    product = int(_PRODUCTS * drawn.random() ** 2)  # some sell far better than others
    price = prices[product]
    dollars = price * (drawn.randrange(70, 100) / 100 if drawn.random() < 1 / 6 else 1)
    opened = _BEGIN + timedelta(minutes=drawn.randrange(_DAYS * 24 * 60))
    delivered = opened - timedelta(hours=drawn.randrange(3, 900))
    value = _money(dollars, currency)
    given = drawn.random() < 0.5
    return (
        f"C{number:06}",
        drawn.choices(_KINDS, (3, 1))[0],
        f"{opened:%Y-%m-%dT%H:%M:00Z}",
        value if drawn.random() < 0.995 else "",
        drawn.choices(("minor", "major", "total"), (5, 3, 2))[0],
        country,
        _of(_PLATFORMS, drawn),
        drawn.choices(("new", "regular", "vip", ""), (4, 5, 1, 0.1))[0],
        drawn.choices(("consumer", "business"), (9, 1))[0],
        drawn.choices(("carrier", "warehouse", "product", "customer"), (5, 2, 3, 1))[0],
        drawn.choices(("none", "photo", "video"), (3, 6, 1))[0],
        drawn.choices(("yes", "no", ""), (8, 2, 0.2))[0],
        _money(price * 0.35, currency),
        _money(_PARCELS[product % len(_PARCELS)], currency),
        f"{delivered:%Y-%m-%dT%H:%M:00Z}",
        drawn.choices(("us", "platform"), (9, 1))[0],
        "full_refund" if given else "",
        value if given else "",
    )


def _of(weights: dict[str, int], drawn: random.Random) -> str:
    return drawn.choices(tuple(weights), tuple(weights.values()))[0]


def _money(dollars: float, currency: str) -> str:
    decimals = 0 if currency == "JPY" else 2
    return f"{dollars * _RATES[currency]:.{decimals}f} {currency}"


def main() -> None:
    """Print so many past cases as CSV."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    written = csv.writer(sys.stdout, lineterminator="\n")
    written.writerow(COLUMNS)
    written.writerows(rows(given.count, given.seed))


if __name__ == "__main__":
    main()
