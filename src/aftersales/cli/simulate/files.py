"""Past cases from a CSV or JSON Lines file, a batch at a time."""

import csv
import io
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from aftersales.authoring.simulate import Batch
from aftersales.cli.exits import NotFound
from aftersales.cli.json_in import JsonMalformed, read_json
from aftersales.domain.errors import AftersalesError

if TYPE_CHECKING:
    from _csv import Reader

ROWS = 1_000  # in one batch
_SEPARATORS = (",", ";", "\t")
_JSON = (".jsonl", ".ndjson")


class PastCasesMalformed(AftersalesError):
    """A file of past cases is not what its name says."""


def read_past(file: Path) -> Generator[Batch, None, None]:
    """The batches of a file. PastCasesMalformed says in which line it is not CSV or JSON Lines.

    In CSV the first line names the columns; commas, semicolons or tabs part them.
    """
    if not file.is_file():
        raise NotFound(f"there is no file `{file}`")
    read = _json_lines if file.suffix in _JSON else _csv
    with _opened(file) as (raw, lines):
        size = max(file.stat().st_size, 1)
        for batch in read(lines, file):
            yield Batch(*batch, read=min(raw.tell() / size, 1.0))


@contextmanager
def _opened(file: Path) -> Iterator[tuple[IO[bytes], IO[str]]]:
    with file.open("rb") as raw:
        try:
            yield raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        except UnicodeDecodeError:
            raise PastCasesMalformed(f"{file} is not UTF-8 text; save it as UTF-8") from None


Rows = tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[int, ...]]


def _csv(lines: IO[str], file: Path) -> Iterator[Rows]:
    first = lines.readline()
    if not first.strip():
        raise PastCasesMalformed(f"{file} is empty; its first line names the columns")
    separator = max(_SEPARATORS, key=first.count)
    columns = _columns(next(csv.reader([first], delimiter=separator)), file)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        rows, numbers, line = [], [], reader.line_num + 2
        for row in islice(_parsed(reader, file), ROWS):
            if any(row):
                rows.append(_fitting(row, columns, line, file))
                numbers.append(line)
            line = reader.line_num + 2  # a cell may hold line breaks: a row is where it begins
        if not rows:
            return
        yield columns, tuple(rows), tuple(numbers)


def _parsed(reader: "Reader", file: Path) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line = reader.line_num + 1
        raise PastCasesMalformed(f"{file}:{line}: this is not CSV: {error}") from None


def _columns(names: Sequence[str], file: Path) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in names)
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice is not None:
        told = f"two columns are called `{twice}`" if twice else "two columns have no name"
        raise PastCasesMalformed(f"{file}:1: {told}")
    return columns


def _fitting(row: list[str], columns: tuple[str, ...], line: int, file: Path) -> tuple[str, ...]:
    """The cells of a row, blanks around them taken off; those left out at its end are empty."""
    if len(row) > len(columns):
        many = f"{len(row)} cells under {len(columns)} columns"
        raise PastCasesMalformed(f"{file}:{line}: {many}; is a cell with a comma without quotes?")
    return tuple(map(str.strip, row)) + ("",) * (len(columns) - len(row))


def _json_lines(lines: IO[str], file: Path) -> Iterator[Rows]:
    """Objects of one line each. Keys that turn up later are columns from there on."""
    columns: dict[str, None] = {}
    numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    while found := list(islice(numbered, ROWS)):
        objects = [_object(line, number, file) for number, line in found]
        for one in objects:
            columns |= dict.fromkeys(one)
        rows = tuple(tuple(one.get(name, "") for name in columns) for one in objects)
        yield tuple(columns), rows, tuple(number for number, _ in found)
    if not columns:
        raise PastCasesMalformed(f"{file} is empty; each line is one case, as a JSON object")


def _object(line: str, number: int, file: Path) -> dict[str, str]:
    try:
        read = read_json(line)
    except JsonMalformed as error:
        raise PastCasesMalformed(f"{file}:{number}: {error}") from None
    if not isinstance(read, dict):
        raise PastCasesMalformed(f"{file}:{number}: each line is one JSON object")
    return {name: _text(value, name, number, file) for name, value in read.items()}


def _text(value: object, name: str, number: int, file: Path) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value.strip()
    raise PastCasesMalformed(f"{file}:{number}: `{name}` is a text, a number or yes and no")
