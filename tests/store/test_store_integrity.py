"""The invariant checker: silent on what we wrote, loud on anything else."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_values import (
    DIGEST,
    NOON,
    SHOP,
    account,
    case,
    effect,
    euros,
    ledger_entry,
    next_change,
    offer,
    opening,
    timer,
)

from aftersales.domain.money import zero
from aftersales.store import Finding, Store, integrity

GIVEN = euros("7.98")
GIFT = {"counts_as": "goodwill", "sort": "coupon", "cost": euros("5.00"), "amount": None}


@pytest.fixture
def sound(store: Store, file: Path) -> Iterator[sqlite3.Connection]:
    """Case a, three versions with all that hangs on it; case b, just opened. A raw connection."""
    a = case("a", timers=(timer(),))
    with store.transaction(SHOP) as tx:
        tx.save(opening(case=a, effects=(effect(a),), account=account()))
        tx.save(opening(case=case("b", order_id=None)))
        offered = next_change(a, offers=(offer(),), fields={"offer_id": "offer-1"})
        tx.save(offered)
        granted = next_change(offered.case).case
        money = effect(granted, lane="money", sort="refund", ledger_id="gold", amount=GIVEN)
        coupon = effect(granted, 2, lane="money", sort="coupon", ledger_id="gift")
        refund = ledger_entry("gold", case_id="a")
        gift = ledger_entry("gift", case_id="a", **GIFT)
        outside = ledger_entry("out", case_id="a", by="bank", status="confirmed")
        nothing = zero("EUR")
        tx.save(
            next_change(
                offered.case,
                effects=(money, coupon),
                ledger=(refund, gift, outside),
                account=account(version=1, reserved=GIVEN, external=GIVEN),
                customer_account=account(
                    scope="customer:c9/EUR", paid=nothing, reserved=euros("5.00")
                ),
            )
        )
    raw = sqlite3.connect(file)
    yield raw
    raw.close()


def findings(store: Store, **more: object) -> list[Finding]:
    with store.reading(SHOP) as tx:
        return integrity(tx, **more)  # type: ignore[arg-type]


def test_what_was_saved_by_us_is_sound(store: Store, sound: sqlite3.Connection) -> None:
    assert findings(store) == []


TAMPERING = {
    "UPDATE aftersales_history SET note = 'x' WHERE version = 2": "history-changed",
    "UPDATE aftersales_history SET actor_id = 'eve' WHERE case_id = 'b'": "history-changed",
    "UPDATE aftersales_history SET effective_at = recorded_at WHERE version = 3": "history-changed",
    "UPDATE aftersales_history SET recorded_at = effective_at WHERE version = 3": "chain-broken",
    "DELETE FROM aftersales_history WHERE version = 2": "history-missing chain-broken",
    "DELETE FROM aftersales_history WHERE version = 3": "history-missing chain-head effects",
    "UPDATE aftersales_case SET version = 2 WHERE id = 'a'": "history-added",
    "UPDATE aftersales_case SET state = 'paid' WHERE id = 'a'": "state",
    "UPDATE aftersales_case SET due_at = NULL WHERE id = 'a'": "due-at",
    "UPDATE aftersales_case SET offer_id = 'gone' WHERE id = 'a'": "offer-missing",
    "UPDATE aftersales_case SET rulebook = 'gone' WHERE id = 'a'": "rulebook-missing",
    "UPDATE aftersales_definition SET canonical = '{}'": "definition-changed",
    "DELETE FROM aftersales_case WHERE id = 'b'": "case-vanished",
    "DELETE FROM aftersales_effect WHERE key LIKE '%/1/1'": "effects",
    "DELETE FROM aftersales_effect WHERE ledger_id = 'gold'": "effects remedy-unsaid",
    "UPDATE aftersales_effect SET amount_minor = 99999 WHERE ledger_id = 'gold'": "effect-changed",
    "UPDATE aftersales_effect SET case_version = 9 WHERE key LIKE '%/1/1'": "effect-key effects",
    "UPDATE aftersales_ledger SET amount_minor = 1 WHERE id = 'gold'": "account-sum",
    "UPDATE aftersales_ledger SET status = 'failed' WHERE id = 'gold'": "account-sum",
    "DELETE FROM aftersales_ledger WHERE id = 'gift'": "account-sum",
    "UPDATE aftersales_account SET external_minor = 0": "account-sum",
    "UPDATE aftersales_account SET paid_minor = 700 WHERE scope LIKE 'order%'": "over-refunded",
    "DELETE FROM aftersales_account WHERE scope LIKE 'order%'": "account-missing",
    "UPDATE aftersales_account SET held_by = 'gone' WHERE scope LIKE 'order%'": "hold-left",
    "UPDATE aftersales_case SET parked_at = opened_at WHERE id = 'a'": "case-parked",
    "UPDATE aftersales_effect SET status = 'dead' WHERE key LIKE '%/1/1'": "effect-dead",
}


@pytest.mark.parametrize(("tampering", "codes"), TAMPERING.items())
def test_tampering_is_found(
    store: Store, sound: sqlite3.Connection, tampering: str, codes: str
) -> None:
    assert sound.execute(tampering).rowcount > 0
    sound.commit()
    found = {finding.code for finding in findings(store)}
    assert found == set(codes.split())


def test_an_order_refunded_on_top_by_others_is_a_warning(
    store: Store, sound: sqlite3.Connection
) -> None:
    sound.execute("UPDATE aftersales_account SET paid_minor = 800 WHERE scope LIKE 'order%'")
    sound.commit()
    (finding,) = findings(store)
    assert (finding.code, finding.severity) == ("refunded-twice-by-others", "warning")


def test_reordered_history_is_found(store: Store, sound: sqlite3.Connection) -> None:
    for before, after in ((2, 9), (3, 2), (9, 3)):
        sound.execute(f"UPDATE aftersales_history SET version = {after} WHERE version = {before}")
    sound.commit()
    assert "history-changed" in {finding.code for finding in findings(store)}


def test_two_standing_offers_of_a_round_are_found_and_of_two_rounds_are_fine(
    store: Store, sound: sqlite3.Connection
) -> None:
    with store.transaction(SHOP) as tx:
        read = tx.case("a")
        second = replace(offer("offer-2"), case_version=4)
        tx.save(next_change(read, offers=(second,), fields={"round": 2}))
    assert findings(store) == []
    with store.transaction(SHOP) as tx:
        third = replace(offer("offer-3"), case_version=4)
        tx.save(next_change(tx.case("a"), offers=(third,)))
    assert [finding.code for finding in findings(store)] == ["offers"]


def test_what_is_due_for_long_is_found_unless_parked(
    store: Store, sound: sqlite3.Connection
) -> None:
    late = NOON + timedelta(days=1, hours=2)
    codes = {finding.code for finding in findings(store, now=late)}
    assert codes == {"timer-late", "effect-late"}
    assert findings(store, now=NOON + timedelta(minutes=30)) == []
    with store.transaction(SHOP) as tx:
        for id in ("a", "b"):
            tx.park_case(id, "poison", at=NOON)
    codes = {finding.code for finding in findings(store, now=late)}
    assert codes == {"case-parked", "effect-late"}


def test_the_checker_goes_through_more_than_a_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftersales.store.checks.PAGE", 3)
    with store.transaction(SHOP) as tx:
        for number in range(10):
            opened = case(f"case-{number}", rulebook=DIGEST)
            tx.save(opening(case=opened, effects=(effect(opened),)))
        tx.connection.exec_driver_sql(
            "UPDATE aftersales_history SET note = 'x' WHERE case_id = 'case-9'"
        )
    assert [finding.case_id for finding in findings(store)] == ["case-9"]
