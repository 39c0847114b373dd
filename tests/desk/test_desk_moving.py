"""Open cases are moved to newer calendars: previewed, logged, safe to repeat and to interrupt."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from small_shop import ANN, SUE, catalog_of, events, opened, refusal

from aftersales.definitions import Catalog, load_calendars
from aftersales.desk import moving
from aftersales.domain.calendar import Calendar, parse_instant
from aftersales.domain.case import Actor
from aftersales.store import Transaction
from aftersales.testing import ShopForTests

CALENDARS = """\
aftersales: calendars/1
calendars:
  desk:
    zone: UTC
    hours: {{mon-fri: 09:00-17:00}}
    {extra}
  other: {{zone: UTC, hours: {{mon-fri: 09:00-17:00}}}}
"""
HOLIDAY = "closed: {2026-03-04: Founders' Day}"
EDITS = (
    ("desk: {zone: UTC, hours: {mon-sun: 00:00-24:00}}", "desk: {zone: UTC, hours: {mon-fri: 09:00-17:00}}\n  other: {zone: UTC, hours: {mon-sun: 00:00-24:00}}"),  # noqa: E501
    ("first_reply: {within: 24 hours", "first_reply: {within: 90 days"),
    ("decide:      {within: 72 hours", "decide:      {within: 3 business days"),
    ("decide: {within: 240 hours", "decide: {within: 9 days, calendar: other"),
    ("within: 96 hours, buffer: 4 hours, warn: {50%: [alert agent]}", "within: 5 business days, buffer: 4 business hours"),  # noqa: E501
)  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A desk that works from Monday to Friday, and decides within three of these days."""
    return catalog_of(tmp_path_factory.mktemp("weekdays"), *EDITS)


@pytest.fixture
def calendars(tmp_path: Path) -> Callable[[str], dict[str, Calendar]]:
    """The calendars as they are written anew."""

    def read(extra: str = HOLIDAY) -> dict[str, Calendar]:
        path = tmp_path / "new.yaml"
        path.write_text(CALENDARS.format(extra=extra), encoding="utf-8")
        return {"desk": load_calendars(path)["desk"]}

    return read


Read = Callable[..., dict[str, Calendar]]


def due(shop: ShopForTests, case_id: str, deadline: str = "decide") -> datetime | None:
    """When a deadline of the case is due."""
    timers = shop.desk.get_case(case_id).case.timers
    return next(t.due_at for t in timers if t.deadline == deadline and t.warning is None)


def march(day: int, hour: int) -> datetime:
    """An instant in March 2026, in UTC."""
    return parse_instant(f"2026-03-{day:02}T{hour:02}:00:00Z")


def test_a_preview_tells_what_would_move_and_writes_nothing(
    shop: ShopForTests, calendars: Read
) -> None:
    case = opened(shop)
    before = shop.desk.get_case(case.id), shop.desk.history(case.id)
    found = shop.desk.preview_calendars(calendars())
    assert (found.looked_at, found.moved, found.is_applied) == (1, 1, False)
    ((told,),) = ([case.dues for case in found.cases],)
    (moved,) = told
    assert (moved.name, moved.calendar, moved.zone) == ("decide", "desk", "UTC")
    assert (moved.before, moved.after) == (march(5, 17), march(6, 17))
    assert moved.why == ("Wed 4 Mar 2026 closed now: Founders' Day",)
    assert (shop.desk.get_case(case.id), shop.desk.history(case.id)) == before


def test_what_is_moved_is_what_was_previewed_and_is_history(
    shop: ShopForTests, calendars: Read
) -> None:
    case = opened(shop)
    previewed = shop.desk.preview_calendars(calendars())
    moved = shop.desk.move_calendars(calendars(), by=SUE, why="a holiday was forgotten")
    assert moved.cases == previewed.cases
    assert due(shop, case.id) == march(6, 17)
    entry = shop.desk.history(case.id)[-1]
    assert (entry.event, entry.actor, entry.note) == (
        *("rulebook_moved", SUE),
        "a holiday was forgotten",
    )
    assert any("-> Fri 6 Mar 2026, 17:00 (UTC): Wed 4 Mar 2026 closed" in did for did in entry.did)
    (why,) = (d.why for d in shop.desk.explain(case.id).due if d.deadline == "decide")
    assert why["moved_from"] == "2026-03-05T17:00:00Z"
    assert ["2026-03-04", "Founders' Day"] in why["skipped"]


def test_a_moved_deadline_fires_at_its_new_time(shop: ShopForTests, calendars: Read) -> None:
    case = opened(shop)
    shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    shop.clock.set(march(6, 17))
    shop.tick()
    assert "remind" not in events(shop.desk, case.id)
    shop.wait(timedelta(seconds=1))
    assert events(shop.desk, case.id).count("remind") == 1
    assert shop.desk.history(case.id)[-1].effective_at == march(6, 17)


def test_a_moved_case_re_enters_states_by_its_new_calendar(
    open_shop: Callable[..., ShopForTests], catalog: Catalog, calendars: Read
) -> None:
    """Also after a restart, which knows the new rulebook from the store alone."""
    before = open_shop(catalog)
    case = opened(before)
    before.desk.move_calendars(calendars(), by=SUE, why="holiday")
    shop = open_shop(catalog)
    shop.clock.set(march(3, 12))
    shop.desk.submit(case.id, "ask", by=ANN)
    shop.desk.submit(case.id, "answered", by=ANN)
    assert due(shop, case.id) == march(9, 17)
    assert due(shop, opened(shop).id) == march(6, 17)  # a new case is bound to the old folder


def test_applied_twice_it_changes_nothing_the_second_time(
    shop: ShopForTests, calendars: Read
) -> None:
    case = opened(shop)
    shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    version = shop.desk.get_case(case.id).version
    again = shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    assert (again.looked_at, again.untouched, again.cases) == (1, 1, ())
    assert shop.desk.get_case(case.id).version == version


def test_killed_half_way_it_goes_on(
    shop: ShopForTests, calendars: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [opened(shop, order=str(number)) for number in range(5)]
    save, left = Transaction.save, [2]

    def dying(self: Transaction, change: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        save(self, change)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "save", dying)
        with pytest.raises(KeyboardInterrupt):
            shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    assert shop.desk.doctor() == []
    rest = shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    assert (rest.looked_at, rest.moved, rest.untouched) == (5, 3, 2)
    assert {due(shop, case.id) for case in cases} == {march(6, 17)}
    assert {events(shop.desk, case.id).count("rulebook_moved") for case in cases} == {1}


def test_what_is_due_already_fires_first_and_is_not_undone(
    shop: ShopForTests, calendars: Read
) -> None:
    case = opened(shop)
    shop.clock.set(march(5, 18))  # no tick came: it is late, whatever the newer calendar says
    previewed = shop.desk.preview_calendars(calendars())
    assert all(case.is_overdue for case in previewed.cases)
    shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    assert events(shop.desk, case.id)[-2:] == ["remind", "rulebook_moved"]
    assert shop.desk.history(case.id)[-2].effective_at == march(5, 17)


def test_a_platforms_date_stays_and_our_buffer_before_it_is_counted_again(
    shop: ShopForTests, calendars: Read
) -> None:
    asked = {"asked_at": march(2, 9), "due_by": march(5, 12)}
    case = opened(shop, facts=asked)
    assert due(shop, case.id, "their_clock") == march(4, 16)
    shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    assert due(shop, case.id, "their_clock") == march(3, 16)
    (timer,) = (t for t in shop.desk.get_case(case.id).case.timers if t.deadline == "their_clock")
    assert timer.why["outer"] == "2026-03-05T12:00:00+00:00"


def test_only_open_cases_that_use_the_calendar_are_touched(
    shop: ShopForTests, calendars: Read
) -> None:
    closed = opened(shop, order="1")
    shop.desk.submit(closed.id, "leave", by=ANN)
    version = shop.desk.get_case(closed.id).version
    other = {"other": calendars()["desk"]}
    found = shop.desk.move_calendars(other, by=SUE, why="")
    assert (found.looked_at, found.unused) == (0, ("other",))
    opened(shop, order="2")
    found = shop.desk.move_calendars(other, by=SUE, why="")
    assert (found.looked_at, found.untouched, found.not_named) == (1, 1, ("desk",))
    shop.desk.move_calendars(calendars(), by=SUE, why="")
    assert shop.desk.get_case(closed.id).version == version


def test_only_the_cases_that_are_named_are_moved(shop: ShopForTests, calendars: Read) -> None:
    one, two = opened(shop, order="1"), opened(shop, order="2")
    found = shop.desk.move_calendars(calendars(), by=SUE, why="", only={two.id})
    assert (found.looked_at, found.moved) == (1, 1)
    assert (due(shop, one.id), due(shop, two.id)) == (march(5, 17), march(6, 17))


def test_a_version_with_the_same_dates_is_taken_and_counted_apart(
    shop: ShopForTests, calendars: Read
) -> None:
    case = opened(shop)
    found = shop.desk.move_calendars(calendars("closed: {2030-01-02: far}"), by=SUE, why="")
    assert (found.kept, found.moved, found.cases) == (1, 0, ())
    assert shop.desk.history(case.id)[-1].did == ("no due date moves",)


def test_more_cases_than_a_page_are_all_moved(
    shop: ShopForTests, calendars: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "PAGE", 2)
    cases = [opened(shop, order=str(number)) for number in range(5)]
    told: list[int] = []
    found = shop.desk.move_calendars(calendars(), by=SUE, why="", progress=told.append)
    assert (found.moved, told) == (5, [2, 4, 5])
    assert {due(shop, case.id) for case in cases} == {march(6, 17)}


def test_one_case_that_fails_does_not_stop_the_others(
    shop: ShopForTests, calendars: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = opened(shop, order="1"), opened(shop, order="2")
    save = Transaction.save

    def failing(self: Transaction, change: object) -> None:
        if change.case.id == one.id:  # type: ignore[attr-defined]
            raise RuntimeError("a page of the disk is broken")
        save(self, change)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "save", failing)
        found = shop.desk.move_calendars(calendars(), by=SUE, why="")
    (refused,) = (case for case in found.cases if case.refused)
    assert (refused.case_id, found.moved, found.refused) == (one.id, 1, 1)
    assert "a page of the disk is broken" in refused.refused
    assert due(shop, two.id) == march(6, 17)


def test_the_version_a_caller_saw_still_counts_after_a_move(
    shop: ShopForTests, calendars: Read
) -> None:
    case = opened(shop)
    shop.desk.move_calendars(calendars(), by=SUE, why="")
    view = shop.desk.submit(case.id, "ask", by=ANN, expected_version=case.version)
    assert view.state == "asking"


def test_a_year_that_was_published_confirms_dates_or_moves_them(
    open_shop: Callable[..., ShopForTests], tmp_path: Path, calendars: Read
) -> None:
    guessed = "holidays: {dates: {2025-01-01: New Year}}, known_until: 2025}"
    first = "desk: {zone: UTC, hours: {mon-fri: 09:00-17:00}"
    edits = [(EDITS[0][0], EDITS[0][1].replace(first + "}", f"{first}, {guessed}")), *EDITS[1:]]
    shop = open_shop(catalog_of(tmp_path / "guessed", *edits))
    opened(shop)
    same = "holidays: {dates: {2026-12-25: Christmas}}\n    known_until: 2026"
    found = shop.desk.preview_calendars(calendars(same))
    assert (found.confirmed, found.moved) == (1, 0)
    (told,) = found.cases
    assert [(d.name, d.was_provisional, d.is_provisional) for d in told.dues] == [
        ("decide", True, False)
    ]
    other = "holidays: {dates: {2026-03-04: Founders' Day}}\n    known_until: 2026"
    found = shop.desk.preview_calendars(calendars(other))
    assert (found.confirmed, found.moved) == (0, 1)


WHOLE = (
    ("  their_clock:", "  whole: {starts: opened_at, within: 12 business hours, when_over: answer_now}\n  their_clock:"),  # noqa: E501
    ("go_to: asking, do: [send question]", "go_to: asking, do: [send question, pause whole]"),
    ("checked: optional}, go_to: reported}", "checked: optional}, go_to: reported, do: [resume whole]}"),  # noqa: E501
)  # fmt: skip


@pytest.fixture
def paused(open_shop: Callable[..., ShopForTests], tmp_path: Path) -> tuple[ShopForTests, str]:
    """A shop on Tuesday, 10:00, with a deadline of which 4 of 12 hours were used on Monday."""
    shop = open_shop(catalog_of(tmp_path / "paused", *EDITS, *WHOLE))
    case = opened(shop)
    shop.clock.set(march(2, 13))
    shop.desk.submit(case.id, "ask", by=ANN)
    shop.tick()
    shop.clock.set(march(3, 10))
    return shop, case.id


def test_a_paused_deadline_goes_on_with_what_was_left_of_it(
    paused: tuple[ShopForTests, str], calendars: Read
) -> None:
    shop, case_id = paused
    found = shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    assert (found.paused, found.kept, found.moved) == (1, 0, 0)
    (told,) = shop.desk.history(case_id)[-1].did
    assert told == "whole: paused; when it goes on, the newer calendar counts its rest"
    assert due(shop, case_id, "whole") is None
    shop.clock.set(march(3, 12))
    shop.desk.submit(case_id, "answered", by=ANN)
    assert due(shop, case_id, "whole") == march(5, 12)  # eight left: five on Tuesday, three then


def test_what_is_paused_is_previewed_as_if_it_went_on_now(
    paused: tuple[ShopForTests, str], calendars: Read
) -> None:
    shop, _ = paused
    found = shop.desk.preview_calendars(calendars())
    ((told,),) = [case.dues for case in found.cases]
    assert (found.paused, found.cases[0].is_moved) == (1, False)
    assert (told.name, told.is_paused, told.before, told.after) == (
        *("whole", True),
        *(march(4, 10), march(5, 10)),
    )
    assert told.why == ("Wed 4 Mar 2026 closed now: Founders' Day",)
    assert shop.desk.move_calendars(calendars(), by=SUE, why="").cases == found.cases


def test_what_is_paused_and_ends_at_the_same_time_is_not_listed(
    paused: tuple[ShopForTests, str], calendars: Read
) -> None:
    shop, _ = paused
    found = shop.desk.preview_calendars(calendars("closed: {2030-01-02: far}"))
    assert (found.paused, found.kept, found.cases) == (0, 1, ())


def test_a_paused_deadline_is_explained_as_if_it_went_on_now_also_after_a_move(
    paused: tuple[ShopForTests, str], calendars: Read
) -> None:
    shop, case_id = paused
    for moved, day in ((False, 4), (True, 5)):
        if moved:
            shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
        (told,) = (d for d in shop.desk.explain(case_id).due if d.deadline == "whole")
        assert (told.paused_at, told.due_at, told.if_resumed_at) == (
            *(march(2, 13), None),
            march(day, 10),
        )
        assert told.why["due"] == f"2026-03-{day:02}T10:00:00Z"
        assert told.why["counted"][-1] == f"2026-03-{day:02}"
        assert told.why["pauses"] == [["2026-03-02T13:00:00Z", "2026-03-03T10:00:00Z", 5 * 3600]]
        assert told.used_seconds_before == (4 * 3600 if moved else None)


def test_how_many_days_were_used_before_a_newer_calendar_is_explained(
    shop: ShopForTests, calendars: Read
) -> None:
    case = opened(shop)
    shop.clock.set(march(3, 18))
    shop.desk.move_calendars(calendars(), by=SUE, why="holiday")
    (told,) = (d for d in shop.desk.explain(case.id).due if d.deadline == "decide")
    assert (told.used_days_before, told.used_seconds_before) == (1, None)
    assert told.why["counted"] == ["2026-03-05", "2026-03-06"]
    others = [d for d in shop.desk.explain(case.id).due if d.deadline != "decide"]
    assert {d.used_days_before for d in others} == {None}


# -- who moves them, and what is told of calendars


@pytest.mark.parametrize("role", ["customer", "platform", "bank"])
def test_nobody_but_staff_moves_cases(
    shop: ShopForTests, calendars: Read, role: Literal["customer", "platform", "bank"]
) -> None:
    case = opened(shop)
    by = Actor("x", role)
    told = refusal(lambda: shop.desk.move_calendars(calendars(), by=by, why="holiday"))
    assert told.code == "role"
    assert str(told).startswith(f"a {role} may not move cases")
    assert due(shop, case.id) == march(5, 17)


@pytest.mark.parametrize("role", ["agent", "supervisor", "manager", "system"])
def test_staff_and_the_system_move_cases(
    shop: ShopForTests, calendars: Read, role: Literal["agent", "manager"]
) -> None:
    opened(shop)
    assert shop.desk.move_calendars(calendars(), by=Actor("x", role), why="").moved == 1


def test_calendars_by_which_nothing_is_counted_now_are_not_told_of(
    open_shop: Callable[..., ShopForTests], tmp_path: Path, calendars: Read
) -> None:
    """A rulebook has them all; that of a later state is none of today's concern."""
    later = ("done: {within: 240 hours", "done: {within: 240 hours, calendar: other")
    shop = open_shop(catalog_of(tmp_path / "later", *EDITS, later))
    opened(shop)
    assert shop.desk.preview_calendars(calendars()).not_named == ()
    found = shop.desk.preview_calendars({"other": calendars()["desk"]})
    assert (found.kept, found.not_named, found.unused) == (1, ("desk",), ("other",))
