"""The one place where it is chosen how problems are shown."""

import sys

from aftersales.cli.output import put, put_json, put_styled, terminal_width
from aftersales.cli.problems.found import Found
from aftersales.cli.problems.painted import paint
from aftersales.definitions.render import plainly, render_all, to_json

FORMATS = ("json", "sarif", "github")


def show(found: Found, form: str | None) -> None:
    """Print the problems: one of FORMATS for a machine, without one for people."""
    match form:
        case "json":
            put_json([to_json(problem) for problem in found.problems])
        case "sarif":
            from aftersales.cli.problems.sarif import sarif  # here: only this form needs it

            put_json(sarif(found))
        case "github":
            from aftersales.cli.problems.github import annotations  # here: see above

            for line in annotations(found):
                put(line)
        case _:
            has_colours = sys.stdout.isatty()
            shown = render_all(
                found.problems,
                found.sources(),
                paint=paint if has_colours else plainly,
                width=terminal_width(sys.stdout),
            )
            put_styled(shown.rstrip("\n"))
