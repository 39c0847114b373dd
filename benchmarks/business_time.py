"""How fast business time is counted here, beside the nearest libraries: `make bench`.

One run, medians, all in one process and in turn. `--into README.md` renews the README's figures.
"""

import argparse
from pathlib import Path

from measuring import (
    Measured,
    bare_loop_seconds,
    bare_start_seconds,
    measure,
    ratio,
    spoken,
    versions,
)
from questions import questions

HEAD = ("question", "answered by", "time", "aftersales is")
BEGIN, END = "<!-- benchmark -->", "<!-- end of the benchmark -->"
PACKAGES = ("aftersales", "holidays", "numpy", "pandas")


def table(measured: list[Measured]) -> list[str]:
    """The Markdown table: our own lines first, each other beside the first of ours."""
    lines = [_line(HEAD), _line(["---"] * len(HEAD))]
    for one in measured:
        title = one.question.title
        for contestant in one.question.contestants:
            seconds = one.seconds[contestant.name]
            beside = "" if contestant.is_ours else ratio(one.ours, seconds)
            lines.append(_line((title, contestant.name, spoken(seconds), beside)))
            title = ""
    return lines


def _line(cells: object) -> str:
    assert isinstance(cells, list | tuple)
    return f"| {' | '.join(cells)} |"


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


def write_into(file: Path, lines: list[str]) -> None:
    """Put the report between the marks of a page. ValueError if it has none."""
    page = file.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"`{file}` has no `{BEGIN}` and `{END}` in this order")
    file.write_text("\n".join([before + begin, *lines, end + after]), encoding="utf-8")


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
        write_into(given.into, lines)


if __name__ == "__main__":
    main()
