"""Expectations rewritten by their positions: columns, quotes, comments, what cannot be."""

import pytest

from aftersales.authoring.results import Difference
from aftersales.authoring.rewriting import rewrite
from aftersales.definitions import text
from aftersales.definitions.text import Listing, Mapping
from aftersales.domain.problem import Place

FILE = """aftersales: tests/1
for: scratches
zone: UTC
tests:
  - name: one           # why
    given: {country: NO}
    expect: {options: ["a, b", c], rule: here}   # a comment
  - name: a table
    columns: [country, rule, options]
    rows:
      - [NO, here,      [a]]
      - [SE, elsewhere, [b]]
  - name: a story
    story:
      - {at: 2026-03-02 09:00, expect: {state: open, due: {answer: 2026-03-03 09:00}}}
  - name: lines
    given: {country: DK}
    expect:
      options:
        - a
        - b
"""


def places() -> list[Place]:
    root, _ = text.read(FILE, "x.yaml")
    assert isinstance(root, Mapping)
    tests = root.get("tests")
    assert isinstance(tests, Listing)
    found = []
    for entry in tests.items:
        assert isinstance(entry, Mapping)
        rows, story = entry.get("rows"), entry.get("story")
        found.append(entry.place)
        for inner in (rows, story):
            found += [item.place for item in inner.items] if isinstance(inner, Listing) else []
    return found


ONE, _, FIRST_ROW, SECOND_ROW, _, STEP, LINES = places()


def rewritten(place: Place, what: str, *found: str) -> str:
    difference = Difference(place, "", what, (), found, is_rewritable=True)
    done = rewrite(FILE, "x.yaml", [difference])
    assert done.refused == ()
    changed = [line for line in done.content.splitlines() if line not in FILE.splitlines()]
    assert len(done.content.splitlines()) == len(FILE.splitlines())
    return "\n".join(changed)


@pytest.mark.parametrize(
    ("place", "what", "found", "line"),
    [
        (ONE, "options", ("c",), "    expect: {options: [c], rule: here}   # a comment"),
        (ONE, "options", (), "    expect: {options: [], rule: here}   # a comment"),
        (
            ONE,
            "rule",
            ("a: b, c",),
            '    expect: {options: ["a, b", c], rule: "a: b, c"}   # a comment',
        ),
        (FIRST_ROW, "rule", ("there",), "      - [NO, there,     [a]]"),
        (FIRST_ROW, "rule", ("far_far_away",), "      - [NO, far_far_away, [a]]"),
        (SECOND_ROW, "options", ("a", "b"), "      - [SE, elsewhere, [a, b]]"),
        (
            STEP,
            "due answer",
            ("2026-03-04 10:00",),
            "      - {at: 2026-03-02 09:00, expect: "
            "{state: open, due: {answer: 2026-03-04 10:00}}}",
        ),
        (
            STEP,
            "state",
            ("shut",),
            "      - {at: 2026-03-02 09:00, expect: "
            "{state: shut, due: {answer: 2026-03-03 09:00}}}",
        ),
    ],
)
def test_only_the_cell_that_differs_is_rewritten(
    place: Place, what: str, found: tuple[str, ...], line: str
) -> None:
    assert rewritten(place, what, *found) == line


def test_several_differences_of_a_line_are_rewritten_together() -> None:
    differences = [
        Difference(ONE, "", "options", (), ("x", "y", "z"), is_rewritable=True),
        Difference(ONE, "", "rule", (), ("nowhere",), is_rewritable=True),
    ]
    done = rewrite(FILE, "x.yaml", differences)
    assert "    expect: {options: [x, y, z], rule: nowhere}   # a comment" in done.content


def test_what_stands_in_lines_or_nowhere_is_refused() -> None:
    differences = [
        Difference(LINES, "", "options", (), ("x",), is_rewritable=True),
        Difference(ONE, "", "approval", (), ("x",), is_rewritable=True),
        Difference(ONE, "", "rule", (), ("x",)),
    ]
    done = rewrite(FILE, "x.yaml", differences)
    assert done.refused == tuple(differences)
    assert done.content == FILE


MOVING = """aftersales: tests/1
for: scratches
zone: UTC
tests:
  - name: another
    story:
      - {at: 2026-03-02 09:00, expect: {due: 2026-03-09 00:00}}
      - {at: 2026-03-09 00:01, expect: {state: closed}}
  - name: a story
    story:
      - {at: 2026-03-02 09:00, expect: {due: 2026-03-09 00:00}}
      - {at: 2026-03-05 00:01, expect: {due answer: 2026-03-09 00:00, due reply: 2026-03-20 00:00}}
      - {wait: 3 hours, expect: {due: {answer: "2026-03-09 00:00"}}}
      - {at: "2026-03-09 00:00:30", expect: {state: closed, due: 2026-03-20 00:00}}
      - {by: customer, event: reopen, expect: {due: no}}
      - {at: 2026-03-31T09:00Z, expect: {state: open}}
"""


def test_the_steps_after_a_deadline_move_along_with_it_and_those_before_do_not() -> None:
    place = Place("x.yaml", 11, 9)
    was, now = "2026-03-09 00:00", "2026-03-11 00:00"
    difference = Difference(place, "", "due", (was,), (now,), is_rewritable=True)
    done = rewrite(MOVING, "x.yaml", [difference])
    assert done.refused == ()
    changed = [
        (number, line)
        for number, line in enumerate(done.content.splitlines(), 1)
        if line != MOVING.splitlines()[number - 1]
    ]
    assert changed == [
        (11, "      - {at: 2026-03-02 09:00, expect: {due: 2026-03-11 00:00}}"),
        (
            12,
            "      - {at: 2026-03-05 00:01, expect: "
            "{due answer: 2026-03-11 00:00, due reply: 2026-03-20 00:00}}",
        ),
        (13, '      - {wait: 3 hours, expect: {due: {answer: "2026-03-11 00:00"}}}'),
        (
            14,
            '      - {at: "2026-03-11 00:00:30", expect: {state: closed, due: 2026-03-22 00:00}}',
        ),
    ]
