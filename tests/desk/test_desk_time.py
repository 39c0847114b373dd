"""Time at the desk: due times, what was late, what was told late, and messages that start waits."""

from datetime import timedelta

import pytest
from small_shop import (
    ANN,
    CUSTOMER,
    MARKET,
    SUE,
    accepted_option,
    effects,
    events,
    money,
    offered,
    opened,
    refusal,
)

from aftersales.desk import NaiveInstant, done, failed
from aftersales.domain.calendar import from_iso
from aftersales.testing import ShopForTests

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def asked(shop: ShopForTests) -> str:
    """A case that asked the customer something, and has told him so."""
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)
    shop.tick()
    return case.id


# -- due times


def test_an_answer_at_the_due_time_is_in_time_whether_or_not_a_tick_ran(shop: ShopForTests) -> None:
    case_id = asked(shop)
    due = shop.clock() + 48 * HOUR
    shop.clock.set(due)
    shop.tick()
    assert shop.desk.get_case(case_id).due_at == due
    assert shop.desk.submit(case_id, "answered", by=CUSTOMER).state == "reported"


def test_an_answer_a_second_late_is_late_though_no_tick_ran(shop: ShopForTests) -> None:
    case_id = asked(shop)
    due = shop.clock.advance(48 * HOUR)
    shop.clock.advance(SECOND)
    refused = refusal(lambda: shop.desk.submit(case_id, "answered", by=CUSTOMER))
    assert (refused.code, refused.allowed) == ("closed", ("reopen",))
    last = shop.desk.history(case_id)[-1]
    assert (last.event, last.effective_at) == ("silence", due)
    assert last.recorded_at == due + SECOND


def test_what_was_fired_before_a_refused_event_stays(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.clock.advance(25 * HOUR)
    refusal(lambda: shop.desk.submit(case.id, "nothing_like_it", by=ANN))
    assert events(shop.desk, case.id) == ["open", "remind"]


def test_due_timers_fire_in_their_order_before_the_event(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.clock.advance(60 * HOUR)
    shop.desk.submit(case.id, "look", by=ANN)
    told = shop.desk.history(case.id)
    assert [entry.event for entry in told] == ["open", "remind", "remind", "look"]
    hours = [(entry.effective_at - told[0].effective_at) / HOUR for entry in told]
    assert hours == [0, 24, 48, 60]


def test_a_tick_after_days_catches_a_case_up_through_all_that_was_due(shop: ShopForTests) -> None:
    case = opened(shop)
    report = shop.wait(timedelta(days=30))
    view = shop.desk.get_case(case.id)
    assert (view.state, view.due_at) == ("silent", None)
    assert report.fired == 3  # remind, remind, give_up: each its own version
    assert view.case.closed_at == from_iso("2026-03-05T09:00:00Z")
    assert shop.tick().fired == 0


# -- when it happened


@pytest.mark.parametrize("by", [ANN, SUE, MARKET])
def test_nobody_says_that_something_happened_later_than_now(shop: ShopForTests, by: object) -> None:
    case = opened(shop)
    later = shop.clock() + SECOND
    refused = refusal(lambda: shop.desk.submit(case.id, "look", by=by, occurred_at=later))  # type: ignore[arg-type]
    assert refused.code == "occurred_at"


def test_a_customer_does_not_say_when_it_happened(shop: ShopForTests) -> None:
    case_id = asked(shop)
    at = shop.clock() - SECOND
    refused = refusal(lambda: shop.desk.submit(case_id, "answered", by=CUSTOMER, occurred_at=at))
    assert refused.code == "occurred_at"


def test_an_instant_without_a_zone_is_refused(shop: ShopForTests) -> None:
    case = opened(shop)
    naive = shop.clock().replace(tzinfo=None)
    with pytest.raises(NaiveInstant):
        shop.desk.submit(case.id, "look", by=ANN, occurred_at=naive)
    with pytest.raises(NaiveInstant):
        shop.desk.open_case("torn", facts={"affected_value": "1 USD"}, opened_at=naive)


def test_an_answer_told_by_an_agent_counts_from_when_it_happened(shop: ShopForTests) -> None:
    case_id = asked(shop)
    in_time = shop.clock() + 47 * HOUR
    shop.clock.advance(50 * HOUR)
    view = shop.desk.submit(case_id, "answered", by=ANN, occurred_at=in_time)
    assert view.state == "reported"
    last = shop.desk.history(case_id)[-1]
    assert (last.effective_at, last.recorded_at) == (in_time, shop.clock())


def test_what_is_told_after_later_things_moves_nothing_and_calls_a_person(
    shop: ShopForTests,
) -> None:
    case_id = asked(shop)
    in_time = shop.clock() + 47 * HOUR
    shop.wait(50 * HOUR)
    view = shop.desk.submit(
        case_id, "answered", by=ANN, occurred_at=in_time, facts={"photo": "yes"}
    )
    assert view.state == "silent"
    assert "told late" in view.needs_person
    assert "photo" not in view.case.facts
    last = shop.desk.history(case_id)[-1]
    assert (last.event, last.note, last.effective_at) == ("answered", "recorded late", in_time)
    assert last.facts == {"photo": "yes"}
    shop.tick()
    assert shop.recorder.names("alert") == ["supervisor"]


def test_a_case_is_not_opened_in_the_future(shop: ShopForTests) -> None:
    case = opened(shop, opened_at=shop.clock() + HOUR)
    assert case.case.opened_at == shop.clock()


def test_a_case_opened_for_yesterday_has_yesterdays_deadlines(shop: ShopForTests) -> None:
    case = opened(shop, opened_at=shop.clock() - 23 * HOUR)
    assert case.due_at == shop.clock() + HOUR


def test_an_outcome_is_not_settled_in_the_future(shop: ShopForTests) -> None:
    """It would fire timers that are not due yet."""
    case = accepted_option(shop, "coupon")
    key = money(shop.desk, case.id).key
    later = shop.clock() + timedelta(days=20)
    assert refusal(lambda: shop.desk.settle(key, done(), occurred_at=later)).code == "occurred_at"
    assert shop.desk.get_case(case.id).state == "fulfilling"


# -- messages that start a wait


def test_a_wait_starts_when_the_customer_was_told(shop: ShopForTests) -> None:
    case = opened(shop)
    view = shop.desk.submit(case.id, "ask", by=ANN)
    assert view.due_at is None
    shop.wait(30 * HOUR)  # nothing was sent for more than a day
    handed_over = shop.clock()
    view = shop.desk.get_case(case.id)
    assert view.due_at == handed_over + 48 * HOUR
    assert view.case.due_at == handed_over + 24 * HOUR  # the warning comes first
    assert {t.due_at for t in view.case.timers} == {handed_over + n * HOUR for n in (24, 48)}


def test_the_message_says_the_due_time_that_is_then_armed(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)
    shop.clock.advance(7 * HOUR)
    said = []

    @shop.desk.on("message", "question")
    def send(effect: object) -> object:
        said.append(shop.desk.content(effect).values["answer_by"])  # type: ignore[arg-type]
        return done()

    shop.tick()
    (reply,) = [t for t in shop.desk.get_case(case.id).case.timers if t.warning is None]
    assert said == [reply.due_at] == [shop.clock() + 48 * HOUR]


def test_a_message_that_cannot_be_handed_over_calls_a_person(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)

    @shop.desk.on("message", "question")
    def send(effect: object) -> object:
        return failed("no such address")

    shop.tick()
    view = shop.desk.get_case(case.id)
    assert "no such address" in view.needs_person
    assert view.due_at is None
    assert shop.recorder.names("alert") == ["supervisor"]


def test_a_reminder_is_overtaken_once_the_customer_has_answered(shop: ShopForTests) -> None:
    case_id = asked(shop)
    shop.clock.advance(25 * HOUR)
    shop.desk.submit(case_id, "answered", by=CUSTOMER)  # fires the warning, then leaves
    shop.tick()
    assert "reminder" not in shop.recorder.names("message")
    (reminder,) = [e for e in effects(shop.desk, case_id) if e.name == "reminder"]
    assert reminder.status == "overtaken"


def test_a_reminder_is_sent_while_the_wait_runs(shop: ShopForTests) -> None:
    asked(shop)
    shop.wait(25 * HOUR)
    assert shop.recorder.names("message") == ["received", "question", "reminder"]


def test_an_offer_withdrawn_before_its_message_was_sent_is_not_told(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.tick()
    shop.desk.submit(case.id, "propose", by=ANN)
    shop.desk.submit(case.id, "they_paid", by=MARKET, facts={"outside_refund": "40 USD"})
    shop.tick()
    assert shop.recorder.names("message") == ["received"]


def test_an_offer_is_answered_until_its_due_time_and_not_after(shop: ShopForTests) -> None:
    case = offered(shop)
    told = shop.clock()
    shop.wait(97 * HOUR)
    view = shop.desk.get_case(case.id)
    assert (view.state, view.offer and view.offer.status) == ("silent", "expired")
    assert shop.desk.history(case.id)[-1].effective_at == told + 96 * HOUR
