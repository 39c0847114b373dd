"""Rows tables: one, first, most urgent, all; otherwise; holes and conflicts."""

import pickle
import random
from dataclasses import replace

import drawn_tables
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_examples import edited, facts, rows_table

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy import (
    Column,
    Row,
    RowsDecision,
    RowsTable,
    RuleRef,
    Undecided,
    decide_rows,
    explain_rows,
    ladder,
)

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
    table = rows_table(TRIAGE)
    decision = decided(table)
    assert decision.answers == {"priority": "blue"}
    assert decision.rule.rule == "otherwise"
    why_not = {out.what: out.why for out in explain_rows(table, facts())}
    assert set(why_not) == {"important", "dear", "abroad"}
    assert why_not["important"] == "`tier` is regular; the rule asks for `vip`"


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
    left_out = explain_rows(table, facts(tier="vip", affected_value="150 USD"))
    assert [out.why for out in left_out] == ["`important` comes first"] * 2


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
    table = rows_table(TRIAGE)
    decision = decide_rows(table, facts(tier=None))
    assert isinstance(decision, Undecided)
    assert decision.missing == "tier"
    assert explain_rows(table, facts(tier=None)) == ()


def test_a_row_that_fails_for_a_known_fact_does_not_need_the_others():
    table = rows_table(edited(TRIAGE, ("{tier: vip}", "{tier: vip, country: NO}")))
    assert decided(table, tier=None).rule.rule == "otherwise"


@pytest.mark.parametrize("choose", ["one", "first", "most_urgent", "all"])
def test_every_way_to_choose_agrees_where_one_row_fits(choose: str):
    table = rows_table(edited(TRIAGE, ("most_urgent", choose)))
    assert decided(table, tier="vip").answers == {"priority": "yellow"}


def by_the_conditions(table: RowsTable, case: Facts) -> RowsDecision | Undecided:
    """The decision as the documents state it, each row asked by itself."""
    rows = []
    try:
        for row in table.rows:
            if row.when.holds(case) and not (rows and table.choose == "first"):
                rows.append(row)
            if rows and table.choose == "first":
                break
    except FactMissing as missing:
        return Undecided(table.name, str(missing), (table.ref,), missing.fact)
    if not rows:
        return Undecided(table.name, "no row fits, and there is no `otherwise`", (table.ref,))
    if table.choose == "one" and len(rows) > 1:
        names = " and ".join(f"`{row.ref.rule}`" for row in rows)
        why = f"{len(rows)} rules fit and nothing orders them: {names}"
        return Undecided(table.name, why, tuple(row.ref for row in rows))
    if table.choose == "most_urgent":
        rows.sort(key=lambda row: (["a", "b"].index(row.answers["answer"]), row.ref.rule))
    answer = ", ".join(dict.fromkeys(row.answers["answer"] for row in rows))
    answers = {"answer": answer} if table.choose == "all" else rows[0].answers
    return RowsDecision(rows[0].ref, answers, tuple(row.ref for row in rows[1:]))


@given(st.integers(0, 2**32), st.sampled_from(["one", "first", "most_urgent", "all"]))
def test_a_table_decides_as_its_rows_do_one_by_one(seed: int, choose: str):
    chance = random.Random(seed)
    rows = tuple(
        Row(RuleRef("drawn", f"r{n}", "drawn.yaml", n), when, {"answer": chance.choice("ab")})
        for n, when in enumerate(drawn_tables.conditions(chance, chance.randrange(0, 15)))
    )
    column = Column("answer", "choice", ("a", "b"))
    table = RowsTable("drawn", choose, (column,), rows, RuleRef("drawn", "", "drawn.yaml", 1))
    same = replace(table)
    for _ in range(25):
        case = drawn_tables.facts(chance, missing=0.05)
        assert decide_rows(table, case) == by_the_conditions(table, case)
    assert same == table
    assert pickle.loads(pickle.dumps(table)) == table
