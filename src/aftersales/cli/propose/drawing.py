"""A proposal as lines of a terminal."""

from collections.abc import Iterator, Sequence

from aftersales.cli.output import clean
from aftersales.reports import Part, Section


def lines(heading: str, sections: Sequence[Section]) -> Iterator[str]:
    """The page, line by line."""
    yield heading
    for section in sections:
        yield from ("", section.title)
        yield from (f"  {line}" for line in section.lines)
        for part in section.parts:
            yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    yield ""
    if part.title:
        yield f"  {part.title}"
    margin = "    " if part.title else "  "
    for entry in part.entries:
        yield f"{margin}{entry.text}"
        yield from (f"{margin}  {detail}" for detail in entry.details)
    yield from (f"{margin}{row}" for row in _table(part))


def _table(part: Part) -> Iterator[str]:
    """The rows, padded: columns of numbers to the right, all others to the left."""
    rows = [[clean(cell) for cell in row] for row in part.table]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    number = len(widths) if part.numbers_from is None else part.numbers_from
    for row in rows:
        cells = [
            cell.rjust(width) if column >= number else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
