"""`aftersales demo`: forty simulated days of an invented shop."""

import os
import shutil
import sys
from pathlib import Path

import click

from aftersales.demo import OFTEN, Often, run


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="demo-shop")
@click.option("--ticks", "often", type=click.Choice(OFTEN), default="hourly", show_default=True,
              help="How often cron runs the tick; `end`: once, when all is over.")  # fmt: skip
def command(folder: Path, often: Often) -> int:
    """Play sixty orders through forty days, in FOLDER (made anew; demo-shop if not given)."""
    return run(folder, often, command=_called())


def _called() -> str:
    """How this command line was called, so that what is shown can be typed."""
    called = sys.argv[0]
    found = shutil.which("aftersales")
    if Path(called).stem == "__main__":
        return "python -m aftersales"
    if found is not None and Path(found).resolve() == Path(called).resolve():
        return "aftersales"
    return min(called, os.path.relpath(called), key=len)
