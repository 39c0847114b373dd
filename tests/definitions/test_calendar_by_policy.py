# ruff: noqa: E501
"""`calendar: by policy TABLE`: what the table must be, and that all it can answer is pinned."""

from pathlib import Path

import pytest
from small_definitions import CALENDARS, WORKFLOW, workflow_of, write_file, write_folder
from test_rulebooks import NOON, reread

from aftersales.definitions.catalog import Catalog
from aftersales.domain.problem import Problem

DESKS = """\
aftersales: policy/1
policy: desks
choose: one
answers: {calendar: calendar}
rows:
  - {id: near, when: {country: US}, calendar: desk}
  - {id: far,  when: {country: CN}, calendar: desk_cn}
otherwise: {calendar: desk_de}
"""

MORE = """\
  desk_cn: {zone: Asia/Shanghai, hours: {mon-fri: 09:00-18:00}}
  desk_de: {zone: Europe/Berlin, hours: {mon-fri: 09:00-17:00}}
"""

BY_POLICY = WORKFLOW.replace("\ncalendar: desk\n", "\ncalendar: by policy desks\n")


def folder_of(folder: Path, desks: str = DESKS) -> Path:
    """The small definitions with this table, and a workflow that asks it."""
    write_folder(folder, torn=BY_POLICY, calendars=CALENDARS + MORE)
    write_file(folder, "policies/desks.yaml", desks)
    return folder


def problems_of(folder: Path, *changes: tuple[str, str]) -> list[Problem]:
    """What `check` says of a table that is written otherwise."""
    desks = DESKS
    for old, new in changes:
        assert old in desks
        desks = desks.replace(old, new)
    return Catalog.check(folder_of(folder, desks))[1]


def test_a_workflow_may_ask_a_policy_for_its_calendar(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == []
    workflow = Catalog.load(tmp_path).rulebook("torn", NOON).workflow
    assert (workflow.calendar, workflow.calendar_by_policy) == ("", "desks")


def test_every_calendar_that_the_policy_can_answer_is_pinned(tmp_path: Path) -> None:
    """Those of its rows and of `otherwise`, and no other; also once it was stored."""
    rulebook = Catalog.load(folder_of(tmp_path)).rulebook("torn", NOON)
    assert sorted(rulebook.calendars) == ["desk", "desk_cn", "desk_de"]
    again = reread(rulebook)
    assert (again.digest, sorted(again.calendars)) == (rulebook.digest, sorted(rulebook.calendars))
    assert again.workflow.calendar_by_policy == "desks"


def test_an_unknown_table_is_reported_where_it_is_named() -> None:
    written = WORKFLOW.replace("\ncalendar: desk\n", "\ncalendar: by policy deadline\n")
    _, notes = workflow_of(written)
    (problem,) = notes.problems
    assert (problem.code, problem.place.line, problem.place.column) == ("W513", 5, 21)
    assert "`deadlines`" in problem.help


WRONG = {
    "another answer": ([("answers: {calendar:", "answers: {desk:"), (", calendar: ", ", desk: "), ("{calendar: desk_de}", "{desk: desk_de}")], "W527", "workflows/torn.yaml", 5, "calendar: calendar"),
    "an answer that is no calendar": ([("{calendar: calendar}", "{calendar: text}")], "W527", "workflows/torn.yaml", 5, "calendar: calendar"),
    "no otherwise": ([("otherwise: {calendar: desk_de}\n", "")], "W528", "policies/desks.yaml", 1, "otherwise: {calendar: ...}"),
    "a default that is left to the workflow": ([("{calendar: calendar}", "{calendar: {type: calendar, default: of the workflow}}")], "W528", "policies/desks.yaml", 1, "remove its `default`"),
    "an answer that may be left out": ([("{calendar: calendar}", "{calendar: {type: calendar, optional: true}}")], "W528", "policies/desks.yaml", 1, "`optional`"),
    "several at once": ([("choose: one", "choose: all")], "W528", "policies/desks.yaml", 1, "choose: one"),
    "a deadline, which is not asked about": ([("{country: CN}", "{deadline: decide}")], "W528", "policies/desks.yaml", 7, "opened with"),
    "a calendar that is none": ([("calendar: desk_cn", "calendar: desk_ch")], "P412", "policies/desks.yaml", 7, "desk_cn"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_table_that_could_leave_a_case_without_a_calendar_is_reported(
    name: str, tmp_path: Path
) -> None:
    changes, code, file, line, help = WRONG[name]
    problems = problems_of(tmp_path, *changes)
    assert [(p.code, p.place.file, p.place.line) for p in problems] == [(code, file, line)]
    assert help in problems[0].help


def test_a_default_that_is_a_calendar_is_an_answer(tmp_path: Path) -> None:
    default = "{calendar: {type: calendar, default: desk}}"
    assert problems_of(tmp_path, ("{calendar: calendar}", default)) == []
