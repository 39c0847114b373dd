"""The layout of a text: its tokens put into lines, with our indentation and spaces.

Line breaks, blank lines, comments and the order of all things stay as their author wrote them.
"""

from collections.abc import Mapping

from aftersales.definitions.formatting.aligning import FlowPath, aligned
from aftersales.definitions.formatting.blocks import Block, Blocks
from aftersales.definitions.formatting.columns import Columns, Line, Piece
from aftersales.definitions.formatting.tokens import Sort, Token, body_indent, tokens_of

_NO_SPACE_BEFORE = frozenset({Sort.CLOSE, Sort.COMMA, Sort.VALUE})


def laid_out(
    text: str, instead: Mapping[int, str], *, may_indent: bool = True, may_align: bool = True
) -> str:
    """`text` in our layout. `instead` holds the new texts of tokens by where they begin.

    Without `may_indent` each line keeps its own indentation; without `may_align` nothing is
    aligned.
    """
    layout = _Layout(text, instead, Blocks(may_indent=may_indent), may_align=may_align)
    for token in tokens_of(text):
        layout.take(token)
    return layout.result()


class _Layout:
    """The lines made so far."""

    def __init__(
        self, text: str, instead: Mapping[int, str], blocks: Blocks, *, may_align: bool
    ) -> None:
        self.text = text
        self.may_align = may_align
        self.path = FlowPath()
        self.instead = instead
        self.blocks = blocks
        self.lines: list[Line] = []
        self.loose: list[Line] = []  # comments on lines of their own, whose depth is not known yet
        self.blocks_before: tuple[Block, ...] = ()
        self.end = 0  # where the last token ends
        self.before: Token | None = None
        self.is_gap_read = False
        self.begins_line = True

    def take(self, token: Token) -> None:
        """Add the next token, and what lies between it and the one before."""
        if not self.is_gap_read:
            self._gap(token.start)
        column = self._column(token.start)
        self.blocks.take(token, column)
        if token.is_structure:
            return
        if self.begins_line:
            line = Line(self.blocks.indent(token, column), column)
            self._settle(line)
            self.lines.append(line)
        self._add(token, column)
        self.end, self.before, self.is_gap_read = token.end, token, False

    def result(self) -> str:
        """The whole text, with one line break at its end."""
        if not self.is_gap_read:
            self._gap(len(self.text))
        self._settle(None)
        while self.lines and self.lines[-1].is_blank:
            self.lines.pop()
        columns = Columns(self.lines, aligned(self.lines) if self.may_align else [])
        written = "\n".join(columns.text(number) for number in range(len(self.lines)))
        # The last line break of a text below `|` belongs to it: none is added.
        is_open = self.before is not None and self.before.is_block_text
        is_open = is_open and self.end == len(self.text) and not self.text.endswith("\n")
        return written if is_open else written + "\n"

    def _column(self, index: int) -> int:
        return index - self.text.rfind("\n", 0, index) - 1

    # -- what lies between two tokens

    def _gap(self, end: int) -> None:
        """Comments and blank lines up to `end`."""
        start = self.end
        self.is_gap_read, self.blocks_before = True, tuple(self.blocks.open)
        at_line_start = start == 0 or self.text[start - 1] == "\n"
        self.begins_line = at_line_start or "\n" in self.text[start:end]
        for number, part in enumerate(self.text[start:end].split("\n")):
            is_last = start + len(part) >= end
            self._between(
                part, start, shares_line=number == 0 and not at_line_start, is_last=is_last
            )
            start += len(part) + 1

    def _between(self, part: str, start: int, *, shares_line: bool, is_last: bool) -> None:
        comment = part.strip(" \t")
        column = self._column(start) + len(part) - len(part.lstrip(" \t"))
        if shares_line:
            if comment:
                self.lines[-1].comment, self.lines[-1].comment_column = comment, column
        elif comment:
            line = Line(column, column, comment=comment, comment_column=column)
            self.lines.append(line)
            self.loose.append(line)
        elif not is_last:
            self.lines.append(Line())

    def _settle(self, following: Line | None) -> None:
        """Indent the loose comments as what they stand beside."""
        words = [line for line in self.lines if line.pieces]
        known = {block.old: block.new for block in (*self.blocks_before, *self.blocks.open)}
        for beside in (words[-1] if words else None, following):
            known |= {beside.old_indent: beside.indent} if beside else {}
        last = words[-1] if words else Line()
        for line in self.loose:
            is_deeper = following is None or line.old_indent > following.old_indent
            shift = (last if is_deeper or following is None else following).shift
            line.indent = known.get(line.old_indent, max(0, line.old_indent + shift))
        self.loose = []

    # -- tokens

    def _add(self, token: Token, column: int) -> None:
        text = self.instead.get(token.start) or self.text[token.start : token.end]
        first, *rest = text.split("\n")
        path = self.path.take(token, text)
        piece = Piece(first, old_column=column, old_gap=token.start - self.end)
        if not self.begins_line and self.before:
            piece.path = path
            piece.space = self._space(self.before, token, piece.old_gap)
        self.lines[-1].pieces.append(piece)
        if token.is_block_text:
            piece.text = first.rstrip(" ")
            self._add_body(rest)
        elif rest:
            piece.text = _trimmed(first, token)
            self._add_continued(rest, token)

    def _space(self, before: Token, token: Token, old_gap: int) -> int:
        if before.sort is Sort.ENTRY and not self.blocks.may_indent:
            return old_gap
        if before.sort is Sort.OPEN:
            return 0
        if token.sort in _NO_SPACE_BEFORE:
            return int(before.sort is Sort.VALUE or (before.sort, token.sort) == _NO_KEY)
        return 1

    def _add_body(self, body: list[str]) -> None:
        """The lines below `|` or `>`, moved with what they belong to."""
        block = self.blocks.innermost
        body = body[:-1] if body and not body[-1] else body  # what follows its last line break
        indent, shift = body_indent(body), block.new - block.old
        for text in body:
            is_content = bool(text.strip(" ")) or len(text) > indent
            moved = " " * shift + text if shift > 0 else text[-shift:]
            self.lines.append(Line(raw=moved if is_content else ""))

    def _add_continued(self, rest: list[str], token: Token) -> None:
        """The other lines of a text that goes over several."""
        for number, text in enumerate(rest):
            stripped = text.strip(" \t") if number == len(rest) - 1 else _trimmed(text, token)
            stripped = stripped.lstrip(" \t")
            column = len(text) - len(text.lstrip(" \t"))
            line = Line(self.blocks.moved(column), column) if stripped else Line()
            line.pieces += [Piece(stripped, old_column=column)] if stripped else []
            self.lines.append(line)


_NO_KEY = (Sort.COMMA, Sort.VALUE)


def _trimmed(text: str, token: Token) -> str:
    """Without the spaces at its end, unless a backslash keeps one."""
    trimmed = text.rstrip(" \t")
    return text if token.style == '"' and trimmed.endswith("\\") else trimmed
