"""P4 on the demo's orders: the result hangs on the events and their times, not on the ticks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.demo.demo_results import normalised, played

from aftersales.demo import Script, ticks, ticks_every
from aftersales.desk import CaseView, Desk


def _stood(desk: Desk) -> list[tuple[Any, ...]]:
    cases = [entry["case"] for entry in normalised(desk)]
    return [tuple(case[name] for name in ("order_id", "state", "outcome")) for case in cases]


@dataclass(frozen=True)
class Window:
    """A wait for a customer that ended by itself: when he was told, and when it was over."""

    told_at: datetime
    full_until: datetime
    ended_at: datetime
    may_be_cut: bool


def _windows(desk: Desk) -> Iterator[Window]:
    for view in desk.find_cases(limit=1000):
        yield from _windows_of(desk, view)


def _windows_of(desk: Desk, view: CaseView) -> Iterator[Window]:
    rulebook, told = desk.rulebook(view.id), {}
    for entry in desk.history(view.id):
        if entry.event == "message_sent":
            told |= {did.removeprefix("handed over "): entry.effective_at for did in entry.did}
        if not entry.rule.startswith("timer ") or "/warning-" in entry.rule:
            continue
        _, visit, name, _ = entry.rule.removeprefix("timer ").split("/")
        state = rulebook.workflow.states[entry.state_before]
        if visit == "0" or state.waiting_for != "customer":
            continue
        deadline = state.deadlines[name]
        assert deadline.within is not None
        told_at = told[deadline.starts_when_sent]
        calendar = rulebook.calendar(deadline.calendar, of_case=view.case.calendar)
        full_until = calendar.due(told_at, deadline.within, due_at=deadline.due_at).at
        outer = deadline.at_latest or ""
        may_be_cut = bool(view.case.counts.get(f"armed:{outer}"))
        yield Window(told_at, full_until, entry.effective_at, may_be_cut)


def test_ticks_every_hour_every_day_and_once_at_the_end_give_the_same(
    tmp_path: Path, script: Script
) -> None:
    results = {}
    for often in ("hourly", "daily", "end"):
        (tmp_path / often).mkdir()
        planned = ticks(script, often)
        desk = played(tmp_path / often, script, planned, waits_start_when_told=False)
        assert desk.doctor() == []
        results[often] = normalised(desk)
    assert results["daily"] == results["hourly"]
    assert results["end"] == results["hourly"]


def test_with_waits_that_start_when_told_ticks_on_time_change_nothing(
    tmp_path: Path, script: Script, hourly: Desk
) -> None:
    planned = ticks_every(script, timedelta(minutes=30))
    desk = played(tmp_path, script, planned, waits_start_when_told=True)
    assert _stood(desk) == _stood(hourly)


def test_every_customer_had_his_full_time_or_until_the_platforms_due_time(
    tmp_path: Path, script: Script, hourly: Desk
) -> None:
    daily = played(tmp_path, script, ticks(script, "daily"), waits_start_when_told=True)
    for desk in (hourly, daily):
        windows = list(_windows(desk))
        assert len(windows) >= 8
        for window in windows:
            assert window.ended_at >= window.full_until or window.may_be_cut
            assert window.told_at < window.ended_at
        assert any(window.ended_at < window.full_until for window in windows)  # one was cut


def test_the_outage_lengthens_a_customers_window_and_never_shortens_it(
    script: Script, hourly: Desk
) -> None:
    ended = [window.ended_at for window in _windows(hourly)]
    assert any(at in script.outage for at in ended)  # due within it, and fired at its due time
    assert all(window.ended_at >= window.full_until for window in _windows(hourly)
               if not window.may_be_cut)  # fmt: skip
