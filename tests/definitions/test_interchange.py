# ruff: noqa: E501
"""Tables as CSV and back: the same bytes, the same decisions, and problems told at the cell."""

from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.definitions.contents import Contents
from aftersales.definitions.documents import Document, read_contents, read_document
from aftersales.definitions.facts import read_facts
from aftersales.definitions.interchange import (
    PolicyFile,
    exported,
    imported,
    policy_files,
    read_csv,
    write_csv,
)
from aftersales.definitions.interchange.merging import Merged, merged, told_in_csv
from aftersales.definitions.interchange.sheets import Sheet, SheetEntry, sheet_of
from aftersales.definitions.interchange.tables import Table
from aftersales.definitions.known import calendars
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_files import read_policies
from aftersales.domain.conditions import Condition, Facts, FactSchema, FactType
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money
from aftersales.domain.policy import Policies, RuleRef, Spent, decide_options, decide_rows
from aftersales.domain.problem import Problem

ROOT = Path(__file__).parents[2]


@cache
def shipped() -> dict[str, tuple[PolicyFile, Table]]:
    """Every shipped table by file and name."""
    notes = Notes()
    files = policy_files(ROOT, notes)
    assert notes.problems == []
    return {f"{p.file} {t.name}": (p, t) for p in files for t in p.tables.values()}


def as_csv(policy: PolicyFile, table: Table) -> str:
    notes = Notes()
    written = exported(policy, table, notes)
    assert notes.problems == []
    return written


def sheet(policy: PolicyFile, table: Table, written: str) -> Sheet:
    notes = Notes()
    found = sheet_of(
        read_csv(written.encode(), "t.csv", notes), table, policy.schema, notes, file="t.csv"
    )
    assert notes.problems == []
    assert found is not None
    return found


def slips(written: str | bytes, policy: PolicyFile, table: Table) -> list[tuple[str, int, int]]:
    raw = written if isinstance(written, bytes) else written.encode()
    found = imported(policy, table, raw, "t.csv").problems
    assert all(problem.help for problem in found)
    return [(p.code, p.place.line, p.place.column) for p in found if p.place.file == "t.csv"]


def of(name: str) -> tuple[PolicyFile, Table]:
    return shipped()[f"policies/{name}"]


def changed(name: str, old: str, new: str) -> Merged:
    """The policy with one thing in its CSV changed."""
    policy, table = of(name)
    written = as_csv(policy, table)
    assert old in written
    return merged(policy.content, table, sheet(policy, table, written.replace(old, new)))


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


# -- every shipped table


@pytest.mark.parametrize("name", shipped())
def test_a_table_comes_back_byte_for_byte(name: str) -> None:
    policy, table = shipped()[name]
    done = merged(policy.content, table, sheet(policy, table, as_csv(policy, table)))
    assert done == Merged(policy.content)


def rebuilt() -> Contents:
    """The shipped definitions, every table emptied and made again from its CSV."""
    contents = Contents.of_folder(ROOT)
    files = dict(contents.files)
    for name, (policy, table) in shipped().items():
        content = files[policy.file].decode()
        written = sheet(policy, table, as_csv(policy, table))
        emptied = merged(content, table, Sheet({}, ())).text
        assert emptied != content, name
        files[policy.file] = merged(emptied, table, written).text.encode()
    return Contents(files)


@cache
def both() -> tuple[Policies, Policies, FactSchema]:
    read = []
    for contents in (Contents.of_folder(ROOT), rebuilt()):
        notes = Notes()
        documents = read_contents(contents, notes).documents
        [facts] = [d for d in documents if d.format == "facts"]
        schema = read_facts(facts.root, notes)
        read.append(read_policies(documents, schema, notes))
        assert notes.problems == []
    return read[0], read[1], schema


def shape(value: object) -> object:
    """A value without the places it was written at; the order of facts in a condition is none."""
    if isinstance(value, RuleRef):
        return (value.policy, value.rule)
    if isinstance(value, Condition):
        return [sorted((fact, repr(cell)) for fact, cell in box) for box in value.boxes]
    if is_dataclass(value):
        return {field.name: shape(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): shape(item) for key, item in value.items()}
    return [shape(item) for item in value] if isinstance(value, tuple | list) else value


def test_tables_made_anew_from_csv_are_the_same_tables() -> None:
    old, new, _ = both()
    for part in ("compensation", "rows", "channels", "floors"):
        assert shape(getattr(old, part)) == shape(getattr(new, part))


_SAMPLES = {
    FactType.YES_NO: ["yes", "no"],
    FactType.MONEY: ["5 USD", "20 USD", "99.99 USD", "100 USD", "400 USD"],
    FactType.COUNTRY: ["US", "CA", "DE", "GB", "CN"],
    FactType.NUMBER: ["0", "3", "16", "400", "731"],
    FactType.DATE: ["2026-11-19", "2026-11-20", "2026-11-30"],
    FactType.INSTANT: ["2026-11-20T10:00:00Z"],
    FactType.LANGUAGE: ["de"],
    FactType.ZONE: ["Europe/Berlin"],
}


def can_be(schema: FactSchema, name: str, text: str) -> bool:
    try:
        schema.read(name, text)
    except ValueUnreadable:
        return False
    return True


def outcome(decision: object) -> object:
    """What is decided; which of several reasons against a rule is told first is left out."""
    told = shape(decision)
    return {k: v for k, v in told.items() if k != "left_out"} if isinstance(told, dict) else told


@st.composite
def drawn_facts(draw: st.DrawFn) -> dict[str, str]:
    _, _, schema = both()
    found = {"kind": draw(st.sampled_from([*both()[0].compensation])), "state": "open"}
    for name, declaration in schema.declarations.items():
        of_type = list(declaration.choices) or [
            text for text in _SAMPLES.get(declaration.type, []) if can_be(schema, name, text)
        ]
        if of_type and not declaration.derived and draw(st.integers(0, 9)):
            found[name] = draw(st.sampled_from(of_type))
    return found


@settings(max_examples=60)
@given(drawn_facts())
def test_tables_made_anew_from_csv_decide_the_same(texts: dict[str, str]) -> None:
    old, new, schema = both()
    facts = Facts(schema, {name: schema.read(name, text) for name, text in texts.items()})
    for name in old.rows:
        before, after = (decide_rows(p.rows[name], facts) for p in (old, new))
        assert outcome(before) == outcome(after)
    spent = Spent(Money("500.00", "USD"), Money("0.00", "USD"))
    for name in old.compensation:
        given, made = (decide_options(policies, name, facts, spent) for policies in (old, new))
        assert outcome(given) == outcome(made)


@cache
def documents() -> tuple[Document, ...]:
    return read_contents(Contents.of_folder(ROOT), Notes()).documents


def policy_problems(policy: PolicyFile, content: str) -> list[Problem]:
    """What is wrong with the policies, one file being `content`."""
    notes = Notes()
    document = read_document(content, policy.file, notes)
    if document is not None:
        others = [other for other in documents() if other.file != policy.file]
        read_policies([*others, document], policy.schema, notes, calendars=calendars(documents()))
    return notes.problems


@pytest.mark.parametrize("name", shipped())
def test_slips_in_all_columns_are_told_at_their_cells_as_in_the_yaml(name: str) -> None:
    policy, table = shipped()[name]
    texts = [
        [cell.text for cell in row] for row in read_csv(as_csv(policy, table).encode(), "", Notes())
    ]
    wrong = []
    for number, head in enumerate(texts[0][1:], 1):
        row = next(n for n, row in enumerate(texts) if n and row[number])
        if head not in _ANY_TEXT:
            texts[row][number] = "((no such thing))"
            wrong.append((row, number))
    written = write_csv(texts)
    rows, read = read_csv(written.encode(), "t.csv", Notes()), sheet(policy, table, written)
    done = merged(policy.content, table, read)
    problems = policy_problems(policy, done.text)
    told = [told_in_csv(problem, done.text, table, read) for problem in problems]
    places = {(p.place.line, p.place.column) for p in told if p is not None}
    for row, number in wrong:
        place = rows[row][number].place
        assert (place.line, place.column) in places, (texts[0][number], problems)
    assert [p.message for p in told if p is not None] == [p.message for p in problems]


# What may say anything: words for people, and names that only the whole folder knows.
_ANY_TEXT = {"because", "source", "answer", "evidence_list", "must_offer_one_of", "can"}


# -- edits


def test_a_changed_cell_is_edited_in_place() -> None:
    policy, _ = of("triage.yaml rows")
    done = changed("triage.yaml rows", "at least major", "total")
    assert done.changed == ("bad_damage",)
    assert lines_changed(policy.content, done.text) == (
        [
            "  - {id: bad_damage,    when: {kind: damaged, severity: at least major}, priority: yellow}"
        ],
        ["  - {id: bad_damage,    when: {kind: damaged, severity: total}, priority: yellow}"],
    )


def test_a_cell_of_a_matrix_keeps_its_columns_aligned() -> None:
    done = changed("compensation/damaged.yaml base", "small,full_refund", "small,small_coupon")
    assert (
        "    small:  {minor: small_coupon,                major: full_refund,                        total"
        in done.text
    )


def test_a_matrix_gets_a_column_and_one_is_called_otherwise() -> None:
    policy, table = of("compensation/damaged.yaml base")
    rows = [[c.text for c in row] for row in read_csv(as_csv(policy, table).encode(), "", Notes())]
    wider = [[*row, "lost" if not n else "full_refund"] for n, row in enumerate(rows)]
    done = merged(policy.content, table, sheet(policy, table, write_csv(wider)))
    assert done.changed == ("small", "medium", "large", "huge")
    assert done.text.count("total: full_refund, lost: full_refund}\n") == 1
    assert done.text.count(", lost: full_refund}\n") == 4
    written = as_csv(policy, table).replace("total", "totall")
    assert slips(written, policy, table) == [("C201", 2, 31)]


def test_facts_are_added_to_a_rule_and_taken_from_it() -> None:
    done = changed("triage.yaml rows", "lost_parcel,not_received,,", "lost_parcel,,yes,")
    assert "  - {id: lost_parcel,   when: {safety_risk: yes}, priority: yellow}\n" in done.text
    done = changed(
        "compensation/damaged.yaml exceptions", "own_doing,customer,,", "own_doing,customer,no,"
    )
    assert "    when: {fault: customer, unsafe: no}\n" in done.text


def test_answers_are_added_to_a_rule_and_taken_from_it() -> None:
    done = changed(
        "compensation/damaged.yaml exceptions",
        "at least major,,full_refund,,",
        "at least major,,full_refund,consumer_law,",
    )
    assert (
        "    because: sending a second parcel abroad costs more than the goods\n    wins_over: consumer_law\n"
        in done.text
    )
    done = changed("compensation/damaged.yaml exceptions", '"[far_away, consumer_law]"', "")
    assert "    options: [full_refund, resend]\n    because: nobody is asked" in done.text
    done = changed("triage.yaml rows", ",the author of a bad review is contacted at once", ",")
    assert "{id: public_review, when: {kind: bad_review}, priority: red}\n" in done.text


def test_a_new_rule_comes_where_the_sheet_has_it_in_the_style_of_the_others() -> None:
    done = changed("loss.yaml rows", "came_back,", "lasting,,over 30,late,\ncame_back,")
    assert done.added == ("lasting",)
    lines = done.text.splitlines()
    at = lines.index("  - {id: lasting, when: {days_past_promise: over 30}, loss: late}")
    assert "gone" in lines[at - 1]
    assert "came_back" in lines[at + 1]
    done = changed(
        "compensation/damaged.yaml exceptions",
        "\nfar_away,",
        '\ngone,,yes,,,,,"[resend]",,"a, b"\nfar_away,',
    )
    assert (
        '  - id: gone\n    when: {unsafe: yes}\n    options: [resend]\n    because: "a, b"\n  - id: far_away\n'
        in done.text
    )


def test_rules_take_their_comments_with_them_when_they_go_or_are_moved() -> None:
    content = (
        "aftersales: policy/1\npolicy: t\nanswers: {x: text}\nrows:\n"
        "  # of a\n  - {id: a, when: {tier: vip}, x: one}  # behind a\n"
        "  # of b\n  - {id: b, when: {tier: new}, x: two}  # behind b\n\notherwise: {x: three}\n"
    )
    policy, table = of("triage.yaml rows")
    table = Table("rows", ("rows",), "rules", ("x",), may_have_otherwise=True)
    written = "id,tier,x\nb,new,two\notherwise,,three\n"
    done = merged(content, table, sheet(policy, table, written))
    assert done.removed == ("a",)
    assert done.text == content.replace("  - {id: a, when: {tier: vip}, x: one}  # behind a\n", "")
    turned = "id,tier,x\nb,new,two\na,vip,one\n"
    done = merged(content, table, sheet(policy, table, turned))
    assert done.text.index("# of b") < done.text.index("# behind b") < done.text.index("# behind a")
    assert "otherwise" not in done.text
    none = merged(content, table, sheet(policy, table, "id,tier,x\n"))
    assert "rows: []\n" in none.text
    again = merged(none.text, table, sheet(policy, table, turned))
    assert "rows:\n  - {id: b, when: {tier: new}, x: two}\n  - {id: a," in again.text


def test_a_rule_with_two_conditions_takes_two_rows() -> None:
    policy, table = of("law/eu.yaml floors")
    assert "\nor,eu,damaged or wrong_item,yes,missing,,,\n" in as_csv(policy, table)
    done = changed("law/eu.yaml floors", "or,eu,", "or,FR,")
    assert "      - {country: FR, kind" in done.text


# -- what spreadsheets do


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_spreadsheet_saves_is_read(delimiter: str, end: str) -> None:
    policy, table = of("triage.yaml rows")
    written = exported(policy, table, Notes(), delimiter=delimiter)
    empty = delimiter * 9 + "\n"
    saved = (written + empty).replace("\n", end).replace(",yes,", ",TRUE,")
    for raw in (saved.encode("utf-8-sig"), saved.encode("utf-16")):
        notes = Notes()
        rows = read_csv(raw, "t.csv", notes)
        found = sheet_of(rows, table, policy.schema, notes, file="t.csv")
        assert notes.problems == []
        assert found is not None
        assert merged(policy.content, table, found).text == policy.content


def test_the_hint_of_excel_about_the_delimiter_is_read() -> None:
    rows = read_csv(b"sep=;\nid;x,y\na;1\n", "t.csv", Notes())
    assert [[cell.text for cell in row] for row in rows] == [["id", "x,y"], ["a", "1"]]
    assert rows[1][1].place.line == 3
    assert rows[1][1].place.column == 3


@given(st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=4), min_size=1, max_size=4))
def test_every_text_survives_and_none_is_a_formula(rows: list[list[str]]) -> None:
    clean = [["".join(c for c in t if c.isprintable()).strip() + "x" for t in row] for row in rows]
    written = write_csv([["=id", *(["+"] * 3)], *clean])
    read = read_csv(written.encode(), "t.csv", Notes())
    assert [[cell.text for cell in row] for row in read[1:]] == [
        [text.replace("\N{NO-BREAK SPACE}", " ").strip() for text in row] for row in clean
    ]
    for row in written.splitlines():
        assert row[:1] not in tuple("=+-@")


def test_a_cell_that_looks_like_a_formula_goes_out_quoted_and_comes_back() -> None:
    written = write_csv([["id", "because"], ["a", "=1+1"], ["b", "-"], ["c", "'quoted'"]])
    assert written == "id,because\na,'=1+1\nb,'-\nc,''quoted'\n"
    read = read_csv(written.encode(), "t.csv", Notes())
    assert [row[1].text for row in read] == ["because", "=1+1", "-", "'quoted'"]


def test_a_quoted_cell_over_several_lines_keeps_the_count() -> None:
    rows = read_csv(b'id,a\nx,"one\ntwo ""three"""\ny,z\n', "t.csv", Notes())
    assert rows[1][1].text == 'one\ntwo "three"'
    assert [(row[0].place.line, row[0].name) for row in rows] == [(1, "A1"), (2, "A2"), (4, "A3")]


# -- slips


@pytest.mark.parametrize(
    ("old", "new", "slip"),
    [
        ("safety_risk", "safty_risk", ("I902", 1, 9)),
        ("safety_risk", "kind", ("I904", 1, 9)),
        ("id,kind", "name,kind", ("I902", 1, 1)),
        ("\ndanger,", "\n,", ("I903", 3, 1)),
        ("\ndanger,", "\nbank_dispute,", ("I904", 3, 1)),
        ("\ndanger,", "\nor,", ("I905", 3, 13)),
        ("\nbank_dispute,", "\nor,", ("I903", 2, 1)),
        ("otherwise,,", "otherwise,damaged,", ("I905", 10, 11)),
        (",red,\npublic", ",red,,oh\npublic", ("I905", 3, 22)),
        ("at least major", "at least mjor", ("C201", 8, 23)),
        (",red,\npublic", ",rd,\npublic", ("P412", 3, 17)),
        ("danger,,yes", 'danger,,"yes', ("I901", 3, 9)),
    ],
)
def test_a_slip_of_the_sheet_is_told_at_its_cell(
    old: str, new: str, slip: tuple[str, int, int]
) -> None:
    policy, table = of("triage.yaml rows")
    written = as_csv(policy, table)
    assert old in written
    assert slips(written.replace(old, new, 1), policy, table) == [slip]


def test_what_is_not_text_or_nothing_at_all_is_told() -> None:
    policy, table = of("triage.yaml rows")
    assert slips("id,kind\na,é\n".encode("cp1252"), policy, table) == [("I901", 2, 3)]
    assert slips(b"x" * 5_000_000, policy, table) == [("I901", 1, 1)]
    assert slips(b"", policy, table) == [("I902", 1, 1)]


def test_a_table_that_is_not_there_is_told_with_those_that_are() -> None:
    policy, _ = of("triage.yaml rows")
    notes = Notes()
    assert policy.table("row", notes) is None
    assert [(p.code, p.help) for p in notes.problems] == [("I906", "did you mean `rows`?")]


def test_a_problem_names_the_cell_as_the_spreadsheet_does() -> None:
    policy, table = of("triage.yaml rows")
    written = as_csv(policy, table).replace("at least major", "at least mjor")
    [problem] = imported(policy, table, written.encode(), "t.csv").problems
    assert problem.notes == ("cell F8, column `severity` of `bad_damage`",)


def test_ids_and_order_are_part_of_a_sheet() -> None:
    policy, table = of("triage.yaml rows")
    found = sheet(policy, table, as_csv(policy, table))
    assert list(found.entries)[-1] == "otherwise"
    assert all(isinstance(entry, SheetEntry) for entry in found.entries.values())
