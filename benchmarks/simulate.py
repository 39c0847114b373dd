"""How fast past cases are simulated, beside a loop over `decide_options`: `make bench`.

100,000 cases under two versions of the shipped rules. The loop is timed in one process on a part
of them (`--loop`), before the simulations and after. For its sums it is run on all of them, shared
by processes: they must be those of the simulations, to the cent. `--into README.md` renews the
README's figures.
"""

import argparse
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

import past_cases
from measuring import versions
from printing import write_into

from aftersales.authoring.diff import compare_offers_of
from aftersales.authoring.simulate import Asked, Simulation, simulate
from aftersales.cli.simulate.files import read_past
from aftersales.definitions import Catalog
from aftersales.definitions.shipped import FOLDERS, shipped_folder
from aftersales.domain.calendar import parse_instant
from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money
from aftersales.domain.policy import OptionsDecision, Policies, Undecided, decide_options
from aftersales.domain.policy import Spent as SpentBefore

MARKS = "benchmark of simulations"
DAY = date(2026, 11, 26)
OTHERS = ("case", "kind", "opened_at", "given_option", "given_cost")
FACTS = [column for column in past_cases.COLUMNS if column not in OTHERS]
CHANGES = (
    ("{refund: 50% of affected_value}", "{refund: 40% of affected_value}"),
    ("major: [half_refund, resend, full_refund]", "major: [half_refund, resend]"),
)
HEAD = ("past cases, two versions", "processes", "time", "of all processors", "the loop",
        "times as fast", "peak memory")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """What both versions cost, in minor units, and how many cases both could decide."""

    cases: int
    then: int
    now: int

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.cases + other.cases, self.then + other.then, self.now + other.now)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one case took: seconds by the clock, and seconds of a processor."""

    seconds: float
    worked: float
    decided: float = 0.0  # of the work, that within `decide_options`


def changed_folder(made: Path) -> Path:
    """The shipped rules with a smaller refund and a choice taken away, in every policy."""
    for name in FOLDERS:
        shutil.copytree(shipped_folder() / name, made / name)
    for file in (made / "policies" / "compensation").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        for old, new in CHANGES:
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    return made


class Deciding:
    """`decide_options`, and the time of the processor it took."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(
        self, policies: Policies, name: str, facts: Facts, spent: SpentBefore
    ) -> OptionsDecision | Undecided:
        begun = time.process_time()
        decision = decide_options(policies, name, facts, spent)
        self.seconds += time.process_time() - begun
        return decision


def looped(
    file: Path, catalogs: tuple[Catalog, Catalog], rows: tuple[int, int], decide: Deciding
) -> Sums:
    """The plain way: each case read, decided by both versions, its dearest option added up."""
    cases = 0
    sums = [0, 0]
    with file.open(encoding="utf-8", newline="") as lines:
        for row in islice(csv.DictReader(lines), *rows):
            costs = [_cost(catalog, row, decide) for catalog in catalogs]
            if None not in costs:
                cases += 1
                sums = [whole + cost for whole, cost in zip(sums, costs, strict=True) if cost]
    return Sums(cases, *sums)


def looped_over_all(folder: Path, cases: int, jobs: int) -> Sums:
    """The sums of the loop over all cases, by several processes, for its time is not taken."""
    cuts = [cases * n // jobs for n in range(jobs + 1)]
    with ProcessPoolExecutor(jobs) as pool:
        parts = [pool.submit(_looped_part, folder, cases, rows) for rows in pairwise(cuts)]
        return sum((part.result() for part in parts), Sums(0, 0, 0))


def _looped_part(folder: Path, cases: int, rows: tuple[int, int]) -> Sums:
    return looped(folder / f"{cases}.csv", both(folder), rows, Deciding())


def both(folder: Path) -> tuple[Catalog, Catalog]:
    """The shipped rules and the changed ones."""
    return Catalog.load(), Catalog.load(folder / "new")


def _cost(catalog: Catalog, row: dict[str, str], decide: Deciding) -> int | None:
    """What the dearest option costs, in cents of a dollar; None where none is decided."""
    opened_at = parse_instant(row["opened_at"])
    rulebook = catalog.rulebook(row["kind"], opened_at)
    rates = catalog.rates_on(opened_at.date())
    builtins = {"kind": row["kind"], "state": rulebook.workflow.starts_in,
                "opened_at": opened_at, "order_held": False}  # fmt: skip
    texts = {name: row[name] for name in FACTS if row[name]}
    facts = rulebook.facts(texts, rates=rates, builtins=builtins)
    matter = facts.get("affected_value")
    if not isinstance(matter, Money):
        return None
    name = rulebook.policies.for_kind(facts)
    assert isinstance(name, str)
    spent = SpentBefore(matter, Money.from_minor(0, matter.currency))
    decision = decide(rulebook.policies, name, facts, spent)
    if not isinstance(decision, OptionsDecision) or not decision.options:
        return None
    dearest = max(option.cost(matter.currency).minor for option in decision.options)
    cost = Money.from_minor(dearest, matter.currency)
    return Money.rounded(rates.convert(cost, "USD"), "USD").minor


def simulated(file: Path, catalogs: tuple[Catalog, Catalog], jobs: int) -> Simulation:
    """The same by a simulation."""
    old, new = catalogs
    asked = Asked("USD")
    return simulate(read_past(file), ("new", new), old=("old", old), asked=asked, jobs=jobs)


def sums_of(found: Simulation) -> Sums:
    """What a simulation came to, as the loop tells it."""
    whole = found.compared
    return Sums(whole.cases_now, whole.money_then, whole.money_now)


def alone(folder: Path, cases: int, jobs: int) -> None:
    """One simulation in a process of its own: its time, its memory and its sums, as JSON."""
    catalogs = both(folder)
    begun, before = time.perf_counter(), time.process_time()
    found = simulated(folder / f"{cases}.csv", catalogs, jobs)
    seconds = time.perf_counter() - begun
    assert found.rows == cases
    used = [resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    worked = sum(one.ru_utime + one.ru_stime for one in used) - before
    memory = [round(one.ru_maxrss / 1024) for one in used]
    print(json.dumps([[seconds, worked], memory, astuple(sums_of(found))]))


@dataclass(frozen=True, slots=True)
class Run:
    """One simulation: cases, processes, what it took, memory in MB (the first's, each's), sums."""

    cases: int
    jobs: int
    spent: Spent
    memory: tuple[int, int]
    sums: Sums


def run_alone(folder: Path, cases: int, jobs: int) -> Run:
    """A simulation in a process of its own."""
    command = [sys.executable, __file__, "--alone", str(folder), "--cases", str(cases)]
    command += ["--jobs", str(jobs)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    spent, memory, sums = json.loads(run.stdout)
    return Run(cases, jobs, Spent(*spent), tuple(memory), Sums(*sums))


def _line(run: Run, a_case: Spent) -> str:
    seconds, worked = run.spent.seconds, run.spent.worked
    first, each = run.memory
    memory = f"{first} MB" if run.jobs == 1 else f"{first} MB, and {each} MB each"
    told = (f"{run.cases:,}", f"{run.jobs}", f"{seconds:.1f} s", f"{worked:.1f} s",
            f"{a_case.seconds * run.cases:.1f} s",
            f"{a_case.seconds * run.cases / seconds:.1f}; by work "
            f"{a_case.worked * run.cases / worked:.1f}", memory)  # fmt: skip
    return f"| {' | '.join(told)} |"


def loop_timed(file: Path, catalogs: tuple[Catalog, Catalog], most: int) -> Spent:
    """What a case takes in the loop over the first `most`, in this process alone."""
    deciding = Deciding()
    begun, before = time.perf_counter(), time.process_time()
    looped(file, catalogs, (0, most), deciding)
    seconds, worked = time.perf_counter() - begun, time.process_time() - before
    return Spent(seconds / most, worked / most, deciding.seconds / most)


def mean(one: Spent, other: Spent) -> Spent:
    """What was spent in the mean of two."""
    return Spent(
        (one.seconds + other.seconds) / 2,
        (one.worked + other.worked) / 2,
        (one.decided + other.decided) / 2,
    )


def comparing(catalogs: tuple[Catalog, Catalog]) -> float:
    """The seconds of a processor that the command takes to lay both versions side by side."""
    before = time.process_time()
    compare_offers_of(*catalogs, on=DAY)
    return time.process_time() - before


def write_cases(folder: Path, counts: set[int]) -> None:
    """A file of past cases for each count."""
    for count in counts:
        with (folder / f"{count}.csv").open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file, lineterminator="\n")
            written.writerow(past_cases.COLUMNS)
            written.writerows(past_cases.rows(count))


def report(folder: Path, cases: int, most: int, jobs: int) -> list[str]:
    """Measure, and say what came out and how it was measured."""
    changed_folder(folder / "new")
    catalogs = both(folder)
    write_cases(folder, {cases, cases // 10})
    file = folder / f"{cases}.csv"
    most = min(most, cases)
    loop_timed(file, catalogs, min(most, 20))  # rulebooks are compiled once, for both
    first = loop_timed(file, catalogs, most)
    asked = dict.fromkeys([(cases // 10, jobs), (cases, 1), (cases, jobs)])
    runs = [run_alone(folder, count, processes) for count, processes in asked]
    a_case = mean(first, loop_timed(file, catalogs, most))
    sums = looped_over_all(folder, cases, jobs)
    for run in runs:
        assert run.cases < cases or run.sums == sums, f"the sums differ: {run.sums} and {sums}"
    last = runs[-1]
    return [
        f"| {' | '.join(HEAD)} |",
        f"|{' --- |' * len(HEAD)}",
        *(_line(run, a_case) for run in runs),
        "",
        "- The loop, in one process: each row read by `csv`, and for each version its facts by "
        "`Rulebook.facts`, decided by `decide_options`, and the dearest option added up.",
        f"- It was timed on {most:,} cases, before the simulations and after them: "
        f"{a_case.seconds * 1e6:.0f} µs a case, {a_case.worked * 1e6:.0f} µs of them at work, "
        f"{a_case.decided * 1e6:.0f} µs of that in `decide_options`; for all of them it is "
        "reckoned from that.",
        f"- Held against those decisions alone, without any reading, the last line is "
        f"{a_case.decided * last.cases / last.spent.worked:.1f} times as fast by work.",
        f"- Not counted: rules read (both ways), and the versions laid side by side, whatever the "
        f"number of cases: {comparing(catalogs):.1f} s of a processor.",
        f"- Agreement: the loop was run on all {cases:,} cases too, by processes of which none was "
        f"timed. It decided {sums.cases:,} of them, as the simulations did; the sums of both "
        f"versions are equal to the cent, {sums.then / 100:,.2f} and {sums.now / 100:,.2f} USD.",
        f"- {versions(('aftersales',))}. Time is that of the clock on the wall, reading included; "
        "work is time of processors, whatever else the machine does; memory was resident at most.",
    ]


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--loop", type=int, default=3_000, help="on how many the loop is timed")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--into", type=Path, help="a page with the marks of the benchmark")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(given.alone, given.cases, given.jobs)
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = report(Path(folder), given.cases, given.loop, given.jobs)
    print("\n".join(lines))
    if given.into:
        write_into(given.into, lines, MARKS)


if __name__ == "__main__":
    main()
