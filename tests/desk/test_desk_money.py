"""Money at the desk: holds, what others paid, what is left, caps, and stable keys."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from small_shop import (
    ANN,
    BANK,
    CUSTOMER,
    MARKET,
    accepted_option,
    account,
    catalog_of,
    effects,
    events,
    ledger,
    money,
    offered,
    opened,
    refusal,
)

from aftersales.desk import accepted, done, failed
from aftersales.domain.case import Effect
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests


def minor(shop: ShopForTests, scope: str = "order:1001") -> tuple[int, ...]:
    """Paid, reserved, confirmed, external, in cents."""
    found = account(shop.desk, scope)
    return tuple(m.minor for m in (found.paid, found.reserved, found.confirmed, found.external))


# -- effects and the ledger


def test_a_refund_is_reserved_when_granted_and_confirmed_when_done(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    assert minor(shop) == (10000, 2000, 0, 0)
    assert case.state == "fulfilling"
    shop.tick()
    assert minor(shop) == (10000, 0, 2000, 0)
    assert shop.desk.get_case(case.id).state == "settled"
    (entry,) = ledger(shop.desk, case.id)
    assert (entry.status, entry.reference) == ("confirmed", money(shop.desk, case.id).key)


def test_goods_and_coupons_are_handed_out_under_stable_keys(shop: ShopForTests) -> None:
    case = accepted_option(shop, "again + coupon", value="30.00 USD", severity="major")
    keys = [effect.key for effect in effects(shop.desk, case.id, "money")]
    version = case.version
    assert keys == [f"shop/{case.id}/{version}/{n}" for n in (1, 2)]
    shop.tick()
    handed = [*shop.recorder.of("resend"), *shop.recorder.of("coupon")]
    assert [effect.key for effect in handed] == keys
    assert str(handed[1].amount) == "10.00 USD"
    assert minor(shop) == (10000, 0, 0, 0)  # no money moved
    assert shop.desk.get_case(case.id).state == "settled"


def test_a_case_is_settled_once_all_its_remedies_are(shop: ShopForTests) -> None:
    case = accepted_option(shop, "again + coupon", value="30.00 USD", severity="major")
    resend, coupon = effects(shop.desk, case.id, "money")
    assert shop.desk.settle(resend.key, done()).state == "fulfilling"
    assert shop.desk.settle(coupon.key, done()).state == "settled"


# -- holds


def test_a_held_order_grants_nothing(shop: ShopForTests) -> None:
    case = offered(shop)
    opened(shop, "quarrel")
    assert shop.desk.get_case(case.id).state == "frozen"
    again = opened(shop)
    shop.desk.submit(again.id, "propose", by=ANN)
    choice = {"option": "coupon"}
    refused = refusal(lambda: shop.desk.submit(again.id, "accept", by=CUSTOMER, facts=choice))
    assert refused.code == "held"
    assert ledger(shop.desk, again.id) == ()
    assert refusal(lambda: shop.desk.submit(opened(shop).id, "thank", by=ANN)).code == "held"


def test_a_dispute_withdraws_the_refund_that_was_not_sent_yet(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    quarrel = opened(shop, "quarrel")
    assert account(shop.desk).held_by == quarrel.id
    refund = money(shop.desk, case.id)
    assert (refund.status, refund.reason) == ("withdrawn", "a dispute holds the order")
    (entry,) = ledger(shop.desk, case.id)
    assert entry.status == "failed"
    assert minor(shop) == (10000, 0, 0, 0)
    shop.tick()
    assert shop.recorder.of("refund") == []


def test_the_other_cases_of_the_order_are_told_with_the_hold_itself(shop: ShopForTests) -> None:
    case, elsewhere = opened(shop), opened(shop, order="1002")
    quarrel = opened(shop, "quarrel")  # no tick between
    assert shop.desk.get_case(case.id).state == "frozen"
    assert shop.desk.get_case(elsewhere.id).state == "reported"
    shop.desk.submit(quarrel.id, "won", by=BANK)
    assert account(shop.desk).held_by == ""
    assert shop.desk.get_case(case.id).state == "reported"
    assert events(shop.desk, case.id) == ["open", "order_held", "order_released"]


def test_a_refund_under_way_when_the_dispute_came_is_entered_all_the_same(
    shop: ShopForTests,
) -> None:
    case = accepted_option(shop, "half")
    shop.recorder.answer = lambda effect: accepted()
    shop.tick()
    opened(shop, "quarrel")
    shop.desk.settle(money(shop.desk, case.id).key, done("paid"))
    assert minor(shop) == (10000, 0, 2000, 0)


# -- what others paid


def test_a_platform_that_refunds_first_withdraws_what_is_no_longer_left(
    shop: ShopForTests,
) -> None:
    case = accepted_option(shop, "half", paid="40.00 USD")
    told = {"outside_refund": "30.00 USD"}
    view = shop.desk.submit(case.id, "they_paid", by=MARKET, facts=told)
    assert view.state == "paid_by_them"
    assert money(shop.desk, case.id).status == "withdrawn"
    assert minor(shop) == (4000, 0, 0, 3000)
    shop.tick()
    assert shop.recorder.of("refund") == []


def test_a_waiting_refund_stays_while_enough_is_left(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half", paid="100.00 USD")
    told = {"outside_refund": "10.00 USD"}
    shop.desk.submit(case.id, "they_paid", by=MARKET, facts=told)
    shop.tick()
    assert len(shop.recorder.of("refund")) == 1
    assert minor(shop) == (10000, 0, 2000, 1000)


def test_what_others_paid_for_the_matter_is_not_paid_on_top(shop: ShopForTests) -> None:
    """Enough of the order is left, but the case is about 40 dollars only."""
    case = accepted_option(shop, "half", paid="100.00 USD")
    shop.desk.submit(case.id, "they_paid", by=MARKET, facts={"outside_refund": "40.00 USD"})
    shop.tick()
    assert shop.recorder.of("refund") == []
    assert minor(shop) == (10000, 0, 0, 4000)


def test_a_refund_recorded_with_the_order_is_seen_before_ours_is_sent(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half", paid="40.00 USD")
    shop.desk.record_order("1001", paid=Money("40.00", "USD"), refunded=Money("40.00", "USD"))
    shop.tick()
    assert shop.recorder.of("refund") == []
    assert money(shop.desk, case.id).status == "withdrawn"
    assert minor(shop) == (4000, 0, 0, 4000)


def test_what_we_refunded_ourselves_is_not_counted_as_paid_by_others(shop: ShopForTests) -> None:
    accepted_option(shop, "half")
    shop.tick()
    for _ in range(2):
        shop.desk.record_order("1001", paid=Money("100.00", "USD"), refunded=Money("25.00", "USD"))
    assert minor(shop) == (10000, 0, 2000, 500)


def test_more_than_was_paid_is_refused_and_calls_a_person(shop: ShopForTests) -> None:
    first = offered(shop, value="30.00 USD", severity="major", paid="40.00 USD")
    told = {"outside_refund": "15.00 USD"}
    second = opened(shop, paid="40.00 USD")
    shop.desk.submit(second.id, "they_paid", by=MARKET, facts=told)
    choice = {"option": "refund_all"}
    refused = refusal(lambda: shop.desk.submit(first.id, "accept", by=CUSTOMER, facts=choice))
    assert refused.code == "exceeds_paid"
    assert "25.00 USD" in refused.reason
    view = shop.desk.get_case(first.id)
    assert (view.state, "refused" in view.needs_person) == ("offered", True)
    assert minor(shop) == (4000, 0, 0, 1500)


# -- goodwill


def test_goodwill_is_capped_over_the_cases_of_a_customer(shop: ShopForTests) -> None:
    """30 USD in 90 days; each of these halves is 20 USD."""
    first, second = offered(shop, order="1"), offered(shop, order="2")
    choice = {"option": "half"}
    shop.desk.submit(first.id, "accept", by=CUSTOMER, facts=choice)
    refused = refusal(lambda: shop.desk.submit(second.id, "accept", by=CUSTOMER, facts=choice))
    assert (refused.code, "10.00 USD" in refused.reason) == ("cap", True)
    assert minor(shop, "customer:c1/USD") == (0, 2000, 0, 0)
    third = offered(shop, order="3")
    assert third.offer is not None
    half = third.offer.option("half")
    assert half is not None
    assert str(half.refunded("USD")) == "10.00 USD"


def test_another_customer_and_another_quarter_have_caps_of_their_own(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half", order="1")
    shop.tick()
    assert _half(offered(shop, order="2", customer="c2")) == "20.00 USD"
    shop.wait(timedelta(days=91))
    assert _half(offered(shop, order="3")) == "20.00 USD"
    assert shop.desk.get_case(case.id).state == "settled"


def _half(view: object) -> str:
    option = view.offer.option("half")  # type: ignore[attr-defined]
    return str(option.refunded("USD"))


def test_a_gift_counts_towards_the_cap(shop: ShopForTests) -> None:
    for order in ("1", "2", "3"):
        shop.desk.submit(opened(shop, order=order).id, "thank", by=ANN)
    fourth = opened(shop, order="4")
    assert refusal(lambda: shop.desk.submit(fourth.id, "thank", by=ANN)).code == "cap"
    assert minor(shop, "customer:c1/USD") == (0, 3000, 0, 0)
    shop.tick()
    assert minor(shop, "customer:c1/USD") == (0, 0, 3000, 0)


def test_a_failed_gift_is_free_again(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "thank", by=ANN)

    @shop.desk.on("coupon")
    def coupon(effect: Effect) -> object:
        return failed("sold out")

    shop.tick()
    assert minor(shop, "customer:c1/USD") == (0, 0, 0, 0)
    assert "sold out" in shop.desk.get_case(case.id).needs_person


def test_an_outcome_told_after_a_timer_withdrew_the_remedy_is_not_counted_twice(
    open_shop: Callable[..., ShopForTests], tmp_path: Path
) -> None:
    """The timer is due before the outcome is told, and holds the order."""
    holds = (
        "go_to: reported, do: [alert supervisor]}\n  frozen",
        "go_to: reported, do: [hold order]}\n  frozen",
    )
    shop = open_shop(catalog_of(tmp_path / "rules", holds))
    case = accepted_option(shop, "half")
    shop.clock.advance(timedelta(hours=241))
    view = shop.desk.settle(money(shop.desk, case.id).key, done("too late"))
    assert account(shop.desk).held_by == view.id
    assert minor(shop) == (10000, 0, 2000, 0)  # it was paid, and is counted once
    assert "after it was counted as failed" in view.needs_person


def test_two_linked_cases_that_cannot_be_opened_both_call_a_person(
    open_shop: Callable[..., ShopForTests], tmp_path: Path
) -> None:
    twice = (
        ("do: [open case quarrel]", "do: [open case quarrel, open case quarrel]"),
        ("needs: [affected_value]\n", "needs: [affected_value, outside_refund]\n"),
    )
    shop = open_shop(catalog_of(tmp_path / "rules", *twice))
    view = shop.desk.submit(opened(shop).id, "quarrel", by=ANN)
    assert "could not be opened" in view.needs_person
    assert shop.desk.find_cases(kind="quarrel") == []
