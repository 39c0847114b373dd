# ruff: noqa: E501
"""Several desks in one shop: each case keeps the calendar that was answered when it was opened."""

from datetime import datetime
from pathlib import Path

import pytest
from small_shop import ANN, CUSTOMER, SUE, catalog_of, opened, refusal

from aftersales.definitions import Catalog, load_calendars
from aftersales.domain.calendar import parse_instant
from aftersales.domain.case import Case
from aftersales.testing import ShopForTests

DESKS = """\
aftersales: policy/1
policy: desks
choose: one
answers: {calendar: calendar}
rows:
  - {id: by_photo, when: {photo: yes}, calendar: late}
  - {id: no_photo, when: {photo: not yes}, calendar: desk}
  - {id: untold,   when: {photo: missing}, calendar: desk}
otherwise: {calendar: desk}
"""
LATE = """\
  late: {{zone: Asia/Shanghai, hours: {{mon-fri: 09:00-18:00}}{extra}}}
"""
EDITS = (
    ("about: The item arrived torn\nstarts_in: reported\ncalendar: desk", "about: The item arrived torn\nstarts_in: reported\ncalendar: by policy desks"),
    ("decide:      {within: 72 hours", "decide:      {within: 3 business days"),
    ("silent: {final: true, outcome: no_answer, reopen: {by: [customer, agent], within: 240 hours", "silent: {final: true, outcome: no_answer, reopen: {by: [customer, agent], within: 1 business day"),
    ("reply: {within: 48 hours", "reply: {within: 2 business days"),
    ("  desk: {zone: UTC, hours: {mon-sun: 00:00-24:00}}\n", "  desk: {zone: UTC, hours: {mon-sun: 00:00-24:00}}\n" + LATE.format(extra="")),
)  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A desk that is always open, and one in Shanghai that is not."""
    folder = tmp_path_factory.mktemp("desks")
    (folder / "policies").mkdir()
    (folder / "policies" / "desks.yaml").write_text(DESKS, encoding="utf-8")
    return catalog_of(folder, *EDITS)


def late(tmp_path: Path, extra: str) -> Path:
    """A file with the calendar of the desk in Shanghai as it is written anew."""
    path = tmp_path / "new.yaml"
    text = "aftersales: calendars/1\ncalendars:\n" + LATE.format(extra=f", {extra}")
    path.write_text(text, encoding="utf-8")
    return path


def due(case: Case, deadline: str) -> datetime | None:
    """When a deadline of the case is due."""
    return next(t.due_at for t in case.timers if (t.deadline, t.warning) == (deadline, None))


def test_two_cases_of_one_kind_are_counted_by_two_desks(shop: ShopForTests) -> None:
    """Opened on Monday 2 March, 09:00 UTC, which is 17:00 in Shanghai."""
    near, far = opened(shop), opened(shop, order="1002", facts={"photo": "yes"})
    stored = [shop.desk.get_case(view.id).case for view in (near, far)]
    assert [case.calendar for case in stored] == ["desk", "late"]
    assert due(stored[0], "decide") == parse_instant("2026-03-06T00:00:00Z")
    assert due(stored[1], "decide") == parse_instant("2026-03-05T10:00:00Z")  # Thursday, 18:00


def test_what_follows_is_counted_and_told_by_the_desk_of_the_case(shop: ShopForTests) -> None:
    """Also after the fact that the policy asked has changed."""
    far = opened(shop, facts={"photo": "yes"})
    shop.desk.submit(far.id, "look", by=ANN, facts={"photo": "no"})
    shop.desk.submit(far.id, "ask", by=ANN)
    shop.tick()
    case = shop.desk.get_case(far.id).case
    assert (case.facts["photo"], case.calendar) == ("no", "late")
    assert due(case, "reply") == parse_instant("2026-03-04T10:00:00Z")
    (asked,) = (e for e in shop.recorder.effects if e.name == "question")
    assert shop.desk.content(asked).zone == "Asia/Shanghai"
    explained = shop.desk.explain(far.id)
    assert explained.zone == "Asia/Shanghai"
    assert {told.why["calendar"] for told in explained.due} == {"late"}


def test_reopening_is_possible_as_long_as_the_desk_of_the_case_counts(shop: ShopForTests) -> None:
    """Within a business day: Tuesday until 24:00 UTC at the one, until 18:00 at the other."""
    near, far = opened(shop), opened(shop, order="1002", facts={"photo": "yes"})
    for view in (near, far):
        shop.desk.submit(view.id, "leave", by=ANN)
    shop.clock.set("2026-03-03T10:30:00Z")
    assert refusal(lambda: shop.desk.submit(far.id, "reopen", by=CUSTOMER)).code == "too_late"
    assert shop.desk.submit(near.id, "reopen", by=CUSTOMER).case.round == 2


def test_a_case_that_no_desk_can_be_told_for_is_not_opened(
    tmp_path_factory: pytest.TempPathFactory, open_shop: object
) -> None:
    folder = tmp_path_factory.mktemp("undecided")
    (folder / "policies").mkdir()
    two = DESKS.replace("photo: not yes", "severity: minor")
    (folder / "policies" / "desks.yaml").write_text(two, encoding="utf-8")
    shop = open_shop(catalog_of(folder, *EDITS))  # type: ignore[operator]
    told = refusal(lambda: opened(shop, facts={"photo": "yes"}))
    assert told.code == "undecided"
    assert "`by_photo` and `no_photo`" in str(told)
    assert shop.desk.find_cases() == []


def test_only_the_cases_of_a_desk_move_with_its_calendar(
    shop: ShopForTests, tmp_path: Path
) -> None:
    near, far = opened(shop), opened(shop, order="1002", facts={"photo": "yes"})
    newer = load_calendars(late(tmp_path, "closed: {2026-03-04: Founders' Day}"))
    found = shop.desk.preview_calendars(newer)
    assert [case.case_id for case in found.cases] == [far.id]
    ((moved,),) = [case.dues for case in found.cases]
    assert (moved.calendar, moved.zone) == ("late", "Asia/Shanghai")
    assert (found.looked_at, found.moved, found.kept) == (2, 1, 1)

    shop.desk.move_calendars(newer, by=SUE, why="it was forgotten")
    after = shop.desk.get_case(far.id).case
    assert after.calendar == "late"
    assert due(after, "decide") == parse_instant("2026-03-06T10:00:00Z")
    assert due(shop.desk.get_case(near.id).case, "decide") == parse_instant("2026-03-06T00:00:00Z")
    # What is armed later is counted by the newer one, too.
    shop.desk.submit(far.id, "ask", by=ANN)
    shop.tick()
    case = shop.desk.get_case(far.id).case
    assert due(case, "reply") == parse_instant("2026-03-05T10:00:00Z")
