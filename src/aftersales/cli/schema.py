"""`aftersales schema`: JSON Schemas with this shop's own names, for editors to complete from."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import settings_options
from aftersales.cli.output import put, say

if TYPE_CHECKING:
    from aftersales.config import Settings

FORMATS = ("facts", "policy", "workflow", "replies", "calendars", "team", "rates", "tests")


@click.command("schema")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the schemas are written; else `schemas` in DIRECTORY.",
)
@click.option(
    "--stdout",
    "format",
    type=click.Choice([*FORMATS, "aftersales"]),
    help="Print the schema of one format, and write nothing.",
)
@click.option(
    "--vscode", is_flag=True, help="Tell VS Code of them too, in `.vscode/settings.json`."
)
@settings_options
def command(
    chosen: "Settings",
    directory: Path | None,
    target: Path | None,
    format: str | None,
    vscode: bool,
) -> int:
    """Write a JSON Schema of each format, with the facts, remedies and states of DIRECTORY."""
    folder = directory or chosen.folder
    if folder is not None and not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")
    made = schemas_in(folder)
    if format is not None:
        put(_written(made[format]).rstrip("\n"))
        return Exit.DONE
    to = target or (folder or Path()) / "schemas"
    for file in write_schemas(made, to):
        put(str(file))
    if vscode:
        return _tell_vscode(folder or Path(), to)
    say("next: aftersales schema --vscode, or see docs/how-to/edit_in_vs_code.md")
    return Exit.DONE


def schemas_in(folder: Path | None) -> dict[str, dict[str, Any]]:
    """The schemas of a folder. Files with slips are read as far as they go, and that is told."""
    from aftersales.definitions.documents import read_folder  # here: `--help` reads no YAML
    from aftersales.definitions.notes import Notes
    from aftersales.definitions.schemas import schemas_of
    from aftersales.definitions.shipped import shipped_folder

    notes = Notes()
    found = schemas_of(read_folder(folder or shipped_folder(), notes))
    if notes.has_errors:
        say("some files cannot be read yet, and their names are left open: see aftersales check")
    return found


def write_schemas(schemas: dict[str, dict[str, Any]], to: Path) -> list[Path]:
    """Each schema as a file of its name. The files, in order."""
    to.mkdir(parents=True, exist_ok=True)
    files = []
    for name, schema in schemas.items():
        file = to / f"{name}.json"
        file.write_text(_written(schema), encoding="utf-8")
        files.append(file)
    return files


def _written(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _tell_vscode(folder: Path, schemas: Path) -> int:
    """Add our schema to the settings of the workspace; what stands there stays."""
    file = folder / ".vscode" / "settings.json"
    try:
        settings = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except ValueError:
        settings = None
    entry = {_from(folder, schemas): _GLOBS}
    if not isinstance(settings, dict) or not isinstance(settings.get("yaml.schemas", {}), dict):
        say(f"{file} holds comments or is no JSON, and is left as it is; add this to it:")
        put(json.dumps({"yaml.schemas": entry}, indent=2))
        return Exit.REFUSED
    settings["yaml.schemas"] = {**settings.get("yaml.schemas", {}), **entry}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    put(str(file))
    return Exit.DONE


_GLOBS = [f"{name}/**/*.{ending}" for name in ("workflows", "policies", "replies")
          for ending in ("yaml", "yml")]  # fmt: skip


def _from(folder: Path, schemas: Path) -> str:
    """Where the schema is, as VS Code reads it: from the workspace, else the whole path."""
    file = (schemas / "aftersales.json").resolve()
    inside = file.is_relative_to(folder.resolve())
    return f"./{file.relative_to(folder.resolve()).as_posix()}" if inside else file.as_uri()
