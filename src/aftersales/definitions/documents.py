"""The YAML documents of a folder: what format each has, what it defines, when it is in force."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aftersales.definitions import text
from aftersales.definitions.contents import Contents
from aftersales.definitions.inside import keys_in, policy_sort, texts_in
from aftersales.definitions.notes import Notes
from aftersales.definitions.period import ALWAYS, Period, read_period
from aftersales.definitions.shipped import FOLDERS
from aftersales.definitions.text import Mapping, Scalar
from aftersales.domain.conditions import did_you_mean, ticked
from aftersales.domain.problem import Place

FORMATS = ("facts", "calendars", "policy", "workflow", "replies", "team", "rates", "tests")
_VERSION = "1"
_NAMES_FORMAT = re.compile(r"^aftersales: *([a-z]+)/", re.MULTILINE)
_TESTS = (".tests.yaml", ".tests.yml")
# The key whose text is the name of what the document defines.
_NAMED_BY = {"workflow": "workflow", "policy": "policy", "replies": "language"}
_MAX_BYTES = 4 * text.MAX_CHARACTERS


@dataclass(frozen=True)
class Document:
    """One file of definitions, read but not yet understood. `file` is relative to the folder.

    What is asked of it again and again is looked up once, and kept beside its fields.
    """

    file: str
    root: Mapping
    format: str
    name: str
    period: Period = ALWAYS

    @cached_property
    def sort(self) -> str:
        """What sort of policy it is; its format, if it is none."""
        return policy_sort(self.root) if self.format == "policy" else self.format

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key written in it."""
        return frozenset(keys_in(self.root))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every text written in it as a value."""
        return frozenset(texts_in(self.root))

    @property
    def place(self) -> Place:
        """Where its name is written, else its beginning."""
        key = _NAMED_BY.get(self.format)
        return (self.root.get(key) or self.root).place if key else self.root.place


@dataclass(frozen=True, slots=True)
class Folder:
    """The documents of a folder, by file name, and the formats of those that could not be read.

    What a lost document declares is not known, so nobody is blamed for naming it.
    """

    documents: tuple[Document, ...]
    lost: frozenset[str] = frozenset()


def read_folder(folder: Path, notes: Notes) -> Folder:
    """The documents under `folder`; files of tests are left to their own reader."""
    names = ((path, path.relative_to(folder).as_posix()) for path in _files(folder))
    return _read(((file, file_content(path, file, notes)) for path, file in names), notes)


def read_contents(contents: Contents, notes: Notes) -> Folder:
    """The documents of files that were taken before."""
    return _read(((f, text_of(raw, f, notes)) for f, raw in contents.definitions()), notes)


def _read(files: Iterable[tuple[str, str | None]], notes: Notes) -> Folder:
    found: list[Document] = []
    lost: set[str] = set()
    for file, content in files:
        document = None if content is None else read_document(content, file, notes)
        if document is not None:
            found.append(document)
        else:
            lost.update(_probable_formats(content or ""))
    return Folder(tuple(found), frozenset(lost))


def _probable_formats(content: str) -> tuple[str, ...]:
    """The format that a file names which cannot be read; any, if that cannot be seen either."""
    named = _NAMES_FORMAT.search(content)
    return (named[1],) if named and named[1] in FORMATS else FORMATS


def read_document(content: str, file: str, notes: Notes) -> Document | None:
    """The document written in `content`; None where it is not YAML or its format is not known."""
    root, problems = text.read(content, file)
    notes.extend(problems)
    if root is None:
        return None
    if not isinstance(root, Mapping):
        help = "its first line names the format, such as `aftersales: policy/1`"
        notes.error("F802", root, "the file is not made of `key: value` pairs", help)
        return None
    return document_of(root, file, notes)


def document_of(root: Mapping, file: str, notes: Notes) -> Document | None:
    """`root` with its format, name and period."""
    format = _format(root, notes)
    if format is None:
        return None
    named = root.get(_NAMED_BY.get(format, ""))
    name = named.text if isinstance(named, Scalar) else ""
    return Document(file, root, format, name, read_period(root, notes))


def _format(root: Mapping, notes: Notes) -> str | None:
    node = root.get("aftersales")
    if not isinstance(node, Scalar) or node.is_left_out:
        near = did_you_mean("aftersales", [key.text for key, _ in root.items])
        help = "its first line names the format, such as `aftersales: policy/1`"
        where = next((k for k, _ in root.items if near and f"`{k.text}`" in near), root)
        notes.error("F802", where, "the file does not say its format", help)
        return None
    format, _, version = node.text.partition("/")
    if format not in FORMATS:
        help = did_you_mean(node.text, [f"{name}/{_VERSION}" for name in FORMATS])
        known = f"one of {ticked(f'{name}/{_VERSION}' for name in FORMATS)}"
        notes.error("F801", node, f"`{node.text}` is not a format", help or known)
        return None
    if version != _VERSION:
        help = f"write `{format}/{_VERSION}`; a newer version needs a newer aftersales"
        notes.error("F801", node, f"`{node.text}` is not a format this version reads", help)
        return None
    return format


def _files(folder: Path) -> Iterator[Path]:
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            is_yaml = path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
            if is_yaml and not path.name.endswith(_TESTS) and path.is_file():
                yield path


def file_content(path: Path, file: str, notes: Notes) -> str | None:
    """The text of a file that problems call `file`; None, with a problem, if it has none."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            _note_too_large(file, notes)
            return None
        return text_of(path.read_bytes(), file, notes)
    except OSError as error:
        help = "look at the permissions of the file"
        notes.error("F802", Place(file, 1, 1), f"the file cannot be read: {error.strerror}", help)
    return None


def text_of(raw: bytes, file: str, notes: Notes) -> str | None:
    """The text in the bytes of a file that problems call `file`; None, with a problem, if none."""
    if len(raw) > _MAX_BYTES:
        _note_too_large(file, notes)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        place = Place(file, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        help = "save it as UTF-8 in your editor"
        notes.error("Y107", place, "the file is not UTF-8 text", help)
    return None


def _note_too_large(file: str, notes: Notes) -> None:
    help = "split it into several files"
    notes.error("Y101", Place(file, 1, 1), f"the file has over {_MAX_BYTES:,} bytes", help)
