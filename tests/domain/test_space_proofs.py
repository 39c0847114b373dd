"""Holes, meetings and hidden rows, held against trying every combination of values.

Each drawn table is small; `TESTS_IN_FULL=1` draws three thousand of them.
"""

import os

from hypothesis import given, settings
from space_examples import SCHEMA, every_case, tables

from aftersales.domain.conditions import Condition, Facts, Rates
from aftersales.domain.conditions.space import Box, Cover, Space, meet, space_of

TABLES = 3000 if os.environ.get("TESTS_IN_FULL") else 100
Drawn = tuple[tuple[str, ...], list[Condition]]


def spaced(rows: list[Condition]) -> tuple[Space, list[list[Box]]]:
    space = space_of(SCHEMA, rows, rates=Rates.none())
    return space, [list(space.region(row)) for row in rows]


def is_in(space: Space, facts: Facts, boxes: list[Box]) -> bool:
    point = space.point_of(facts)
    return any(meet(point, box) is not None for box in boxes)


@settings(max_examples=TABLES)
@given(tables())
def test_a_condition_holds_exactly_in_its_region(drawn: Drawn) -> None:
    facts, rows = drawn
    space, regions = spaced(rows)
    for case in every_case(facts):
        for row, region in zip(rows, regions, strict=True):
            assert is_in(space, case, region) == row.holds(case)


@settings(max_examples=TABLES)
@given(tables())
def test_the_holes_are_exactly_the_cases_that_no_row_fits(drawn: Drawn) -> None:
    facts, rows = drawn
    space, regions = spaced(rows)
    boxes = [box for region in regions for box in region]
    cover = Cover(boxes, space.sizes)
    holes = list(cover.holes(space.whole))
    for case in every_case(facts):
        assert is_in(space, case, holes) == (not any(row.holds(case) for row in rows))
    for hole in holes:
        case = space.facts_of(hole)
        assert case is not None
        assert not any(row.holds(case) for row in rows)
        widened = cover.widened(hole, space.whole)
        assert meet(hole, widened) == hole
        assert not cover.meeting(widened)


@settings(max_examples=TABLES)
@given(tables())
def test_two_rows_meet_exactly_where_both_hold(drawn: Drawn) -> None:
    facts, rows = drawn
    space, regions = spaced(rows)
    for one in range(len(rows)):
        for other in range(one):
            common = [
                c for a in regions[one] for b in regions[other] if (c := meet(a, b)) is not None
            ]
            for case in every_case(facts):
                both = rows[one].holds(case) and rows[other].holds(case)
                assert is_in(space, case, common) == both


@settings(max_examples=TABLES)
@given(tables())
def test_a_row_is_hidden_exactly_where_earlier_rows_fit_all_its_cases(drawn: Drawn) -> None:
    facts, rows = drawn
    space, regions = spaced(rows)
    earlier: list[Box] = []
    for row, region, number in zip(rows, regions, range(len(rows)), strict=True):
        cover = Cover(earlier, space.sizes)
        is_hidden = all(cover.is_covered(box) for box in region)
        cases = [case for case in every_case(facts) if row.holds(case)]
        assert is_hidden == all(any(r.holds(c) for r in rows[:number]) for c in cases)
        earlier += region
