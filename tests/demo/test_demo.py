"""What the demo must show: all kinds, all outcomes, and nothing done twice."""

from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.demo.demo_results import CATALOG

from aftersales.cli.demo import command
from aftersales.demo import FolderTaken, Script, ScriptBroken, play, run, ticks_every
from aftersales.demo.report import report
from aftersales.demo.stories import story
from aftersales.desk import Desk
from aftersales.domain.money import Money
from aftersales.store import Store
from aftersales.testing import FrozenClock


def test_every_outcome_of_every_kind_is_reached(hourly: Desk, script: Script) -> None:
    reached = defaultdict(set)
    for view in hourly.find_cases(limit=1000):
        reached[view.kind].add(view.outcome)
    for kind in CATALOG.kinds:
        states = CATALOG.rulebook(kind, script.begins_at).workflow.states.values()
        declared = {state.outcome for state in states if state.outcome}
        assert declared <= reached[kind], f"{kind}: {sorted(declared - reached[kind])}"


def test_no_invariant_is_broken_and_nobody_has_to_step_in(hourly: Desk) -> None:
    assert hourly.doctor() == []
    assert [view.needs_person for view in hourly.find_cases(needs_person=True)] == []


def test_sixty_orders_on_several_platforms_and_in_several_currencies(script: Script) -> None:
    assert len(script.orders) >= 60
    assert script.days == 40
    assert len({order.facts["platform"] for order in script.orders}) >= 6
    assert len({order.paid.currency for order in script.orders}) >= 8
    assert {"US", "GB", "DE", "FR", "CA", "CN"} <= {o.facts["country"] for o in script.orders}


def test_a_web_hook_that_comes_twice_acts_once(hourly: Desk, script: Script) -> None:
    twice = [(o, s) for o in script.orders for s in o.steps if s.is_twice]
    assert len(twice) >= 4
    for order, step in twice:
        cases = hourly.find_cases(order_id=order.id, kind=step.opens or None)
        told = [entry.event for entry in hourly.history(cases[0].id)]
        assert told.count(step.does or "open") == 1
        assert not step.opens or len(cases) == 1


def test_a_dispute_between_acceptance_and_payment_keeps_the_money_here(hourly: Desk) -> None:
    with hourly.store.reading(hourly.shop) as tx:
        ours = [e for e in tx.ledger_of_order("OS-1013") if e.by == "us"]
        account = tx.account("order:OS-1013")
        effects = [effect for e in ours for effect in tx.effects(e.case_id)]
    assert [entry.status for entry in ours] == ["failed"]
    assert {e.status for e in effects if e.lane == "money"} == {"withdrawn"}
    assert account is not None
    assert account.confirmed == Money("0", "USD")
    assert account.external == account.paid


def test_where_the_platform_refunded_first_we_refund_nothing(hourly: Desk) -> None:
    with hourly.store.reading(hourly.shop) as tx:
        entries = tx.ledger_of_order("AM-1011")
    assert [(e.by, e.amount) for e in entries] == [("platform", Money("58.99", "USD"))]


def test_what_happened_in_the_outage_is_told_later_at_its_own_time(
    hourly: Desk, script: Script
) -> None:
    late = [
        entry
        for view in hourly.find_cases(limit=1000)
        for entry in hourly.history(view.id)
        if entry.effective_at in script.outage
    ]
    assert {entry.event for entry in late} >= {"platform_refunded", "remedy_done"}
    assert all(entry.recorded_at >= script.outage.ends_at for entry in late)
    assert all(not entry.note for entry in late)  # none of them was too late to count


def test_each_message_is_in_the_outbox_and_none_of_them_shows_a_template(hourly: Desk) -> None:
    with hourly.store.reading(hourly.shop) as tx:
        views = hourly.find_cases(limit=1000)
        sent = [e for v in views for e in tx.effects(v.id) if e.lane == "message"]
    assert {effect.status for effect in sent} <= {"done", "overtaken", "withdrawn"}
    assert sum(effect.status == "done" for effect in sent) > 100


def test_the_report_counts_every_case_and_every_remedy(hourly: Desk, script: Script) -> None:
    counted = report(hourly)
    cases = sum(kind.outcomes.total() + kind.states.total() for kind in counted.cases)
    assert cases == len(hourly.find_cases(limit=1000))
    assert counted.orders == len(script.orders)
    yen = next(given for given in counted.given if given.currency == "CNY")
    assert yen.confirmed == Money("320.00", "CNY")
    desk = next(kept for kept in counted.kept if kept.party == "desk")
    assert desk.endings["met"] > desk.endings["missed"] > 0


def test_a_story_tells_all_cases_of_its_order_in_their_order(hourly: Desk) -> None:
    told = story(hourly, "OS-1013")
    assert [line.at for line in told.lines] == sorted(line.at for line in told.lines)
    words = [line.text for line in told.lines]
    held = next(i for i, text in enumerate(words) if "the order is held" in text)
    assert "failed (withdrawn: a dispute holds the order)" in " ".join(words[held:])
    assert told.lines[-1].stands == "closed: lost"


def test_a_step_that_the_desk_refuses_stops_the_play(tmp_path: Path, script: Script) -> None:
    from dataclasses import replace

    order = script.orders[0]
    wrong = replace(order.steps[-1], does="no_such_event")
    broken = replace(script, orders=(replace(order, steps=(order.steps[0], wrong)),))
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    store.migrate()
    clock = FrozenClock(script.begins_at)
    desk = Desk(store=store, catalog=CATALOG, clock=clock)
    with pytest.raises(ScriptBroken, match="no_such_event"):
        play(desk, clock, broken, ticks_every(broken, script.ends_at - script.begins_at))


def test_the_command_ends_with_0_says_what_to_type_next_and_can_be_run_again(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shop"
    for _ in range(2):
        ran = CliRunner().invoke(command, [str(folder), "--ticks", "end"], standalone_mode=False)
        assert ran.exception is None
        assert ran.return_value == 0
    assert "aftersales.toml" in ran.output
    assert "case explain" in ran.output
    assert (folder / "aftersales.db").is_file()
    assert list((folder / "outbox" / "message").glob("*.txt"))


def test_a_folder_that_holds_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderTaken):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
