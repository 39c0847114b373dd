"""Saving: whole or not at all, once per version, and read back as it was."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from store_values import (
    NOON,
    SHOP,
    account,
    case,
    effect,
    entry,
    euros,
    ledger_entry,
    line,
    next_change,
    offer,
    opening,
    timer,
)

from aftersales.domain.case import Actor, Case, Change
from aftersales.domain.errors import (
    CaseChangedMeanwhile,
    CaseNotFound,
    IdempotencyKeyReused,
    InvariantBroken,
)
from aftersales.domain.money import zero
from aftersales.domain.workflow import Action
from aftersales.store import Store


def full_change() -> Change:
    opened = case(
        priority="high",
        calendar="desk_cn",
        assignee="ann",
        parent_id="case-0",
        closed_at=NOON,
        outcome="compensated",
        needs_person="look",
        offer_id="offer-1",
        timers=(
            timer(),
            timer(warning=0, do=(Action("alert", "manager"), Action("send offer"))),
            timer(due_at=None, waits_for="offer"),
        ),
    )
    return Change(
        case=opened,
        history=entry(opened),
        offers=(offer(approved_by=Actor.manager("eve"), accepted_option="part_refund"),),
        ledger=(ledger_entry(), ledger_entry("ledger-2", amount=None, sort="resend")),
        account=account(reserved=euros("7.98")),
        customer_account=account(scope="customer:c9/EUR", paid=zero("EUR")),
        effects=(effect(opened), effect(opened, 2, lane="money", amount=euros("7.98"))),
        personal={"phone": "+49 30 1234"},
    )


def count(file: Path, table: str) -> int:
    with sqlite3.connect(file) as connection:
        return int(connection.execute(f"SELECT count(*) FROM aftersales_{table}").fetchone()[0])


def test_a_whole_change_is_read_back_as_it_was_saved(store: Store) -> None:
    change = full_change()
    with store.transaction(SHOP) as tx:
        tx.save(change)
    with store.reading(SHOP) as tx:
        assert tx.case("case-1") == change.case
        assert tx.history("case-1") == (change.history,)
        assert tx.offers("case-1") == change.offers
        assert tx.offer("offer-1") == change.offers[0]
        assert tx.ledger_of_case("case-1") == change.ledger
        assert tx.ledger_of_order("1001") == change.ledger
        assert tx.ledger_entry("ledger-2") == change.ledger[1]
        assert tx.effects("case-1") == change.effects
        assert tx.account("order:1001") == replace(change.account, version=1)
        assert tx.account("customer:c9/EUR") == replace(change.customer_account, version=1)


def test_personal_facts_have_one_home(store: Store, file: Path) -> None:
    opened = case(facts={"severity": "major", "phone": "+49 30 1234"})
    with store.transaction(SHOP) as tx:
        tx.save(Change(opened, entry(opened), personal={"phone": "+49 30 1234"}))
    with store.reading(SHOP) as tx:
        assert tx.personal("case-1") == {"phone": "+49 30 1234"}
        assert tx.case("case-1").facts == {"severity": "major"}
    for table in ("case", "history", "effect", "offer"):
        with sqlite3.connect(file) as connection:
            rows = connection.execute(f"SELECT * FROM aftersales_{table}").fetchall()
        assert "1234" not in str(rows)


def test_personal_facts_in_a_history_are_refused(store: Store) -> None:
    opened = case()
    change = Change(opened, entry(opened), personal={"severity": "major"})
    with pytest.raises(InvariantBroken, match="personal"), store.transaction(SHOP) as tx:
        tx.save(change)


def test_of_two_changes_of_one_version_one_wins(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.save(opening())
    with store.reading(SHOP) as tx:
        read = tx.case("case-1")
    with store.transaction(SHOP) as tx:
        tx.save(next_change(read, fields={"state": "offered"}))
    with pytest.raises(CaseChangedMeanwhile), store.transaction(SHOP) as tx:
        tx.save(next_change(read, fields={"state": "closed"}))
    with store.reading(SHOP) as tx:
        assert (tx.case("case-1").state, tx.case("case-1").version) == ("offered", 2)


def test_a_case_is_opened_once_per_id(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.save(opening())
    with pytest.raises(CaseChangedMeanwhile), store.transaction(SHOP) as tx:
        tx.save(opening())


def test_an_account_that_moved_on_takes_the_whole_change_back(store: Store, file: Path) -> None:
    with store.transaction(SHOP) as tx:
        tx.put_account(account())
        tx.put_account(account(version=1, reserved=euros("1.00")))
    stale = opening(account=account(version=1, reserved=euros("2.00")), offers=(offer(),))
    with pytest.raises(CaseChangedMeanwhile, match="order:1001"), store.transaction(SHOP) as tx:
        tx.save(stale)
    assert [count(file, table) for table in ("case", "history", "offer")] == [0, 0, 0]


def test_the_version_of_an_account_is_the_one_read(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        first = tx.put_account(account())
        second = tx.put_account(replace(first, external=euros("5.00")))
        assert (first.version, second.version) == (1, 2)
        assert tx.account("order:1001") == second


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("another shop", opening(case=case(shop="other"))),
        ("version is 3", Change(case(version=3), entry(case(version=3)), before=case())),
        ("history is of another version", Change(case(), entry(case(version=2)))),
        ("history is of another case", Change(case(), entry(case("case-2")))),
        ("another case than before", Change(case(version=2), entry(case(version=2)), case("x"))),
        ("effect is of another version", opening(effects=(effect(case(version=2)),))),
    ],
)
def test_a_change_that_does_not_fit_is_not_saved(store: Store, fault: str, change: Change) -> None:
    with pytest.raises(InvariantBroken, match=fault), store.transaction(SHOP) as tx:
        tx.save(change)


def test_a_key_with_another_body_is_an_error(store: Store, file: Path) -> None:
    opened = case()
    with pytest.raises(InvariantBroken, match="another body"), store.transaction(SHOP) as tx:
        tx.save(opening(effects=(effect(opened), effect(opened, name="other"))))
    assert count(file, "case") == 0


def test_an_unknown_case_is_not_found_and_no_other_shops_is(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.save(opening())
    with store.reading("other") as tx:
        with pytest.raises(CaseNotFound, match="case-1"):
            tx.case("case-1")
        assert tx.find_cases() == []
        assert tx.history("case-1") == ()
        assert tx.waiting_effects() == ()


def test_lines_are_replaced_when_they_change(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.save(opening())
        other = replace(line(), sku="SKU-2")
        tx.save(next_change(tx.case("case-1"), fields={"lines": (other,)}))
        assert tx.case("case-1").lines == (other,)
        tx.put_order_lines("1001", [line(), other])
        tx.put_order_lines("1001", [other])
        assert tx.order_lines("1001") == (other,)


def test_cases_are_found_by_what_is_asked(store: Store) -> None:
    late, closed = NOON + timedelta(days=9), {"closed_at": NOON, "timers": ()}
    made = [
        case("a", kind="one", timers=(timer(due_at=late),)),
        case("b", kind="two", order_id=None, customer_key="c1"),
        case("c", state="done", needs_person="look", **closed),
    ]
    with store.transaction(SHOP) as tx:
        for each in made:
            tx.save(opening(case=each))

    def found(**asked: object) -> str:
        with store.reading(SHOP) as tx:
            return "".join(c.id for c in tx.find_cases(**asked))  # type: ignore[arg-type]

    assert found() == "abc"
    assert found(kind="one") == "a"
    assert found(state="done") == "c"
    assert found(order_id="1001") == "ac"
    assert found(customer_key="c1") == "b"
    assert found(is_open=True) == "ab"
    assert found(is_open=False) == "c"
    assert found(needs_person=True) == "c"
    assert found(needs_person=False) == "ab"
    assert found(due_before=late) == "b"
    assert found(limit=1, after="a") == "b"
    with store.reading(SHOP) as tx:
        assert tx.find_ids("b") == ["b"]
        assert tx.find_ids("%") == []
        assert tx.count_by("kind", "state") == {
            ("any", "done"): 1,
            ("one", "reported"): 1,
            ("two", "reported"): 1,
        }
        assert tx.earlier_cases("c9", NOON) == 2
        assert tx.earlier_cases("c9", NOON + timedelta(seconds=1)) == 0
        assert tx.earlier_cases("", NOON) == 0


def test_goodwill_of_a_customer_is_what_stands_since_a_day(store: Store) -> None:
    def gift(id: str, **more: object) -> object:
        return ledger_entry(id, **{"counts_as": "goodwill", **more})

    gifts = (
        gift("new"),
        gift("old", granted_at=NOON - timedelta(days=91)),
        gift("failed", status="failed"),
        gift("owed", counts_as="owed"),
        gift("other", customer_key="c1"),
    )
    with store.transaction(SHOP) as tx:
        tx.save(opening(ledger=gifts))
        found = tx.goodwill_of_customer("c9", NOON - timedelta(days=90))
    assert [entry.id for entry in found] == ["new"]


def test_an_answer_is_kept_under_its_key_and_never_for_another_request(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.put_answer("click-77", "digest", case(), NOON)
        tx.put_answer("click-77", "digest", case(), NOON)
        kept = tx.answer("click-77")
        assert kept is not None
        assert (kept.request_digest, kept.case_id, kept.version) == ("digest", "case-1", 1)
        assert tx.case_as_answered(kept) == case()
        assert tx.answer("click-78") is None
        with pytest.raises(IdempotencyKeyReused):
            tx.put_answer("click-77", "other", case(), NOON)
        with pytest.raises(CaseChangedMeanwhile):
            tx.put_answer("click-77", "digest", case("case-2"), NOON)


def test_refusals_are_logged(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.put_refusal("case-1", "accept", Actor.customer("c9"), "not_open", "no offer", NOON)
        (refusal,) = tx.refusals("case-1")
    assert (refusal.event, refusal.actor, refusal.at) == ("accept", Actor.customer("c9"), NOON)


def test_a_definition_is_kept_exactly_and_must_hash_to_its_digest(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        with pytest.raises(InvariantBroken, match="digest"):
            tx.put_definition("0" * 64, "rulebook", "{}")
        assert tx.definition("0" * 64) is None


def test_what_only_reads_cannot_write(store: Store) -> None:
    with store.reading(SHOP) as tx, pytest.raises(InvariantBroken, match="reading only"):
        tx.save(opening())


def test_naive_instants_are_refused(store: Store) -> None:
    naive = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001
    with pytest.raises(Exception, match="no time zone"), store.transaction(SHOP) as tx:
        tx.save(opening(case=case(opened_at=naive)))


def test_instants_come_back_aware_and_exact(store: Store) -> None:
    at = datetime.fromisoformat("2026-03-02T13:00:00.000001+02:00")
    with store.transaction(SHOP) as tx:
        tx.save(opening(case=case(opened_at=at)))
        read: Case = tx.case("case-1")
    assert read.opened_at == at
    assert read.opened_at.utcoffset() == timedelta(0)
