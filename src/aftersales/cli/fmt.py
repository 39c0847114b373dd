"""`aftersales fmt`: definitions in our style, comments and meaning kept."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.domain.conditions import FactSchema
    from aftersales.domain.problem import Problem

_STDIN = "-"


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of one file. `fault` says why a result was thrown away."""

    file: str
    before: str
    after: str
    problems: "tuple[Problem, ...]" = ()
    fault: str = ""

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--check", "is_check", is_flag=True, help="Write nothing; 1 if something would change."
)
@click.option("--diff", "is_diff", is_flag=True, help="Write nothing; print what would change.")
@click.option("--upgrade", is_flag=True, help="Also rewrite older versions of a format.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    paths: tuple[Path, ...],
    is_check: bool,
    is_diff: bool,
    upgrade: bool,
    as_json: bool,
) -> int:
    """Write definitions in one style: words for symbols, even spaces, no needless quotes.

    PATHS are files or folders; `-` reads standard input and writes standard output. Without
    any, the folder of the settings is taken. Comments, order and meaning stay as they are.
    """
    if upgrade:
        say("every format is at version 1, its first: there is nothing to upgrade")
    if paths == (Path(_STDIN),):
        return _through(chosen, is_check=is_check, is_diff=is_diff, as_json=as_json)
    done = list(_all_done(_files(paths, chosen), chosen))
    if not (is_check or is_diff):
        _write(done)
    _tell(done, is_diff=is_diff, as_json=as_json)
    _sum_up(done, writes=not (is_check or is_diff))
    return _code(done, is_check=is_check)


def _through(chosen: "Settings", *, is_check: bool, is_diff: bool, as_json: bool) -> int:
    """From standard input to standard output; a text with problems comes out as it was."""
    content = sys.stdin.buffer.read().decode("utf-8-sig")
    folder = _folder(chosen)
    [done] = [_one(content, "standard input", _Schemas(folder).of(folder))]
    if is_check or is_diff or as_json:
        _tell([done], is_diff=is_diff, as_json=as_json)
    else:
        click.echo(done.after, nl=False)
        _say_slips([done])
    return _code([done], is_check=is_check)


def _files(paths: Sequence[Path], chosen: "Settings") -> list[Path]:
    from aftersales.definitions.formatting.files import definitions_in  # here: help needs none

    if not paths and chosen.folder is None:
        raise click.UsageError("say which folder or files: the shipped ones are not yours to edit")
    found: dict[Path, None] = {}
    for path in paths or (chosen.folder,):
        if path is None or not path.exists():
            raise NotFound(f"there is no file or folder `{path}`")
        found |= dict.fromkeys(definitions_in(path) if path.is_dir() else [path])
    return list(found)


def _folder(chosen: "Settings") -> Path:
    from aftersales.definitions.shipped import shipped_folder  # here: help needs none

    return chosen.folder or shipped_folder()


class _Schemas:
    """The facts of each folder, read once."""

    def __init__(self, fallback: Path) -> None:
        self.fallback = fallback
        self.read: dict[Path, tuple[list[FactSchema], tuple[Problem, ...]]] = {}

    def of(self, folder: Path | None) -> "tuple[list[FactSchema], tuple[Problem, ...]]":
        """The schemas of a folder, and what is wrong with them."""
        from aftersales.definitions.formatting.files import schemas_of  # here: help needs none
        from aftersales.definitions.notes import Notes

        folder = folder or self.fallback
        if folder not in self.read:
            notes = Notes()
            self.read[folder] = (schemas_of(folder, notes), tuple(notes.problems))
        return self.read[folder]


def _all_done(files: Sequence[Path], chosen: "Settings") -> Iterator[_Done]:
    from aftersales.definitions.documents import file_content  # here: help needs none
    from aftersales.definitions.formatting.files import folder_of
    from aftersales.definitions.notes import Notes

    schemas = _Schemas(_folder(chosen))
    for path in files:
        notes = Notes()
        content = file_content(path, str(path), notes)
        if content is None:
            yield _Done(str(path), "", "", tuple(notes.problems))
        else:
            yield _one(content, str(path), schemas.of(folder_of(path)))


def _one(content: str, file: str, facts: "tuple[list[FactSchema], tuple[Problem, ...]]") -> _Done:
    from aftersales.definitions.formatting.files import formatted_by  # here: help needs none
    from aftersales.domain.errors import InvariantBroken

    schemas, problems = facts
    if problems:
        return _Done(file, content, content, problems)
    try:
        result = formatted_by(schemas, content, file)
    except InvariantBroken as fault:
        return _Done(file, content, content, fault=str(fault))
    return _Done(file, content, result.text, result.problems)


def _write(done: Sequence[_Done]) -> None:
    from aftersales.definitions.formatting.files import replace_file  # here: help needs none

    for one in done:
        if one.is_changed:
            replace_file(Path(one.file), one.after)


def _tell(done: Sequence[_Done], *, is_diff: bool, as_json: bool) -> None:
    if as_json:
        put_json([_as_data(one, is_diff=is_diff) for one in done])
        return
    for one in done:
        if one.is_changed and is_diff:
            put("".join(_diff(one)).rstrip("\n"))
        elif one.is_changed:
            put(one.file)
    _say_slips(done)


def _say_slips(done: Sequence[_Done]) -> None:
    """What is to be mended; a slip in the facts concerns every file, and is told once."""
    for problem in dict.fromkeys(problem for one in done for problem in one.problems):
        say(f"{problem}" + (f"; {problem.help}" if problem.help else ""))
    for one in done:
        if one.fault:
            say(f"a fault of aftersales: {one.fault}")


def _diff(one: _Done) -> Iterator[str]:
    before, after = one.before.splitlines(keepends=True), one.after.splitlines(keepends=True)
    yield from unified_diff(before, after, one.file, f"{one.file} (formatted)")


def _as_data(one: _Done, *, is_diff: bool) -> dict[str, object]:
    from aftersales.definitions.render import to_json  # here: help needs none

    told: dict[str, object] = {
        "file": one.file,
        "is_changed": one.is_changed,
        "problems": [to_json(problem) for problem in one.problems],
        "fault": one.fault or None,
    }
    return told | ({"diff": "".join(_diff(one))} if is_diff else {})


def _sum_up(done: Sequence[_Done], *, writes: bool) -> None:
    changed = sum(one.is_changed for one in done)
    left = sum(bool(one.problems or one.fault) for one in done)
    verb = "formatted" if writes else "would change"
    told = [f"{changed} {verb}", f"{len(done) - changed - left} unchanged"]
    say(", ".join(told + ([f"{left} left as they are, see above"] if left else [])))


def _code(done: Sequence[_Done], *, is_check: bool) -> int:
    if any(one.fault for one in done):
        return Exit.FAULT
    is_refused = any(one.problems or (is_check and one.is_changed) for one in done)
    return Exit.REFUSED if is_refused else Exit.DONE
