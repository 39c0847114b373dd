"""How far a simulation is, on a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aftersales.authoring.simulate.running import Progress


@contextmanager
def shown_progress() -> Iterator[Progress | None]:
    """A bar on standard error where that is a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # here: only a terminal needs it
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.fields[rows]:,} past cases"),
        BarColumn(),
        TimeRemainingColumn(),
    )
    # No thread of its own: the work is shared out to processes that may be forked from this one.
    with Bar(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as bar:
        task = bar.add_task("", total=1.0, rows=0)

        def progress(rows: int, read: float) -> None:
            bar.update(task, completed=read, rows=rows)
            bar.refresh()

        yield progress
