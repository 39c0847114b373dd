"""A report of questions that were put in several ways: measured, with all needed to judge it."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from measuring import (
    Question,
    bare_loop_seconds,
    bare_start_seconds,
    measure,
    spoken,
    versions,
)
from printing import table, write_into


def reported(
    questions: Iterable[Question], packages: Sequence[str], runs: int, items: int
) -> list[str]:
    """Measure; the table, and all that is needed to judge it."""
    measured = [measure(question, runs) for question in questions]
    loop, start = bare_loop_seconds(items, runs), bare_start_seconds(runs)
    return [
        *table(measured),
        "",
        f"- Medians of {runs} runs of {items} questions, in processor time, all in turn.",
        f"- {versions(packages)}.",
        f"- For scale: a turn of an empty loop {spoken(loop)}, a start of Python {spoken(start)}.",
        *(f"- Agreement, {one.question.title}: {one.agreement}." for one in measured),
    ]


def run(about: str | None, report: Callable[[int, int], list[str]], marks: str) -> None:
    """Print the report; with `--into README.md` write it there too, between `marks`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--runs", type=int, default=11, help="how often each is measured")
    parser.add_argument("--items", type=int, default=5000, help="how much is asked in one run")
    parser.add_argument("--into", type=Path, help="a page with the marks of a benchmark")
    given = parser.parse_args()
    lines = report(given.runs, given.items)
    print("\n".join(lines))
    if given.into:
        write_into(given.into, lines, marks)
