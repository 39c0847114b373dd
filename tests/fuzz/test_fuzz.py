"""Fuzzing in a process of its own, with bounded memory: no exception escapes, in bounded time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
# About 20 seconds on two cores; a slower machine stops by the clock, so that it never hangs.
QUICK = ("--inputs", "1800", "--seconds", "60")


def fuzzed(*options: str) -> subprocess.CompletedProcess[str]:
    """The fuzzer run with these options; a hang is a failure."""
    command = [sys.executable, str(HERE / "run.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_no_input_raises_is_slow_or_takes_much_memory(tmp_path: Path) -> None:
    done = fuzzed(*QUICK, "--keep", str(tmp_path / "input"))
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert set(told["by_target"]) == {"file", "cell", "value", "template"}
    assert told["inputs"] > 100


def test_the_same_seed_makes_the_same_inputs(tmp_path: Path) -> None:
    kept = [tmp_path / "one", tmp_path / "two"]
    for file in kept:
        assert fuzzed("--seed", "3", "--only", "41", "--keep", str(file)).returncode == 0
    assert kept[0].read_bytes() == kept[1].read_bytes()


@pytest.mark.parametrize("broken", ["raise RuntimeError('escaped')", "while True: pass"])
def test_a_failing_input_is_kept_and_can_be_tried_again(tmp_path: Path, broken: str) -> None:
    program = (
        "import runpy, sys; sys.argv = ['run.py', '--inputs', '5', '--keep', sys.argv[1]]\n"
        f"sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent / 'definitions')!r}]\n"
        "import targets\n"
        f"def run(one):\n    {broken}\n"
        "targets.run = run\n"
        f"names = runpy.run_path({str(HERE / 'run.py')!r})\n"
        "names['main'].__globals__['MOST_SECONDS'] = 0.2\n"
        "raise SystemExit(names['main']())\n"
    )
    kept = tmp_path / "input"
    command = [sys.executable, "-c", program, str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    assert "again: python tests/fuzz/run.py --seed 1 --only 0" in done.stdout
    assert kept.read_bytes().startswith(b"# ")
