"""What the author aligned: the same places of neighbouring lines, with more than one space before.

Lines are neighbours if they begin in the same column and nothing between them begins further
left. Those of one run, without a blank line or deeper lines between, are aligned together, so that
a table whose cells were edited comes right again; runs that shared a column keep sharing it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aftersales.definitions.formatting.columns import Line, Spot
from aftersales.definitions.formatting.tokens import Sort, Token

_Path = tuple[str, ...]
_A_LITTLE = 4  # columns by which a cell may outgrow its column and still belong to it


def aligned(lines: Sequence[Line]) -> list[list[Spot]]:
    """The groups of pieces, and of comments, that are to share a column."""
    groups = [group for block in _blocks(lines) for group in _groups(block, lines)]
    return [*groups, *_comments(lines)]


@dataclass(slots=True)
class FlowPath:
    """Where in the flow collections of its line a token stands."""

    open: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    last: Sort | None = None

    def take(self, token: Token, text: str) -> _Path:
        """The path of the token, if it may be aligned; else nothing."""
        if token.is_structure:
            return ()
        before, self.last = self.last, token.sort
        if token.sort is Sort.CLOSE and self.open:
            self.open.pop()
            self.numbers.pop()
        if self.open and before in (Sort.OPEN, Sort.COMMA):
            self.numbers[-1] += 1
            self.open[-1] = text if token.is_key else str(self.numbers[-1])
        path = tuple(self.open)
        if token.sort is Sort.OPEN:
            self.open.append("")
            self.numbers.append(-1)
        if token.sort is not Sort.VALUE and before is Sort.VALUE:
            return (*path, ":")
        return path if before is Sort.COMMA else ()


@dataclass(slots=True)
class _Block:
    """Neighbouring lines, in runs."""

    indent: int
    runs: list[list[int]] = field(default_factory=list)


def _blocks(lines: Sequence[Line]) -> Iterator[_Block]:
    open_blocks: list[_Block] = []
    is_run_over = True
    for number, line in enumerate(lines):
        if not line.pieces:
            is_run_over = is_run_over or line.is_blank
            continue
        while open_blocks and open_blocks[-1].indent > line.indent:
            yield open_blocks.pop()
            is_run_over = True
        if not open_blocks or open_blocks[-1].indent < line.indent:
            open_blocks.append(_Block(line.indent))
            is_run_over = True
        if is_run_over:
            open_blocks[-1].runs.append([])
        open_blocks[-1].runs[-1].append(number)
        is_run_over = False
    yield from reversed(open_blocks)


def _groups(block: _Block, lines: Sequence[Line]) -> Iterator[list[Spot]]:
    """The pieces of one block that are aligned, by what place they fill."""
    padded: dict[_Path, list[list[Spot]]] = {}
    close: dict[_Path, list[Spot]] = {}
    for run in block.runs:
        own: dict[_Path, list[Spot]] = {}
        for path, spot, is_padded in _spots(run, lines):
            (own if is_padded else close).setdefault(path, []).append(spot)
        for path, spots in own.items():
            padded.setdefault(path, []).append(spots)
    for path, parts in padded.items():
        for group in _joined(parts, lines):
            group += _beside(group, close.get(path, []), lines)
            if len(group) > 1:
                yield group


def _spots(run: Sequence[int], lines: Sequence[Line]) -> Iterator[tuple[_Path, Spot, bool]]:
    for number in run:
        for place, piece in enumerate(lines[number].pieces):
            if piece.path:
                yield piece.path, (number, place), piece.old_gap > 1


def _beside(group: list[Spot], close: list[Spot], lines: Sequence[Line]) -> list[Spot]:
    """The longest of a group: one space before it, in the group's column or a little beyond."""
    columns = {lines[n].old_column(place) for n, place in group}
    found: list[Spot] = []
    for n, place in sorted(close, key=lambda spot: lines[spot[0]].old_column(spot[1])):
        column = lines[n].old_column(place)
        if column in columns or max(columns) < column <= max(columns) + _A_LITTLE:
            columns.add(column)
            found.append((n, place))
    return found


def _joined(parts: list[list[Spot]], lines: Sequence[Line]) -> list[list[Spot]]:
    """The groups of all runs; those that shared a column are one."""
    joined: list[tuple[set[int], list[Spot]]] = []
    for part in parts:
        columns, spots = {lines[n].old_column(place) for n, place in part}, list(part)
        for other in [found for found in joined if found[0] & columns]:
            joined.remove(other)
            columns, spots = columns | other[0], other[1] + spots
        joined.append((columns, spots))
    return [spots for _, spots in joined]


def _comments(lines: Sequence[Line]) -> Iterator[list[Spot]]:
    """Comments below each other at the ends of lines."""
    group: list[Spot] = []
    for number, line in enumerate(lines):
        if not line.pieces:
            continue
        last = lines[group[-1][0]].comment_column if group else -1
        if group and (not line.comment or line.comment_column != last):
            yield group
            group = []
        group += [(number, -1)] if line.comment else []
    if group:
        yield group
