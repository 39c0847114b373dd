"""A case gets a newer rulebook: used time stays used, nothing is late by it, all is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from case_examples import ANN, RULES, START, around, fired, hours, opened, rulebook
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.domain.calendar import HOUR, Calendar, Plan, day_number
from aftersales.domain.case import Case, Moved, Refusal, Timer, move
from aftersales.domain.duration import Duration
from aftersales.domain.rulebook import Rulebook

OPEN = ((9 * HOUR, 17 * HOUR),)
WEEK = (*(OPEN,) * 5, (), ())
MON, TUE, WED, THU, FRI = (date(2026, 3, day) for day in range(2, 7))


def calendar(
    closed: Mapping[date, str] | None = None,
    special: Mapping[date, tuple[int, int]] | None = None,
    **fields: object,
) -> Calendar:
    """Monday to Friday, 09:00 to 17:00 in UTC, but for these days."""
    return Calendar.built(
        Plan(
            name="desk",
            zone="UTC",
            week=WEEK,  # type: ignore[arg-type]
            closed={day_number(day): why for day, why in (closed or {}).items()},
            special={
                day_number(day): (((begin * HOUR, end * HOUR),), "own hours")
                for day, (begin, end) in (special or {}).items()
            },
            first_year=2025,
            last_year=2031,
            **fields,  # type: ignore[arg-type]
        )
    )


PLAIN = calendar()


def ruled(desk: Calendar, rules: Rulebook) -> Rulebook:
    """The rulebook with this calendar."""
    return replace(rules, digest=f"with {desk.digest}", calendars={"desk": desk})


@cache
def within(duration: str, *changes: tuple[str, str]) -> Rulebook:
    """`decide` ends after so long, on the plain calendar."""
    return ruled(
        PLAIN, rulebook(("decide: {within: 24 hours", f"decide: {{within: {duration}"), *changes)
    )


def at(day: date, hour: float) -> datetime:
    """An instant of that day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def moved(case: Case, rules: Rulebook, desk: Calendar, when: datetime) -> Moved:
    """The case on another calendar from then on."""
    new = ruled(desk, rules)
    outcome = move(around(new, recorded_at=when), case, rules, at=when, by=ANN, why="new days")
    assert isinstance(outcome, Moved), outcome
    return outcome


def timer(case: Case, name: str = "decide", warning: int | None = None) -> Timer:
    """The timer of that name."""
    (found,) = (t for t in case.timers if (t.deadline, t.warning) == (name, warning))
    return found


def due(case: Case, name: str = "decide", warning: int | None = None) -> datetime | None:
    """When it is due."""
    return timer(case, name, warning).due_at


# -- time used stays used


def test_hours_used_stay_used_and_the_rest_is_counted_by_the_newer_calendar() -> None:
    rules = within("8 business hours")
    case = opened(rules)
    assert due(case) == at(MON, 17)
    after = moved(case, rules, calendar(special={MON: (9, 13)}), at(MON, 12)).change.case
    assert due(after) == at(TUE, 13)  # three used, one more today, four tomorrow


def test_a_closing_in_the_past_gives_no_used_time_back() -> None:
    rules = within("16 business hours")
    case = opened(rules)
    after = moved(case, rules, calendar(closed={MON: "told late"}), at(TUE, 9)).change.case
    assert due(after) == due(case) == at(TUE, 17)


def test_a_day_that_was_not_yet_counted_moves_a_deadline_of_days() -> None:
    rules = within("3 business days")
    case = opened(rules)
    assert due(case) == at(THU, 17)
    outcome = moved(case, rules, calendar(closed={WED: "Founders' Day"}), at(TUE, 12))
    assert due(outcome.change.case) == at(FRI, 17)
    assert outcome.timers[0].why == ("Wed 4 Mar 2026 closed now: Founders' Day",)


def test_what_is_overdue_keeps_its_time() -> None:
    rules = within("3 business days")
    case = opened(rules)
    after = moved(case, rules, calendar(closed={MON: "x", TUE: "y"}), at(TUE, 12)).change.case
    assert timer(after, "reply") == timer(case, "reply")
    assert due(after, "reply") == at(TUE, 9)


def test_moved_twice_is_as_moved_once() -> None:
    """What was used until the first move is not counted again at the second."""
    rules = within("16 business hours")
    later = calendar(closed={date(2030, 1, 2): "far"})
    once = moved(opened(rules), rules, calendar(special={TUE: (9, 11)}), at(MON, 15)).change.case
    twice = moved(opened(rules), rules, later, at(MON, 11)).change.case
    again = moved(twice, ruled(later, rules), calendar(special={TUE: (9, 11)}), at(MON, 15))
    assert due(again.change.case) == due(once) == at(WED, 15)


def test_a_pause_that_runs_goes_on_and_what_is_left_is_what_was_left() -> None:
    rules = within("8 business hours")
    case = opened(rules)
    paused = tuple(replace(t, due_at=None, paused_at=at(MON, 11)) for t in case.timers)
    newer = calendar(closed={WED: "Founders' Day"}, special={MON: (9, 10)})
    after = moved(replace(case, timers=paused), rules, newer, at(TUE, 12)).change.case
    kept = timer(after)
    assert (kept.due_at, kept.paused_at, kept.pauses) == (None, at(MON, 11), ())
    assert kept.run is not None
    resumed = newer.resumed(kept.run, ((at(MON, 11), at(TUE, 15)),))
    assert resumed.at == at(THU, 13)  # two of eight used: two on Tuesday, four on Thursday


def test_a_pause_that_is_over_is_counted_once() -> None:
    rules = within("8 business hours")
    case = opened(rules)
    calendars = rules.calendars["desk"]
    pause = (at(MON, 10), at(MON, 12))
    run = timer(case).run
    assert run is not None
    before = replace(timer(case), due_at=calendars.resumed(run, (pause,)).at, pauses=(pause,))
    case = replace(case, timers=(before,))
    assert due(case) == at(TUE, 11)
    after = moved(case, rules, calendar(closed={TUE: "Founders' Day"}), at(MON, 13)).change.case
    assert due(after) == at(WED, 11)
    assert timer(after).pauses == (pause,)


# -- nothing by itself

DURATIONS = (
    *("5 business hours", "1 business day", "3 days", "30 hours"),
    *("2 business days, due_at: same_time", "2 business days, due_at: midnight"),
)
ANY_DAY = st.dates(date(2026, 2, 27), date(2026, 3, 12))
AFTER = st.integers(0, 14 * 24 * 4).map(lambda quarters: START + timedelta(minutes=15 * quarters))


def with_pauses(case: Case, rules: Rulebook, pause: tuple[datetime, datetime] | None) -> Case:
    """The case as if it had been paused so, and resumed."""
    if pause is None:
        return case
    desk = rules.calendars["desk"]
    return replace(
        case,
        timers=tuple(
            replace(t, due_at=desk.resumed(t.run, (pause,)).at, pauses=(pause,))
            for t in case.timers
            if t.run is not None
        ),
    )


PAUSES = st.none() | st.tuples(AFTER, AFTER).map(lambda ends: (min(ends), max(ends)))


@settings(deadline=None, max_examples=60)
@given(duration=st.sampled_from(DURATIONS), when=AFTER, pause=PAUSES)
def test_a_calendar_that_differs_elsewhere_moves_nothing(
    duration: str, when: datetime, pause: tuple[datetime, datetime] | None
) -> None:
    rules = within(duration)
    pause = pause if pause and pause[1] <= when else None
    case = with_pauses(opened(rules), rules, pause)
    going_on = replace(case, timers=tuple(t for t in case.timers if t.due_at and t.due_at >= when))
    outcome = moved(going_on, rules, calendar(closed={date(2030, 1, 2): "far"}), when)
    after = outcome.change.case
    assert [t.due_at for t in after.timers] == [t.due_at for t in going_on.timers]
    assert outcome.change.history.did == ("no due date moves",)
    assert outcome.change.effects == ()


@settings(deadline=None, max_examples=120)
@given(
    duration=st.sampled_from(DURATIONS),
    when=AFTER,
    closed=st.lists(ANY_DAY, max_size=4),
    opened_days=st.lists(ANY_DAY, max_size=4),
)
def test_no_edit_makes_anything_late(
    duration: str, when: datetime, closed: list[date], opened_days: list[date]
) -> None:
    rules = within(duration)
    case = opened(rules)
    going_on = replace(case, timers=tuple(t for t in case.timers if t.due_at and t.due_at > when))
    newer = calendar(dict.fromkeys(closed, "edit"), dict.fromkeys(opened_days, (0, 24)))
    outcome = move(
        around(ruled(newer, rules), recorded_at=when), going_on, rules, at=when, by=ANN, why=""
    )
    for t in outcome.change.case.timers if isinstance(outcome, Moved) else ():
        assert t.due_at is None or t.due_at > when


def test_a_buffer_that_grows_keeps_the_old_date_rather_than_be_late() -> None:
    theirs = "case_deadlines: {theirs: {starts: opened_at, within: 50 hours, buffer: 8 business hours, when_over: nudge}}\nstates:"  # noqa: E501
    nudged = (
        "anywhere:\n",
        "anywhere:\n  nudge: {by: system, stay: true, at_most: 1 time, do: [alert agent]}\n",
    )
    own = "      nudge:    {by: system, stay: true, at_most: 1 time, do: [alert agent]}\n"
    rules = within("30 days", ("states:", theirs), (own, ""), nudged)
    case = opened(rules)
    assert due(case, "theirs") == at(TUE, 11)  # of the end on Wednesday, 11:00
    after = moved(case, rules, calendar(special={WED: (9, 10)}), at(TUE, 10)).change.case
    assert due(after, "theirs") == at(TUE, 11)
    early = moved(case, rules, calendar(special={WED: (9, 10)}), at(MON, 12)).change.case
    assert due(early, "theirs") == at(TUE, 10)


def test_a_wait_that_may_not_outlast_another_goes_with_it() -> None:
    nudge = "  nudge: {by: system, stay: true, at_most: 1 time, do: [alert agent]}\n"
    rules = within(
        "5 business days, at_latest: theirs",
        (
            "states:",
            "case_deadlines:\n"
            "  theirs: {starts: opened_at, within: 2 business days, when_over: nudge}\n"
            "states:",
        ),
        (f"    {nudge.replace('nudge: ', 'nudge:    ')}", ""),
        ("anywhere:\n", f"anywhere:\n{nudge}"),
    )
    case = opened(rules)
    assert due(case) == due(case, "theirs") == at(WED, 17)
    outcome = moved(case, rules, calendar(closed={WED: "Founders' Day"}), at(MON, 12))
    after = outcome.change.case
    assert due(after) == due(after, "theirs") == at(THU, 17)
    assert timer(after).why["at_latest"] == "theirs"


def test_warnings_move_with_their_deadline_and_stay_before_it() -> None:
    rules = within("16 business hours")
    case = opened(rules)
    assert due(case, warning=0) == at(MON, 17)
    after = moved(case, rules, calendar(closed={TUE: "Founders' Day"}), at(MON, 13)).change.case
    assert (due(after, warning=0), due(after)) == (at(MON, 17), at(WED, 17))
    later = moved(case, rules, calendar(special={MON: (9, 14)}), at(MON, 13)).change.case
    assert (due(later, warning=0), due(later)) == (at(TUE, 12), at(WED, 12))


# -- what is told


def test_history_says_what_moved_from_when_to_when_and_why() -> None:
    rules = within("3 business days")
    case = opened(rules)
    outcome = moved(case, rules, calendar(closed={WED: "Founders' Day"}), at(TUE, 12))
    entry, after = outcome.change.history, outcome.change.case
    assert (entry.event, entry.note, entry.actor) == ("rulebook_moved", "new days", ANN)
    assert entry.did == (
        "decide: Thu 5 Mar 2026, 17:00 (UTC) -> Fri 6 Mar 2026, 17:00 (UTC): "
        "Wed 4 Mar 2026 closed now: Founders' Day",
    )
    assert (after.version, after.stands_since) == (case.version + 1, case.stands_since)
    assert (after.state, after.rulebook) == (case.state, outcome.change.case.rulebook)
    assert outcome.change.before == case


def test_the_explanation_tells_where_the_date_comes_from() -> None:
    rules = within("3 business days")
    case = opened(rules)
    newer = calendar(closed={WED: "Founders' Day"})
    why = timer(moved(case, rules, newer, at(TUE, 12)).change.case).why
    assert (why["start"], why["moved_from"]) == ("2026-03-02T09:00:00Z", "2026-03-05T17:00:00Z")
    assert why["taken_over_at"] == "2026-03-03T12:00:00Z"
    assert why["versions"]["calendar"] == newer.digest[:12]
    assert why["notes"][-1] == "moved: Wed 4 Mar 2026 closed now: Founders' Day"
    assert ["2026-03-04", "Founders' Day"] in why["skipped"]


def test_a_guess_that_turns_out_right_is_confirmed() -> None:
    guessed = calendar(closed={WED: "Founders' Day"}, known_until=2025)
    rules = ruled(guessed, within("3 business days"))
    case = opened(rules)
    assert timer(case).why["provisional"]
    outcome = moved(
        case, rules, calendar(closed={WED: "Founders' Day"}, known_until=2026), at(TUE, 12)
    )
    assert [(t.is_moved, t.is_confirmed) for t in outcome.timers if t.name == "decide"] == [
        (False, True)
    ]
    assert not timer(outcome.change.case).why["provisional"]
    assert any("no longer provisional" in line for line in outcome.change.history.did)


def test_a_zone_that_changes_is_told_as_that() -> None:
    rules = within("3 business days")
    tokyo = Calendar.built(Plan(name="desk", zone="Asia/Tokyo", week=WEEK))  # type: ignore[arg-type]
    outcome = moved(opened(rules), rules, tokyo, at(MON, 12))
    assert outcome.timers[0].why == ("its zone is Asia/Tokyo now, it was UTC",)


# -- what is not moved


def test_a_closed_case_never_changes() -> None:
    rules = within("3 business days")
    case = replace(opened(rules), closed_at=at(MON, 10))
    new = ruled(calendar(closed={WED: "Founders' Day"}), rules)
    assert move(around(new), case, rules, at=at(MON, 12), by=ANN, why="") is None


def test_a_case_that_is_bound_to_it_already_is_left_alone() -> None:
    rules = within("3 business days")
    assert move(around(rules), opened(rules), rules, at=at(MON, 12), by=ANN, why="") is None


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        (replace(RULES, digest="x", kind="dry"), "is for cases of `dry`"),
        (
            replace(RULES, digest="x", workflow=replace(RULES.workflow, states={})),
            "has no state `reported`",
        ),
        (replace(RULES, digest="x", calendars={}), "has no calendar `desk`"),
        (
            replace(
                RULES,
                digest="x",
                workflow=replace(
                    RULES.workflow,
                    states={
                        "reported": replace(RULES.workflow.states["reported"], deadlines={}),
                    },
                ),
            ),
            "has no deadline `decide`",
        ),
    ],
    ids=["kind", "state", "calendar", "deadline"],
)
def test_a_rulebook_that_lacks_what_the_case_needs_is_refused(lacks: Rulebook, told: str) -> None:
    outcome = move(around(lacks), opened(), RULES, at=at(MON, 12), by=ANN, why="")
    assert isinstance(outcome, Refusal)
    assert told in outcome.reason


def test_a_moved_timer_fires_at_its_new_time_and_only_then() -> None:
    rules = within("3 business days", ("reply:  {within: 24 hours", "reply:  {within: 900 hours"))
    newer = calendar(closed={WED: "Founders' Day"})
    case = moved(opened(rules), rules, newer, at(TUE, 12)).change.case
    book = ruled(newer, rules)
    ends = (at(FRI, 17) - START) / hours(1)
    assert "escalate" not in [change.history.event for change in fired(case, ends, book)]
    assert "escalate" in [change.history.event for change in fired(case, ends + 0.01, book)]


def test_a_new_length_holds_from_the_next_arming() -> None:
    """The mechanism is not for calendars only: here the workflow is another."""
    rules, newer = within("3 business days"), within("9 business days")
    newer = replace(newer, digest="newer")
    outcome = move(around(newer), opened(rules), rules, at=at(MON, 12), by=ANN, why="")
    assert isinstance(outcome, Moved)
    assert outcome.change.case.timers == opened(rules).timers
    assert (
        Duration.parse("3 business days")
        != newer.workflow.states["reported"].deadlines["decide"].within
    )
