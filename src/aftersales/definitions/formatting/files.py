"""Files to format: which they are, which facts tell their cells, and how they are replaced."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from aftersales.definitions.documents import file_content, read_document
from aftersales.definitions.facts import read_facts
from aftersales.definitions.formatting.style import Formatted, formatted
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import FOLDERS
from aftersales.domain.conditions import FactSchema

_OURS = re.compile(r"^aftersales: *[a-z]+/", re.MULTILINE)
_FACTS = re.compile(r"^aftersales: *facts/", re.MULTILINE)


def definitions_in(folder: Path) -> list[Path]:
    """The files of definitions and of tests in a folder, by name.

    A folder that is not one of definitions is searched for files that name a format of ours.
    """
    parts = [folder / name for name in FOLDERS if (folder / name).is_dir()]
    found = sorted(path for part in parts or [folder] for path in _yaml_in(part))
    return found if parts else [path for path in found if _says(_OURS, path)]


def folder_of(file: Path) -> Path | None:
    """The folder of definitions that a file stands in, if it has facts."""
    for parent in file.resolve().parents:
        if parent.name in FOLDERS and any(_fact_files(parent.parent)):
            return parent.parent
    return None


def schemas_of(folder: Path, notes: Notes) -> list[FactSchema]:
    """What the folder declares: one schema for each of its files of facts."""
    found = []
    for path in _fact_files(folder):
        file = path.relative_to(folder).as_posix()
        content = file_content(path, file, notes)
        document = None if content is None else read_document(content, file, notes)
        if document is not None:
            found.append(read_facts(document.root, notes))
    return found


def formatted_by(schemas: Sequence[FactSchema], content: str, file: str) -> Formatted:
    """`content` formatted by the first of the schemas under which it has no problem."""
    results = [formatted(content, file, schemas[0] if schemas else FactSchema())]
    for schema in schemas[1:]:
        if not results[0].problems:
            break
        results.append(formatted(content, file, schema))
    return next((result for result in results if not result.problems), results[0])


def replace_file(path: Path, content: str) -> None:
    """Put `content` in the place of a file, whole or not at all; its mode is kept."""
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, name)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _yaml_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        is_yaml = path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
        if is_yaml and path.is_file():
            yield path


def _fact_files(folder: Path) -> list[Path]:
    files = (folder / name for name in FOLDERS)
    return sorted(path for part in files for path in _yaml_in(part) if _says(_FACTS, path))


def _says(pattern: re.Pattern[str], path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return pattern.search(file.read(4096)) is not None
    except OSError:
        return False
