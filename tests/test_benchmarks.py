"""The benchmarks run, answers agree, the README prints their tables. No time is asserted."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Bench:
    """A benchmark, its part of the README, and what may be told there but not installed here."""

    script: str
    marks: str
    lines: int
    agreements: int
    installed_elsewhere: frozenset[str]
    quick: tuple[str, ...] = ("--runs", "1", "--items", "40")
    told: str = "- Medians of 1 runs of 40 questions"


BENCHES = (
    Bench("business_time.py", "benchmark", 9, 4, frozenset({"numpy", "pandas"})),
    Bench("policy.py", "benchmark of policies", 6, 3, frozenset({"zen-engine"})),
    Bench(
        "proofs.py",
        "benchmark of proofs",
        2,
        4,
        frozenset({"z3"}),
        quick=("--runs", "1", "--rows", "200", "--large", "1000"),
        told="- Medians of 1 runs in processor time",
    ),
)


@pytest.fixture(scope="module", params=BENCHES, ids=lambda bench: bench.script)
def ran(request: pytest.FixtureRequest) -> tuple[Bench, str]:
    """What a benchmark prints when each is measured once; it fails if answers differ."""
    command = [sys.executable, str(ROOT / "benchmarks" / request.param.script)]
    run = subprocess.run(
        [*command, *request.param.quick], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return request.param, run.stdout


def _rows(text: str) -> list[list[str]]:
    lines = re.findall(r"^\| (.*) \|$", text, re.M)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def _performance(bench: Bench) -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("\n## Performance\n")[2].partition("\n## ")[0]
    told = section.partition(f"<!-- {bench.marks} -->")[2]
    return told.partition(f"<!-- end of the {bench.marks} -->")[0]


def test_the_readme_has_the_columns_that_the_benchmark_prints(ran: tuple[Bench, str]) -> None:
    bench, printed = ran
    assert _rows(_performance(bench))[0] == _rows(printed)[0]


def test_the_readme_has_a_line_for_all_that_is_measured(ran: tuple[Bench, str]) -> None:
    bench, printed = ran
    told = {row[1] for row in _rows(_performance(bench))}
    measured = {row[1] for row in _rows(printed)}
    assert len(measured) >= bench.lines
    assert measured <= told
    not_installed_here = {name.split()[0] for name in told - measured}
    assert not_installed_here <= bench.installed_elsewhere


def test_it_says_how_it_was_measured_and_that_the_answers_agree(ran: tuple[Bench, str]) -> None:
    bench, printed = ran
    assert bench.told in printed
    assert re.search(r"^- Python \d+\.\d+\.\d+, .*, \d+ cores\.$", printed, re.M)
    agreements = re.findall(r"^- Agreement, (.+): (.+)\.$", printed, re.M)
    assert len(agreements) == bench.agreements


def test_the_benchmark_of_simulations_runs_and_its_sums_agree() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "simulate.py")]
    quick = ["--cases", "200", "--loop", "60", "--jobs", "1"]
    run = subprocess.run([*command, *quick], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert [row[:2] for row in _rows(run.stdout)[2:]] == [["20", "1"], ["200", "1"]]
    assert "equal to the cent" in run.stdout
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    told = told.partition("<!-- benchmark of simulations -->")[2]
    assert _rows(told)[0] == _rows(run.stdout)[0]
