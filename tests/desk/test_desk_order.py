"""Two cases of one order: what one does to the other happens at its time, whatever the ticks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aftersales.definitions import Catalog
from aftersales.desk import Desk, done
from aftersales.domain.case import Actor
from aftersales.domain.money import Money
from aftersales.store import Store
from aftersales.testing import FrozenClock

CATALOG = Catalog.load()
START = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
LOST = {"affected_value": "60 USD", "country": "US", "platform": "own_shop"}
DISPUTED = {
    "affected_value": "60 USD",
    "platform": "own_shop",
    "payment_provider": "stripe",
    "dispute_reason": "other",
    "dispute_stage": "chargeback",
    "outside_refund": "60 USD",
    "platform_request_at": "2026-10-05T15:00:00Z",
}


def _desk(folder: Path, clock: FrozenClock) -> Desk:
    folder.mkdir()
    store = Store(f"sqlite:///{folder / 'cases.db'}")
    store.migrate()
    desk = Desk(store=store, catalog=CATALOG, clock=clock, waits_start_when_told=False)
    for sort in ("message", "alert", "call", "tag"):
        desk.on(sort)(lambda _: done())
    desk.record_order("1", paid=Money("60", "USD"))
    return desk


@pytest.mark.parametrize("days_later", [1, 4, 6, 12])
def test_a_dispute_that_ends_by_itself_releases_its_order_at_its_due_time(
    tmp_path: Path, days_later: int
) -> None:
    told = []
    for is_hourly in (True, False):
        clock = FrozenClock(START)
        desk = _desk(tmp_path / str(is_hourly), clock)
        case = desk.open_case("not_received", order_id="1", facts=LOST)
        clock.advance(timedelta(hours=1))
        desk.open_case("chargeback", order_id="1", facts=DISPUTED)
        for _ in range(days_later * 24):
            clock.advance(timedelta(hours=1))
            if is_hourly:
                desk.tick(until_idle=True)
        case = desk.submit(case.id, "parcel_arrived", by=Actor.customer("c"))
        told.append([(e.event, e.effective_at, e.state_after) for e in desk.history(case.id)])
    assert told[0] == told[1]
    assert "order_held" in [event for event, _, _ in told[0]]


def test_money_that_waits_is_taken_back_at_the_moment_the_order_is_held(tmp_path: Path) -> None:
    clock = FrozenClock(START)
    desk = _desk(tmp_path / "desk", clock)
    facts = {**LOST, "affected_value": "12 USD", "severity": "total", "evidence": "none"}
    case = desk.open_case("damaged", order_id="1", facts=facts)
    option = {"option": "full_refund"}
    desk.submit(case.id, "refund_at_once", by=Actor.agent("ann"), facts=option)
    held_at = clock.advance(timedelta(minutes=20))
    desk.open_case("chargeback", order_id="1", facts=DISPUTED | {"affected_value": "12 USD"})
    with desk.store.reading(desk.shop) as tx:
        money = [effect for effect in tx.effects(case.id) if effect.lane == "money"]
        entries = tx.ledger_of_case(case.id)
        account = tx.account("order:1")
    assert [effect.status for effect in money] == ["withdrawn"]
    assert [entry.status for entry in entries] == ["failed"]
    assert account is not None
    assert account.reserved.is_zero
    assert desk.history(case.id)[-1].effective_at == held_at
    assert desk.get_case(case.id).state == "frozen"
