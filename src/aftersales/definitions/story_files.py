"""Tests files (`tests/1`): stories of a workflow, examples of a policy, as authors write them."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aftersales.definitions import text
from aftersales.definitions.calendar_zones import zone_help
from aftersales.definitions.documents import file_content
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.calendar import zone_of
from aftersales.domain.case import Role
from aftersales.domain.conditions import ticked
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.problem import Place

Expected = Map[str, tuple[str, ...]]
Facts = Map[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a story: time passes, then one thing happens, then something is expected."""

    place: Place
    at: str = ""
    wait: Duration | None = None
    opens: Facts | None = None
    by: str = ""
    event: str = ""
    given: Facts = field(default_factory=dict)
    settle: Literal["", "done", "failed"] = ""
    expect: Expected = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A dated test of a workflow."""

    name: str
    place: Place
    steps: tuple[Step, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Example:
    """A test of a policy: for these facts, this is decided."""

    name: str
    place: Place
    given: Facts
    expect: Expected
    zone: str


@dataclass(frozen=True, slots=True)
class TestsFile:
    """All tests of one workflow or policy. A test without a zone of its own has this one."""

    __test__ = False  # not one of pytest's

    file: str
    tests_of: str
    zone: str
    usual: Facts
    stories: tuple[Story, ...]
    examples: tuple[Example, ...]


def read_tests_file(path: Path, shown: str, notes: Notes) -> TestsFile | None:
    """Read one `*.tests.yaml`; `shown` is how its path is told. None with a problem in `notes`."""
    content = file_content(path, shown, notes)
    return None if content is None else read_tests(content, shown, notes)


def read_tests(content: str, shown: str, notes: Notes) -> TestsFile | None:
    """Read the tests written in `content`, of a file whose path is told as `shown`."""
    root, problems = text.read(content, shown)
    for problem in problems:
        notes.add(problem)
    if not isinstance(root, Mapping):
        return None
    keys = Keys(root, notes, what="a tests file")
    keys.choice("aftersales", ("tests/1",))
    tests_of, zone = keys.text("for", required=True), _zone(keys, notes, required=True)
    usual = _facts(keys.node("usual"))
    entries = keys.node("tests", required=True)
    keys.node("laws")
    keys.done()
    if not isinstance(entries, Listing) or tests_of is None or zone is None:
        return None
    stories: list[Story] = []
    examples: list[Example] = []
    for entry in entries.items:
        _read_test(entry, zone, notes, stories, examples)
    return TestsFile(shown, tests_of, zone, usual, tuple(stories), tuple(examples))


def _read_test(
    entry: Node, zone: str, notes: Notes, stories: list[Story], examples: list[Example]
) -> None:
    if not isinstance(entry, Mapping):
        help = "begin it with `name:`"
        notes.error("S701", entry, "a test is written as `key: value` pairs", help)
        return
    keys = Keys(entry, notes, what="a test")
    name = keys.text("name", required=True) or ""
    zone = _zone(keys, notes) or zone
    steps, given = keys.node("story"), keys.node("given")
    columns, rows = keys.node("columns"), keys.node("rows")
    expect = keys.node("expect")
    keys.done()
    if isinstance(steps, Listing):
        read = [_step(step, notes) for step in steps.items]
        stories.append(Story(name, entry.place, tuple(s for s in read if s is not None), zone))
    elif isinstance(columns, Listing) and isinstance(rows, Listing):
        examples.extend(_table(name, columns, rows, zone, notes))
    elif given is not None and expect is not None:
        examples.append(Example(name, entry.place, _facts(given), _expected(expect, notes), zone))
    else:
        help = "write `story:`, or `given:` and `expect:`, or `columns:` and `rows:`"
        notes.error("S702", entry, f"the test `{name}` has nothing to try", help)


def _zone(keys: Keys, notes: Notes, *, required: bool = False) -> str | None:
    scalar = keys.scalar("zone", required=required)
    if scalar is None:
        return None
    try:
        zone_of(scalar.text)
    except ValueUnreadable as slip:
        notes.error("S704", scalar, str(slip), zone_help(scalar.text) or slip.help)
        return None
    return scalar.text


def _step(node: Node, notes: Notes) -> Step | None:
    if not isinstance(node, Mapping):
        help = "write it like `{wait: 2 business days}`"
        notes.error("S701", node, "a step is written as `key: value` pairs", help)
        return None
    keys = Keys(node, notes, what="a step")
    opens = keys.node("open")
    settle = keys.choice("settle", ("done", "failed"))
    step = Step(
        place=node.place,
        at=keys.text("at") or "",
        wait=keys.duration("wait"),
        opens=_facts(opens) if opens is not None else None,
        by=keys.text("by") or "",
        event=keys.text("event") or "",
        given=_facts(keys.node("with")),
        settle="done" if settle == "done" else "failed" if settle == "failed" else "",
        expect=_expected(keys.node("expect"), notes),
    )
    keys.done()
    return step


def _table(name: str, columns: Listing, rows: Listing, zone: str, notes: Notes) -> list[Example]:
    """Examples as a table: the columns that name results are expected, the rest is given."""
    heads = [column.text for column in columns.items if isinstance(column, Scalar)]
    examples = []
    for row in rows.items:
        if not isinstance(row, Listing) or len(row.items) != len(heads):
            held = f"{len(row.items)} cells" if isinstance(row, Listing) else "one text"
            message = f"this row has {held}, and `{name}` has {len(heads)} columns"
            notes.error("S703", row, message, f"fill them all: {ticked(heads)}")
            continue
        cells = dict(zip(heads, row.items, strict=True))
        expect = {head: _texts(cell) for head, cell in cells.items() if head in RESULTS}
        given = {
            head: cell.text
            for head, cell in cells.items()
            if head not in RESULTS and isinstance(cell, Scalar)
        }
        examples.append(Example(name, row.place, given, expect, zone))
    return examples


# What an example may expect of a policy, besides the answers of a rows table.
RESULTS = ("options", "rule", "approval", "returns", "undecided", "amounts")
NOT_DUE = ("paused", "no")
"""What a story says of a deadline that has no due date."""
ROLES: tuple[Role, ...] = (
    "customer",
    "agent",
    "supervisor",
    "manager",
    "platform",
    "bank",
    "system",
)


def _facts(node: Node | None) -> dict[str, str]:
    if not isinstance(node, Mapping):
        return {}
    return {key.text: value.text for key, value in node.items if isinstance(value, Scalar)}


def _expected(node: Node | None, notes: Notes) -> dict[str, tuple[str, ...]]:
    if not isinstance(node, Mapping):
        return {}
    expected: dict[str, tuple[str, ...]] = {}
    for key, value in node.items:
        if key.text == "due" and isinstance(value, Mapping):
            expected |= {f"due {name.text}": _due(name, at, notes) for name, at in value.items}
        else:
            expected[key.text] = _texts(value)
    return expected


def _due(name: Scalar, node: Node, notes: Notes) -> tuple[str, ...]:
    """When one deadline is due, or a word that says why it is not."""
    if isinstance(node, Scalar) and not (node.text[:1].isdigit() or node.text in NOT_DUE):
        message = f"`{name.text}` is not due `{node.text}`"
        help = (
            "write an instant such as `2026-10-09 18:00`, or `paused`, or `no` if it is not running"
        )
        notes.error("S705", node, message, help)
    return _texts(node)


def _texts(node: Node) -> tuple[str, ...]:
    if isinstance(node, Listing):
        return tuple(item.text for item in node.items if isinstance(item, Scalar))
    return (node.text,) if isinstance(node, Scalar) else ()
