"""The policy and the table that a command names."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import NotFound
from aftersales.cli.output import say, terminal_width

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.definitions.interchange import PolicyFile
    from aftersales.definitions.interchange.tables import Table
    from aftersales.domain.problem import Problem


def policy_named(name: str, chosen: "Settings") -> "PolicyFile":
    """The file of a policy, by its path or by the policy's name. NotFound, UsageError."""
    from aftersales.definitions.formatting.files import folder_of  # here: help needs none
    from aftersales.definitions.interchange import policy_files
    from aftersales.definitions.notes import Notes
    from aftersales.definitions.shipped import shipped_folder
    from aftersales.domain.conditions import word_help

    path = Path(name)
    own = folder_of(path) if path.is_file() else None
    folder = own or chosen.folder or shipped_folder()
    notes = Notes()
    files = policy_files(folder, notes)
    say_problems(problem for problem in notes.problems if problem.severity == "error")
    if own is not None:
        found = [policy for policy in files if (own / policy.file).samefile(path)]
    else:
        found = [policy for policy in files if policy.name == name]
    if not found:
        help = word_help(path.stem, (policy.name for policy in files))
        raise NotFound(f"there is no policy `{name}` in {folder}; {help or 'it has none'}")
    if len(found) > 1:
        raise click.UsageError(
            f"`{name}` stands in several files; name one: {', '.join(p.file for p in found)}"
        )
    return found[0]


def table_named(policy: "PolicyFile", name: str | None) -> "Table":
    """The table of that name, else the policy's main one. NotFound with those there are."""
    from aftersales.definitions.notes import Notes  # here: help needs none

    notes = Notes()
    table = policy.table(name, notes)
    if table is None:
        [problem] = notes.problems
        raise NotFound(f"{policy.file}: {problem.message}; {problem.help}")
    return table


def say_problems(
    problems: "Iterable[Problem]", sources: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Each problem with its line from `sources`, its notes and its help, for people."""
    from aftersales.definitions.render import render  # here: it is told rarely

    for problem in problems:
        source = sources.get(problem.place.file)
        say(render(problem, source, width=terminal_width(sys.stderr)))
