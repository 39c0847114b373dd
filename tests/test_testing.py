"""The public helpers for a shop's own tests do what they say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aftersales import Actor, Money, failed
from aftersales.testing import FrozenClock, desk_for_tests

START = "2026-03-02T15:00:00Z"
FACTS = {
    "affected_value": Money("39.90", "EUR"),
    "severity": "minor",
    "country": "DE",
    "platform": "own_shop",
}


def test_a_clock_stands_still_until_it_is_moved() -> None:
    clock = FrozenClock(START)
    assert clock() == clock() == datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert clock.advance(timedelta(hours=2)) == clock() == datetime(2026, 3, 2, 17, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        clock.set(datetime(2026, 3, 2))  # noqa: DTZ001  the naive one that is refused


def test_messages_are_recorded_and_time_passes(tmp_path: Path) -> None:
    shop = desk_for_tests(tmp_path, at=START)
    shop.desk.record_order("1001", paid=Money("39.90", "EUR"))
    case = shop.desk.open_case("damaged", order_id="1001", facts=FACTS)
    assert shop.tick().delivered >= 1
    assert shop.recorder.of("message")[0].case_id == case.id
    assert shop.wait(timedelta(days=60)).fired >= 1
    assert "supervisor" in shop.recorder.names("alert")
    assert shop.desk.doctor() == []


def test_twice_on_one_folder_is_a_restart(tmp_path: Path) -> None:
    case = desk_for_tests(tmp_path, at=START).desk.open_case("damaged", facts=FACTS)
    again = desk_for_tests(tmp_path, at=START)
    assert again.desk.get_case(case.id).case == case.case


def test_the_answer_can_be_a_failure(tmp_path: Path) -> None:
    shop = desk_for_tests(tmp_path, at=START)
    shop.recorder.answer = lambda effect: failed("no such address")
    case = shop.desk.open_case("damaged", facts=FACTS, by=Actor.agent("ann"))
    assert shop.tick().failed >= 1
    assert shop.desk.get_case(case.id).needs_person
