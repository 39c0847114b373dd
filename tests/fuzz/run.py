"""Runs the fuzzer: so many inputs, or so many seconds, each within a time, all within a memory.

`python tests/fuzz/run.py --seconds 1800` or `--inputs 1500`; `--seed 7 --only 41` tries one input
again. Each input hangs on the seed and its number alone. The first that fails is kept in a file.
"""

import argparse
import json
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from types import FrameType

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "definitions")]

from targets import Input, made, run  # noqa: E402  found by the path above

MOST_SECONDS = 10  # for one input; those of the corpus take a hundredth of a second
MOST_BYTES = 1_500_000_000  # of address space, for the whole run


class TooSlow(BaseException):
    """One input took too long."""


def main() -> int:
    """Run, print a summary as JSON; 1 if an input failed."""
    options = _options()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    signal.signal(signal.SIGALRM, _stop)
    started = time.monotonic()
    counts: Counter[str] = Counter()
    slowest, number = 0.0, options.only or 0
    while not _is_over(options, number, started):
        one = made(Random(f"{options.seed}:{number}"))
        _remember(one, options.keep)
        begun = time.monotonic()
        failure = _tried(one)
        took = time.monotonic() - begun
        slowest = max(slowest, took)
        if failure:
            print(f"{failure}\ninput kept in {options.keep}")
            print(f"again: python tests/fuzz/run.py --seed {options.seed} --only {number}")
            return 1
        counts[one.target] += 1
        number += 1
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    told = {"inputs": sum(counts.values()), "seconds": round(seconds, 1), "by_target": dict(counts)}
    told |= {"slowest_seconds": round(slowest, 2), "peak_megabytes": peak // 1_000_000}
    print(json.dumps(told))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=10**12, help="stop after so many")
    parser.add_argument("--seconds", type=float, default=10**9, help="stop after so long")
    parser.add_argument("--only", type=int, help="the number of the one input to try")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir(), "fuzz-input"))
    return parser.parse_args()


def _is_over(options: argparse.Namespace, number: int, started: float) -> bool:
    if options.only is not None:
        return bool(number > options.only)
    return bool(number >= options.inputs or time.monotonic() - started > options.seconds)


def _remember(one: Input, keep: Path) -> None:
    """The input is written before it is tried: a run that is killed leaves it behind."""
    keep.write_bytes(f"# {one.target} {one.file}\n".encode() + one.content)


def _tried(one: Input) -> str:
    """What escaped, with the way it took; empty if nothing did."""
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        run(one)
    except (Exception, TooSlow):  # noqa: BLE001  whatever escapes is what is looked for
        return traceback.format_exc(limit=-12)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return ""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TooSlow


if __name__ == "__main__":
    raise SystemExit(main())
