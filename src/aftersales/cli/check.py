"""`aftersales check`: every problem of the definitions, in one run."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.definitions import Catalog
from aftersales.definitions.render import render_all, to_json
from aftersales.definitions.shipped import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftersales.config import Settings
    from aftersales.domain.problem import Problem


@click.command("check")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@json_option
@settings_options
def command(chosen: "Settings", directory: Path | None, as_json: bool) -> int:
    """Read all definitions of DIRECTORY and report every problem."""
    folder = directory or chosen.folder
    if folder is not None and not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")
    catalog, problems = Catalog.check(folder, today=datetime.now(UTC).date())
    if catalog is not None:
        problems += _in_replies(catalog)
    if as_json:
        put_json([to_json(problem) for problem in problems])
    else:
        put(render_all(problems, _sources(problems, folder or shipped_folder())).rstrip("\n"))
        if catalog is not None:
            say(f"kinds: {', '.join(catalog.kinds)}")
    return Exit.REFUSED if any(found.severity == "error" for found in problems) else Exit.DONE


def _in_replies(catalog: Catalog) -> "list[Problem]":
    """What no reply may say: found before it is sent, not when."""
    from aftersales.notifiers import check_replies  # here: not needed when a file is wrong

    now = datetime.now(UTC)
    rulebooks = [catalog.rulebook(kind, now) for kind in catalog.kinds]
    return check_replies(known for rulebook in rulebooks for known in rulebook.replies.values())


def _sources(problems: "Sequence[Problem]", folder: Path) -> dict[str, str]:
    """The texts of the files that have problems. One that cannot be read shows no line."""
    files = {problem.place.file: folder / problem.place.file for problem in problems}
    return {
        name: file.read_text(encoding="utf-8", errors="replace")
        for name, file in files.items()
        if file.is_file()
    }
