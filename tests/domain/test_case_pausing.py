"""Pausing and resuming: what counts, what is due when, and that nothing is lost or doubled."""

from dataclasses import replace

import pytest
from case_examples import (
    ANN,
    CUSTOMER,
    START,
    around,
    changed,
    fired,
    hours,
    opening,
)
from case_examples import put as put_by_rules
from pausing_examples import RULES, at, rulebook

from aftersales.domain.calendar import HOUR, iso
from aftersales.domain.case import (
    Actor,
    Case,
    Effect,
    Refusal,
    fire_timers,
    message_told,
    open_case,
)
from aftersales.domain.rulebook import Rulebook


def opened(rules: Rulebook = RULES, **facts: str) -> Case:
    """A case opened on Monday, 2 March 2026, at 9:00."""
    return changed(open_case(around(rules), opening(facts))).case


def put(case: Case, *events: str, after: float, rules: Rulebook = RULES, **how: object) -> Case:
    """The case after these events, so many hours after it was opened, as far as time is passed."""
    for event in events:
        case = changed(put_by_rules(case, event, after=after, rules=rules, **how)).case  # type: ignore[arg-type]
    return case


def told(case: Case, version: int, after: float, rules: Rulebook = RULES) -> Case:
    """The question of that version was handed over."""
    message = Effect(f"shop/case/{version}/1", "case", "message", "message", "question", START)
    return changed(message_told(around(rules), case, message, START + hours(after))).case


def test_hours_go_on_where_they_stood_and_their_warnings_with_them() -> None:
    case = opened()
    assert at(case, "think") == "Mon 2 Mar 2026, 17:00"
    case = put(case, "ponder", after=3)
    assert [at(case, t) for t in ("think", "think/warning-0", "think/warning-1")] == ["paused"] * 3
    case = put(case, "decided", after=6)
    assert at(case, "think") == "Tue 3 Mar 2026, 12:00"  # 3 hours used, 5 left from 15:00
    assert at(case, "think/warning-0") == "Mon 2 Mar 2026, 16:00"
    assert at(case, "think/warning-1") == "Tue 3 Mar 2026, 10:00"


def test_days_are_counted_again_and_end_as_days_do() -> None:
    case = put(opened(), "hold", after=27)
    assert at(case, "resolution") == "paused"
    short, long = put(case, "go_on", after=28), put(case, "go_on", after=75)
    assert at(short, "resolution") == "Tue 10 Mar 2026, 17:00"  # an hour lost: the next closing
    assert at(long, "resolution") == "Wed 11 Mar 2026, 17:00"


def test_nothing_is_due_while_paused() -> None:
    rules = rulebook(("decide: {within: 30 days", "decide: {within: 300 days"))
    case = put(opened(rules), "hold", "ponder", after=3, rules=rules)
    assert fired(case, 24 * 200, rules) == []
    all_paused = replace(case, timers=tuple(t for t in case.timers if t.paused_at))
    assert all_paused.due_at is None


@pytest.mark.parametrize(
    ("pause", "resume"),
    [(9, 20), (8, 24), (27, 27)],
    ids=["at night", "from closing to opening", "of no length"],
)
def test_a_pause_of_no_open_time_changes_nothing(pause: float, resume: float) -> None:
    before = opened()
    case = put(put(before, "hold", after=pause), "go_on", after=resume)
    assert at(case, "resolution") == at(before, "resolution")
    assert at(case, "resolution/warning-0") == at(before, "resolution/warning-0")


def test_paused_and_resumed_by_one_event_changes_nothing_at_all() -> None:
    before = opened()
    case = put(before, "no_time", after=5)
    assert (case.timers, case.counts) == (before.timers, before.counts)


def test_pausing_what_is_paused_and_resuming_what_runs_change_nothing() -> None:
    before = opened()
    assert put(before, "go_on", after=1).timers == before.timers
    once = put(before, "hold", after=3)
    twice = put(once, "hold", after=6)
    assert twice.timers == once.timers
    assert put(twice, "go_on", "go_on", after=27).timers == put(once, "go_on", after=27).timers


def test_several_pauses_add_up() -> None:
    case = opened()
    for pause, resume in ((1, 2), (3, 4), (4, 5)):
        case = put(put(case, "ponder", after=pause), "decided", after=resume)
    assert at(case, "think") == "Tue 3 Mar 2026, 12:00"
    (think,) = [t for t in case.timers if (t.deadline, t.warning) == ("think", None)]
    assert [(a - START, b - START) for a, b in think.pauses] == [
        (hours(1), hours(2)),
        (hours(3), hours(5)),  # the one began as the other ended
    ]


def test_an_explanation_tells_the_pauses_and_the_date_without_them() -> None:
    case = put(put(opened(), "hold", after=27), "go_on", after=28)
    (timer,) = [t for t in case.timers if (t.deadline, t.warning) == ("resolution", None)]
    assert timer.why["planned"] == "2026-03-09T17:00:00Z"
    assert timer.why["pauses"] == [["2026-03-03T12:00:00Z", "2026-03-03T13:00:00Z", 3600]]
    assert timer.why["rule"].startswith("resolution (")


def test_a_warning_that_was_given_before_the_pause_is_not_given_again() -> None:
    case = opened()
    given = fired(case, 5, RULES)[-1].case
    assert at(given, "think/warning-0") == "not armed"
    case = put(put(given, "ponder", after=5), "decided", after=30)
    assert at(case, "think/warning-0") == "not armed"
    assert at(case, "think/warning-1") != "not armed"


def test_what_was_used_up_at_the_very_pause_is_due_then_and_fires_once_resumed() -> None:
    rules = rulebook(
        (
            "when_over: silence}\n    events:\n      ask:",
            "when_over: too_long}\n    events:\n      ask:",
        )
    )
    case = put(opened(rules), "ponder", after=8, rules=rules)
    case = put(case, "decided", after=30, rules=rules)
    assert at(case, "think") == "Mon 2 Mar 2026, 17:00"
    change = changed(fire_timers(around(rules), case, START + hours(31)))
    assert change.history.effective_at == START + hours(30)


# -- paused from the start


def test_a_deadline_of_the_state_an_event_leads_to_is_armed_paused() -> None:
    case = put(opened(), "again", after=1)
    assert at(case, "think") == "paused"
    assert at(put(case, "decided", after=4), "think") == "Tue 3 Mar 2026, 13:00"


def test_a_case_deadline_is_paused_by_the_event_that_starts_it() -> None:
    case = put(opened(), "hold", after=3, told_at=iso(START + hours(3)))
    assert at(case, "lease") == "paused"
    assert at(put(case, "go_on", after=20), "lease") == "Tue 3 Mar 2026, 13:00"


def test_a_case_deadline_paused_before_it_is_armed_has_used_what_passed_before_the_pause() -> None:
    case = put(put(opened(), "hold", after=3), "tell", after=5, told_at=iso(START + hours(1)))
    assert at(case, "lease") == "paused"
    # Used: from the first to the third hour. Left from the twentieth: 8 hours, less the buffer.
    assert at(put(case, "go_on", after=20), "lease") == "Tue 3 Mar 2026, 11:00"


def test_a_second_pause_does_not_move_the_first_for_what_is_armed_later() -> None:
    case = put(put(opened(), "hold", after=3), "hold", after=6)
    case = put(case, "tell", after=7, told_at=iso(START + hours(1)))
    assert at(put(case, "go_on", after=20), "lease") == "Tue 3 Mar 2026, 11:00"


def test_a_case_deadline_armed_after_its_pause_runs() -> None:
    case = put(put(opened(), "hold", after=3), "go_on", after=4)
    case = put(case, "tell", after=5, told_at=iso(START + hours(5)))
    assert at(case, "lease") == "Mon 2 Mar 2026, 22:00"


def test_a_case_deadline_that_starts_anew_keeps_its_pauses() -> None:
    case = put(opened(), "tell", after=1, told_at=iso(START + hours(1)))
    case = put(put(case, "hold", after=2), "go_on", after=4)
    assert at(case, "lease") == "Mon 2 Mar 2026, 20:00"
    corrected = put(case, "tell", after=5, told_at=iso(START + hours(0.5)))
    assert at(corrected, "lease/1") == "Mon 2 Mar 2026, 19:30"


def test_a_wait_for_a_message_that_is_paused_is_armed_paused_when_told() -> None:
    case = put(opened(), "ask_held", after=1)
    (answer,) = [t for t in case.timers if t.deadline == "answer"]
    assert (answer.waits_for, answer.due_at) == ("question", None)
    case = told(case, 2, after=5)
    assert at(case, "answer") == "paused"
    case = put(case, "is_back", by=CUSTOMER, after=29, recorded_after=29)
    assert at(case, "answer") == "Mon 9 Mar 2026, 17:00"  # capped by the case deadline


def test_a_wait_for_a_message_resumed_before_it_was_told_runs_from_its_telling() -> None:
    case = put(opened(), "ask_held", after=1)
    case = put(case, "is_back", by=CUSTOMER, after=3)
    (answer,) = [t for t in case.timers if t.deadline == "answer"]
    assert (answer.waits_for, answer.paused_at, answer.pauses) == ("question", None, ())
    case = told(case, 2, after=5)
    assert [t.pauses for t in case.timers if t.deadline == "answer"] == [(), ()]


# -- what it ends, and what ends it


def test_a_deadline_of_a_state_ends_with_the_visit_paused_or_not() -> None:
    case = put(opened(), "ponder", after=1)
    case = put(case, "ask", after=2)
    assert at(case, "think") == "not armed"
    back = put(case, "answered", by=CUSTOMER, after=3)
    assert at(back, "think") == "Tue 3 Mar 2026, 12:00"


def test_a_case_deadline_stays_paused_across_states() -> None:
    case = put(opened(), "wait", after=1)
    assert (case.state, at(case, "resolution")) == ("asking", "paused")
    back = put(case, "answered", by=CUSTOMER, after=9)
    assert (back.state, at(back, "resolution")) == ("reported", "Tue 10 Mar 2026, 17:00")


def test_a_cap_is_lifted_while_paused_and_set_again_after() -> None:
    case = told(put(opened(), "ask", after=1), 2, after=1)
    assert at(case, "answer") == "Mon 9 Mar 2026, 17:00"
    held = put(case, "hold", after=27)
    assert at(held, "answer") == "Fri 13 Mar 2026, 00:00"
    on = put(held, "go_on", after=28)
    assert at(on, "answer") == "Tue 10 Mar 2026, 17:00"
    assert at(on, "resolution") == "Tue 10 Mar 2026, 17:00"


def test_a_reminder_that_a_cap_left_out_comes_back_when_the_cap_is_lifted() -> None:
    case = told(put(opened(), "ask", after=72), 2, after=72)
    assert at(case, "answer/warning-0") == "left out"
    held = put(case, "hold", after=73)
    assert at(held, "answer/warning-0") == "Wed 11 Mar 2026, 00:00"


def test_a_cap_set_again_asks_no_policy_and_keeps_the_pauses() -> None:
    case = told(put(opened(), "ask", after=1), 2, after=1)
    case = put(case, "hold", after=2)
    case = put(put(case, "travels", by=CUSTOMER, after=3), "is_back", by=CUSTOMER, after=51)
    before = {t.id: t for t in case.timers}
    case = put(case, "go_on", after=52)
    answer = next(t for t in case.timers if (t.deadline, t.warning) == ("answer", None))
    assert answer.id in before
    assert answer.pauses == before[answer.id].pauses != ()
    assert answer.run == before[answer.id].run


def test_an_outage_never_shortens_a_pause_of_the_customer() -> None:
    """What he sent is recorded two days later: his window goes on from then."""
    rules = rulebook((", at_latest: resolution", ""))
    case = told(put(opened(rules), "ask", after=1, rules=rules), 2, 1, rules)
    case = put(case, "travels", by=CUSTOMER, after=2, rules=rules)
    soon = put(case, "is_back", by=CUSTOMER, after=26, recorded_after=26, rules=rules)
    late = put(case, "is_back", by=CUSTOMER, after=26, recorded_after=74, rules=rules)
    assert at(soon, "answer") == "Sat 14 Mar 2026, 00:00"
    assert at(late, "answer") == "Mon 16 Mar 2026, 00:00"


def test_a_new_round_begins_unpaused() -> None:
    case = put(opened(), "hold", after=1)
    case = put(put(case, "ask", after=2), "silence", by=Actor.system(), after=3)
    case = put(case, "reopen", after=4)
    assert case.round == 2
    case = put(case, "tell", after=5, told_at=iso(START + hours(5)))
    assert at(case, "lease") == "Mon 2 Mar 2026, 22:00"


def test_the_platforms_clock_goes_on_whatever_is_paused() -> None:
    facts = {"told_at": iso(START + hours(1)), "due_by": iso(START + hours(50))}
    case = put(opened(), "tell", after=1, **facts)
    due = at(case, "theirs")
    assert due == "Wed 4 Mar 2026, 11:00"
    assert at(put(case, "hold", after=2), "theirs") == due


# -- days passed on, zones, horizons

MIDNIGHT = (
    "{within: 8 business hours, warn: {50%: [alert agent], "
    "6 business hours: [alert supervisor]}, when_over: silence}",
    "{within: 1 business day, due_at: midnight, when_over: too_long}",
)


def test_a_deadline_that_follows_another_at_midnight_counts_from_its_day() -> None:
    rules = rulebook(MIDNIGHT)
    case = opened(rules)
    assert at(case, "think") == "Wed 4 Mar 2026, 00:00"  # Tuesday, 24:00
    (change,) = [c for c in fired(case, 40, rules) if c.history.event == "too_long"]
    assert at(change.case, "think/1") == "Thu 5 Mar 2026, 00:00"


def test_a_deadline_that_follows_one_of_hours_counts_from_its_own_day() -> None:
    """Forty hours end on Wednesday at 1:00, in the night shift of Tuesday."""
    night = (*(((22 * HOUR, 30 * HOUR),),) * 5, (), ())
    elapsed = (MIDNIGHT[1], "{within: 40 hours, when_over: again}")
    again = ("again:    {by: agent,", "again:    {by: [agent, system],")
    one_day = ("decide: {within: 30 days", "decide: {within: 1 business day")
    rules = rulebook(MIDNIGHT, elapsed, again, one_day, week=night)
    change = fired(opened(rules), 41, rules)[-1]
    assert change.history.event == "again"
    assert at(change.case, "decide") == "Thu 5 Mar 2026, 06:00"


def test_a_deadline_that_follows_one_cut_short_counts_from_its_own_day() -> None:
    capped = (MIDNIGHT[1], "{within: 5 business days, at_latest: lease, when_over: too_long}")
    rules = rulebook(MIDNIGHT, capped)
    case = opened(rules, told_at=iso(START))
    assert at(case, "think") == "Mon 2 Mar 2026, 17:00"
    change = fired(case, 9, rules)[-1]
    assert at(change.case, "think/1") == "Mon 9 Mar 2026, 17:00"


def test_a_deadline_armed_later_than_midnight_counts_from_its_own_day() -> None:
    rules = rulebook(MIDNIGHT)
    case = put(
        put(opened(rules), "ask", after=38, rules=rules),
        "answered",
        by=CUSTOMER,
        after=39.5,
        rules=rules,
    )
    assert at(case, "think") == "Fri 6 Mar 2026, 00:00"


def test_a_customers_days_are_counted_in_his_zone() -> None:
    rules = rulebook((", at_latest: resolution", ""))
    abroad = told(
        put(opened(rules, customer_zone="America/Los_Angeles"), "ask", after=1, rules=rules),
        2,
        1,
        rules,
    )
    unknown = told(put(opened(rules), "ask", after=1, rules=rules), 2, 1, rules)
    assert at(unknown, "answer") == "Fri 13 Mar 2026, 00:00"
    assert at(abroad, "answer") == "Fri 13 Mar 2026, 07:00"  # there the clocks have gone forward
    assert at(abroad, "decide") == "not armed"
    held = put(abroad, "travels", by=CUSTOMER, after=2, rules=rules)
    on = put(held, "is_back", by=CUSTOMER, after=26, rules=rules)
    assert at(on, "answer") == "Sat 14 Mar 2026, 07:00"


def test_our_own_days_are_counted_in_our_zone() -> None:
    case = opened(customer_zone="America/Los_Angeles")
    assert at(case, "decide") == at(opened(), "decide")


def test_a_deadline_that_names_its_calendar_counts_in_its_zone() -> None:
    rules = rulebook((", at_latest: resolution", ", calendar: desk"))
    case = put(opened(rules, customer_zone="America/Los_Angeles"), "ask", after=1, rules=rules)
    assert at(told(case, 2, 1, rules), "answer") == "Fri 13 Mar 2026, 00:00"


@pytest.mark.parametrize("zone", ["America/Los_Angelos", "Mars", "america/los_angeles", "../UTC"])
def test_a_zone_that_is_none_is_refused_at_the_door(zone: str) -> None:
    refused = open_case(around(RULES), opening({"customer_zone": zone}))
    assert isinstance(refused, Refusal)
    assert (refused.code, "not a time zone" in refused.reason) == ("fact", True)


def test_a_last_day_that_is_closed_is_moved_on_where_the_deadline_says_so() -> None:
    short = ("decide: {within: 30 days", "decide: {within: 5 days")
    following = (short[0], "decide: {within: 5 days, if_closed: following")
    assert at(opened(rulebook(short)), "decide") == "Sun 8 Mar 2026, 00:00"
    assert at(opened(rulebook(following)), "decide") == "Tue 10 Mar 2026, 00:00"


def test_a_date_that_rests_on_unknown_holidays_is_armed_and_a_person_is_called() -> None:
    rules = rulebook(known_until=2025, predicted_until=2025)
    change = changed(open_case(around(rules), opening()))
    assert at(change.case, "resolution") == "Mon 9 Mar 2026, 17:00"
    assert "2026 are not known" in change.case.needs_person
    alerts = [e for e in change.effects if e.lane == "alert"]
    assert len(alerts) == 2  # `resolution` and `think`; `decide` is in calendar days
    assert not opened(rulebook(known_until=2026)).needs_person


def test_a_person_is_called_once_for_each_arming_and_not_again_by_a_pause() -> None:
    rules = rulebook(known_until=2025, predicted_until=2025)
    case = opened(rules)
    held = put(case, "hold", after=27, rules=rules)
    change = changed(put_by_rules(held, "go_on", after=28, rules=rules))
    assert change.effects == ()


def test_a_pause_that_carries_a_date_into_an_unknown_year_calls_a_person() -> None:
    rules = rulebook(known_until=2026, predicted_until=2026)
    case = put(opened(rules), "hold", after=27, rules=rules)
    case = put(case, "go_on", by=ANN, after=24 * 310, rules=rules)
    assert at(case, "resolution").endswith("Jan 2027, 17:00")
    assert "2027 are not known" in case.needs_person
