"""Deadlines: of the case and stamped from outside, once per case, bounded events."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_shop import ANN, CUSTOMER, MARKET, catalog_of, events, offered, opened, refusal

from aftersales.desk import CaseView
from aftersales.domain.calendar import iso
from aftersales.testing import ShopForTests

HOUR = timedelta(hours=1)


def due(view: CaseView, deadline: str) -> datetime | None:
    """When a deadline of the case is due; None if it is not armed."""
    found = [t for t in view.case.timers if t.deadline == deadline and t.warning is None]
    return found[0].due_at if found else None


def hours(view: CaseView, deadline: str) -> float:
    """The same, in hours since the case was opened."""
    at = due(view, deadline)
    assert at is not None
    return (at - view.case.opened_at) / HOUR


def stamped(shop: ShopForTests, case_id: str, at: datetime, **more: str) -> CaseView:
    """The platform names the hour by which it wants its answer."""
    facts = {"due_by": iso(at), **more}
    return shop.desk.submit(case_id, "they_ask", by=MARKET, facts=facts)


# -- stamped from outside


def test_a_case_deadline_is_armed_with_the_fact_it_starts_from(shop: ShopForTests) -> None:
    case = opened(shop)
    assert due(case, "their_clock") is None
    told = {"asked_at": iso(shop.clock())}
    view = shop.desk.submit(case.id, "they_ask", by=MARKET, facts=told)
    assert hours(view, "their_clock") == 92  # 96 hours, less the buffer of 4


def test_a_stamp_counts_less_its_buffer(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock())})
    view = stamped(shop, case.id, shop.clock() + 50 * HOUR)
    assert hours(view, "their_clock") == 46


def test_a_stamp_later_than_our_own_term_leaves_us_our_own(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock())})
    view = stamped(shop, case.id, shop.clock() + 400 * HOUR)
    assert hours(view, "their_clock") == 96


def test_a_new_stamp_moves_the_deadline_earlier_and_later(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock())})
    start = shop.clock()
    for outer, inner in ((50, 46), (30, 26), (80, 76)):
        shop.clock.advance(HOUR)
        view = stamped(shop, case.id, start + outer * HOUR)
        assert hours(view, "their_clock") == inner
        assert len([t for t in view.case.timers if t.deadline == "their_clock"]) in (1, 2)


def test_the_same_stamp_told_again_rearms_nothing(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock())})
    at = shop.clock() + 50 * HOUR
    first = stamped(shop, case.id, at)
    shop.clock.advance(HOUR)
    again = stamped(shop, case.id, at)
    assert again.version == first.version + 1
    assert again.case.timers == first.case.timers


def test_a_stamp_alone_arms_the_deadline(shop: ShopForTests) -> None:
    case = opened(shop)
    view = stamped(shop, case.id, shop.clock() + 20 * HOUR)
    assert hours(view, "their_clock") == 16


def test_a_stamp_in_the_past_is_due_at_once_and_not_before(shop: ShopForTests) -> None:
    case = opened(shop)
    view = stamped(shop, case.id, shop.clock() - 20 * HOUR)
    assert due(view, "their_clock") == shop.clock()
    shop.wait(timedelta(seconds=1))
    assert events(shop.desk, case.id)[-1] == "answer_now"


def test_a_warning_that_was_given_is_not_given_again_by_a_new_stamp(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock())})
    shop.wait(49 * HOUR)  # past half of the 96 hours
    assert events(shop.desk, case.id).count("warning of their_clock") == 1
    stamped(shop, case.id, shop.clock() + 40 * HOUR)
    shop.wait(HOUR)
    assert events(shop.desk, case.id).count("warning of their_clock") == 1


def test_a_warning_already_over_when_the_case_is_opened_is_given_once(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock() - 60 * HOUR)})
    shop.wait(HOUR)
    shop.wait(HOUR)
    assert events(shop.desk, case.id).count("warning of their_clock") == 1


def test_a_case_deadline_ends_when_its_message_was_handed_over(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock())})
    view = shop.desk.submit(case.id, "propose", by=ANN)
    assert due(view, "their_clock") is not None  # decided is not yet told
    shop.tick()
    assert due(shop.desk.get_case(case.id), "their_clock") is None


def test_a_case_deadline_runs_on_whatever_the_state(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock())})
    shop.desk.submit(case.id, "ask", by=ANN)
    shop.desk.submit(case.id, "answered", by=CUSTOMER)
    assert hours(shop.desk.get_case(case.id), "their_clock") == 92


def test_a_case_deadline_that_is_over_leaves_the_case_where_it_is(shop: ShopForTests) -> None:
    case = opened(shop, facts={"asked_at": iso(shop.clock() - 80 * HOUR)})
    shop.wait(13 * HOUR)
    view = shop.desk.get_case(case.id)
    assert (view.state, events(shop.desk, case.id)[-1]) == ("reported", "answer_now")
    assert due(view, "their_clock") is None


# -- a wait that ends at the latest with it


def test_a_wait_ends_with_the_platforms_clock_and_moves_with_its_stamp(
    open_shop: Callable[..., ShopForTests], tmp_path: Path
) -> None:
    runs_on = (
        "ends_with: [sent offer, they_paid]",
        "ends_with: [they_paid]",
    )
    shop = open_shop(catalog_of(tmp_path / "rules", runs_on))
    case = offered(shop)
    told = shop.clock()
    assert due(case, "answer") == told + 96 * HOUR
    for outer, latest in ((54, 50), (34, 30), (64, 60), (300, 96)):
        view = stamped(shop, case.id, told + outer * HOUR)
        assert due(view, "answer") == told + latest * HOUR


def test_a_reminder_that_was_sent_is_not_sent_again_when_the_wait_is_moved(
    open_shop: Callable[..., ShopForTests], tmp_path: Path
) -> None:
    runs_on = ("ends_with: [sent offer, they_paid]", "ends_with: [they_paid]")
    shop = open_shop(catalog_of(tmp_path / "rules", runs_on))
    case = offered(shop)
    shop.wait(49 * HOUR)
    assert shop.recorder.names("message").count("reminder") == 1
    stamped(shop, case.id, shop.clock() + 20 * HOUR)
    shop.wait(HOUR)
    assert shop.recorder.names("message").count("reminder") == 1


# -- once, and at most


def test_a_deadline_that_is_once_per_case_is_armed_in_the_first_visit_only(
    shop: ShopForTests,
) -> None:
    case = opened(shop)
    assert hours(case, "first_reply") == 24
    shop.desk.submit(case.id, "ask", by=ANN)
    view = shop.desk.submit(case.id, "answered", by=CUSTOMER)
    assert due(view, "first_reply") is None
    assert hours(view, "decide") == 72


def test_an_event_used_up_is_refused(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "poke", by=ANN)
    refused = refusal(lambda: shop.desk.submit(case.id, "poke", by=ANN))
    assert (refused.code, "used up" in refused.reason) == ("at_most", True)


def test_what_comes_after_an_event_is_used_up_takes_its_place(shop: ShopForTests) -> None:
    case = opened(shop)
    for _ in range(2):
        assert shop.desk.submit(case.id, "look", by=ANN).state == "reported"
    assert shop.desk.submit(case.id, "look", by=ANN).state == "silent"


def test_what_takes_the_place_may_be_used_up_itself(
    open_shop: Callable[..., ShopForTests], tmp_path: Path
) -> None:
    """Else two bounded events could keep a case going for ever."""
    then_again = (
        ("at_most: 2 times, after_that: give_up}\n", "at_most: 2 times, after_that: rest}\n"),
        (
            "      poke:    {",
            "      rest:    {by: [agent, system], stay: true, at_most: 1 time}\n      poke:    {",
        ),
    )
    shop = open_shop(catalog_of(tmp_path / "rules", *then_again))
    case = opened(shop)
    for _ in range(3):
        shop.desk.submit(case.id, "look", by=ANN)
    assert refusal(lambda: shop.desk.submit(case.id, "look", by=ANN)).code == "at_most"


def test_two_events_that_take_each_others_place_end_all_the_same(
    open_shop: Callable[..., ShopForTests], tmp_path: Path
) -> None:
    in_turn = (
        ("at_most: 2 times, after_that: give_up}\n", "at_most: 2 times, after_that: rest}\n"),
        (
            "      poke:    {",
            "      rest: {by: [agent, system], stay: true, at_most: 1 time, after_that: look}\n"
            "      poke:    {",
        ),
        ("look:    {by: agent,", "look:    {by: [agent, system],"),
    )
    shop = open_shop(catalog_of(tmp_path / "rules", *in_turn))
    case = opened(shop)
    for _ in range(3):
        shop.desk.submit(case.id, "look", by=ANN)
    assert refusal(lambda: shop.desk.submit(case.id, "look", by=ANN)).code == "at_most"


def test_an_event_of_anywhere_is_bounded_over_all_states(shop: ShopForTests) -> None:
    case = opened(shop)
    for _ in range(2):
        stamped(shop, case.id, shop.clock() + 5 * HOUR)
        shop.wait(2 * HOUR)
    assert events(shop.desk, case.id).count("answer_now") == 2
    shop.desk.submit(case.id, "ask", by=ANN)
    stamped(shop, case.id, shop.clock() + 5 * HOUR)
    shop.wait(2 * HOUR)
    assert "used up" in shop.desk.get_case(case.id).needs_person


def test_a_case_that_stays_rearms_only_the_deadline_that_fired(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.wait(25 * HOUR)
    view = shop.desk.get_case(case.id)
    assert events(shop.desk, case.id) == ["open", "remind"]
    assert (hours(view, "first_reply"), hours(view, "decide")) == (48, 72)


@pytest.mark.parametrize("given", ["look", "poke"])
def test_an_event_of_a_person_does_not_move_the_deadlines(shop: ShopForTests, given: str) -> None:
    case = opened(shop)
    shop.clock.advance(5 * HOUR)
    assert shop.desk.submit(case.id, given, by=ANN).case.timers == case.case.timers


# -- paused

PAUSES = (
    (
        "case_deadlines:\n",
        "case_deadlines:\n  resolution: {starts: opened_at, within: 100 hours,"
        " warn: {50%: [alert agent]}, when_over: answer_now}\n",
    ),
    (
        "anywhere:\n",
        "anywhere:\n  hold: {by: agent, stay: true, do: [pause resolution]}\n"
        "  go_on: {by: agent, stay: true, do: [resume resolution]}\n",
    ),
)


@pytest.fixture
def pausing(open_shop: Callable[..., ShopForTests], tmp_path: Path) -> ShopForTests:
    """A shop whose agents may pause a deadline of its own."""
    return open_shop(catalog_of(tmp_path / "rules", *PAUSES))


def test_a_paused_deadline_is_stored_without_a_due_time_and_goes_on(pausing: ShopForTests) -> None:
    case = opened(pausing)
    pausing.clock.advance(10 * HOUR)
    pausing.desk.submit(case.id, "hold", by=ANN)
    held = pausing.desk.get_case(case.id)
    assert due(held, "resolution") is None
    (timer,) = [t for t in held.case.timers if (t.deadline, t.warning) == ("resolution", None)]
    assert timer.paused_at == pausing.clock()
    pausing.clock.advance(7 * HOUR)
    pausing.desk.submit(case.id, "go_on", by=ANN)
    assert hours(pausing.desk.get_case(case.id), "resolution") == 107
    pausing.tick()
    assert pausing.desk.doctor() == []


def test_a_tick_fires_what_was_paused_at_its_new_time(pausing: ShopForTests) -> None:
    case = opened(pausing)
    pausing.desk.submit(case.id, "ask", by=ANN)
    for event, after in (("hold", 1), ("go_on", 31)):
        pausing.clock.advance(after * HOUR)
        pausing.desk.submit(case.id, event, by=ANN)
    warned = case.case.opened_at + 81 * HOUR  # half of the hundred, and the 31 it was paused
    pausing.desk.submit(case.id, "answered", by=ANN)
    pausing.wait(warned - pausing.clock())
    assert "warning of resolution" not in events(pausing.desk, case.id)
    pausing.wait(timedelta(seconds=1))
    assert events(pausing.desk, case.id)[-1] == "warning of resolution"


def test_an_explanation_says_since_when_it_is_paused_and_what_if_it_went_on(
    pausing: ShopForTests,
) -> None:
    case = opened(pausing)
    pausing.clock.advance(10 * HOUR)
    held = pausing.desk.submit(case.id, "hold", by=ANN)
    pausing.clock.advance(2 * HOUR)
    found = [
        told
        for told in pausing.desk.explain(held.id).due
        if told.deadline == "resolution" and not told.is_warning
    ]
    assert [(t.due_at, t.paused_at, t.until) for t in found] == [
        (None, case.case.opened_at + 10 * HOUR, "")
    ]
    assert found[0].if_resumed_at == case.case.opened_at + 102 * HOUR
