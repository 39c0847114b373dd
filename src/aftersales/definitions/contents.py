"""The exact files of a folder of definitions, as one value: taken at once, stored, read again.

What is made valid for a shop is this value, so that a folder that is edited later changes nothing,
and a problem or an explanation still names file and line.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from aftersales.definitions.canonical import digest_of
from aftersales.definitions.shipped import FOLDERS, shipped_folder
from aftersales.domain.errors import AftersalesError

MAX_FILES = 2_000
MAX_BYTES = 16_000_000
_FORM = "contents/1"
_YAML, _TESTS, _FEED = (".yaml", ".yml"), (".tests.yaml", ".tests.yml"), ".ics"
_TRIES = 3


class ContentsUnreadable(AftersalesError):
    """The files of a folder cannot be taken."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Every file of definitions, of tests and of feeds, by its name relative to the folder."""

    files: Mapping[str, bytes]

    @classmethod
    def of_folder(cls, folder: str | Path | None = None) -> "Contents":
        """The files that stand in `folder` at one moment; without one, those shipped.

        ContentsUnreadable if there are too many, or if somebody is saving them just now.
        """
        root = shipped_folder() if folder is None else Path(folder)
        for _ in range(_TRIES):
            seen = _seen(root)
            files = {file: (root / file).read_bytes() for file in seen}
            if _seen(root) == seen:
                return cls(files)
        raise ContentsUnreadable(f"files in `{root}` are being saved just now; try again")

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Contents":
        """The contents that `to_plain` wrote. ContentsUnreadable if it is anything else."""
        try:
            if plain["form"] != _FORM:
                raise ContentsUnreadable("these contents need a newer aftersales")
            texts = {file: text.encode() for file, text in plain["texts"].items()}
            bare = {f: base64.b64decode(text, validate=True) for f, text in plain["bytes"].items()}
        except (KeyError, AttributeError, TypeError, binascii.Error, UnicodeEncodeError):
            raise ContentsUnreadable("these are not the contents of a folder") from None
        return cls(dict(sorted((texts | bare).items())))

    def to_plain(self) -> dict[str, Any]:
        """As JSON holds it: files that are text as text, others in base 64."""
        texts, bare = {}, {}
        for file, content in self.files.items():
            try:
                texts[file] = content.decode()
            except UnicodeDecodeError:
                bare[file] = base64.b64encode(content).decode()
        return {"form": _FORM, "texts": texts, "bytes": bare}

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical form: the same for the same bytes under the same names."""
        return digest_of(self.to_plain())

    def definitions(self) -> Iterator[tuple[str, bytes]]:
        """The files that define something."""
        for file, content in self.files.items():
            if file.endswith(_YAML) and not file.endswith(_TESTS):
                yield file, content

    def tests(self) -> Iterator[tuple[str, bytes]]:
        """The files of tests."""
        return (pair for pair in self.files.items() if pair[0].endswith(_TESTS))

    def beside(self, file: str) -> dict[str, bytes]:
        """The feeds that stand in the same folder as `file`, by their plain names."""
        folder = PurePosixPath(file).parent
        feeds = ((PurePosixPath(name), found) for name, found in self.files.items())
        return {
            feed.name: found
            for feed, found in feeds
            if feed.suffix == _FEED and feed.parent == folder
        }

    def write_to(self, folder: Path) -> None:
        """Write all files into `folder`, which may not exist yet."""
        for file, content in self.files.items():
            path = folder / file
            if not path.resolve().is_relative_to(folder.resolve()):
                raise ContentsUnreadable(f"`{file}` does not lie in the folder")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _seen(root: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of each file that belongs to the definitions, by name."""
    seen: dict[str, tuple[int, int]] = {}
    size = 0
    for name in FOLDERS:
        for path in sorted((root / name).rglob("*")):
            if _belongs(path):
                found = path.stat()
                size += found.st_size
                seen[path.relative_to(root).as_posix()] = (found.st_size, found.st_mtime_ns)
            if len(seen) > MAX_FILES or size > MAX_BYTES:
                limits = f"{MAX_FILES:,} files or {MAX_BYTES:,} bytes"
                raise ContentsUnreadable(f"`{root}` has over {limits} of definitions")
    return seen


def _belongs(path: Path) -> bool:
    is_ours = path.suffix in (*_YAML, _FEED) and not path.name.startswith(".")
    return is_ours and path.is_file()
