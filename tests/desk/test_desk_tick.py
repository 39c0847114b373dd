"""Ticks: poison is parked and others go on; limits; reports; what needs a person is found."""

from collections.abc import Callable
from datetime import timedelta

from small_shop import ANN, events, opened
from sqlalchemy import text

from aftersales.definitions import Catalog
from aftersales.desk import Desk
from aftersales.testing import ShopForTests

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=5)


def run(shop: ShopForTests, statement: str, **values: object) -> None:
    """Somebody writes into the database by hand."""
    with shop.desk.store.transaction(shop.desk.shop) as tx:
        tx.connection.execute(text(statement), values)


def poisoned(
    open_shop: Callable[..., ShopForTests], catalog: Catalog
) -> tuple[ShopForTests, str, str]:
    """A shop after a restart, a case whose firing raises (its timers are nonsense), a sound one."""
    shop = open_shop(catalog)
    bad, good = opened(shop), opened(shop)
    shop.tick()
    query = "UPDATE aftersales_case SET timers = replace(timers, 'first_reply', 'no_such') "
    run(shop, query + "WHERE id = :id", id=bad.id)
    return open_shop(catalog), bad.id, good.id


def healed(shop: ShopForTests, case_id: str) -> None:
    query = "UPDATE aftersales_case SET timers = replace(timers, 'no_such', 'first_reply') "
    run(shop, query + "WHERE id = :id", id=case_id)


def test_a_case_whose_firing_raises_does_not_stop_the_others(
    open_shop: Callable[..., ShopForTests], catalog: Catalog
) -> None:
    shop, bad, good = poisoned(open_shop, catalog)
    report = shop.wait(25 * HOUR)
    assert (report.fired, report.failed) == (1, 1)
    assert bad in report.errors[0]
    assert "no_such" in report.errors[0]
    assert (events(shop.desk, bad), events(shop.desk, good)) == (["open"], ["open", "remind"])
    healed(shop, bad)
    shop.wait(LEASE)
    assert events(shop.desk, bad) == ["open", "remind"]


def test_a_case_that_keeps_failing_is_parked_until_somebody_acts(
    open_shop: Callable[..., ShopForTests], catalog: Catalog
) -> None:
    shop, bad, _ = poisoned(open_shop, catalog)
    shop.clock.advance(25 * HOUR)
    reports = [shop.wait(LEASE) for _ in range(12)]
    assert sum(report.failed for report in reports) == 8
    assert [report.parked for report in reports] == [0] * 8 + [1, 0, 0, 0]
    assert [view.id for view in shop.desk.find_cases(needs_person=True)] == [bad]
    assert {finding.code for finding in shop.desk.doctor()} == {"case-parked"}
    healed(shop, bad)
    assert shop.desk.submit(bad, "poke", by=ANN).version == 3
    assert shop.desk.find_cases(needs_person=True) == []


def test_an_attempt_is_counted_before_it_is_made(
    open_shop: Callable[..., ShopForTests], catalog: Catalog
) -> None:
    """So that a case that kills the process is parked too."""
    shop, bad, _ = poisoned(open_shop, catalog)
    shop.wait(25 * HOUR)
    with shop.desk.store.reading(shop.desk.shop) as tx:
        query = text("SELECT attempts FROM aftersales_case WHERE id = :id")
        assert tx.connection.execute(query, {"id": bad}).scalar_one() == 1
    healed(shop, bad)


def test_a_tick_that_reaches_its_limit_says_that_there_is_more(shop: ShopForTests) -> None:
    for order in ("1", "2", "3"):
        opened(shop, order=order)
    shop.tick()
    shop.clock.advance(25 * HOUR)
    first = shop.desk.tick(limit=2)
    assert (first.fired, first.has_more) == (2, True)
    second = shop.desk.tick(limit=2)
    assert (second.fired, second.has_more) == (1, False)


def test_the_cases_of_an_order_are_caught_up_together_and_all_are_counted(
    shop: ShopForTests,
) -> None:
    first, second = opened(shop), opened(shop)
    report = shop.wait(25 * HOUR)
    assert report.fired == 2
    for case in (first, second):
        assert events(shop.desk, case.id) == ["open", "remind"]


def test_a_tick_with_nothing_to_do_changes_nothing(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.tick()
    before = shop.desk.get_case(case.id)
    report = shop.tick()
    assert (report.fired, report.delivered, report.failed) == (0, 0, 0)
    assert shop.desk.get_case(case.id) == before


def test_a_clock_that_jumps_back_fires_nothing_twice(shop: ShopForTests) -> None:
    case = opened(shop)
    start = shop.clock()
    shop.wait(25 * HOUR)
    shop.clock.set(start)
    shop.tick()
    shop.clock.set(start + 25 * HOUR)
    shop.tick()
    assert events(shop.desk, case.id) == ["open", "remind"]


def test_cases_are_found_by_when_they_are_due(shop: ShopForTests) -> None:
    first, second = opened(shop), opened(shop, opened_at=shop.clock() - 10 * HOUR)
    due = shop.desk.find_cases(due_before=shop.clock() + 15 * HOUR)
    assert [view.id for view in due] == [second.id]
    assert len(shop.desk.find_cases(due_before=shop.clock() + 25 * HOUR)) == 2
    assert shop.desk.find_cases(after=first.id)[0].id == second.id


def test_two_shops_in_one_database_do_not_see_each_other(shop: ShopForTests) -> None:
    case = opened(shop)
    other = Desk(store=shop.desk.store, catalog=shop.desk.catalog, shop="other", clock=shop.clock)
    assert other.find_cases() == []
    shop.clock.advance(25 * HOUR)
    assert other.tick().fired == 0
    assert events(shop.desk, case.id) == ["open"]
