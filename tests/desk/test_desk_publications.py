"""Published definitions: in force from an instant on, for new cases, and nothing else reaches them.

The definitions have no folder here: what a desk knows of them stands in its database.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_shop import ANN, START, catalog_of, contents_of

from aftersales.definitions import Contents
from aftersales.desk import Desk, Published
from aftersales.desk.context import Context
from aftersales.desk.handlers import Handlers
from aftersales.domain.calendar import parse_instant
from aftersales.domain.errors import (
    DefinitionsInvalid,
    NothingPublished,
    PublicationNotFound,
    PublicationRefused,
)
from aftersales.domain.money import Money
from aftersales.store import Store, StoredPublication
from aftersales.testing import FrozenClock, Recorder

FIRST = contents_of()
SECOND = contents_of(("coupon:     {coupon: 10 USD", "coupon:     {coupon: 12 USD"))
THIRD = contents_of(("coupon:     {coupon: 10 USD", "coupon:     {coupon: 14 USD"))
WRONG = contents_of(("starts_in: reported", "starts_in: reportd"))
BEGUN = parse_instant(START)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'cases.db'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def desk(store: Store, clock: FrozenClock) -> Desk:
    desk = Desk(store=store, clock=clock)
    Recorder().attach(desk)
    return desk


def publish(desk: Desk, contents: Contents, **how: object) -> int:
    return desk.publications.publish(contents, by="lea", **how).number  # type: ignore[arg-type]


def coupon(desk: Desk, **how: object) -> str:
    """What the coupon is worth that a case opened now is offered."""
    case = desk.open_case(
        "torn",
        facts={"affected_value": Money("40", "USD"), "severity": "minor"},
        **how,  # type: ignore[arg-type]
    )
    offer = desk.submit(case.id, "propose", by=ANN).offer
    assert offer is not None
    return str(offer.options[0].remedies[0].amount)


def test_what_is_published_binds_the_cases_opened_from_then_on(
    desk: Desk, clock: FrozenClock
) -> None:
    publish(desk, FIRST)
    before = desk.open_case("torn", facts={"affected_value": "40 USD", "severity": "minor"})
    assert coupon(desk) == "10.00 USD"
    clock.advance(HOUR)
    publish(desk, SECOND)
    assert coupon(desk) == "12.00 USD"
    offer = desk.submit(before.id, "propose", by=ANN).offer
    assert offer is not None
    assert str(offer.options[0].remedies[0].amount) == "10.00 USD"  # it keeps its rulebook
    assert desk.tick(until_idle=True).errors == []
    assert desk.doctor() == []


def test_a_publication_is_in_force_from_its_instant_on_and_not_a_moment_sooner(
    desk: Desk, clock: FrozenClock
) -> None:
    publish(desk, FIRST)
    publish(desk, SECOND, valid_from=BEGUN + DAY)
    clock.set(BEGUN + DAY - timedelta(microseconds=1))
    assert coupon(desk) == "10.00 USD"
    clock.set(BEGUN + DAY)
    assert coupon(desk) == "12.00 USD"


def test_a_case_told_late_is_bound_by_what_was_in_force_when_it_was_opened(
    desk: Desk, clock: FrozenClock
) -> None:
    publish(desk, FIRST)
    clock.advance(DAY)
    publish(desk, SECOND)
    clock.advance(HOUR)
    assert coupon(desk, opened_at=BEGUN + 2 * HOUR) == "10.00 USD"
    assert coupon(desk, opened_at=BEGUN + DAY) == "12.00 USD"
    assert coupon(desk, opened_at=BEGUN - DAY) == "10.00 USD"  # before the first: by the first


def test_another_process_notices_a_publication_with_its_next_case(
    desk: Desk, store: Store, clock: FrozenClock
) -> None:
    other = Desk(store=Store(str(store._engine.url)), clock=clock)
    publish(desk, FIRST)
    assert coupon(other) == "10.00 USD"
    clock.advance(HOUR)
    publish(desk, SECOND)
    assert coupon(other) == "12.00 USD"
    other.store.close()


def test_without_a_publication_a_desk_has_no_definitions(desk: Desk) -> None:
    with pytest.raises(NothingPublished, match="aftersales publish"):
        desk.open_case("torn", facts={"affected_value": "40 USD", "severity": "minor"})
    assert desk.publications.history() == ()
    assert desk.publications.in_force() is None


def test_until_the_first_has_begun_the_desk_keeps_what_it_was_given(
    store: Store, clock: FrozenClock, tmp_path: Path
) -> None:
    given = catalog_of(tmp_path / "given")
    desk = Desk(store=store, catalog=Published(otherwise=lambda: given), clock=clock)
    assert coupon(desk) == "10.00 USD"
    publish(desk, SECOND, valid_from=BEGUN + DAY)
    assert coupon(desk) == "10.00 USD"
    clock.advance(DAY)
    assert coupon(desk) == "12.00 USD"


def test_a_catalog_given_by_a_developer_stays_whatever_is_published(
    store: Store, clock: FrozenClock, tmp_path: Path
) -> None:
    desk = Desk(store=store, catalog=catalog_of(tmp_path / "given"), clock=clock)
    publish(desk, SECOND)
    assert coupon(desk) == "10.00 USD"


def test_shops_publish_apart(desk: Desk, store: Store, clock: FrozenClock) -> None:
    source = Published()
    one, two = (Desk(store=store, catalog=source, shop=s, clock=clock) for s in ("one", "two"))
    publish(one, FIRST)
    publish(two, SECOND)
    assert (coupon(one), coupon(two)) == ("10.00 USD", "12.00 USD")
    assert publish(desk, FIRST) == 1


def test_the_same_contents_are_not_made_valid_twice(desk: Desk, clock: FrozenClock) -> None:
    made = desk.publications.publish(FIRST, by="lea", note="the first")
    clock.advance(HOUR)
    again = desk.publications.publish(FIRST, by="max", note="once more")
    assert (made.is_new, again.is_new) == (True, False)
    assert (again.number, again.note, again.valid_from) == (1, "the first", BEGUN)
    later = desk.publications.publish(FIRST, by="max", valid_from=BEGUN + DAY)
    assert (later.number, later.is_new) == (1, False)
    assert len(desk.publications.history()) == 1


def test_the_past_cannot_be_changed(desk: Desk, clock: FrozenClock) -> None:
    publish(desk, FIRST)
    clock.advance(HOUR)
    with pytest.raises(PublicationRefused, match="in the past"):
        publish(desk, SECOND, valid_from=BEGUN)
    assert len(desk.publications.history()) == 1


def test_definitions_with_an_error_are_not_published(desk: Desk) -> None:
    with pytest.raises(DefinitionsInvalid, match="reportd"):
        publish(desk, WRONG)
    assert desk.publications.history() == ()


def test_going_back_publishes_the_earlier_once_more(desk: Desk, clock: FrozenClock) -> None:
    publish(desk, FIRST)
    clock.advance(HOUR)
    publish(desk, SECOND)
    clock.advance(HOUR)
    back = desk.publications.back(by="lea", note="too dear")
    assert (back.number, back.digest, back.is_in_force) == (3, FIRST.digest, True)
    assert coupon(desk) == "10.00 USD"
    clock.advance(HOUR)
    assert desk.publications.back(by="lea", to=2, valid_from=BEGUN + DAY).valid_from == BEGUN + DAY
    assert coupon(desk) == "10.00 USD"
    clock.set(BEGUN + DAY)
    assert coupon(desk) == "12.00 USD"
    history = desk.publications.history()
    assert [entry.number for entry in history] == [1, 2, 3, 4]
    assert [entry.is_in_force for entry in history] == [False, False, False, True]


def test_what_no_longer_holds_is_not_gone_back_to_and_nothing_is_done(
    desk: Desk, store: Store, clock: FrozenClock
) -> None:
    entry = StoredPublication(
        number=1,
        digest=WRONG.digest,
        valid_from=clock(),
        published_at=clock(),
        published_by="lea",
        note="",
    )
    with store.transaction("shop") as tx:  # as an engine of which it held would have kept it
        assert tx.put_publication(entry, WRONG.to_plain())
    clock.advance(HOUR)
    publish(desk, SECOND)
    clock.advance(HOUR)
    for number in (None, 1):
        assert desk.publications.earlier(number).number == 1
        with pytest.raises(DefinitionsInvalid, match="reportd"):
            desk.publications.back(by="lea", to=number)
    assert [entry.number for entry in desk.publications.history()] == [1, 2]
    assert coupon(desk) == "12.00 USD"


def test_there_must_be_something_to_go_back_to(desk: Desk) -> None:
    with pytest.raises(PublicationRefused, match="no earlier publication"):
        desk.publications.back(by="lea")
    publish(desk, FIRST)
    with pytest.raises(PublicationRefused, match="no earlier publication"):
        desk.publications.back(by="lea")
    with pytest.raises(PublicationNotFound, match="7"):
        desk.publications.back(by="lea", to=7)


def test_what_has_not_begun_can_be_withdrawn_and_nothing_is_deleted(
    desk: Desk, clock: FrozenClock
) -> None:
    publish(desk, FIRST)
    publish(desk, SECOND, valid_from=BEGUN + DAY)
    entry = desk.publications.withdraw(2, by="max", note="a mistake")
    assert (entry.number, entry.withdraws) == (3, 2)
    clock.advance(2 * DAY)
    assert coupon(desk) == "10.00 USD"
    history = desk.publications.history()
    assert [e.is_withdrawn for e in history] == [False, True, False]
    assert history[0].valid_until is None
    assert desk.publications.contents(2).digest == SECOND.digest
    assert desk.doctor() == []
    with pytest.raises(PublicationRefused, match="withdrawn before"):
        desk.publications.withdraw(2, by="max")
    with pytest.raises(PublicationNotFound, match="no publication: 3"):
        desk.publications.withdraw(3, by="max")


def test_what_has_begun_cannot_be_withdrawn(desk: Desk, clock: FrozenClock) -> None:
    publish(desk, FIRST, valid_from=BEGUN + DAY)
    clock.set(BEGUN + DAY)
    with pytest.raises(PublicationRefused, match="has begun"):
        desk.publications.withdraw(1, by="max")


def test_a_plan_replaces_what_was_published_later_but_began_sooner(
    desk: Desk, clock: FrozenClock
) -> None:
    publish(desk, FIRST)
    publish(desk, SECOND, valid_from=BEGUN + 2 * DAY)
    clock.advance(DAY)
    publish(desk, THIRD)
    assert coupon(desk) == "14.00 USD"
    assert [entry.valid_until for entry in desk.publications.history()] == [
        BEGUN + DAY,
        None,
        BEGUN + 2 * DAY,
    ]
    clock.advance(DAY)
    assert coupon(desk) == "12.00 USD"


def test_a_clock_that_went_back_does_not_undo_a_publication(desk: Desk, clock: FrozenClock) -> None:
    publish(desk, FIRST)
    clock.set(BEGUN - HOUR)
    publish(desk, SECOND)
    clock.set(BEGUN)
    assert coupon(desk) == "12.00 USD"


def test_a_changed_or_removed_publication_is_found_by_the_doctor(desk: Desk, store: Store) -> None:
    publish(desk, FIRST)
    publish(desk, SECOND, valid_from=BEGUN + DAY)
    with store.transaction("shop") as tx:
        tx.connection.exec_driver_sql(
            "UPDATE aftersales_publication SET contents = replace(contents, '12 USD', '99 USD')"
        )
    assert [finding.code for finding in desk.doctor()] == ["publication-changed"]
    with store.transaction("shop") as tx:
        tx.connection.exec_driver_sql("DELETE FROM aftersales_publication WHERE id LIKE '%1'")
    assert [finding.code for finding in desk.doctor()] == ["publication-gone"]


RATES = """\
aftersales: rates/1
base: USD
rates: {{EUR: {rate}}}
"""


def with_rates(rate: str) -> Contents:
    files = dict(FIRST.files) | {"policies/rates.yaml": RATES.format(rate=rate).encode()}
    return Contents(files)


def test_rates_are_live_and_come_from_what_is_in_force_now(desk: Desk, clock: FrozenClock) -> None:
    publish(desk, with_rates("1.00"))
    case = desk.open_case("torn", facts={"affected_value": "40 EUR", "severity": "major"})
    clock.advance(DAY)
    publish(desk, with_rates("0.70"))
    assert desk.submit(case.id, "propose", by=ANN).state == "awaiting_approval"


def test_a_late_tick_takes_the_rates_of_the_day_it_is_late_for(
    desk: Desk, store: Store, clock: FrozenClock
) -> None:
    context = Context(store, Published(), "shop", clock, Handlers())
    publish(desk, with_rates("1.00"))
    clock.advance(DAY)
    publish(desk, with_rates("0.70"))
    with store.reading("shop") as tx:
        rates_on = context.rates(tx, clock())
        days = [(BEGUN + n * DAY).date() for n in range(2)]
        assert [str(rates_on(day).texts()["EUR"]) for day in days] == ["1", "0.7"]


def test_naive_instants_are_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no zone"):
        publish(desk, FIRST, valid_from=datetime(2030, 1, 1))  # noqa: DTZ001
    assert datetime(2030, 1, 1, tzinfo=UTC) > BEGUN
