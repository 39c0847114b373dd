"""Several policies for one question: which one a case gets, and a person where none is right."""

from datetime import timedelta
from pathlib import Path

import pytest
from small_shop import ANN, START, contents_of, opened, refusal

from aftersales.definitions import Catalog, Contents
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests, desk_for_tests

MARKETS = (
    "  note:           {",
    "  market:         {type: country, may_be_missing: true}\n  note:           {",
)
ABROAD = """\
aftersales: policy/1
policy: torn_abroad
about: What we may offer on the site of another country
applies_to: {kind: torn, APPLIES}
remedies:
  refund_all: {refund: 100% of affected_value, at_most: {USD: 30, EUR: 20}}
rows:
  - {id: any_harm, when: {severity: any}, options: refund_all}
approval: {none_needed: {at most: {USD: 50, EUR: 45}}, manager: {over: {USD: 50, EUR: 45}}}
"""
RATES = """\
aftersales: rates/1
from: DAY
base: USD
rates: {EUR: 0.5, GBP: RATE}
"""


def shop_of(folder: Path, applies: str, home: str, **rates: str) -> ShopForTests:
    """A shop with two policies for one kind."""
    contents = contents_of(MARKETS, ("applies_to: {kind: torn}", f"applies_to: {home}"))
    files = dict(contents.files)
    files["policies/compensation/torn_abroad.yaml"] = ABROAD.replace("APPLIES", applies).encode()
    for number, (day, rate) in enumerate(rates.items()):
        written = RATES.replace("DAY", day.strip("_").replace("_", "-")).replace("RATE", rate)
        files[f"policies/rates_{number}.yaml"] = written.encode()
    Contents(dict(sorted(files.items()))).write_to(folder / "definitions")
    catalog = Catalog.load(folder / "definitions")
    return desk_for_tests(folder, at=START, catalog=catalog)


def offer_of(shop: ShopForTests, market: str | None, **how: str) -> tuple[str, list[str]]:
    facts: dict[str, object] = {"market": market} if market else {}
    view = shop.desk.submit(opened(shop, facts=facts, **how).id, "propose", by=ANN)
    assert view.offer is not None
    return view.offer.policy, [str(option.refunded("USD")) for option in view.offer.options]


@pytest.mark.parametrize(
    ("market", "policy"), [("DE", "torn_abroad"), ("US", "torn"), (None, "torn")]
)
def test_the_policy_is_that_of_the_market(tmp_path: Path, market: str | None, policy: str) -> None:
    home = "[{kind: torn, market: US}, {kind: torn, market: missing}]"
    shop = shop_of(tmp_path, "market: not US", home)
    assert offer_of(shop, market)[0] == policy


@pytest.mark.parametrize(
    ("applies", "home", "why"),
    [
        ("market: DE", "{kind: torn}", "`torn` and `torn_abroad`"),
        ("market: DE", "{kind: torn, market: US}", "no compensation policy applies"),
    ],
)
def test_where_two_apply_or_none_a_person_is_asked_and_nothing_is_guessed(
    tmp_path: Path, applies: str, home: str, why: str
) -> None:
    shop = shop_of(tmp_path, applies, home)
    market = "DE" if "and" in why else "FR"
    case = opened(shop, facts={"market": market})
    assert why in refusal(lambda: shop.desk.submit(case.id, "propose", by=ANN)).reason


def test_limits_by_currency_hold_at_the_rate_of_the_day_of_the_offer(tmp_path: Path) -> None:
    rates = {"_2026_03_01": "1.00", "_2026_03_04": "2.00"}
    shop = shop_of(tmp_path, "market: not US", "{kind: torn, market: US}", **rates)
    seen = []
    for day in range(4):
        order = f"10{day}"
        paid, value = "100.00 GBP", "90.00 GBP"
        case = opened(shop, order=order, paid=paid, value=value, facts={"market": "DE"})
        view = shop.desk.submit(case.id, "propose", by=ANN)
        assert view.offer is not None
        [option] = view.offer.options
        seen.append(option.refunded("GBP"))
        shop.clock.advance(timedelta(days=1))
    # At most 20 EUR, the first by its code: 40 USD, which is 40 or 80 GBP.
    assert seen == [Money(40, "GBP"), Money(40, "GBP"), Money(80, "GBP"), Money(80, "GBP")]
