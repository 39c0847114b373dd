"""Lines made of pieces, and the columns these come to stand in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

_BEFORE_COMMENT = 2

Spot = tuple[int, int]  # the number of a line, and of a piece in it; -1 is its comment


@dataclass(slots=True)
class Piece:
    """A token's text on one line. Columns count from 0; `old_gap` is the space it had before it.

    `path` says which place of its line it fills, if it may be aligned with others that fill the
    same: `when` in `{id: x, when: y}`.
    """

    text: str
    space: int = 0
    old_column: int = 0
    old_gap: int = 0
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class Line:
    """One line to be written. A raw line, inside a text below `|`, is written as it is."""

    indent: int = 0
    old_indent: int = 0
    pieces: list[Piece] = field(default_factory=list)
    comment: str = ""
    comment_column: int = 0
    raw: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on it."""
        return not self.pieces and not self.comment and self.raw is None

    @property
    def shift(self) -> int:
        """By how many columns it is moved to the right."""
        return self.indent - self.old_indent

    def old_column(self, place: int) -> int:
        """Where a piece, or the comment, stood once the line is moved."""
        column = self.comment_column if place == -1 else self.pieces[place].old_column
        return column + self.shift


class Columns:
    """Where each piece comes to stand: aligned ones by group, others after what is before them."""

    def __init__(self, lines: Sequence[Line], aligned: Sequence[list[Spot]]) -> None:
        """`aligned` are the groups of pieces that are to share a column, and of comments."""
        self.lines = lines
        self.at: dict[Spot, int] = {}
        waiting = {spot for group in aligned for spot in group}
        for group in sorted(aligned, key=self._rank):
            waiting -= set(group)
            # One whose left neighbours are still to be placed would move again: it is let go.
            ready = [(n, p) for n, p in group if not any((n, q) in waiting for q in range(p))]
            ends = [self._end_before(spot) for spot in ready]
            if ends:
                self.at |= dict.fromkeys(ready, self._target(ready, max(ends)))

    def text(self, number: int) -> str:
        """The line as text, without space at its end."""
        line = self.lines[number]
        if line.raw is not None:
            return line.raw
        if not line.pieces:
            return " " * line.indent * bool(line.comment) + line.comment
        text = " " * line.indent
        for place, piece in enumerate(line.pieces):
            text = text.ljust(self._start((number, place), len(text))) + piece.text
        if line.comment:
            text = text.ljust(self._start((number, -1), len(text))) + line.comment
        return text.rstrip(" ")

    def _rank(self, group: list[Spot]) -> tuple[bool, int, Spot]:
        """From left to right, comments last."""
        columns = [self.lines[number].old_column(place) for number, place in group]
        return group[0][1] == -1, min(columns), group[0]

    def _target(self, group: list[Spot], end: int) -> int:
        number, place = group[0]
        if place != -1:
            return end + 1
        # Where a comment stands is its author's choice, as long as there is room.
        return max(self.lines[number].old_column(-1), end + _BEFORE_COMMENT)

    def _end_before(self, spot: Spot) -> int:
        number, last = spot
        pieces = self.lines[number].pieces
        end = self.lines[number].indent
        for place, piece in enumerate(pieces if last == -1 else pieces[:last]):
            end = self._start((number, place), end) + len(piece.text)
        return end

    def _start(self, spot: Spot, end: int) -> int:
        number, place = spot
        space = _BEFORE_COMMENT if place == -1 else self.lines[number].pieces[place].space
        return self.at.get(spot, end + space)
