"""Leases: effects in order of their lane, cases counted before the work, and poison parked."""

from datetime import timedelta

import pytest
from store_values import NOON, SHOP, case, effect, next_change, opening, timer

from aftersales.domain.errors import InvariantBroken
from aftersales.store import Store

SOON = NOON + timedelta(minutes=5)
LATER = NOON + timedelta(days=2)


def lease(store: Store, *, now=NOON, worker="w1", limit=10, sorts=None):  # type: ignore[no-untyped-def]
    with store.transaction(SHOP) as tx:
        found = tx.lease_effects(now, limit, now + timedelta(minutes=5), worker, sorts)
    return [(e.key.removeprefix(f"{SHOP}/"), e.status, e.attempts) for e in found]


def mark(store: Store, key: str, *answer, **more) -> bool:  # type: ignore[no-untyped-def]
    with store.transaction(SHOP) as tx:
        return tx.mark_effect(f"{SHOP}/{key}", *answer, **more)


@pytest.fixture
def filled(store: Store) -> Store:
    """Case a: two messages, then a third from version 2, and money. Case b: one message."""
    a, b = case("a"), case("b")
    money = effect(a, 3, lane="money", sort="refund", name="part_refund")
    with store.transaction(SHOP) as tx:
        tx.save(opening(case=a, effects=(effect(a), effect(a, 2), money)))
        change = next_change(a)
        tx.save(next_change(a, effects=(effect(change.case),)))
        tx.save(opening(case=b, effects=(effect(b, due_at=SOON),)))
    return store


def test_only_the_first_of_a_lane_is_leased_and_only_when_due(filled: Store) -> None:
    assert lease(filled) == [("a/1/1", "waiting", 1), ("a/1/3", "waiting", 1)]
    assert lease(filled) == []
    mark(filled, "a/1/1", "done", "mail-1")
    assert lease(filled) == [("a/1/2", "waiting", 1)]
    mark(filled, "a/1/2", "done")
    assert lease(filled, now=SOON - timedelta(seconds=1)) == [("a/2/1", "waiting", 1)]
    with filled.reading(SHOP) as tx:
        assert tx.effect("shop/a/1/1").reference == "mail-1"  # type: ignore[union-attr]


def test_a_lease_that_ended_comes_back_as_leased_and_counted(filled: Store) -> None:
    lease(filled, sorts=["refund"])
    assert lease(filled, now=SOON, worker="w2", sorts=["refund"]) == [("a/1/3", "leased", 2)]


def test_a_worker_that_lost_its_lease_cannot_mark(filled: Store) -> None:
    lease(filled)
    lease(filled, now=SOON, worker="w2")
    assert not mark(filled, "a/1/1", "done", worker="w1")
    assert mark(filled, "a/1/1", "done", worker="w2")
    assert not mark(filled, "a/1/1", "failed", worker="w2")


def test_effects_without_a_handler_wait_and_block_their_lane_only(filled: Store) -> None:
    assert lease(filled, sorts=["refund"]) == [("a/1/3", "waiting", 1)]
    assert lease(filled, sorts=[]) == []


@pytest.mark.parametrize("status", ["dead", "unknown"])
def test_a_dead_or_unknown_effect_parks_its_lane_only(filled: Store, status: str) -> None:
    lease(filled)
    mark(filled, "a/1/1", status, reason="no such address")
    assert lease(filled, now=SOON) == [("a/1/3", "leased", 2), ("b/1/1", "waiting", 1)]


@pytest.mark.parametrize("status", ["done", "failed", "withdrawn", "overtaken"])
def test_what_is_over_lets_its_lane_go_on(filled: Store, status: str) -> None:
    mark(filled, "a/1/1", status)
    assert ("a/1/2", "waiting", 1) in lease(filled)


def test_a_retry_waits_until_it_is_due(filled: Store) -> None:
    lease(filled)
    mark(filled, "a/1/1", "waiting", reason="busy", due_at=SOON)
    assert lease(filled, sorts=["message"]) == []
    found = lease(filled, now=SOON, sorts=["message"])
    assert sorted(found) == [("a/1/1", "waiting", 2), ("b/1/1", "waiting", 1)]


def test_an_unknown_key_is_an_error(filled: Store) -> None:
    with pytest.raises(InvariantBroken):
        mark(filled, "a/9/9", "done")


def test_waiting_effects_of_a_case_are_listed_in_order(filled: Store) -> None:
    lease(filled, sorts=["refund"])
    with filled.reading(SHOP) as tx:
        assert [e.key for e in tx.waiting_effects("a")] == [
            "shop/a/1/1",
            "shop/a/1/2",
            "shop/a/2/1",
        ]
        assert len(tx.waiting_effects()) == 4


def test_deliveries_are_logged_in_order(filled: Store) -> None:
    with filled.transaction(SHOP) as tx:
        tx.put_delivery("shop/a/1/1", 1, NOON, "failed", "busy")
        tx.put_delivery("shop/a/1/1", 2, NOON, "done")
        answers = [row["answer"] for row in tx.deliveries("shop/a/1/1")]
    assert answers == ["failed", "done"]


# -- cases


@pytest.fixture
def due(store: Store) -> Store:
    """Two cases due: b before a; c has no timer."""
    with store.transaction(SHOP) as tx:
        tx.save(opening(case=case("a", timers=(timer(due_at=SOON),))))
        tx.save(opening(case=case("b", timers=(timer(due_at=NOON),))))
        tx.save(opening(case=case("c", timers=(timer(due_at=None, waits_for="offer"),))))
    return store


def test_due_cases_come_in_due_order_strictly_after_they_are_due(due: Store) -> None:
    with due.reading(SHOP) as tx:
        assert tx.due_cases(NOON, 10) == []
        assert tx.due_cases(SOON, 10) == ["b"]
        assert tx.due_cases(LATER, 10) == ["b", "a"]
        assert tx.due_cases(LATER, 1) == ["b"]
        assert tx.due_cases(LATER, 10, after=(NOON, "b")) == ["a"]


def test_a_leased_case_is_left_to_its_tick_until_the_lease_ends(due: Store) -> None:
    with due.transaction(SHOP) as tx:
        assert tx.lease_case("b", 1, LATER, LATER + timedelta(minutes=1), 3)
        assert not tx.lease_case("b", 1, LATER, LATER + timedelta(minutes=1), 3)
        assert tx.due_cases(LATER, 10) == ["a"]
        assert tx.due_cases(LATER + timedelta(minutes=1), 10) == ["b", "a"]


def test_a_case_is_not_leased_at_another_version_nor_before_it_is_due(due: Store) -> None:
    with due.transaction(SHOP) as tx:
        assert not tx.lease_case("b", 2, LATER, LATER, 3)
        assert not tx.lease_case("b", 1, NOON, LATER, 3)
        assert "b" in tx.due_cases(LATER, 10)


def test_a_case_that_keeps_failing_is_parked_and_the_others_go_on(due: Store) -> None:
    with due.transaction(SHOP) as tx:
        assert [tx.lease_case("b", 1, LATER, LATER, 2) for _ in range(3)] == [True, True, False]
        assert tx.due_cases(LATER, 10) == ["a"]
        assert tx.parked() == {"b": "given up after 2 attempts"}
        assert (tx.why_parked("b"), tx.why_parked("a")) == ("given up after 2 attempts", "")
        assert [c.id for c in tx.find_cases(needs_person=True)] == ["b"]
        tx.clear_attempts("b")
        assert tx.due_cases(LATER, 10) == ["b", "a"]


def test_a_saved_change_forgets_attempts_and_parking(due: Store) -> None:
    with due.transaction(SHOP) as tx:
        tx.park_case("b", "its rulebook is gone", at=NOON)
        tx.save(next_change(tx.case("b")))
        assert tx.parked() == {}
        assert tx.lease_case("b", 2, LATER, LATER, 1)
