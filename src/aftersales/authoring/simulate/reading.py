"""Rows of past cases read: what each column is, and what of a row cannot be read."""

from operator import itemgetter
from typing import TypeVar

from aftersales.authoring.simulate.cells import (
    Cells,
    fact_reader,
    read_count,
    read_money,
    read_opened,
    with_currency,
)
from aftersales.authoring.simulate.past import (
    COUNT,
    GIVEN_COST,
    KIND,
    OPENED_AT,
    OWN_COLUMNS,
    PAID,
    Opened,
    PastCase,
    Slip,
)
from aftersales.domain.conditions import FactSchema, FactType, Value
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money

T = TypeVar("T")
BUILT_IN_COLUMNS = ("state", "priority", "outcome", "order_held")


class Unreadable(Exception):
    """A row that cannot be read, with its slip: caught where the row is counted."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(str(slip))
        self.slip = slip


class RowReader:
    """Reads the own columns of rows: kind, opening, money. Each text is read once."""

    def __init__(self, columns: tuple[str, ...], zone: str, *, kind: str = "") -> None:
        """`zone` is the desk's; `kind` that of rows that do not say theirs."""
        self._at = {name: index for index, name in enumerate(columns)}
        nothing = len(columns)  # where an empty text is put behind the row, for what is left out
        self._own = itemgetter(*(self._at.get(name, nothing) for name in OWN_COLUMNS))
        self._kind = kind
        self._opened: Cells[Opened] = Cells(lambda text: read_opened(text, zone))
        self._money: Cells[Money] = Cells(read_money)
        self._count: Cells[int] = Cells(read_count)

    def kind(self, row: tuple[str, ...]) -> str:
        """What the case is about."""
        index = self._at.get(KIND)
        return self._kind if index is None else row[index] or self._kind

    def case(self, row: tuple[str, ...], line: int) -> PastCase:
        """The case of a row. Unreadable at the first of these cells that is wrong."""
        name, kind, opened, currency, paid, count, option, cost = self._own((*row, ""))
        kind = kind or self._kind
        if not kind:
            raise self._slip(line, KIND, "the kind of the case is missing", "or give --kind")
        if not opened:
            help = "write one such as `2026-08-03`"
            raise self._slip(line, OPENED_AT, "the day of the opening is missing", help)
        was_paid = self._amount(paid, currency, line, PAID) if paid else None
        return PastCase(
            line,
            name or f"line {line}",
            kind,
            self._read(self._opened, opened, line, OPENED_AT),
            row,
            currency or (was_paid.currency if was_paid else ""),
            was_paid,
            self._read(self._count, count, line, COUNT) if count else 1,
            option,
            self._amount(cost, currency, line, GIVEN_COST) if cost else None,
        )

    def _amount(self, text: str, currency: str, line: int, name: str) -> Money:
        written = with_currency(text, currency) if currency else text
        return self._read(self._money, written, line, name)

    def _read(self, cells: Cells[T], text: str, line: int, name: str) -> T:
        value = cells[text]
        if isinstance(value, ValueUnreadable):
            raise self._slip(line, name, str(value), value.help)
        return value

    def _slip(self, line: int, name: str, message: str, help: str) -> Unreadable:
        return Unreadable(Slip(line, self._at.get(name, -1) + 1, name, message, help))


class FactColumns:
    """The columns that hold facts of one schema. Personal ones are not read."""

    def __init__(self, schema: FactSchema, columns: tuple[str, ...], zone: str) -> None:
        self._columns: list[tuple[int, str, Cells[Value], bool]] = []
        for index, name in enumerate(columns):
            declared = schema.declared(name)
            is_own = name in OWN_COLUMNS and name not in schema.declarations
            if declared is None or declared.personal or is_own:
                continue
            if declared.is_built_in and name not in BUILT_IN_COLUMNS:
                continue
            cells: Cells[Value] = Cells(fact_reader(schema, declared, zone))
            self._columns.append((index, name, cells, declared.type is FactType.MONEY))

    def into(self, found: dict[str, Value], past: PastCase) -> None:
        """Add the facts of a case that are known. Unreadable at the first that is wrong."""
        row, currency = past.row, past.currency
        for index, name, cells, is_money in self._columns:
            text = row[index]
            if text:
                value = cells[with_currency(text, currency) if is_money and currency else text]
                if isinstance(value, ValueUnreadable):
                    raise Unreadable(Slip(past.line, index + 1, name, str(value), value.help))
                found[name] = value
