"""The cell language: text to cell.

cell     = any | missing | known | matches | excludes
matches  = test { or test }           excludes = not test { nor test }
test     = value | at least V | over V | under V | at most V
         | [over] V to [under] V | name of a group or band
         | symbols, once quoted in YAML: >= V, > V, < V, <= V, != V, [V..V], (V..V)
"""

import re
from collections.abc import Sequence

from aftersales.domain.conditions.cell import (
    Bound,
    Cell,
    CellKind,
    Interval,
    Named,
    Test,
    Word,
    axis_key,
)
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.conditions.facts import FactSchema
from aftersales.domain.conditions.meant import rewritten
from aftersales.domain.conditions.symbols import cell_in_words, test_in_words
from aftersales.domain.conditions.values import example_of, read_single, write_value
from aftersales.domain.conditions.words import did_you_mean
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money

_RESERVED = "any missing known or nor not to at least most over under above below"
RESERVED = frozenset(_RESERVED.split())
_TOKEN = re.compile(r"""'[^']*'|"[^"]*"|\{[^{}]*\}|[^\s'"{}]+|\S""")
_COMPARE = {
    "at least": ("low", True),
    "over": ("low", False),
    "at most": ("high", True),
    "under": ("high", False),
}
_MEANT_LENGTH = 200  # characters; nobody means a longer one
_INSTEAD = {"above": "over", "below": "under"}


def parse_cell(text: str, declaration: FactDeclaration, schema: FactSchema) -> Cell:
    """`text` as a cell of this fact. ValueUnreadable says what to write instead."""
    try:
        return _parsed(text, declaration, schema)
    except ValueUnreadable as slip:
        meant = _meant(text, declaration, schema)
        raise ValueUnreadable(str(slip), help=meant or slip.help) from None


def _meant(text: str, declaration: FactDeclaration, schema: FactSchema) -> str:
    """What was meant in other words than ours, if that can be read."""
    other = rewritten(text, declaration) if "{" not in text and len(text) < _MEANT_LENGTH else text
    if other == text:
        return ""
    try:
        _parsed(other, declaration, schema)
    except ValueUnreadable:
        return ""
    return f"did you mean `{other}`?"


def _parsed(text: str, declaration: FactDeclaration, schema: FactSchema) -> Cell:
    tokens = _tokens(cell_in_words(text))
    if not tokens:
        raise ValueUnreadable(
            f"the cell of `{declaration.name}` is empty", help="write `any` if it does not matter"
        )
    if len(tokens) == 1 and tokens[0] in ("any", "missing", "known"):
        return _whole(CellKind(tokens[0]), declaration)
    is_excluding = tokens[0] == "not"
    parts = _split(tokens[1:] if is_excluding else tokens, is_excluding, text)
    tests = tuple(_Reading(declaration, schema, part).test() for part in parts)
    kind = CellKind.EXCLUDES if is_excluding else CellKind.MATCHES
    return Cell(kind, tests, declaration.order)


def any_of(cells: Sequence[Cell], declaration: FactDeclaration) -> Cell:
    """One cell that matches what any of `cells` matches: a YAML list of tests."""
    for cell in cells:
        if cell.kind is not CellKind.MATCHES:
            raise ValueUnreadable(
                f"`{cell}` cannot stand in a list for `{declaration.name}`",
                help="a list holds values that fit; write `not A nor B` as one text",
            )
    tests = tuple(test for cell in cells for test in cell.tests)
    return Cell(CellKind.MATCHES, tests, declaration.order)


def _whole(kind: CellKind, declaration: FactDeclaration) -> Cell:
    if kind is CellKind.MISSING and not declaration.may_be_missing:
        raise ValueUnreadable(
            f"`{declaration.name}` is never missing",
            help=f"remove it, or declare `{declaration.name}` with `may_be_missing: true`",
        )
    return Cell(kind, order=declaration.order)


def _tokens(text: str) -> list[str]:
    """The words; `at least` and `at most` are one each, quoted texts and `{...}` stay whole."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if found and found[-1] == "at" and token in ("least", "most"):
            found[-1] = f"at {token}"
        else:
            found.append(token)
    return found


def _split(tokens: list[str], is_excluding: bool, text: str) -> list[list[str]]:
    joint, other = ("nor", "or") if is_excluding else ("or", "nor")
    for word in tokens:
        if word in ("any", "missing", "known"):
            raise ValueUnreadable(
                f"`{word}` must stand alone, not as in `{text}`", help=_alone(word)
            )
        if word in (other, "not"):
            raise ValueUnreadable(f"`{text}` is unclear", help=_clearer(tokens, is_excluding))
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == joint:
            parts.append([])
        else:
            parts[-1].append(token)
    if not all(parts):
        raise ValueUnreadable(
            f"`{text}` is not finished", help=f"write a value on both sides of `{joint}`"
        )
    return parts


def _alone(word: str) -> str:
    if word == "any":
        return "`any` fits everything; remove the rest"
    return f"write two conditions in a list, one of them with `{word}`"


def _clearer(tokens: list[str], is_excluding: bool) -> str:
    values = [" ".join(part) for part in _values(tokens)]
    if is_excluding or "not" in tokens:
        return f"did you mean `not {' nor '.join(values)}`?"
    return f"did you mean `{' or '.join(values)}`, or `not {' nor '.join(values)}`?"


def _values(tokens: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token in ("or", "nor", "not"):
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


class _Reading:
    """One test being read from its tokens."""

    def __init__(self, declaration: FactDeclaration, schema: FactSchema, tokens: list[str]) -> None:
        self.declaration = declaration
        self.schema = schema
        self.text = " ".join(tokens)
        self.tokens = _tokens(test_in_words(self.text))

    def test(self) -> Test:
        if not self.tokens:
            raise self._unclear("write a value, like " + example_of(self.declaration.type))
        if self.tokens[0] in _INSTEAD:
            word = _INSTEAD[self.tokens[0]]
            raise self._unclear(f"did you mean `{' '.join([word, *self.tokens[1:]])}`?")
        if "to" in self.tokens:
            return self._from_to()
        if self.tokens[0] in _COMPARE:
            return self._compared()
        return self._value()

    def _compared(self) -> Interval:
        self._check_order(self.tokens[0])
        side, is_included = _COMPARE[self.tokens[0]]
        bound = self._bound(self.tokens[1:], is_included=is_included)
        return Interval(bound, None) if side == "low" else Interval(None, bound)

    def _from_to(self) -> Interval:
        self._check_order("to")
        at = self.tokens.index("to")
        start, end = self.tokens[:at], self.tokens[at + 1 :]
        is_open = end[:1] == ["under"]
        is_over = start[:1] == ["over"]
        low = self._bound(start[is_over:], is_included=not is_over)
        high = self._bound(end[is_open:], is_included=not is_open)
        self._check_not_empty(low, high)
        return Interval(low, high)

    def _value(self) -> Test:
        raw = _unquoted(self.tokens)
        names = self.schema.names(self.declaration.name)
        if raw in names:
            return Named(raw, names[raw])
        if self.declaration.has_order:
            bound = self._bound(self.tokens, is_included=True)
            return Interval(bound, bound)
        try:
            value = read_single(self.declaration, raw)
        except ValueUnreadable as slip:
            raise self._with_hint(slip, raw, list(names)) from None
        assert isinstance(value, str | bool)
        if isinstance(value, str) and "'" in value and '"' in value:
            raise self._unclear("a text holds one sort of quotes: use `'` or `\"` in it, not both")
        return Word(value, _quoted(write_value(self.declaration, value)))

    def _bound(self, tokens: list[str], *, is_included: bool) -> Bound:
        raw = _unquoted(tokens)
        reserved = next((token for token in tokens if token in RESERVED or token in _COMPARE), None)
        if not tokens or reserved:
            raise self._unclear("write a value, like " + example_of(self.declaration.type))
        if self.declaration.type is FactType.MONEY:
            amounts = self._amounts(raw)
            # By currency: which one is converted must not hang on the order they are written in.
            return Bound(_amounts_text(amounts), is_included, amounts=dict(sorted(amounts.items())))
        try:
            value = read_single(self.declaration, raw)
        except ValueUnreadable as slip:
            names = list(self.schema.names(self.declaration.name))
            raise self._with_hint(slip, raw, names) from None
        text = write_value(self.declaration, value)
        return Bound(text, is_included, axis_key(value, self.declaration.order))

    def _amounts(self, raw: str) -> dict[str, Money]:
        """`100 USD`, or the same threshold in several currencies: `{USD: 100, EUR: 95}`."""
        if not raw.startswith("{"):
            money = self._money(raw)
            return {money.currency: money}
        found: dict[str, Money] = {}
        for pair in raw.removeprefix("{").removesuffix("}").split(","):
            currency, colon, amount = (part.strip() for part in pair.partition(":"))
            if not colon or not currency or not raw.endswith("}"):
                raise self._unclear(
                    "write an amount for each currency, as in `{USD: 100, EUR: 95}`"
                )
            if currency in found:
                raise self._unclear(f"write {currency} once")
            found[currency] = self._money(f"{amount} {currency}")
        return found

    def _money(self, raw: str) -> Money:
        try:
            value = read_single(self.declaration, raw)
        except ValueUnreadable as slip:
            names = list(self.schema.names(self.declaration.name))
            raise self._with_hint(slip, raw, names) from None
        assert isinstance(value, Money)
        return value

    def _check_order(self, word: str) -> None:
        if self.declaration.has_order:
            return
        help = "list the values that fit, with `or` between them"
        if self.declaration.type is FactType.CHOICE:
            help += f", or declare `{self.declaration.name}` with `in_order: true`"
        raise ValueUnreadable(
            f"`{word}` needs an order, and `{self.declaration.name}` has none", help=help
        )

    def _check_not_empty(self, low: Bound, high: Bound) -> None:
        for currency in low.amounts.keys() & high.amounts.keys():
            self._check_sides(low.amounts[currency].minor, high.amounts[currency].minor, low, high)
        if low.key is not None and high.key is not None:
            self._check_sides(low.key, high.key, low, high)

    def _check_sides(self, start: object, end: object, low: Bound, high: Bound) -> None:
        is_point = start == end and low.is_included and high.is_included
        if not (start < end or is_point):  # type: ignore[operator]
            raise ValueUnreadable(
                f"nothing lies in `{self.text}`", help="write the lower end first"
            )

    def _unclear(self, help: str) -> ValueUnreadable:
        return ValueUnreadable(
            f"`{self.text}` is not a test of `{self.declaration.name}`", help=help
        )

    def _with_hint(self, slip: ValueUnreadable, raw: str, names: list[str]) -> ValueUnreadable:
        """The reader's own message, with a better help where commas or a name were meant."""
        if "," in raw and not raw.startswith("{"):
            values = [part.strip() for part in raw.split(",")]
            return ValueUnreadable(
                str(slip), help=f"did you mean `{' or '.join(value for value in values if value)}`?"
            )
        near = did_you_mean(raw, [*names, *self.declaration.choices])
        return ValueUnreadable(str(slip), help=near or slip.help)


def _amounts_text(amounts: dict[str, Money]) -> str:
    if len(amounts) == 1:
        money = next(iter(amounts.values()))
        return f"{_amount_text(money)} {money.currency}"
    return "{" + ", ".join(f"{c}: {_amount_text(money)}" for c, money in amounts.items()) + "}"


def _amount_text(money: Money) -> str:
    """Without decimals where there are none to tell: `100`, `19.90`."""
    amount = money.amount
    return f"{int(amount)}" if amount == int(amount) else f"{amount:f}"


def _unquoted(tokens: list[str]) -> str:
    if len(tokens) == 1 and len(tokens[0]) > 1 and tokens[0][0] in "'\"":
        return tokens[0][1:-1]
    return " ".join(tokens)


def _quoted(text: str) -> str:
    """`text` so that it reads back as one value: in quotes if a word of the language is in it."""
    tokens = _TOKEN.findall(text)
    is_plain = not RESERVED.intersection(tokens) and " ".join(tokens) == text
    if is_plain and tokens and not re.search(r"""['"{}<>=\[\]!]|\.\.|^-$""", text):
        return text
    return f"'{text}'" if "'" not in text else f'"{text}"'
