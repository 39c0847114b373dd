"""Timing several answers to one question beside each other, in one process."""

import gc
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from statistics import median
from typing import Any

Answers = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to answer a question: `run` answers all of its items and returns the answers."""

    name: str
    run: Callable[[], Answers]
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of all, how many times in one run, and whether their answers agree."""

    title: str
    items: int
    contestants: Sequence[Contestant]
    agreement: Callable[[dict[str, Answers]], str]
    """Given the answers by name: a sentence. Raises AssertionError if they differ."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of one question: seconds of processor time an item, by contestant."""

    question: Question
    seconds: dict[str, float]
    agreement: str

    @property
    def ours(self) -> float:
        """Seconds that our own answer takes: that of the first contestant."""
        return self.seconds[self.question.contestants[0].name]


def measure(question: Question, runs: int) -> Measured:
    """Each contestant once a run, in turn, so that a slow moment of the machine meets them all."""
    answers = {one.name: one.run() for one in question.contestants}  # also warms what is cached
    spent: dict[str, list[float]] = {name: [] for name in answers}
    for _ in range(runs):
        for one in question.contestants:
            spent[one.name].append(_seconds(one.run) / question.items)
    medians = {name: median(times) for name, times in spent.items()}
    return Measured(question, medians, question.agreement(answers))


def _seconds(run: Callable[[], Answers]) -> float:
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()  # of this process alone: others may be busy meanwhile
        run()
        return time.process_time() - begun
    finally:
        gc.enable()


def bare_loop_seconds(items: int, runs: int) -> float:
    """What an item costs when nothing is asked of it: part of every figure."""
    numbers = list(range(items))
    times = [_seconds(lambda: [number for number in numbers]) for _ in range(runs)]  # noqa: C416
    return median(times) / items


def bare_start_seconds(runs: int) -> float:
    """What a bare Python needs to start and to end, for scale."""
    command = [sys.executable, "-I", "-S", "-c", "pass"]
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run(command, check=True)
        times.append(time.perf_counter() - begun)
    return median(times)


def versions(packages: Sequence[str]) -> str:
    """`Python 3.11.9, numpy 2.4.6, pandas not installed ...`, and the cores of the machine."""
    told = [f"Python {platform.python_version()}"]
    for package in packages:
        told.append(f"{package} {_version(package)}")
    return ", ".join([*told, f"{os.cpu_count()} cores"])


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def spoken(seconds: float) -> str:
    """`0.42 µs`, `68 µs`, `7.1 ms`: two digits that mean something."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{_two_digits(seconds / size)} {unit}"
    return f"{seconds / 1e-6:.2f} µs"


def _two_digits(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


def ratio(ours: float, theirs: float) -> str:
    """How many times faster or slower we are than they."""
    if theirs >= ours:
        return f"{_two_digits(theirs / ours)} times as fast"
    return f"{_two_digits(ours / theirs)} times as slow"
