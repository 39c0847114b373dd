"""How fast business time is counted here, beside the nearest libraries: `make bench`.

One run, medians, all in one process and in turn. `--into README.md` renews the README's figures.
"""

import argparse
from pathlib import Path

from measuring import bare_loop_seconds, bare_start_seconds, measure, spoken, versions
from printing import table, write_into
from questions import questions

MARKS = "benchmark"
PACKAGES = ("aftersales", "holidays", "numpy", "pandas")


def report(runs: int, items: int) -> list[str]:
    """Measure; the table, and all that is needed to judge it."""
    measured = [measure(question, runs) for question in questions(items)]
    loop, start = bare_loop_seconds(items, runs), bare_start_seconds(runs)
    return [
        *table(measured),
        "",
        f"- Medians of {runs} runs of {items} questions, in processor time, all in turn.",
        f"- {versions(PACKAGES)}.",
        f"- For scale: a turn of an empty loop {spoken(loop)}, a start of Python {spoken(start)}.",
        *(f"- Agreement, {one.question.title}: {one.agreement}." for one in measured),
    ]


def main() -> None:
    """Print the report; with `--into README.md` write it there too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11, help="how often each is measured")
    parser.add_argument("--items", type=int, default=5000, help="how much is asked in one run")
    parser.add_argument("--into", type=Path, help="a page with the marks of a benchmark")
    given = parser.parse_args()
    lines = report(given.runs, given.items)
    print("\n".join(lines))
    if given.into:
        write_into(given.into, lines, MARKS)


if __name__ == "__main__":
    main()
