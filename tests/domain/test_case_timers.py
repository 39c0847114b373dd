"""Timers: armed at a start, fired in order at their due time, cancelled when the case moves."""

from dataclasses import replace

from case_examples import (
    ANN,
    CUSTOMER,
    RULES,
    START,
    around,
    changed,
    due,
    fired,
    hours,
    opened,
    put,
    rulebook,
    without_recording,
)

from aftersales.domain.case import Change, Effect, Event, fire_timers, handle_event, message_told


def names(changes: list[Change]) -> list[str]:
    """The events of these changes."""
    return [change.history.event for change in changes]


def question(version: int) -> Effect:
    """The message of a version of the case."""
    return Effect(f"shop/case/{version}/1", "case", "message", "message", "question", START)


def test_the_deadlines_of_the_first_state_are_armed_with_their_warnings() -> None:
    assert due(opened()) == {
        "1/1/decide/0": 24.0,
        "1/1/decide/0/warning-0": 12.0,
        "1/1/reply/0": 24.0,
    }


def test_nothing_fires_at_its_due_time_and_all_a_moment_after() -> None:
    case = opened()
    assert fired(case, 12) == []
    assert names(fired(case, 12.001)) == ["warning of decide"]


def test_timers_fire_in_due_order_and_a_move_cancels_the_others() -> None:
    """`decide` and `reply` are due together: the first moves the case, the second is over."""
    changes = fired(opened(), 25)
    assert names(changes) == ["warning of decide", "escalate"]
    assert due(changes[-1].case) == {"1/2/answer/0": 35.0}


def test_a_warning_fires_before_a_deadline_of_the_same_instant() -> None:
    rules = rulebook(("reply:  {within: 24 hours", "reply:  {within: 12 hours"))
    assert names(fired(opened(rules), 12.5, rules)) == ["warning of decide", "nudge"]


def test_a_firing_happens_at_its_due_time_however_late_it_is_recorded() -> None:
    soon, late = fired(opened(), 13), fired(opened(), 20)
    assert [change.history.effective_at for change in late] == [START + hours(12)]
    assert [without_recording(c) for c in soon] == [without_recording(c) for c in late]
    assert soon[0].history.recorded_at != late[0].history.recorded_at


def test_what_stays_rearms_the_deadline_that_fired_from_its_due_time() -> None:
    rules = rulebook(("reply:  {within: 24 hours", "reply:  {within: 6 hours"))
    (first,) = fired(opened(rules), 7, rules)
    assert due(first.case)["1/1/reply/1"] == 12.0
    assert due(first.case)["1/1/decide/0"] == 24.0


def test_a_timer_whose_event_is_used_up_is_spent_and_calls_a_person() -> None:
    rules = rulebook(("reply:  {within: 24 hours", "reply:  {within: 6 hours"))
    changes = fired(opened(rules), 20, rules)
    assert names(changes) == ["nudge", "warning of decide", "nudge"]
    last = changes[-1].case
    assert "used up" in last.needs_person
    assert not any("reply" in name for name in due(last))


def test_a_timer_whose_guard_fails_is_spent_and_calls_a_person() -> None:
    case = changed(put(opened(severity="major"), "hurry")).case
    (change,) = fired(case, 20)
    assert (change.case.state, change.case.timers) == ("asking", ())
    assert "`silence` was due" in change.case.needs_person


def test_a_wait_for_the_desk_starts_when_the_event_happened() -> None:
    asking = changed(put(opened(), "hurry", after=1)).case
    back = changed(put(asking, "answered", by=CUSTOMER, after=2, recorded_after=5)).case
    assert due(back)["1/3/decide/0"] == 26.0


def test_a_wait_for_the_customer_starts_when_it_was_recorded() -> None:
    case = changed(put(opened(), "hurry", after=1, recorded_after=5)).case
    assert due(case) == {"1/2/answer/0": 15.0}


def test_a_wait_for_a_message_starts_when_that_very_message_was_told() -> None:
    case = changed(put(opened(), "ask", after=1)).case
    assert due(case) == {"1/2/answer/0": None}
    early = message_told(around(), case, question(1), START + hours(2))
    assert early is None  # another sending of the same words
    told = changed(message_told(around(), case, question(2), START + hours(3)))
    assert due(told.case) == {"1/2/answer/0": 13.0}
    assert told.history.event == "message_sent"


def test_a_message_nothing_waits_for_changes_nothing() -> None:
    case = opened()
    assert message_told(around(), case, question(1), START) is None


def test_a_wait_starts_at_once_where_nothing_is_ever_told() -> None:
    silent = replace(around(), waits_start_when_told=False)
    case = opened()
    change = handle_event(silent, case, Event("ask", ANN, START + hours(1)))
    assert due(changed(change).case) == {"1/2/answer/0": 11.0}


def test_leaving_a_state_takes_its_timers_along_and_a_return_arms_new_ones() -> None:
    asking = changed(put(opened(), "hurry", after=1)).case
    assert set(due(asking)) == {"1/2/answer/0"}
    back = changed(put(asking, "answered", by=CUSTOMER, after=2)).case
    assert set(due(back)) == {"1/3/decide/0", "1/3/decide/0/warning-0", "1/3/reply/0"}


def test_a_closed_case_has_no_timers() -> None:
    case = changed(put(opened(), "sort_out", after=1)).case
    assert (case.timers, case.due_at, case.closed_at) == ((), None, START + hours(1))
    assert fire_timers(around(), case, START + hours(9999)) is None


def test_the_earliest_timer_is_when_the_case_is_due() -> None:
    assert opened().due_at == START + hours(12)
    assert changed(put(opened(), "ask")).case.due_at is None


def test_a_timer_says_why_it_is_due_then() -> None:
    (timer,) = [t for t in opened().timers if t.id == "1/1/decide/0"]
    assert timer.started_at == START
    assert timer.why["duration"] == "24 hours"
    assert RULES.calendar(None).zone == "UTC"
