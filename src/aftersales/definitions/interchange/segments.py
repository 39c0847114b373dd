"""The entries of a table as pieces of text that are moved, removed and added whole."""

from collections.abc import Mapping, Sequence

from aftersales.definitions.interchange.source import Part, parsed
from aftersales.definitions.interchange.tables import Entry, Table, container, entries_of

Pairs = Sequence[tuple[str, str]]


def arranged(text: str, table: Table, order: Sequence[str], new: Mapping[str, Pairs]) -> str:
    """`text` with the entries of `order`: the old ones as they are written, `new` ones made."""
    root = parsed(text)
    held = container(root, table)
    assert held is not None
    entries = [e for e in entries_of(root, table) if held.start <= e.whole.start < held.end]
    if held.is_flow and (table.has_conditions or not entries):
        return _in_lines(text, table, held, entries, order, new)
    if held.is_flow:
        return _in_brackets(text, held, entries, order, new)
    starts, end = _bounds(text, entries)
    pieces = {
        entry.id: text[start:stop]
        for entry, start, stop in zip(entries, starts, [*starts[1:], end], strict=True)
    }
    indent = " " * (held.start - text.rfind("\n", 0, held.start) - 1)
    in_brackets = sum(_is_short(entry, table) for entry in entries) * 2 >= len(entries)
    for id, pairs in new.items():
        pieces[id] = _made(pairs, indent, table, in_brackets=in_brackets)
    if not order:
        at = _behind_key(text, root, table)
        return (
            f"{text[:at]} {'[]' if held.sort == 'list' else '{}'}{text[at : starts[0]]}{text[end:]}"
        )
    body = "".join(_ended(pieces[id]) for id in order)
    return text[: starts[0]] + body + text[end:]


def _bounds(text: str, entries: Sequence[Entry]) -> tuple[list[int], int]:
    """Where each entry's lines begin, comments before it among them, and where the last end."""
    starts = [text.rfind("\n", 0, entries[0].whole.start) + 1]
    for entry in entries:
        starts.append(_next_line(text, max(entry.part.last, entry.whole.last)))
    return starts[:-1], starts[-1]


def _next_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _is_short(entry: Entry, table: Table) -> bool:
    return entry.part.is_flow or not table.has_conditions


def _made(pairs: Pairs, indent: str, table: Table, *, in_brackets: bool) -> str:
    if not table.has_conditions:
        [(name, value)] = pairs
        return f"{indent}{name}: {value}\n"
    if in_brackets:
        return f"{indent}- {_bracketed(pairs)}\n"
    lines = [f"{name}: {value}" for name, value in pairs]
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


def _bracketed(pairs: Pairs) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in pairs) + "}"


def _ended(piece: str) -> str:
    return piece if piece.endswith("\n") else piece + "\n"


def _behind_key(text: str, root: Part, table: Table) -> int:
    """Where the value of the table's key begins, before any comment on its line."""
    outer = container(root, Table("", table.path[:-1], "", ()))
    assert outer is not None
    name = next(name for name, _ in outer.pairs if name.text == table.path[-1])
    return text.index(":", name.end) + 1


def _in_lines(
    text: str,
    table: Table,
    held: Part,
    entries: Sequence[Entry],
    order: Sequence[str],
    new: Mapping[str, Pairs],
) -> str:
    """What stood in brackets, or was empty, with a line for each entry."""
    old = {entry.id: text[entry.part.start : entry.part.end] for entry in entries}
    line = text[text.rfind("\n", 0, held.start) + 1 : held.start]
    indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
    start, end = len(text[: held.start].rstrip(" ")), _next_line(text, held.end)
    if not order:
        return text[:start] + " []" + text[held.end :]
    made = [
        f"{indent}- {old[id]}\n" if id in old else _made(new[id], indent, table, in_brackets=True)
        for id in order
    ]
    rest = _ended(text[held.end : end])  # a comment
    return text[:start] + rest + "".join(made) + text[end:]


def _in_brackets(
    text: str, held: Part, entries: Sequence[Entry], order: Sequence[str], new: Mapping[str, Pairs]
) -> str:
    """A mapping that stays in its brackets."""
    old = {entry.id: text[entry.whole.start : entry.part.end] for entry in entries}
    pairs = [old[id] if id in old else ": ".join(new[id][0]) for id in order]
    return text[: held.start] + "{" + ", ".join(pairs) + "}" + text[held.end :]
