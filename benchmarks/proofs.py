"""How fast tables are proven, beside z3: is there a case that no row fits, and which rows meet?

One run, medians, all in one process and in turn: `make bench`. `--into README.md` renews the
figures of the README. The largest table is asked once, since z3 needs about a minute for it.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from measuring import Answers, Contestant, Question, bare_start_seconds, measure, spoken, versions
from partitions import RANGES, WORDS, Box, partition, table, widened
from printing import table as printed
from printing import write_into

from aftersales.domain.policy import RowsTable
from aftersales.domain.policy.prove import World, prove_rows

try:
    import z3
except ImportError:
    z3 = None

MARKS = "benchmark of proofs"
PACKAGES = ("aftersales", "z3-solver")
SEED = 20261126


def question(title: str, boxes: Sequence[Box]) -> Question:
    """Has this table a hole, and which of its rows meet an earlier one?"""
    read, world = table(boxes)
    contestants = [Contestant("aftersales `prove_rows`", partial(_by_boxes, read, world), True)]
    if z3 is not None:
        contestants.append(Contestant("z3 `Solver`, a check a row", partial(_by_z3, boxes)))
    return Question(title, 1, contestants, _same)


def _by_boxes(read: RowsTable, world: World) -> Answers:
    found = prove_rows(read, world)
    later = {int(finding.ref.rule[1:]) for finding in found if finding.code == "P402"}
    return [any(finding.code == "P401" for finding in found), sorted(later)]


def _by_z3(boxes: Sequence[Box]) -> Answers:
    """Numbers and the places of words are integers in their range; a row is a conjunction."""
    numbers = {name: z3.Int(name) for name in (*WORDS, *RANGES)}
    sizes = {**{name: len(words) for name, words in WORDS.items()}, **RANGES}
    solver = z3.Solver()
    solver.add([z3.And(numbers[n] >= 0, numbers[n] < size) for n, size in sizes.items()])
    rows = [_row(box, numbers) for box in boxes]
    meeting = []
    for number, row in enumerate(rows):
        solver.push()
        solver.add(row, z3.Or(rows[:number]))
        if solver.check() == z3.sat:
            meeting.append(number)
        solver.pop()
    solver.add(z3.Not(z3.Or(rows)))
    return [solver.check() == z3.sat, meeting]


def _row(box: Box, numbers: dict[str, object]) -> object:
    parts = []
    for name, words in box.words.items():
        if len(words) < len(WORDS[name]):
            parts.append(z3.Or([numbers[name] == WORDS[name].index(word) for word in words]))
    for name, (low, high) in box.ranges.items():
        if (low, high) != (0, RANGES[name]):
            parts += [numbers[name] >= low, numbers[name] < high]
    return z3.And(parts)


def _same(answers: dict[str, Answers]) -> str:
    first = next(iter(answers.values()))
    for name, others in answers.items():
        assert list(others) == list(first), f"{name} answers otherwise"
    hole = "a hole" if first[0] else "no hole"
    return f"all {len(answers)} ways find {hole} and {len(first[1])} rows that meet earlier ones"


def questions(rows: Sequence[int]) -> list[Question]:
    """Of each size: a table in order, one with a hole, and one whose rows meet."""
    found = []
    for size in rows:
        whole = partition(size, SEED)
        title = f"{size} rows by {len(WORDS) + len(RANGES)} facts"
        found.append(question(f"{title}, in order", whole))
        found.append(question(f"{title}, a row left out", whole[1:]))
        found.append(
            question(f"{title}, a tenth of them too wide", widened(whole, SEED, size // 10))
        )
    return found


def report(runs: int, small: int, large: int) -> list[str]:
    """Measure; the table, and all that is needed to judge it."""
    measured = [measure(one, runs) for one in questions([small])]
    measured += [measure(one, 1) for one in questions([large])[:1]] if large else []
    start = bare_start_seconds(runs)
    return [
        *printed(measured),
        "",
        f"- Medians of {runs} runs in processor time, all in turn; the largest table once.",
        f"- {versions(PACKAGES)}.",
        f"- For scale: a start of Python {spoken(start)}.",
        *(f"- Agreement, {one.question.title}: {one.agreement}." for one in measured),
    ]


def main() -> None:
    """Print the report; with `--into README.md` write it there too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured")
    parser.add_argument("--rows", type=int, default=200, help="rows of the small table")
    parser.add_argument("--large", type=int, default=1000, help="rows of the large table; 0: none")
    parser.add_argument("--into", type=Path, help="a page with the marks of a benchmark")
    given = parser.parse_args()
    lines = report(given.runs, given.rows, given.large)
    print("\n".join(lines))
    if given.into:
        write_into(given.into, lines, MARKS)


if __name__ == "__main__":
    main()
