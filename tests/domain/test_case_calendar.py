"""A case is counted by the calendar that a policy answers once, when it is opened."""

from dataclasses import replace

import pytest
from case_examples import (
    ANN,
    CUSTOMER,
    FACTS,
    RULES,
    START,
    around,
    changed,
    fired,
    hours,
    opened,
    opening,
    put,
    rulebook,
)
from policy_examples import edited, node

from aftersales.definitions.facts import read_facts
from aftersales.definitions.ladders import ladders_of
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_rows_table
from aftersales.domain.calendar import HOUR, Calendar, Plan
from aftersales.domain.case import Case, Moved, Refusal, move, open_case
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.rulebook import Rulebook

DESKS = """
aftersales: policy/1
policy: desks
choose: one
answers: {calendar: calendar}
rows:
  - {id: with_photo, when: {photo: yes}, calendar: half}
otherwise: {calendar: desk}
"""

DEADLINES = """
aftersales: policy/1
policy: deadlines
choose: one
answers: {within: duration, calendar: {type: calendar, default: of the workflow}, warn: {type: ladder, default: none}}
rows:
  - {id: dry_case, when: {photo: missing}, within: 16 business hours, warn: {50%: [alert manager], 75%: [alert agent]}}
  - {id: by_photo, when: {photo: known},   within: 16 business hours, warn: {50%: [alert supervisor]}}
"""  # noqa: E501

WHOLE_DAY, HALF_DAY = ((0, 24 * HOUR),), ((0, 12 * HOUR),)
ASKED = ("calendar: desk", "calendar: by policy desks")
LADDER = (
    "decide: {within: 24 hours, warn: {50%: [alert agent]}",
    "decide: {within: by policy deadlines",
)
DAYS = ("answer: {within: 10 hours", "answer: {within: 18 business hours")


def calendar(name: str, hours: tuple[tuple[int, int], ...], zone: str = "UTC") -> Calendar:
    """One that is open in these hours of each day."""
    return Calendar.built(Plan(name=name, zone=zone, week=(hours,) * 7))


CALENDARS = {"desk": calendar("desk", WHOLE_DAY), "half": calendar("half", HALF_DAY)}


def ruled(*changes: tuple[str, str], desks: str = DESKS, deadlines: str = DEADLINES) -> Rulebook:
    """The rules of the example, with these tables and two calendars."""
    notes = Notes()
    schema = read_facts(node(FACTS), notes)
    read = [read_rows_table([node(text)], schema, notes) for text in (desks, deadlines)]
    tables = [table for table in read if table is not None]
    assert not notes.problems, notes.problems
    plain = rulebook(*changes)
    policies = replace(plain.policies, rows={table.name: table for table in tables})
    return replace(plain, policies=policies, calendars=CALENDARS, ladders=ladders_of(tables))


BY_POLICY = ruled(ASKED, DAYS, ("decide: {within: 24 hours", "decide: {within: 24 business hours"))
BY_LADDER = ruled(LADDER)


def due(case: Case, name: str) -> float:
    """When the deadline is due, in hours after START."""
    found = next(t for t in case.timers if (t.deadline, t.warning) == (name, None))
    assert found.due_at is not None
    return (found.due_at - START) / hours(1)


def test_the_policy_is_asked_with_the_facts_of_the_opening() -> None:
    plain, with_photo = opened(BY_POLICY), opened(BY_POLICY, photo="yes")
    assert (plain.calendar, with_photo.calendar) == ("desk", "half")
    assert due(plain, "decide") == 24  # each hour counts
    # START is 09:00: 3 hours on this day, 12 and 9 on those that follow.
    assert due(with_photo, "decide") == 15 + 24 + 9


def test_the_history_says_which_rule_chose_the_calendar() -> None:
    change = changed(open_case(around(BY_POLICY), opening({"photo": "yes"})))
    assert change.history.rule == "with_photo (a.yaml:7)"


def test_a_case_of_a_workflow_with_a_calendar_of_its_own_keeps_none() -> None:
    assert opened(RULES).calendar == ""


def test_what_becomes_known_later_changes_nothing() -> None:
    """The photo arrives; what is armed after it is counted by the calendar of the opening."""
    case = changed(put(opened(BY_POLICY), "note", rules=BY_POLICY, after=1, photo="yes")).case
    assert case.facts["photo"] == "yes"
    after = changed(put(case, "hurry", rules=BY_POLICY, after=2)).case
    assert (after.calendar, due(after, "answer")) == ("desk", 20)


def test_what_is_armed_later_is_counted_by_the_calendar_of_the_case() -> None:
    case = changed(put(opened(BY_POLICY, photo="yes"), "hurry", rules=BY_POLICY, after=1)).case
    assert due(case, "answer") == 15 + 24 + 4  # 2 hours left on this day, then 12 and 4


def test_a_table_that_leaves_the_calendar_to_the_workflow_means_that_of_the_case() -> None:
    rules = ruled(ASKED, LADDER)
    assert due(opened(rules), "decide") == 16
    assert due(opened(rules, photo="yes"), "decide") == 15 + 24 + 1


@pytest.mark.parametrize(
    ("desks", "code", "said"),
    [
        (edited(DESKS, ("photo: yes", "weather: wet")), "fact_missing", "`weather`"),
        (edited(DESKS, ("otherwise: {calendar: desk}\n", "")), "undecided", "no row fits"),
    ],
)
def test_a_case_without_a_calendar_is_not_opened(desks: str, code: str, said: str) -> None:
    refusal = open_case(around(ruled(ASKED, desks=desks)), opening())
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert said in refusal.reason
    assert "`desks` cannot say by which calendar the case is counted" in refusal.reason


def test_two_rows_that_fit_open_no_case() -> None:
    rows = "  - {id: minor, when: {severity: minor}, calendar: desk}\notherwise"
    rules = ruled(ASKED, desks=edited(DESKS, ("otherwise", rows)))
    event = open_case(around(rules), opening({"photo": "yes"}))
    assert isinstance(event, Refusal)
    assert event.code == "undecided"
    assert "`with_photo` and `minor`" in event.reason


def test_a_rulebook_gives_no_calendar_where_only_the_case_could_name_one() -> None:
    assert BY_POLICY.calendar(of_case="half").name == "half"
    assert BY_POLICY.calendar("desk", of_case="half").name == "desk"
    with pytest.raises(InvariantBroken, match="without a calendar"):
        BY_POLICY.calendar()


# -- moving to a newer rulebook


def moved(case: Case, before: Rulebook, new: Rulebook) -> Moved | Refusal | None:
    """The case bound to the other rules."""
    newer = replace(new, digest="newer")
    at = START + hours(1)
    return move(around(newer, recorded_at=at), case, before, at=at, by=ANN, why="it is new")


def test_a_move_asks_no_policy_again() -> None:
    case = opened(BY_POLICY, photo="yes")
    other = ruled(ASKED, DAYS, desks=edited(DESKS, ("calendar: half", "calendar: desk")))
    outcome = moved(case, BY_POLICY, other)
    assert isinstance(outcome, Moved)
    assert outcome.change.case.calendar == "half"


def test_a_move_to_a_rulebook_without_the_calendar_of_the_case_is_refused() -> None:
    case = replace(opened(BY_POLICY, photo="yes"), timers=())
    lacking = replace(BY_POLICY, calendars={"desk": CALENDARS["desk"]})
    outcome = moved(case, BY_POLICY, lacking)
    assert isinstance(outcome, Refusal)
    assert "no calendar `half`, by which the case is counted" in outcome.reason


def test_a_case_keeps_its_workflows_calendar_where_the_newer_one_asks_a_policy() -> None:
    before = ruled()
    outcome = moved(opened(before, photo="yes"), before, BY_POLICY)
    assert isinstance(outcome, Moved)
    assert outcome.change.case.calendar == "desk"


# -- what a warning does


def test_a_warning_does_what_its_ladder_said_when_it_was_armed() -> None:
    """After the photo the policy would answer another ladder, whose first step is another's."""
    case = changed(put(opened(BY_LADDER), "note", rules=BY_LADDER, after=1, photo="yes")).case
    warned = fired(case, 13, BY_LADDER)
    assert [change.history.event for change in warned] == ["warning of decide"] * 2
    assert [change.history.did for change in warned] == [("alert manager",), ("alert agent",)]


def test_a_deadline_armed_anew_has_the_ladder_of_then() -> None:
    case = changed(put(opened(BY_LADDER), "note", rules=BY_LADDER, after=1, photo="yes")).case
    case = changed(put(case, "hurry", rules=BY_LADDER, after=2)).case
    back = changed(put(case, "answered", by=CUSTOMER, rules=BY_LADDER, after=3)).case
    armed = [timer for timer in back.timers if timer.warning is not None]
    assert [[str(action) for action in timer.do] for timer in armed] == [["alert supervisor"]]
