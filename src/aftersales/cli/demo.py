"""`aftersales demo`: forty simulated days of an invented shop."""

from pathlib import Path

import click

from aftersales.demo import run


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="demo-shop")
def command(folder: Path) -> int:
    """Play sixty orders through forty days, in FOLDER (made anew; demo-shop if not given)."""
    return run(folder)
