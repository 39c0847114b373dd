"""`aftersales init DIR`: a folder of one's own to edit, begun with the shipped definitions."""

from pathlib import Path
from re import search
from shutil import copytree, ignore_patterns

import click

from aftersales.cli.output import put, say
from aftersales.definitions.shipped import FOLDERS, shipped_folder

_TOML = """\
# The settings of this shop. A flag or an environment variable (AFTERSALES_DATABASE ...) wins.
database = "sqlite:///aftersales.db"   # relative to this file
folder = "."                           # workflows/, policies/, replies/
shop = "shop"
# handlers = "handlers:attach"         # a function that gets the desk: desk.on("refund") ...
# deliver_to = "outbox"                # or: each effect as a file in a folder
# zone = "Europe/Berlin"               # the zone to speak in; else that of the case's calendar
"""


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Copy the shipped workflows, policies and replies into FOLDER, to start from.

    Schemas of them are written beside, and each file says which is its own: editors with a YAML
    language server complete and explain while you write.
    """
    from aftersales.cli.schema import schemas_in, write_schemas  # here: `--help` needs no schemas

    if folder.exists() and any(folder.iterdir()):
        raise click.BadParameter(f"`{folder}` is not empty", param_hint="FOLDER")
    folder.mkdir(parents=True, exist_ok=True)
    shipped = shipped_folder()
    for name in FOLDERS:
        copytree(shipped / name, folder / name, ignore=ignore_patterns("__pycache__"))
    write_schemas(schemas_in(folder), folder / "schemas")
    for name in FOLDERS:
        for file in (folder / name).rglob("*.yaml"):
            _name_schema(file, folder)
    (folder / "aftersales.toml").write_text(_TOML, encoding="utf-8")
    put(str(folder))
    say(f"next: cd {folder} && aftersales check && aftersales migrate")


def _name_schema(file: Path, folder: Path) -> None:
    """Say in the first line of `file` which schema is its own."""
    written = file.read_text(encoding="utf-8")
    format = search(r"(?m)^aftersales: *([a-z]+)/", written)
    if format:
        up = "../" * (len(file.relative_to(folder).parts) - 1)
        line = f"# yaml-language-server: $schema={up}schemas/{format[1]}.json\n"
        file.write_text(line + written, encoding="utf-8")
