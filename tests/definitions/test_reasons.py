"""Numbers have reasons, and sources have days on which they were read."""

from datetime import date
from pathlib import Path

import pytest
from small_definitions import write_file, write_folder

from aftersales.definitions.catalog import Catalog
from aftersales.definitions.reasons import reasons_missing

TODAY = date(2026, 11, 26)
TABLE = """aftersales: policy/1
policy: pace
{top}
answers: {{within: duration}}
rows:
  - {{id: quick, when: {{country: NO}}, within: 4 hours{row}}}
otherwise: {{within: 2 business days{otherwise}}}
"""
OFFERS = """aftersales: policy/1
policy: sums
remedies:
  half: {refund: 50% of affected_value}
  whole: {refund: affected_value}
  tenth: {refund: 10% of affected_value, because: house rule}
base:
  down: severity
  cells: {minor: half, major: whole, total: whole}
exceptions:
  - {id: dear, when: {affected_value: at least 100 USD}, options: whole}
  - {id: far, when: {country: NO}, options: whole}
limits: {each_option: {at_most: 100% of affected_value}, because: house rule}
approval: {none_needed: under 50 USD, manager: at least 50 USD}
return_required:
  rows:
    - {id: back, when: {remedy: whole}, answer: label, within: 14 days}
  otherwise: {answer: customer_keeps}
"""


def listed(folder: Path, written: str, file: str = "policies/pace.yaml") -> list[tuple[str, int]]:
    """What a strict check wants of one file: the words in backticks, and their lines."""
    write_file(folder, file, written)
    found = reasons_missing(folder, today=TODAY)
    assert all(problem.severity == "warning" and problem.help for problem in found)
    return [(p.message.split("`")[1], p.place.line) for p in found if p.code == "P460"]


def test_each_row_remedy_and_table_with_numbers_is_listed_once(tmp_path: Path) -> None:
    assert listed(tmp_path, OFFERS) == [
        ("half", 4),
        ("dear", 11),
        ("approval", 14),
        ("back", 17),
    ]


@pytest.mark.parametrize(
    ("top", "row", "otherwise", "expected"),
    [
        ("about: how fast we are", "", "", ["quick", "otherwise"]),
        ("because: house rule", "", "", []),
        ("{source: the terms, read_on: 2026-11-21}", "", "", []),
        ("source: the terms", "", "", ["quick", "otherwise"]),
        ("about: how fast", ", because: house rule", "", ["otherwise"]),
        ("about: how fast", ", source: the terms, read_on: 2026-11-21", "", ["otherwise"]),
        ("about: how fast", ", because: house rule", ", because: house rule", []),
    ],
)
def test_a_reason_on_the_row_or_on_the_table_is_enough(
    tmp_path: Path, top: str, row: str, otherwise: str, expected: list[str]
) -> None:
    top = top.strip("{}").replace(", ", "\n")
    written = TABLE.format(top=top, row=row, otherwise=otherwise)
    assert [name for name, _ in listed(tmp_path, written)] == expected


def test_names_and_days_are_no_numbers(tmp_path: Path) -> None:
    written = TABLE.format(top="answers_2: x", row="", otherwise="").replace("4 hours", "p_24")
    written = written.replace("2 business days", "2026-03-01").replace("NO", "not_20 or 17:00")
    assert listed(tmp_path, written) == []


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2025-11-26", None),
        ("2025-11-25", "the source was read 366 days ago, on 2025-11-25"),
        ("2026-11-26", None),
        ("2026-11-27", "the source was read on a day that is still to come: 2026-11-27"),
    ],
)
def test_a_source_read_over_a_year_ago_is_to_be_read_again(
    tmp_path: Path, day: str, message: str | None
) -> None:
    row = f", source: the terms, read_on: {day}"
    written = TABLE.format(top="because: house rule", row=row, otherwise="")
    listed(tmp_path, written)
    found = reasons_missing(tmp_path, today=TODAY)
    assert [(p.code, p.message, p.place.line) for p in found] == (
        [("P461", message, 6)] if message else []
    )


@pytest.mark.parametrize("key", ["read_on", "in_force_from"])
def test_a_day_of_a_source_wants_a_source(tmp_path: Path, key: str) -> None:
    write_folder(tmp_path)
    row = f", {key}: 2026-11-21"
    written = TABLE.format(top="because: house rule", row=row, otherwise="")
    write_file(tmp_path, "policies/pace.yaml", written)
    _, problems = Catalog.check(tmp_path)
    place = ("policies/pace.yaml", 6, written.splitlines()[5].index(key) + 1)
    assert [(p.code, p.place.file, p.place.line, p.place.column) for p in problems] == [
        ("K106", *place)
    ]
    write_file(tmp_path, "policies/pace.yaml", written.replace("because: house rule", "source: x"))
    assert Catalog.check(tmp_path)[1] == []


def test_what_cannot_be_read_is_left_to_the_check_itself(tmp_path: Path) -> None:
    write_file(tmp_path, "policies/pace.yaml", "aftersales: policy/1\nrows: [1 USD")
    assert reasons_missing(tmp_path, today=TODAY) == []
