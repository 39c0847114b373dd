"""Open block collections, and the column in which each comes to stand: two spaces a level."""

from dataclasses import dataclass

from aftersales.definitions.formatting.tokens import Sort, Token

_STEP = 2


@dataclass(frozen=True, slots=True)
class Block:
    """A block collection: the column it stands in, and the one it comes to stand in."""

    old: int
    new: int
    is_list: bool
    is_flush: bool = False  # a list that stands no deeper than the key it belongs to


OUTSIDE = Block(0, 0, is_list=False)


class Blocks:
    """The block collections that are open, the outermost first."""

    def __init__(self, *, may_indent: bool) -> None:
        self.may_indent = may_indent
        self.open: list[Block] = []

    @property
    def innermost(self) -> Block:
        """The one that the next token belongs to."""
        return self.open[-1] if self.open else OUTSIDE

    def take(self, token: Token, column: int) -> None:
        """Open or close what the token opens or closes."""
        match token.sort:
            case Sort.MAPPING | Sort.SEQUENCE:
                self._push(column, is_list=token.sort is Sort.SEQUENCE)
            case Sort.END:
                self._end_flush_list()
                self.open.pop()
            case Sort.KEY | Sort.EXPLICIT if not token.in_flow:
                self._end_flush_list()
            case Sort.ENTRY if not self.innermost.is_list:
                self._push(column, is_list=True, is_flush=True)

    def indent(self, token: Token, column: int) -> int:
        """Where a line comes to stand that begins with `token`."""
        block = self.innermost
        if not self.may_indent or not self.open:
            return column
        if token.sort is Sort.ENTRY or (token.is_key and not token.in_flow):
            return block.new
        if token.sort in (Sort.EXPLICIT, Sort.VALUE) and not token.in_flow:
            return block.new
        return self.moved(column, least=0 if token.sort is Sort.CLOSE else 1)

    def moved(self, column: int, *, least: int = 1) -> int:
        """Where something inside the innermost block comes to stand, which moves with it."""
        block = self.innermost
        return max(block.new + least, column + block.new - block.old)

    def _push(self, column: int, *, is_list: bool, is_flush: bool = False) -> None:
        new = self.open[-1].new + _STEP if self.open else 0
        self.open.append(Block(column, new if self.may_indent else column, is_list, is_flush))

    def _end_flush_list(self) -> None:
        if self.open and self.open[-1].is_flush:
            self.open.pop()
