"""CSV as spreadsheets write it, read with the place of each cell, and written so that they read it.

Read here and not by `csv`, which tells no places. Cells that a spreadsheet would take for formulas
are written behind a single quote, and lose it when they come back.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftersales.definitions.notes import Notes
from aftersales.domain.problem import Place

MAX_BYTES = 4_000_000
DELIMITERS = (";", ",", "\t")
_FORMULA = tuple("=+-@\t\r'")
_LINE_ENDS = ("\r\n", "\n", "\r")


@dataclass(frozen=True, slots=True)
class CsvCell:
    """One cell: its text, where it begins, and its name in a spreadsheet."""

    text: str
    place: Place
    name: str


Row = tuple[CsvCell, ...]


def read_csv(raw: bytes, file: str, notes: Notes) -> list[Row]:
    """The rows that have words in them. What is not CSV is noted (I901)."""
    text = _decoded(raw, file, notes)
    if text is None:
        return []
    first, _, rest = text.partition("\n")
    has_hint = first.startswith("sep=") and len(first.strip()) == 5
    delimiter = first[4] if has_hint else _delimiter(first)
    reader = _Reader("\n" + rest if has_hint else text, delimiter, file)
    rows = reader.rows()
    if reader.open_at:
        help = "close the quote, or save the sheet again as CSV"
        notes.error("I901", reader.open_at, "a quote is opened here and never closed", help)
        return []
    return [row for row in rows if any(cell.text for cell in row)]


def write_csv(rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> str:
    """The rows as CSV."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\n")
    writer.writerows([neutral(text) for text in row] for row in rows)
    return made.getvalue()


def neutral(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def restored(text: str) -> str:
    """What `neutral` was made of."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _decoded(raw: bytes, file: str, notes: Notes) -> str | None:
    if len(raw) > MAX_BYTES:
        help = "split the table"
        notes.error("I901", Place(file, 1, 1), f"the file has over {MAX_BYTES:,} bytes", help)
        return None
    is_wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return raw.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        place = Place(file, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        help = "save it as CSV UTF-8 in your spreadsheet"
        notes.error("I901", place, "the file is not UTF-8 text", help)
        return None


def _delimiter(first: str) -> str:
    return max(DELIMITERS, key=first.count)


class _Reader:
    """Reads by the rules of RFC 4180."""

    def __init__(self, text: str, delimiter: str, file: str) -> None:
        self.text = text
        self.delimiter = delimiter
        self.file = file
        self.at = 0
        self.line, self.line_start = 1, 0
        self.open_at: Place | None = None

    def rows(self) -> list[Row]:
        """All rows, empty ones too."""
        rows: list[Row] = []
        row: list[CsvCell] = []
        while self.at < len(self.text):
            row.append(self._cell(len(row), len(rows) + 1))
            if self.text[self.at : self.at + 1] == self.delimiter:
                self.at += 1
                if self.at == len(self.text):
                    row.append(self._cell(len(row), len(rows) + 1))
            else:
                self._end_line()
                rows.append(tuple(row))
                row = []
        return [*rows, tuple(row)] if row else rows

    def _cell(self, number: int, row: int) -> CsvCell:
        place = Place(self.file, self.line, self.at - self.line_start + 1)
        is_quoted = self.text[self.at : self.at + 1] == '"'
        text = self._quoted(place) if is_quoted else self._bare()
        text = restored(text.replace("\N{NO-BREAK SPACE}", " ").strip())
        length = self.at - self.line_start + 1 - place.column if place.line == self.line else 1
        place = Place(self.file, place.line, place.column, max(1, length))
        return CsvCell(text, place, f"{_letters(number)}{row}")

    def _bare(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in (self.delimiter, "\n", "\r"):
            self.at += 1
        return self.text[start : self.at]

    def _quoted(self, place: Place) -> str:
        found: list[str] = []
        self.at += 1
        while (end := self.text.find('"', self.at)) >= 0:
            found.append(self.text[self.at : end])
            self._count_lines(self.at, end)
            self.at = end + 1
            if self.text[self.at : self.at + 1] != '"':
                return "".join(found).replace("\r\n", "\n") + self._bare()
            found.append('"')
            self.at += 1
        self.open_at = self.open_at or place
        self.at = len(self.text)
        return ""

    def _count_lines(self, start: int, end: int) -> None:
        inner = self.text[start:end]
        if "\n" in inner:
            self.line += inner.count("\n")
            self.line_start = start + inner.rindex("\n") + 1

    def _end_line(self) -> None:
        end = next((end for end in _LINE_ENDS if self.text.startswith(end, self.at)), "")
        self.at += len(end)
        self.line, self.line_start = self.line + 1, self.at


def _letters(number: int) -> str:
    """How a spreadsheet names its columns: A, B ... Z, AA."""
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
