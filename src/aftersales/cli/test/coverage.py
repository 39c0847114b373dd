"""`--coverage`: what the tests reach, as a table, and what they do not, with its place."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aftersales.authoring.coverage import Coverage, covered
from aftersales.cli.output import put, put_json, put_table

if TYPE_CHECKING:
    from aftersales.authoring.coverage import Reached
    from aftersales.authoring.targets import Sort
    from aftersales.cli.test.running import Run

GROUPS: "dict[str, tuple[Sort, ...]]" = {
    "rows": ("row", "exception"),
    "cells": ("cell",),
    "others": ("swap", "extra", "approval", "return", "limit", "channel", "law"),
    "edges": ("edge",),
    "states": ("state",),
    "events": ("event", "deadline"),
}
"""The columns of the table, and what is counted in each."""


def coverage_of(done: "Run") -> Coverage:
    """What the tests that were run reach of the definitions in force today.

    If only some were run, of what these are for: of a name that a policy and a workflow share,
    the workflow is counted where a story was run.
    """
    found = covered(done.catalog.rulebooks_at(datetime.now(UTC)), done.results)
    if not done.is_part:
        return found
    names = {tests.tests_of for tests in done.files}
    played = {tests.tests_of for tests in done.files if tests.stories}
    return found.only(names).without_workflows(names - played)


def tell(coverage: Coverage, *, as_json: bool) -> None:
    """The table, the total, and what is left."""
    if as_json:
        put_json(as_data(coverage))
        return
    put_table(("of", *GROUPS), [_row(coverage, name) for name in coverage.names])
    if coverage.left:
        put()
        put("Not covered")
    for found in coverage.left:
        put(f"  {line_of(found)}")


def as_data(coverage: Coverage) -> dict[str, object]:
    """The coverage as `--json` prints it."""
    return {
        "total": _pair(coverage.of()),
        "by_sort": {group: _pair(coverage.of(sorts)) for group, sorts in GROUPS.items()},
        "targets": [
            {
                "sort": found.target.sort,
                "of": found.target.of,
                "name": found.target.name,
                "place": f"{found.target.file}:{found.target.line}",
                "is_covered": found.is_covered,
                "lacks": found.lacks,
            }
            for found in coverage.reached
        ],
    }


def line_of(found: "Reached") -> str:
    """One thing that no test reaches: what it is, what is lacking, where it is written."""
    target = found.target
    lacks = f", no test {found.lacks}" if found.lacks else ""
    return f"{target.of} {target.sort} {target.name}{lacks} ({target.file}:{target.line})"


def in_words(coverage: Coverage) -> str:
    """`rows 40 of 41, cells 12 of 12, ...`."""
    parts = [
        f"{group} {hit} of {all}"
        for group, sorts in GROUPS.items()
        for hit, all in (coverage.of(sorts),)
        if all
    ]
    hit, all = coverage.of()
    return f"covered: {', '.join(parts)}; {100 * hit // all if all else 100} % of all"


def _row(coverage: Coverage, name: str) -> tuple[str, ...]:
    counts = (coverage.of(sorts, name) for sorts in GROUPS.values())
    return (name, *(f"{hit}/{all}" if all else "" for hit, all in counts))


def _pair(count: tuple[int, int]) -> dict[str, int]:
    return {"covered": count[0], "of": count[1]}
