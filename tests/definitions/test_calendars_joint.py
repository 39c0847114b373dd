"""Calendars of several: open where all are; wrong ones are told once, at the name that is wrong."""

from pathlib import Path

import pytest
from small_calendars import hours_on, read
from small_definitions import CALENDARS, write_file, write_folder

from aftersales.definitions import Catalog
from aftersales.domain.calendar import Calendar
from aftersales.domain.problem import Problem

PARTS = """\
  early: {zone: UTC, hours: {mon-fri: 06:00-14:00}}
  late: {zone: UTC, hours: {tue-sat: 10:00-20:00}, holidays: US, known_until: 2030}
  noon: {zone: UTC, hours: {mon-sun: 11:00-13:00}}
"""


def together(*lines: str, parts: str = PARTS) -> tuple[dict[str, Calendar], list[Problem]]:
    own = "".join(f"  {line}\n" for line in lines)
    return read(f"aftersales: calendars/1\ncalendars:\n{own}{parts}")


def test_it_is_open_where_all_are() -> None:
    calendars, problems = together("both: {together: [early, late]}")
    assert problems == []
    both = calendars["both"]
    week = [hours_on(both, f"2026-03-{day:02}") for day in range(2, 9)]
    assert week == [[], [10, 14], [10, 14], [10, 14], [10, 14], [], []]
    assert hours_on(both, "2026-07-03") == []


def test_it_may_be_made_of_another_that_stands_after_it() -> None:
    calendars, problems = together(
        "all: {together: [both, noon], because: both and noon}", "both: {together: [early, late]}"
    )
    assert problems == []
    assert hours_on(calendars["all"], "2026-03-03") == [11, 13]
    assert list(calendars) == ["all", "both", "early", "late", "noon"]


def test_the_order_of_definition_changes_nothing() -> None:
    before, _ = together("both: {together: [early, late]}")
    after, _ = read(
        f"aftersales: calendars/1\ncalendars:\n{PARTS}  both: {{together: [early, late]}}\n"
    )
    assert before == after


def test_it_may_name_a_calendar_of_another_file(tmp_path: Path) -> None:
    write_folder(tmp_path)
    own = "aftersales: calendars/1\ncalendars:\n  both: {together: [desk, unused]}\n"
    write_file(tmp_path, "policies/a_first.yaml", own)
    catalog, problems = Catalog.check(tmp_path)
    assert problems == []
    assert catalog is not None
    assert "unused" in CALENDARS
    assert hours_on(catalog.calendars["both"], "2026-03-03") == [9, 10]  # 15:00 to 16:00 in Berlin


CIRCLES = [
    (["a: {together: [early, a]}"], ["a"]),
    (["a: {together: [early, b]}", "b: {together: [late, a]}"], ["b"]),
    (["c: {together: [early, a]}", "a: {together: [early, b]}", "b: {together: [late, a]}"], ["b"]),
    (
        ["a: {together: [early, b]}", "b: {together: [late, c]}", "c: {together: [noon, a]}"],
        ["b"],
    ),
    (
        ["a: {together: [early, b]}", "b: {together: [late, a]}", "c: {together: [early, c]}"],
        ["b", "c"],
    ),
]


@pytest.mark.parametrize(("lines", "where"), CIRCLES)
def test_a_circle_is_told_once_at_the_name_that_leads_back(
    lines: list[str], where: list[str]
) -> None:
    calendars, problems = together(*lines)
    assert set(calendars) == {"early", "late", "noon"}
    assert [problem.code for problem in problems] == ["T315"] * len(where)
    assert all(problem.help for problem in problems)
    written = [f"  {line}" for line in lines]
    found = [written[p.place.line - 3][p.place.column - 1] for p in problems]
    assert found == where


@pytest.mark.parametrize(
    ("line", "code", "where", "help"),
    [
        ("x: {together: [early, erly]}", "T315", "erly", "`early`"),
        ("x: {together: [early]}", "T315", "[early]", "two calendars"),
        ("x: {together: early}", "T315", "early", "two calendars"),
        ("x: {together: []}", "T315", "[]", "two calendars"),
        ("x: {together: [early, late, early]}", "T315", "early]", "once"),
        ("x: {together: [early, late], zone: UTC}", "K101", "zone", ""),
        ("x: {together: [early, late], cut_off: 12:00}", "K101", "cut_off", ""),
        ("x: {together: [early, {late: 1}]}", "K104", "{late", ""),
    ],
)
def test_a_wrong_one_is_told_where_it_is_written(
    line: str, code: str, where: str, help: str
) -> None:
    calendars, problems = together(line)
    assert "x" not in calendars
    [problem] = problems
    assert (problem.code, problem.place.line) == (code, 3)
    assert problem.place.column == f"  {line}".rindex(where) + 1
    assert help in problem.help
    assert problem.help


def test_parts_that_are_never_open_together_are_refused() -> None:
    night = "  night: {zone: UTC, hours: {mon-fri: 20:00-06:00}}\n"
    calendars, problems = together("x: {together: [night, early]}", parts=PARTS + night)
    assert "x" not in calendars
    [problem] = problems
    assert (problem.code, problem.place.line, problem.place.column) == ("T315", 3, 18)
    assert problem.help


def test_nobody_is_blamed_for_naming_a_calendar_that_has_a_problem_itself() -> None:
    wrong = "  wrong: {zone: Nowhere, hours: {mon: 09:00-17:00}}\n"
    calendars, problems = together("x: {together: [wrong, early]}", parts=PARTS + wrong)
    assert "x" not in calendars
    assert [problem.code for problem in problems] == ["T301"]
