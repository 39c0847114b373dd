"""What is told of definitions that are published, or are not: their problems and failing tests."""

from pathlib import Path
from typing import TYPE_CHECKING

from aftersales.authoring import Readiness
from aftersales.cli.output import put_json, say
from aftersales.cli.problems import Found, show

if TYPE_CHECKING:
    from aftersales.definitions import Contents


def refuse(found: Readiness, contents: "Contents", *, as_json: bool) -> None:
    """Tell what keeps `contents` from being valid."""
    from aftersales.cli.pages import put_page  # here: only where something is wrong
    from aftersales.cli.test.command import as_data
    from aftersales.cli.test.drawing import failed_lines
    from aftersales.definitions.render import to_json

    if as_json:
        problems = [to_json(problem) for problem in found.problems]
        failed = [as_data(test) for test in found.failed]
        put_json({"publication": None, "problems": problems, "failed": failed})
        return
    show_found(found, contents)
    for test in found.failed:
        put_page(failed_lines(test), bold="red")
    counts = [(len(found.errors), "error"), (len(found.failed), "failing test")]
    what = " and ".join(f"{n} {name}{'s' * (n > 1)}" for n, name in counts if n)
    say(f"not published: {what}; what was in force stays so")


def show_found(found: Readiness, contents: "Contents") -> None:
    """The problems, but for what is no fault."""
    told = [problem for problem in found.problems if problem.severity != "note"]
    if told:
        show(Found(told, Path(), contents.files), None)
