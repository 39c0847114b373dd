"""Reads conditions: `{fact: cell}`, or a list of such mappings of which one must hold."""

from aftersales.definitions.keys import shape_help
from aftersales.definitions.notes import Notes
from aftersales.definitions.pairs import pairs
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import (
    ALWAYS,
    ANY,
    Box,
    Cell,
    Condition,
    FactDeclaration,
    FactSchema,
    Where,
    any_of,
    example_of,
    known_in,
    parse_cell,
    word_help,
)
from aftersales.domain.errors import ValueUnreadable


def condition(
    node: Node, schema: FactSchema, notes: Notes, where: Where | None = None
) -> Condition:
    """The condition written at `node`. Its slips are noted, and left out of what is returned.

    `where` it stands decides which built-in facts are known; without it, all may be read.
    """
    if isinstance(node, Mapping):
        return Condition((_box(node, schema, notes, where),))
    if isinstance(node, Listing) and any(isinstance(item, Mapping) for item in node.items):
        boxes = [_box_item(item, schema, notes, where) for item in node.items]
        return Condition(tuple(box for box in boxes if box is not None))
    help = "write it like `{country: NO, severity: major}`: all of them must hold"
    notes.error("C204", node, "a condition is written as `fact: cell` pairs", help)
    return ALWAYS


def cell(node: Node, fact: str, schema: FactSchema, notes: Notes) -> Cell:
    """The cell written at `node` for a fact that is declared; `any` where it cannot be read."""
    declaration = schema.declaration(fact)
    try:
        return _cell(node, declaration, schema)
    except _Misplaced as slip:
        notes.unreadable("C201", slip.node, slip.slip)
    except ValueUnreadable as slip:
        notes.unreadable("C201", node, slip)
    return ANY


class _Misplaced(Exception):
    """A slip inside a list, with the item it is in."""

    def __init__(self, node: Node, slip: ValueUnreadable) -> None:
        super().__init__(str(slip))
        self.node = node
        self.slip = slip


def _box_item(node: Node, schema: FactSchema, notes: Notes, where: Where | None) -> Box | None:
    if isinstance(node, Mapping):
        return _box(node, schema, notes, where)
    notes.error("C204", node, "a condition is written as `fact: cell` pairs", shape_help(node))
    return None


def _box(node: Mapping, schema: FactSchema, notes: Notes, where: Where | None) -> Box:
    found: list[tuple[str, Cell]] = []
    for key, value in pairs(node, notes):
        if _may_be_read(key, schema, notes) and _is_known(key, where, schema, notes):
            found.append((key.text, cell(value, key.text, schema, notes)))
    return tuple(found)


_ALL_OF = "all pairs must hold anyway: write `{country: NO, severity: major}`"
_ONE_OF = "write a list, of which one must hold: `[{country: NO}, {severity: major}]`"
_LOGIC = {
    **dict.fromkeys(("and", "all", "all_of"), _ALL_OF),
    **dict.fromkeys(("or", "any", "any_of", "one_of"), _ONE_OF),
    "not": "write it in the cell: `{country: not NO}`",
}


def _may_be_read(key: Scalar, schema: FactSchema, notes: Notes) -> bool:
    name = key.text
    declaration = schema.declared(name)
    if name in schema.doubtful:
        return False
    if declaration is None and name in _LOGIC:
        notes.error("C204", key, f"`{name}` does not stand between facts", _LOGIC[name])
        return False
    if declaration is None:
        near = word_help(name, [*schema.declarations, *schema.all])
        notes.error("C203", key, f"`{name}` is not a fact", near + _declared_at(near, schema))
        return False
    if declaration.personal:
        help = "read a fact about the matter instead, which somebody sets after reading it"
        notes.error("C202", key, f"`{name}` is personal, and no rule may read it", help)
        return False
    return True


def _is_known(key: Scalar, where: Where | None, schema: FactSchema, notes: Notes) -> bool:
    places = known_in(key.text) if schema.declaration(key.text).is_built_in else None
    if where is None or places is None or where in places:
        return True
    note_not_known(key, key.text, where, notes)
    return False


def note_not_known(at: Node, fact: str, where: Where, notes: Notes) -> None:
    """Note that a built-in fact is read where nobody knows it yet (C206)."""
    help = f"it is known in {' and '.join(known_in(fact) or ())}"
    notes.error("C206", at, f"`{fact}` is not known in {where}", help)


def _declared_at(help: str, schema: FactSchema) -> str:
    """Where the fact that was probably meant is declared."""
    for name, declaration in schema.declarations.items():
        if help == f"did you mean `{name}`?":
            return f" ({declaration.place})"
    return ""


def _cell(node: Node, declaration: FactDeclaration, schema: FactSchema) -> Cell:
    if isinstance(node, Scalar):
        return parse_cell(node.text, declaration, schema)
    if isinstance(node, Mapping):
        if not declaration.has_order:
            message = f"`{declaration.name}` is one value, or a list of values"
            raise ValueUnreadable(message, help=f"write it like {example_of(declaration.type)}")
        return parse_cell(_limits_text(node), declaration, schema)
    if not node.items:
        raise ValueUnreadable("the list is empty", help="write the values that fit, or `any`")
    return any_of([_list_item(item, declaration, schema) for item in node.items], declaration)


def _list_item(node: Node, declaration: FactDeclaration, schema: FactSchema) -> Cell:
    try:
        return any_of([_cell(node, declaration, schema)], declaration)
    except ValueUnreadable as slip:
        raise _Misplaced(node, slip) from None


def _limits_text(node: Mapping) -> str:
    """`{USD: 100, EUR: 95}` and `{at least: {USD: 100, EUR: 95}}` as one text."""
    if all(isinstance(value, Scalar) and len(key.text) == 3 for key, value in node.items):
        return _amounts_text(node)
    limits = {key.text: value for key, value in node.items}
    low = [name for name in ("at least", "over") if name in limits]
    high = [name for name in ("under", "at most") if name in limits]
    if len(low) > 1 or len(high) > 1 or len(low) + len(high) != len(limits):
        raise ValueUnreadable(
            "this mapping is not a cell",
            help="write it like `{at least: {USD: 100, EUR: 95}, under: {USD: 400, EUR: 380}}`",
        )
    if not low:
        return f"{high[0]} {_value_text(limits[high[0]])}"
    start = _value_text(limits[low[0]])
    if not high:
        return f"{low[0]} {start}"
    end = _value_text(limits[high[0]])
    return f"{'over ' * (low == ['over'])}{start} to {'under ' * (high == ['under'])}{end}"


def _value_text(node: Node) -> str:
    if isinstance(node, Mapping):
        return _amounts_text(node)
    if isinstance(node, Scalar):
        return node.text
    raise _Misplaced(node, ValueUnreadable("a list is not one value", help="write one value"))


def _amounts_text(node: Mapping) -> str:
    amounts = [f"{key.text}: {_single(value)}" for key, value in node.items]
    return "{" + ", ".join(amounts) + "}"


def _single(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    raise _Misplaced(node, ValueUnreadable("an amount is one number", help="write it like `100`"))
