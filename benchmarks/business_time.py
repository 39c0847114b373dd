"""How fast business time is counted here, beside the nearest libraries: `make bench`.

One run, medians, all in one process and in turn. `--into README.md` renews the README's figures.
"""

from questions import questions
from reporting import reported, run

MARKS = "benchmark"
PACKAGES = ("aftersales", "holidays", "numpy", "pandas")


def report(runs: int, items: int) -> list[str]:
    """What is asked of calendars, measured."""
    return reported(questions(items), PACKAGES, runs, items)


if __name__ == "__main__":
    run(__doc__, report, MARKS)
