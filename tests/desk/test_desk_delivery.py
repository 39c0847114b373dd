"""Effects at the desk: tried again, given up, unknown, taken over, and settled from outside."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from small_shop import (
    ANN,
    CUSTOMER,
    accepted_option,
    account,
    effects,
    ledger,
    money,
    offered,
    opened,
)

from aftersales.desk import Desk, accepted, done, failed, unknown
from aftersales.domain.case import Effect
from aftersales.domain.errors import DeliveryFailed
from aftersales.testing import ShopForTests

MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=10)


class Receiver:
    """A handler that says what it was told to say, and remembers the keys it was given."""

    def __init__(self, shop: ShopForTests, sort: str, *answers: object) -> None:
        self.keys: list[str] = []
        self.answers = list(answers)
        shop.desk.on(sort)(self)

    def __call__(self, effect: Effect) -> object:
        self.keys.append(effect.key)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Killed(BaseException):
    """The process dies."""


def pass_time(shop: ShopForTests, minutes: int) -> list[int]:
    """Tick every minute; the minutes at which something was tried and failed."""
    tried = []
    for minute in range(1, minutes + 1):
        if shop.wait(MINUTE).failed:
            tried.append(minute)
    return tried


# -- tried again, then given up


def test_an_exception_is_tried_again_ever_less_often_under_the_same_key(
    shop: ShopForTests,
) -> None:
    case = accepted_option(shop, "coupon")
    receiver = Receiver(shop, "coupon", ConnectionError("down"))
    shop.tick()
    assert pass_time(shop, 20) == [1, 3, 7, 15]
    assert set(receiver.keys) == {money(shop.desk, case.id).key}
    receiver.answers = [done("code-1")]
    shop.wait(timedelta(hours=1))
    assert shop.desk.get_case(case.id).state == "settled"
    assert ledger(shop.desk, case.id)[0].reference == "code-1"


def test_a_receiver_may_say_when_it_wants_to_be_asked_again(shop: ShopForTests) -> None:
    accepted_option(shop, "coupon")
    Receiver(shop, "coupon", DeliveryFailed("busy", retry_after_seconds=600), done())
    shop.tick()
    assert shop.wait(9 * MINUTE).delivered == 0
    assert shop.wait(1 * MINUTE).delivered == 1


def test_what_fails_too_often_is_dead_and_calls_a_person(
    shop: ShopForTests, found_by_doctor: set[str]
) -> None:
    case = accepted_option(shop, "coupon")
    receiver = Receiver(shop, "coupon", ConnectionError("down"))
    reports = [shop.wait(timedelta(hours=6)) for _ in range(10)]
    assert len(receiver.keys) == 8
    assert sum(report.parked for report in reports) == 1
    assert money(shop.desk, case.id).status == "dead"
    assert "down" in shop.desk.get_case(case.id).needs_person
    assert ledger(shop.desk, case.id)[0].status == "reserved"  # nobody knows
    found_by_doctor.add("effect-dead")


def test_a_dead_effect_parks_its_lane_and_no_other(
    shop: ShopForTests, found_by_doctor: set[str]
) -> None:
    case = opened(shop)
    Receiver(shop, "coupon", ConnectionError("down"))
    for _ in range(2):
        shop.desk.submit(case.id, "thank", by=ANN)
    for _ in range(9):
        shop.wait(timedelta(hours=2))
    first, second = effects(shop.desk, case.id, "money")
    assert (first.status, second.status, second.attempts) == ("dead", "waiting", 0)
    shop.desk.submit(case.id, "ask", by=ANN)
    shop.tick()
    assert "question" in shop.recorder.names("message")
    shop.desk.settle(first.key, failed("never"))
    Receiver(shop, "coupon", done())
    shop.tick()
    assert [entry.status for entry in ledger(shop.desk, case.id)] == ["failed", "confirmed"]


def test_effects_of_one_lane_go_out_in_order(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)
    receiver = Receiver(shop, "message", ConnectionError("down"), done())
    shop.tick()
    assert len(receiver.keys) == 1  # the second waits for the first
    shop.wait(MINUTE)
    first, second = (effect.key for effect in effects(shop.desk, case.id, "message"))
    assert receiver.keys == [first, first, second]


def test_an_alert_that_fails_for_good_does_not_call_for_ever(shop: ShopForTests) -> None:
    case = opened(shop, value="60.00 USD", severity="major")
    shop.desk.submit(case.id, "propose", by=ANN)
    receiver = Receiver(shop, "alert", failed("nobody there"))
    for _ in range(3):
        shop.tick()
    assert len(receiver.keys) == 2  # the alert, and the call for a person about it
    assert "nobody there" in shop.desk.get_case(case.id).needs_person


def test_what_nobody_handles_waits_and_is_counted(shop: ShopForTests) -> None:
    case = accepted_option(shop, "coupon")
    without = Desk(store=shop.desk.store, catalog=shop.desk.catalog, clock=shop.clock)
    without.on("message")(lambda effect: done())
    assert without.tick().unhandled == 1
    assert money(shop.desk, case.id).attempts == 0
    Receiver(shop, "coupon", done())
    assert shop.tick().unhandled == 0
    assert shop.desk.get_case(case.id).state == "settled"


# -- failed for good


def test_a_remedy_that_fails_is_told_to_the_workflow(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    Receiver(shop, "refund", failed("card expired"))
    shop.tick()
    view = shop.desk.get_case(case.id)
    assert view.state == "reported"
    assert [entry.event for entry in shop.desk.history(case.id)][-1] == "remedy_failed"
    (entry,) = ledger(shop.desk, case.id)
    assert (entry.status, entry.reason) == ("failed", "card expired")
    assert account(shop.desk).reserved.minor == 0


def test_one_failed_of_two_remedies_fails_the_grant_once_both_are_told(
    shop: ShopForTests,
) -> None:
    case = accepted_option(shop, "again + coupon", value="30.00 USD", severity="major")
    Receiver(shop, "resend", failed("sold out"))
    shop.recorder.answer = lambda effect: accepted()
    shop.tick()
    assert shop.desk.get_case(case.id).state == "fulfilling"
    coupon = effects(shop.desk, case.id, "money")[1]
    assert shop.desk.settle(coupon.key, done()).state == "reported"


# -- not known


def test_an_unknown_refund_waits_for_a_person(
    shop: ShopForTests, found_by_doctor: set[str]
) -> None:
    case = accepted_option(shop, "half")  # `half` has no `if_unknown`: hold for a person
    receiver = Receiver(shop, "refund", unknown("timed out"))
    for _ in range(5):
        shop.wait(timedelta(hours=7))
    assert len(receiver.keys) == 1
    assert money(shop.desk, case.id).status == "unknown"
    assert "not known whether" in shop.desk.get_case(case.id).needs_person
    assert account(shop.desk).reserved.minor == 2000
    view = shop.desk.settle(receiver.keys[0], done("found in the books"))
    assert view.state == "settled"
    assert money(shop.desk, case.id).status == "overtaken"


def test_an_unknown_coupon_is_asked_for_again_under_its_key(shop: ShopForTests) -> None:
    case = accepted_option(shop, "coupon")  # `coupon` says: retry with key
    receiver = Receiver(shop, "coupon", unknown("timed out"), done("code-1"))
    shop.tick()
    shop.wait(MINUTE)
    assert receiver.keys == [money(shop.desk, case.id).key] * 2
    assert shop.desk.get_case(case.id).state == "settled"


@pytest.mark.parametrize(
    ("option", "sort", "times", "state"),
    [("coupon", "coupon", 2, "settled"), ("half", "refund", 1, "fulfilling")],
)
def test_a_lease_that_ran_out_is_an_unknown_outcome(
    shop: ShopForTests,
    found_by_doctor: set[str],
    option: str,
    sort: str,
    times: int,
    state: str,
) -> None:
    case = accepted_option(shop, option)
    receiver = Receiver(shop, sort, Killed(), done())
    with pytest.raises(Killed):
        shop.tick()
    assert money(shop.desk, case.id).status == "leased"
    shop.wait(LEASE - MINUTE)
    assert len(receiver.keys) == 1  # still leased
    shop.wait(MINUTE)
    assert len(receiver.keys) == times
    assert shop.desk.get_case(case.id).state == state
    if times == 1:
        assert money(shop.desk, case.id).status == "unknown"
        found_by_doctor.add("effect-unknown")


def test_a_message_whose_sender_died_is_sent_again(shop: ShopForTests) -> None:
    opened(shop)
    receiver = Receiver(shop, "message", Killed(), done())
    with pytest.raises(Killed):
        shop.tick()
    shop.wait(LEASE)
    assert len(receiver.keys) == 2


def test_one_effect_that_kills_every_process_is_given_up(
    shop: ShopForTests, found_by_doctor: set[str]
) -> None:
    case = accepted_option(shop, "coupon")
    receiver = Receiver(shop, "coupon", Killed())
    for _ in range(8):
        with pytest.raises(Killed):
            shop.tick()
        shop.clock.advance(LEASE)
    shop.tick()
    assert (len(receiver.keys), money(shop.desk, case.id).status) == (8, "dead")
    found_by_doctor.add("effect-dead")


def test_who_answers_after_his_lease_ran_out_is_believed_about_money(shop: ShopForTests) -> None:
    """Two ticks: the first sends for longer than its lease, the second takes over."""
    case = accepted_option(shop, "coupon")

    def slow(effect: Effect) -> object:
        shop.desk.on("coupon")(lambda again: accepted("second"))
        shop.wait(LEASE)  # another tick, meanwhile
        return done("first")

    shop.desk.on("coupon")(slow)
    shop.tick()
    (entry,) = ledger(shop.desk, case.id)
    assert (entry.status, entry.reference) == ("confirmed", "first")
    assert shop.desk.get_case(case.id).state == "settled"


# -- the outcome comes later, or from elsewhere


def test_what_was_accepted_is_settled_when_its_outcome_is_told(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    receiver = Receiver(shop, "refund", accepted("re_1"))
    shop.tick()
    assert shop.desk.get_case(case.id).state == "fulfilling"
    assert account(shop.desk).reserved.minor == 2000
    shop.wait(timedelta(days=1))
    assert len(receiver.keys) == 1
    assert shop.desk.settle(receiver.keys[0], done("re_1")).state == "settled"
    assert account(shop.desk).confirmed.minor == 2000


@pytest.mark.parametrize(
    ("answer", "state", "status"),
    [(done("by hand"), "settled", "overtaken"), (failed("lost"), "reported", "failed")],
)
def test_what_was_settled_before_it_was_handed_over_is_not_sent(
    shop: ShopForTests, answer: object, state: str, status: str
) -> None:
    case = accepted_option(shop, "half")
    key = money(shop.desk, case.id).key
    assert shop.desk.settle(key, answer).state == state  # type: ignore[arg-type]
    shop.tick()
    assert shop.recorder.of("refund") == []
    assert money(shop.desk, case.id).status == status


def test_an_outcome_counts_from_when_it_happened(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    Receiver(shop, "refund", accepted())
    shop.tick()
    at = shop.clock() + timedelta(days=2)
    shop.clock.advance(timedelta(days=3))
    shop.desk.settle(money(shop.desk, case.id).key, done(), occurred_at=at)
    assert shop.desk.get_case(case.id).case.closed_at == at


# -- handlers


def test_a_handler_may_be_for_one_name_only(shop: ShopForTests) -> None:
    said: list[str] = []

    @shop.desk.on("message", "offer")
    def offer(effect: Effect) -> object:
        said.append(effect.name)
        return done()

    offered(shop)
    assert said == ["offer"]
    assert "offer" not in shop.recorder.names("message")


def test_the_shops_own_calls_reach_its_handlers(shop: ShopForTests) -> None:
    opened(shop, "quarrel")
    shop.tick()
    assert shop.recorder.names("call") == ["gather"]


def test_a_handler_cannot_hold_up_a_case_it_submits_to(shop: ShopForTests) -> None:
    """No transaction is open while a handler runs."""
    case = offered(shop)
    shop.desk.submit(case.id, "accept", by=CUSTOMER, facts={"option": "coupon"})
    answers: list[str] = []

    @shop.desk.on("coupon")
    def coupon(effect: Effect) -> object:
        answers.append(shop.desk.settle(effect.key, done("at once")).state)
        return accepted()

    shop.tick()
    assert answers == ["settled"]
    assert shop.desk.get_case(case.id).state == "settled"


def test_an_answer_that_is_none_is_tried_again(shop: ShopForTests) -> None:
    """A handler that forgets to answer did not say that it is done."""
    case = accepted_option(shop, "coupon")
    answer: Callable[[Effect], object] = lambda effect: None  # noqa: E731
    shop.desk.on("coupon")(answer)
    report = shop.tick()
    assert report.failed == 1
    assert money(shop.desk, case.id).status == "waiting"
