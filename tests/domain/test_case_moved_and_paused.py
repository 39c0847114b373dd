"""Pauses, moves and new facts in any order: no time is lost, and no date is forgotten."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from case_examples import ANN, START, around, changed, fired, hours, opening
from case_examples import put as put_by_rules
from pausing_examples import RULES, WEEK, at, rulebook

from aftersales.domain.calendar import Calendar, Plan, day_number, iso
from aftersales.domain.case import Case, Moved, Timer, move, open_case
from aftersales.domain.rulebook import Rulebook

WED, THU, FRI = (date(2026, 3, day) for day in (4, 5, 6))
FAR, FARTHER = date(2026, 9, 1), date(2026, 9, 2)
OFFICE = rulebook(("resolution: {starts: opened_at,", "resolution: {starts: told_at,"))
LEASE = (
    "lease: {starts: told_at, within: 10 hours, buffer: 2 hours",
    "lease: {starts: told_at, within: 96 hours, buffer: 1 business day",
)


def closing(rules: Rulebook, *days: date) -> Rulebook:
    """The same rules on a desk that is closed on these days."""
    closed = {day_number(day): "fair" for day in days}
    desk = Calendar.built(Plan(name="desk", zone="UTC", week=WEEK, closed=closed))  # type: ignore[arg-type]
    return replace(rules, digest=f"with {desk.digest}", calendars={"desk": desk})


def opened(rules: Rulebook = RULES, **facts: str) -> Case:
    """A case opened on Monday, 2 March 2026, at 9:00."""
    return changed(open_case(around(rules), opening(facts))).case


def put(case: Case, event: str, after: float, rules: Rulebook, **facts: str) -> Case:
    """The case after this event, so many hours after it was opened."""
    return changed(put_by_rules(case, event, after=after, rules=rules, **facts)).case


def moved(case: Case, before: Rulebook, rules: Rulebook, after: float) -> Case:
    """The case moved to these rules, so many hours after it was opened."""
    when = START + hours(after)
    outcome = move(around(rules, recorded_at=when), case, before, at=when, by=ANN, why="newer")
    assert isinstance(outcome, Moved), outcome
    return outcome.change.case


def told_at(after: float) -> Mapping[str, str]:
    """The fact that starts the deadlines, so many hours after the case was opened."""
    return {"told_at": iso(START + hours(after))}


def timer(case: Case, name: str, warning: int | None = None) -> Timer:
    """The timer of that name."""
    (found,) = (t for t in case.timers if (t.deadline, t.warning) == (name, warning))
    return found


# -- armed again


def test_what_is_armed_again_after_a_move_has_its_pauses_still() -> None:
    case = put(opened(OFFICE, **told_at(0)), "hold", 3, OFFICE)
    case = put(case, "go_on", 75, OFFICE)
    assert at(case, "resolution") == "Thu 12 Mar 2026, 17:00"
    newer = closing(OFFICE, FAR)
    case = put(moved(case, OFFICE, newer, 76), "tell", 77, newer, **told_at(0.5))
    assert at(case, "resolution/1") == "Thu 12 Mar 2026, 17:00"
    assert at(case, "resolution/1/warning-0") == "Tue 10 Mar 2026, 09:15"


def test_what_is_armed_again_after_a_move_while_paused_was_paused_from_the_first() -> None:
    newer = closing(OFFICE, FAR)
    case = put(opened(OFFICE, **told_at(0)), "hold", 3, OFFICE)
    case = moved(case, OFFICE, newer, 50)
    assert timer(case, "resolution").paused_at == START + hours(3)
    case = put(case, "go_on", 75, newer)
    assert at(case, "resolution") == "Thu 12 Mar 2026, 17:00"
    assert timer(case, "resolution").pauses == ((START + hours(3), START + hours(75)),)
    case = put(case, "tell", 77, newer, **told_at(0.5))
    assert at(case, "resolution/1") == "Thu 12 Mar 2026, 17:00"


def test_a_pause_that_was_over_before_a_deadline_was_armed_counts_for_what_began_before() -> None:
    case = put(put(opened(), "hold", 3, RULES), "go_on", 5, RULES)
    early, late = (put(case, "tell", 6, RULES, **told_at(began)) for began in (1, 5))
    assert at(early, "lease") == "Mon 2 Mar 2026, 20:00"
    assert at(late, "lease") == "Mon 2 Mar 2026, 22:00"
    assert timer(late, "lease").pauses == ()


def test_a_warning_that_was_not_given_is_kept_when_armed_again_while_paused() -> None:
    case = put(opened(OFFICE, **told_at(0)), "hold", 3, OFFICE)
    once = put(case, "go_on", 97, OFFICE)
    assert at(once, "resolution/warning-0") == "Tue 10 Mar 2026, 15:00"
    case = put(case, "tell", 96, OFFICE, **told_at(0.5))
    assert at(case, "resolution/1/warning-0") == "paused"
    case = put(case, "go_on", 97, OFFICE)
    assert at(case, "resolution/1/warning-0") == "Tue 10 Mar 2026, 15:15"


def test_a_warning_that_was_given_is_not_repeated_when_armed_again_while_paused() -> None:
    case = fired(opened(OFFICE, **told_at(0)), 60, OFFICE)[-1].case
    case = put(put(case, "hold", 60, OFFICE), "tell", 96, OFFICE, **told_at(-1))
    assert at(case, "resolution/1") == "paused"
    assert at(case, "resolution/1/warning-0") == "not armed"


# -- never late by an edit


def test_a_date_kept_from_an_edit_is_kept_after_a_pause_too_and_moved_by_it() -> None:
    rules = rulebook(LEASE)
    newer = closing(rules, WED, THU)
    case = moved(opened(rules, **told_at(0)), rules, newer, 49)
    assert at(case, "lease") == "Thu 5 Mar 2026, 09:00"
    case = put(put(case, "hold", 50, newer), "go_on", 50.5, newer)
    assert at(case, "lease") == "Thu 5 Mar 2026, 09:30"
    assert timer(case, "lease").why["not_before"] == "2026-03-05T09:30:00Z"
    assert "too_long" not in [change.history.event for change in fired(case, 72, newer)]


def test_a_date_kept_from_an_edit_is_kept_through_another_move() -> None:
    rules = rulebook(LEASE)
    newer, newest = closing(rules, WED, THU), closing(rules, WED, THU, FAR)
    case = moved(opened(rules, **told_at(0)), rules, newer, 49)
    case = put(put(case, "hold", 50, newer), "go_on", 51, newer)
    case = moved(case, newer, newest, 52)
    assert at(case, "lease") == "Thu 5 Mar 2026, 10:00"
    case = put(case, "hold", 53, newest)
    case = moved(case, newest, closing(rules, WED, THU, FARTHER), 54)
    case = put(case, "go_on", 55, closing(rules, WED, THU, FARTHER))
    assert at(case, "lease") == "Thu 5 Mar 2026, 12:00"


def test_open_time_left_until_a_kept_date_is_left_on_the_newer_calendar() -> None:
    """A pause over the days that were closed does not use up what was left before."""
    of_hours = (LEASE[0], LEASE[1].replace("96 hours", "32 business hours"))
    rules = rulebook(of_hours)
    newer = closing(rules, WED, THU)
    case = opened(rules, **told_at(0))
    assert at(case, "lease") == "Wed 4 Mar 2026, 17:00"
    newer = replace(
        newer, workflow=rulebook((of_hours[0], f"{of_hours[1][:-14]}4 business days")).workflow
    )
    case = moved(case, rules, newer, 50)
    assert at(case, "lease") == "Fri 6 Mar 2026, 15:00"
    newest = replace(closing(rules, WED, THU, FRI), workflow=newer.workflow)
    assert at(moved(case, newer, newest, 51), "lease") == "Mon 9 Mar 2026, 15:00"
    case = put(put(case, "hold", 51, newer), "go_on", 99, newer)
    assert at(case, "lease") == "Mon 9 Mar 2026, 10:00"


def test_a_date_kept_from_a_grown_buffer_alone_is_kept_after_a_pause_too() -> None:
    rules = rulebook(LEASE)
    grown = rulebook((LEASE[0], LEASE[1].replace("1 business day", "4 business days")))
    grown = replace(grown, digest="grown")
    case = put(put(opened(rules, **told_at(0)), "hold", 20, rules), "go_on", 21, rules)
    assert at(case, "lease") == "Thu 5 Mar 2026, 10:00"
    case = moved(case, rules, grown, 49)
    assert at(case, "lease") == "Thu 5 Mar 2026, 10:00"
    case = put(put(case, "hold", 50, grown), "go_on", 52, grown)
    assert at(case, "lease") == "Thu 5 Mar 2026, 12:00"  # the pause before the move counts once


# -- what is told


def test_an_explanation_keeps_its_start_and_the_reason_of_a_move_after_a_pause() -> None:
    newer = closing(RULES, THU)
    case = moved(opened(), RULES, newer, 3)
    case = put(put(case, "hold", 5, newer), "go_on", 6, newer)
    for warning in (None, 0):
        why = timer(case, "resolution", warning).why
        assert why["start"] == "2026-03-02T09:00:00Z"
        assert why["taken_over_at"] == "2026-03-02T12:00:00Z"
        assert why["pauses"] == [["2026-03-02T14:00:00Z", "2026-03-02T15:00:00Z", 3600]]
    why = timer(case, "resolution").why
    assert why["moved_from"] == "2026-03-09T17:00:00Z"
    assert why["notes"] == ["moved: Thu 5 Mar 2026 closed now: fair"]


def test_an_explanation_tells_the_pauses_before_a_move_and_one_across_it_whole() -> None:
    newer, newest = closing(RULES, THU), closing(RULES, THU, FRI)
    case = put(put(opened(), "hold", 1, RULES), "go_on", 2, RULES)
    case = moved(put(case, "hold", 3, RULES), RULES, newer, 5)
    case = moved(case, newer, newest, 30)
    for after in (51, 75):
        case = put(case, "go_on", after, newest)
        case = put(case, "hold", after, newest)
    case = put(case, "go_on", 97, newest)
    why = timer(case, "resolution").why
    assert why["start"] == "2026-03-02T09:00:00Z"
    assert why["planned"] == "2026-03-09T17:00:00Z"  # of the calendar of that time
    assert why["pauses"] == [
        ["2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z", 3600],
        ["2026-03-02T12:00:00Z", "2026-03-06T10:00:00Z", (5 + 8 + 8) * 3600],
    ]
    assert at(case, "resolution") == "Mon 16 Mar 2026, 17:00"


def test_each_move_is_told() -> None:
    newer, newest = closing(RULES, THU), closing(RULES, THU, FRI)
    case = moved(moved(opened(), RULES, newer, 3), newer, newest, 27)
    case = put(put(case, "hold", 28, newest), "go_on", 29, newest)
    assert timer(case, "resolution").why["notes"] == [
        "moved: Thu 5 Mar 2026 closed now: fair",
        "moved: Fri 6 Mar 2026 closed now: fair",
    ]
    assert timer(case, "resolution").why["moved_from"] == "2026-03-10T17:00:00Z"


def test_a_person_is_told_of_the_unknown_year_and_not_of_the_move_before() -> None:
    rules = rulebook(known_until=2026, predicted_until=2026)
    closed = {day_number(THU): "fair"}
    newer = replace(rulebook(known_until=2026, predicted_until=2026, closed=closed), digest="newer")
    case = put(moved(opened(rules), rules, newer, 3), "hold", 27, newer)
    case = put(case, "go_on", 24 * 310, newer)
    assert "2027 are not known" in case.needs_person
