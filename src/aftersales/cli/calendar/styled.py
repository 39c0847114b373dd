"""Lines with styles: in colours on a terminal, as plain text elsewhere."""

import sys
from collections.abc import Iterable

from aftersales.cli.calendar.drawing import Line
from aftersales.cli.output import clean, put


def put_lines(lines: Iterable[Line]) -> None:
    """Print them. A terminal that wants no colours (NO_COLOR) gets none."""
    if not sys.stdout.isatty():
        for line in lines:
            put("".join(text for text, _ in line).rstrip())
        return
    from rich.console import Console  # here: only a terminal needs it
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((clean(text), style) for text, style in line)))
