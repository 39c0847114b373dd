"""What people read of a deadline that is paused, and of one that was."""

from datetime import timedelta
from pathlib import Path

import pytest

from aftersales import Actor, Money, load_calendars
from aftersales.cli.case import explain, history, words
from aftersales.cli.case.show import shown
from aftersales.desk import DueExplained
from aftersales.domain.calendar import Calendar, Plan, parse_instant
from aftersales.domain.calendar.clock import HOUR
from aftersales.domain.case import Timer
from aftersales.domain.duration import Duration
from aftersales.testing import ShopForTests, desk_for_tests

START = parse_instant("2026-03-02T09:00:00Z")
DESK = Calendar.built(
    Plan(name="desk", zone="UTC", week=(*(((9 * HOUR, 17 * HOUR),),) * 5, (), ()))
)
DUE = DESK.due(START, Duration.parse("2 business days"))


def test_a_paused_deadline_says_since_when() -> None:
    timer = Timer(1, 0, "resolution", 0, None, run=DUE.run, paused_at=START + timedelta(hours=1))
    cells = words.until(timer, DESK, START + timedelta(hours=3), "UTC")
    assert cells == ["resolution", "paused since Mon 2 Mar 2026, 10:00 (UTC)", ""]


def test_its_explanation_says_when_it_would_be_due_if_it_went_on_now() -> None:
    since, now = START + timedelta(hours=1), START + timedelta(hours=3)
    resumed = DESK.resumed(DUE.run, [(since, now)])
    told = DueExplained(
        "1/0/resolution/0", "resolution", False, None, DUE.why, "", since, resumed.at
    )
    (line,) = [line for line in explain._dues([told], "UTC") if "resolution" in line]
    assert line == (
        "  resolution: no date: paused since Mon 2 Mar 2026, 10:00 (UTC); "
        "resumed now, it would be due Thu 5 Mar 2026, 17:00 (UTC)"
    )


def test_a_pause_that_is_over_is_told_with_what_it_cost() -> None:
    first = (START + timedelta(hours=1), START + timedelta(hours=3))
    second = (START + timedelta(hours=9), START + timedelta(hours=20))
    lines = words.why_due(DESK.resumed(DUE.run, [first, second]).why, "UTC")
    assert lines[-3:] == [
        "paused from Mon 2 Mar 2026, 10:00 (UTC) to Mon 2 Mar 2026, 12:00 (UTC): "
        "2:00 h of it would have counted",
        "paused from Mon 2 Mar 2026, 18:00 (UTC) to Tue 3 Mar 2026, 05:00 (UTC): "
        "nothing of it would have counted",
        "without pauses: Wed 4 Mar 2026, 17:00 (UTC)",
    ]


def test_what_is_for_machines_only_is_not_printed() -> None:
    why = {"rule": "low (a.yaml:7)", "stamped": True, "versions": {"a": "b"}, "more": [["c", {}]]}
    assert words.why_due(why, "UTC") == ["rule: low (a.yaml:7)", "stamped: yes"]


# -- moved to a newer calendar

FACTS = {
    "affected_value": Money("240.00", "EUR"),
    "severity": "minor",
    "country": "DE",
    "platform": "own_shop",
}
ZONE = "America/New_York"
IN_ZONE = f"({ZONE})"
SHIPPED = Path(__file__).parents[2] / "policies" / "calendars.yaml"


@pytest.fixture
def shop(tmp_path: Path) -> ShopForTests:
    """A damaged item was reported on Monday, 2 November 2026; it is ours within 20 days."""
    shop = desk_for_tests(tmp_path, at="2026-11-02T15:00:00Z")
    shop.desk.record_order("1001", paid=Money("240.00", "EUR"))
    shop.desk.open_case("damaged", order_id="1001", customer_id="c9", facts=FACTS)
    return shop


def moved(shop: ShopForTests, folder: Path, day: str) -> None:
    """The desk turns out to be closed on this day, too, and the case is moved."""
    hours = "    hours: {mon-fri: 09:00-17:00}\n"
    text = SHIPPED.read_text(encoding="utf-8")
    new = folder / "new.yaml"
    new.write_text(text.replace(hours, f"{hours}    closed: {{{day}: fair}}\n", 1), "utf-8")
    desk = {"desk": load_calendars(new)["desk"]}
    assert shop.desk.move_calendars(desk, by=Actor.supervisor("sue"), why="a fair").kept == 0


def page(shop: ShopForTests) -> list[str]:
    """What `case explain` says of `resolution`."""
    (case,) = shop.desk.find_cases()
    lines = explain.explained(shop.desk.explain(case.id), ZONE)
    first = next(i for i, line in enumerate(lines) if line.startswith("  resolution:"))
    rest = lines[first + 1 :]
    end = next((i for i, line in enumerate(rest) if not line.startswith("    ")), len(rest))
    return lines[first : first + 1 + end]


def test_what_was_used_before_a_newer_calendar_is_told_with_the_day_it_came(
    shop: ShopForTests, tmp_path: Path
) -> None:
    shop.clock.set("2026-11-05T15:00:00Z")
    moved(shop, tmp_path, "2026-11-17")
    lines = page(shop)
    assert lines[0].startswith("  resolution: Thu 3 Dec 2026, 17:00")
    assert lines[1].startswith("    20 business days from Mon 2 Nov 2026, 10:00")
    said = "    2 used before the calendar changed on Thu 5 Nov 2026; counted since: "
    assert lines[2].startswith(said + "2026-11-05, 2026-11-06, ")
    assert len(lines[2].removeprefix(said).split(", ")) == 18
    assert any(line.startswith("    moved from: Wed 2 Dec 2026, 17:00") for line in lines)


def test_where_no_day_was_used_before_all_days_are_counted(
    shop: ShopForTests, tmp_path: Path
) -> None:
    moved(shop, tmp_path, "2026-11-17")
    lines = page(shop)
    assert lines[2].startswith("    counted: 2026-11-03, ")
    assert "taken over" not in "".join(lines)


def test_hours_that_were_used_are_told_as_hours() -> None:
    why = {"taken_over_at": "2026-03-03T10:00:00Z", "counted": ["2026-03-03"]}
    due = DueExplained("", "", False, None, why, "", used_seconds_before=4 * 3600)
    assert words.why_due(why, "UTC", used_before=explain._used_before(due)) == [
        "4:00 h used before the calendar changed on Tue 3 Mar 2026; counted since: 2026-03-03"
    ]


def test_a_calendar_that_is_taken_over_says_nothing_where_no_day_is_counted() -> None:
    why = {"taken_over_at": "2026-03-03T10:00:00Z", "earlier": {"start": "2026"}}
    assert words.why_due(why, "UTC") == []


def test_a_date_that_was_kept_from_an_edit_says_so() -> None:
    assert words.why_due({"not_before": "2026-03-03T10:00:00Z"}, "UTC") == [
        "not before Tue 3 Mar 2026, 10:00 (UTC): a newer calendar makes nothing late by itself"
    ]


def test_what_is_moved_while_paused_is_told_as_one_pause_by_the_newer_calendar(
    shop: ShopForTests, tmp_path: Path
) -> None:
    shop.clock.set("2026-11-03T15:00:00Z")
    (case,) = shop.desk.find_cases()
    shop.desk.submit(case.id, "ask_for_evidence", by=Actor.agent("ann"))
    shop.clock.set("2026-11-05T15:00:00Z")
    assert page(shop)[0].endswith("resumed now, it would be due Fri 4 Dec 2026, 17:00 " + IN_ZONE)
    moved(shop, tmp_path, "2026-11-17")
    shop.clock.set("2026-11-06T15:00:00Z")
    lines = page(shop)
    assert lines[0] == (
        f"  resolution: no date: paused since Tue 3 Nov 2026, 10:00 {IN_ZONE}; "
        f"resumed now, it would be due Tue 8 Dec 2026, 17:00 {IN_ZONE}"
    )
    counted = next(line for line in lines if line.startswith("    counted: "))
    days = counted.removeprefix("    counted: ").split(", ")
    assert (days[0], days[-1], len(days)) == ("2026-11-06", "2026-12-08", 20)
    told = f"    paused since Tue 3 Nov 2026, 10:00 {IN_ZONE}: 24:00 h until now would have counted"
    assert told in lines
    assert "without pauses" not in "".join(lines)
    view, rulebook = shop.desk.get_case(case.id), shop.desk.rulebook(case.id)
    dues = [line.split() for line in shown(view, rulebook, shop.desk.now(), ZONE)]
    since = f"resolution paused since Tue 3 Nov 2026, 10:00 {IN_ZONE}"
    assert since.split() in dues


def test_the_history_tells_each_date_that_moved_on_a_line_of_its_own(
    shop: ShopForTests, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved(shop, tmp_path, "2026-11-03")
    (case,) = shop.desk.find_cases()
    entries = shop.desk.history(case.id)
    history._put(entries, ZONE)
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if "rulebook_moved" in line)
    assert lines[at].endswith("supervisor sue     reported  a fair")
    assert lines[at + 1 :] == [f"    {did}" for did in entries[-1].did]
    assert len(lines[at + 1 :]) > 2
    assert "send apology" in lines[1]
