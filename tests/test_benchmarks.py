"""The benchmark runs, its answers agree, and the README prints its table. No time is asserted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def printed() -> str:
    """What the benchmark prints when each is measured once; it fails if answers differ."""
    command = [sys.executable, str(ROOT / "benchmarks" / "business_time.py")]
    quick = ["--runs", "1", "--items", "40"]
    run = subprocess.run([*command, *quick], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def _rows(text: str) -> list[list[str]]:
    lines = re.findall(r"^\| (.*) \|$", text, re.M)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def _performance() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return readme.partition("\n## Performance\n")[2].partition("\n## ")[0]


def test_the_readme_has_the_columns_that_the_benchmark_prints(printed: str) -> None:
    assert _rows(_performance())[0] == _rows(printed)[0]


def test_the_readme_has_a_line_for_all_that_is_measured(printed: str) -> None:
    told = {row[1] for row in _rows(_performance())}
    measured = {row[1] for row in _rows(printed)}
    assert len(measured) >= 9
    assert measured <= told
    not_installed_here = {name.split()[0] for name in told - measured}
    assert not_installed_here <= {"numpy", "pandas"}


def test_it_says_how_it_was_measured_and_that_the_answers_agree(printed: str) -> None:
    assert "- Medians of 1 runs of 40 questions" in printed
    assert re.search(r"^- Python \d+\.\d+\.\d+, .*holidays \d.*, \d+ cores\.$", printed, re.M)
    agreements = re.findall(r"^- Agreement, (.+): (.+)\.$", printed, re.M)
    assert len(agreements) == 4


def test_the_benchmark_of_simulations_runs_and_its_sums_agree() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "simulate.py")]
    quick = ["--cases", "200", "--loop", "60", "--jobs", "1"]
    run = subprocess.run([*command, *quick], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert [row[:2] for row in _rows(run.stdout)[1:]] == [["20", "1"], ["200", "1"]]
    assert "equal to the cent" in run.stdout
