"""What people read of a deadline that is paused, and of one that was."""

from datetime import timedelta

from aftersales.cli.case import explain, words
from aftersales.desk import DueExplained
from aftersales.domain.calendar import Calendar, Plan, parse_instant
from aftersales.domain.calendar.clock import HOUR
from aftersales.domain.case import Timer
from aftersales.domain.duration import Duration

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
