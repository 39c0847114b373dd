"""Rows tables: one, first, most urgent, all; otherwise; holes and conflicts."""

import pytest
from policy_examples import edited, facts, rows_table

from aftersales.domain.policy import RowsDecision, Undecided, decide_rows, ladder

TRIAGE = """
aftersales: policy/1
policy: triage
choose: most_urgent
answers: {priority: [red, yellow, blue]}
rows:
  - {id: important, when: {tier: vip}, priority: yellow}
  - {id: dear, when: {affected_value: at least 100 USD}, priority: red}
  - {id: abroad, when: {country: not home}, priority: yellow}
otherwise: {priority: blue}
"""

DEADLINES = """
aftersales: policy/1
policy: deadlines
choose: one
answers:
  within: duration
  calendar: {type: calendar, default: of the workflow}
  due_at: {of: [close, midnight, same_time], default: by unit}
  warn: {type: ladder, default: none}
rows:
  - id: us
    when: {deadline: answer, country: US}
    within: 4 business days
    calendar: platform_us
    due_at: midnight
    warn: {2 business days: alert assignee, 50%: [alert assignee, alert supervisor]}
    source: https://example.com/rule
    read_on: 2026-11-21
  - {id: others, when: {deadline: answer, country: not US}, within: 1 day}
"""


def decided(table, **changed) -> RowsDecision:
    decision = decide_rows(table, facts(**changed).having(deadline="answer"))
    assert isinstance(decision, RowsDecision), decision
    return decision


def test_the_answer_listed_first_wins_where_the_most_urgent_is_asked_for():
    decision = decided(rows_table(TRIAGE), tier="vip", country="NO", affected_value="150 USD")
    assert decision.answers == {"priority": "red"}
    assert decision.rule.rule == "dear"
    assert {rule.rule for rule in decision.others} == {"important", "abroad"}


def test_otherwise_answers_where_no_row_fits():
    decision = decided(rows_table(TRIAGE))
    assert decision.answers == {"priority": "blue"}
    assert decision.rule.rule == "otherwise"
    assert len(decision.left_out) == 3


def test_without_otherwise_a_hole_is_for_a_person():
    table = rows_table(edited(TRIAGE, ("otherwise: {priority: blue}\n", "")))
    assert isinstance(decide_rows(table, facts()), Undecided)


def test_two_rows_that_fit_where_one_should_are_for_a_person_with_both_named():
    table = rows_table(edited(TRIAGE, ("most_urgent", "one")))
    decision = decide_rows(table, facts(tier="vip", affected_value="150 USD"))
    assert isinstance(decision, Undecided)
    assert [rule.rule for rule in decision.rules] == ["important", "dear"]


def test_the_first_row_that_fits_answers_and_hides_those_after_it():
    table = rows_table(edited(TRIAGE, ("most_urgent", "first")))
    decision = decided(table, tier="vip", affected_value="150 USD")
    assert decision.rule.rule == "important"
    assert [out.why for out in decision.left_out] == ["`important` comes first"] * 2


def test_all_rows_that_fit_answer_together_each_answer_once():
    table = rows_table(edited(TRIAGE, ("most_urgent", "all")))
    decision = decided(table, tier="vip", country="NO", affected_value="150 USD")
    assert decision.answers == {"priority": "yellow, red"}


def test_answers_left_out_are_left_to_their_reader():
    assert decided(rows_table(DEADLINES), country="NO").answers == {"within": "1 day"}


def test_answers_are_canonical_texts():
    answers = decided(rows_table(DEADLINES)).answers
    assert answers["within"] == "4 business days"
    assert answers["calendar"] == "platform_us"
    assert answers["due_at"] == "midnight"


def test_a_ladder_of_warnings_has_one_order_however_it_was_written():
    turned = edited(
        DEADLINES,
        (
            "{2 business days: alert assignee, 50%: [alert assignee, alert supervisor]}",
            "{50%: [alert assignee, alert supervisor], 2 business days: [alert assignee]}",
        ),
    )
    one, other = (decided(rows_table(text)).answers["warn"] for text in (DEADLINES, turned))
    assert one == other
    assert ladder(one) == (
        ("50%", ("alert assignee", "alert supervisor")),
        ("2 business days", ("alert assignee",)),
    )


def test_the_source_of_a_row_is_kept_with_the_day_it_was_read():
    row = rows_table(DEADLINES).rows[0]
    assert row.because == "https://example.com/rule (read on 2026-11-21)"


def test_several_files_of_one_policy_form_one_table_in_any_order():
    more = """
aftersales: policy/1
policy: triage
rows:
  - {id: late, when: {days_late: over 3}, priority: red}
"""
    for table in (rows_table(TRIAGE, more), rows_table(more, TRIAGE)):
        decision = decided(table, tier="vip", days_late="9")
        assert decision.rule.rule == "late"
        assert decided(table).answers == {"priority": "blue"}


def test_a_fact_that_decides_and_is_not_known_is_named():
    decision = decide_rows(rows_table(TRIAGE), facts(tier=None))
    assert isinstance(decision, Undecided)
    assert decision.missing == "tier"


def test_a_row_that_fails_for_a_known_fact_does_not_need_the_others():
    table = rows_table(edited(TRIAGE, ("{tier: vip}", "{tier: vip, country: NO}")))
    assert decided(table, tier=None).rule.rule == "otherwise"


@pytest.mark.parametrize("choose", ["one", "first", "most_urgent", "all"])
def test_every_way_to_choose_agrees_where_one_row_fits(choose: str):
    table = rows_table(edited(TRIAGE, ("most_urgent", choose)))
    assert decided(table, tier="vip").answers == {"priority": "yellow"}
