"""DMN decision tables as rows tables: the same answers for all combinations, clear refusals."""

import re
from itertools import product
from pathlib import Path

import pytest

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.formatting import formatted
from aftersales.definitions.interchange.dmn import FromDmn, decisions_in, from_dmn, named
from aftersales.definitions.interchange.dmn_xml import read_dmn
from aftersales.definitions.interchange.sfeel import cell_of
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_rows_table
from aftersales.domain.conditions import Facts, FactSchema
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.policy import RowsDecision, RowsTable, decide_rows
from aftersales.domain.problem import Problem

FOLDER = Path(__file__).parent / "dmn"


def taken(raw: bytes, schema: FactSchema | None = None) -> tuple[FromDmn | None, list[Problem]]:
    """The only decision of a file, with what was noted."""
    notes = Notes()
    root = read_dmn(raw, "file.dmn", notes)
    if root is None:
        return None, notes.problems
    [decision] = decisions_in(root).values()
    return from_dmn(decision, schema or FactSchema(), notes), notes.problems


def imported(name: str) -> tuple[RowsTable, FactSchema, FromDmn]:
    """A sample as a table that can be asked, with the facts made for it."""
    return made_table((FOLDER / name).read_bytes())


def made_table(raw: bytes) -> tuple[RowsTable, FactSchema, FromDmn]:
    """A DMN file as a table that can be asked."""
    made, problems = taken(raw)
    assert problems == []
    assert made is not None
    notes = Notes()
    root, slips = text.read(f"aftersales: facts/1\n{made.facts}", "facts.yaml")
    assert isinstance(root, text.Mapping), slips
    schema = read_facts(root, notes)
    root, slips = text.read(made.table, "table.yaml")
    assert isinstance(root, text.Mapping), slips
    table = read_rows_table([root], schema, notes)
    assert notes.problems == []
    assert table is not None
    return table, schema, made


def answered(table: RowsTable, schema: FactSchema, **given: str) -> str:
    """The one answer, or why there is none."""
    known = {name: schema.read(name, value) for name, value in given.items() if value}
    decision = decide_rows(table, Facts(schema, known))
    return next(iter(decision.answers.values())) if isinstance(decision, RowsDecision) else "-"


def test_unique_rules_of_camunda_answer_as_they_say() -> None:
    table, schema, made = imported("claim_camunda.dmn")
    assert (table.choose, made.policy) == ("one", "claim_priority")
    assert table.rows[0].because == "those who come often do not wait"
    expected = {
        ("new", "-1"): "low", ("new", "0"): "low", ("new", "6"): "low",
        ("new", "7"): "high", ("new", "8"): "high",
        ("regular", "-1"): "low", ("regular", "0"): "low", ("regular", "6"): "low",
        ("regular", "7"): "high", ("regular", "8"): "high",
        ("very_important", "-1"): "high", ("very_important", "0"): "high",
        ("very_important", "6"): "high", ("very_important", "7"): "high",
        ("very_important", "8"): "high",
    }  # fmt: skip
    found = {
        (tier, age): answered(table, schema, customer_tier=tier, claim_age=age)
        for tier, age in product(["new", "regular", "very_important"], ["-1", "0", "6", "7", "8"])
    }
    assert found == expected


def test_first_rules_of_trisotech_answer_as_they_say() -> None:
    table, schema, _ = imported("window_trisotech.dmn")
    assert table.choose == "first"
    assert table.rows[0].because == "presents are opened at Christmas"
    days = ["2026-11-19", "2026-11-20", "2026-11-30", "2026-12-01"]
    expected = {
        ("2026-11-19", "yes"): "45", ("2026-11-19", "no"): "30",
        ("2026-11-20", "yes"): "60", ("2026-11-20", "no"): "60",
        ("2026-11-30", "yes"): "60", ("2026-11-30", "no"): "60",
        ("2026-12-01", "yes"): "45", ("2026-12-01", "no"): "30",
    }  # fmt: skip
    found = {
        (day, gift): answered(table, schema, ordered_on=day, is_gift=gift)
        for day, gift in product(days, ["yes", "no"])
    }
    assert found == expected


def test_all_rules_that_fit_are_collected() -> None:
    table, schema, _ = imported("papers_collect.dmn")
    assert table.choose == "all"
    expected = {
        ("20", ""): "-", ("20", "3"): "hazard sheet", ("20", "1 or 2"): "hazard sheet",
        ("25.5", ""): "freight note", ("25.5", "3"): "freight note, hazard sheet",
        ("25.5", "1 or 2"): "freight note, hazard sheet",
        ("26", ""): "freight note, class form", ("26", "3"): "freight note, hazard sheet",
        ("26", "1 or 2"): "freight note, hazard sheet",
        ("31", ""): "class form", ("31", "3"): "hazard sheet", ("31", "1 or 2"): "hazard sheet",
    }  # fmt: skip
    found = {
        (weight, sort): answered(table, schema, weight=weight, hazard_class=sort)
        for weight, sort in product(["20", "25.5", "26", "31"], ["", "3", "1 or 2"])
    }
    assert found == expected


def test_a_gap_of_a_dmn_table_is_a_gap_of_the_rows_table() -> None:
    table, schema, made = imported("claim_with_a_gap.dmn")
    assert "of: [new, regular, very_important, staff]" in made.facts
    assert answered(table, schema, customer_tier="staff", claim_age="3") == "-"


@pytest.mark.parametrize("name", ["claim_camunda", "window_trisotech", "papers_collect"])
def test_what_is_made_is_in_our_style(name: str) -> None:
    table, schema, made = imported(f"{name}.dmn")
    assert formatted(made.table, "t.yaml", schema).text == made.table
    assert len(table.rows) == made.table.count("id: rule_")


def test_a_fact_that_is_declared_is_taken_as_it_is() -> None:
    root, _ = text.read(
        "aftersales: facts/1\nfacts:\n  customer_tier: {type: choice, of: [new, regular, vip]}\n",
        "f",
    )
    assert isinstance(root, text.Mapping)
    made, problems = taken((FOLDER / "claim_camunda.dmn").read_bytes(), read_facts(root, Notes()))
    assert made is None
    assert {(p.code, p.help) for p in problems} == {("I913", "one of `new`, `regular`, `vip`")}
    assert len(problems) == 2


def test_what_cannot_be_expressed_is_told_with_decision_rule_and_cell() -> None:
    made, problems = taken((FOLDER / "claim_beyond_s_feel.dmn").read_bytes())
    assert made is None
    assert [(p.code, p.message) for p in problems] == [
        ("I913", "decision `Claim Priority`, rule 2, `claim_age`: `limit + 1` cannot be expressed"),
        (
            "I913",
            "decision `Claim Priority`, rule 3, `claim_age`: `length(x)` cannot be expressed",
        ),
    ]
    lines = (FOLDER / "claim_beyond_s_feel.dmn").read_text("utf-8").splitlines()
    for problem in problems:
        assert lines[problem.place.line - 1][problem.place.column - 1 :].startswith("<text>")
        assert problem.help


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('hitPolicy="UNIQUE"', 'hitPolicy="RULE ORDER"', "I912"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="SUM"', "I912"),
        ("<text>claim age</text>", "<text>claim.age</text>", "I914"),
        ('typeRef="integer"', 'typeRef="time"', "I914"),
        ("</definitions>", "</definition>", "I911"),
        ("spec/DMN/20191111/MODEL/", "spec/BPMN/20191111/MODEL/", "I911"),
        ("<definitions ", '<!DOCTYPE d [<!ENTITY a "b">]><definitions ', "I911"),
        ("<definitions ", '<!DOCTYPE d SYSTEM "file:///etc/passwd"><definitions ', "I911"),
        ("<text>-</text>", "<text>&nothing;</text>", "I911"),
        ('<text>"high"</text>', "<text>a + b</text>", "I913"),
        ('name="priority"', 'name="because"', "I914"),
        ('<inputEntry id="UnaryTests_4"><text>-</text></inputEntry>', "", "I913"),
        ('<outputEntry id="LiteralExpression_1"><text>"high"</text></outputEntry>', "", "I913"),
        (
            "</outputValues>",
            "</outputValues><defaultOutputEntry><text>1+2</text></defaultOutputEntry>",
            "I913",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_with_a_help(
    old: str, new: str, code: str
) -> None:
    written = (FOLDER / "claim_camunda.dmn").read_text("utf-8")
    assert old in written
    made, problems = taken(written.replace(old, new, 1).encode())
    assert made is None
    assert [problem.code for problem in problems] == [code]
    assert all(problem.help for problem in problems)


@pytest.mark.parametrize("word", ["Any", "missing", "Regular"])
def test_a_value_whose_name_says_something_else_is_refused(word: str) -> None:
    """A cell `any` would fit every case; of two values with one name nobody could tell which."""
    written = (FOLDER / "claim_camunda.dmn").read_text("utf-8").replace('"New"', f'"{word}"')
    made, problems = taken(written.encode())
    assert made is None
    assert [problem.code for problem in problems] == ["I914"]


@pytest.mark.parametrize("word", ["any", "missing", "not DE"])
def test_a_string_is_never_read_as_words_of_a_cell(word: str) -> None:
    root, _ = text.read(
        "aftersales: facts/1\nfacts:\n  customer_tier: {type: country}\n", "facts.yaml"
    )
    assert isinstance(root, text.Mapping)
    written = (FOLDER / "claim_camunda.dmn").read_text("utf-8").replace('"New"', f'"{word}"')
    written = written.replace('"Regular"', '"DE"').replace('"Very Important"', '"FR"')
    made, problems = taken(written.encode(), read_facts(root, Notes()))
    assert made is None
    assert {problem.code for problem in problems} == {"I913"}


@pytest.mark.parametrize("part", ["output", "rule"])
def test_a_table_without_outputs_or_rules_is_refused(part: str) -> None:
    written = (FOLDER / "claim_camunda.dmn").read_text("utf-8")
    cut = re.sub(rf"<{part} .*?</{part}>|<outputEntry .*?</outputEntry>", "", written, flags=re.S)
    made, problems = taken(cut.encode())
    assert made is None
    assert [problem.code for problem in problems] == ["I914"]


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "COLLECT"])
def test_a_default_output_is_answered_where_no_rule_fits(policy: str) -> None:
    written = (FOLDER / "claim_with_a_gap.dmn").read_text("utf-8")
    default = '</outputValues><defaultOutputEntry><text>"low"</text></defaultOutputEntry>'
    written = written.replace("</outputValues>", default).replace("UNIQUE", policy)
    table, schema, made = made_table(written.encode())
    assert made.table.endswith("otherwise: {priority: low}\n")
    assert answered(table, schema, customer_tier="staff", claim_age="3") == "low"
    assert answered(table, schema, customer_tier="very_important", claim_age="3") == "high"


def test_a_file_that_is_too_big_or_too_deep_is_refused() -> None:
    assert [p.code for p in taken(b"<a>" * 100)[1]] == ["I911"]
    assert [p.code for p in taken(b" " * 5_000_000)[1]] == ["I911"]


@pytest.mark.parametrize(
    ("feel", "cell"),
    [
        ("-", "any"),
        ("", "any"),
        ('"a"', "<a>"),
        ('"a","b, c"', "<a> or <b, c>"),
        ('not("a", "b")', "not <a> nor <b>"),
        ("null", "missing"),
        ("not(null)", "known"),
        ("true", "yes"),
        ("<= 10.50", "at most 10.50"),
        ("[1..5]", "1 to 5"),
        ("]1..5[", "over 1 to under 5"),
        ("(1..5)", "over 1 to under 5"),
        ("< 0, [10..20)", "under 0 or 10 to under 20"),
        ('>= date("2026-01-01")', "at least 2026-01-01"),
        ('date and time("2026-01-01T10:00:00Z")', "2026-01-01T10:00:00Z"),
        (".5, 007", "0.5 or 7"),
    ],
)
def test_unary_tests_are_cells(feel: str, cell: str) -> None:
    assert cell_of(feel, lambda word: f"<{word}>") == cell


@pytest.mark.parametrize("feel", ["x", "1 + 2", '"a', "[1..]", "not(1", "null, 1", "{a: 1}", "?"])
def test_what_is_no_unary_test_of_s_feel_is_refused(feel: str) -> None:
    with pytest.raises(ValueUnreadable):
        cell_of(feel, str)


def test_names_become_ours() -> None:
    assert [named(n) for n in ("customerTier", "Claim Age", " X-1 ", "?")] == [
        "customer_tier", "claim_age", "x_1", "unnamed",
    ]  # fmt: skip
