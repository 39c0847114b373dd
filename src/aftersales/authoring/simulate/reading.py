"""Rows of past cases read: what each column is, and what of a row cannot be read."""

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
    CASE,
    COUNT,
    CURRENCY,
    GIVEN_COST,
    GIVEN_OPTION,
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
        self._kind = kind
        self._opened: Cells[Opened] = Cells(lambda text: read_opened(text, zone))
        self._money: Cells[Money] = Cells(read_money)
        self._count: Cells[int] = Cells(read_count)

    def kind(self, row: tuple[str, ...]) -> str:
        """What the case is about."""
        return self._text(row, KIND) or self._kind

    def case(self, row: tuple[str, ...], line: int) -> PastCase:
        """The case of a row. Unreadable at the first of these cells that is wrong."""
        kind = self.kind(row)
        if not kind:
            raise self._slip(line, KIND, "the kind of the case is missing", "or give --kind")
        currency = self._text(row, CURRENCY)
        paid = self._amount(row, line, PAID, currency)
        return PastCase(
            line=line,
            name=self._text(row, CASE) or f"line {line}",
            kind=kind,
            opened=self._read(self._opened, self._text(row, OPENED_AT), line, OPENED_AT),
            row=row,
            currency=currency or (paid.currency if paid else ""),
            paid=paid,
            count=self._read(self._count, self._text(row, COUNT) or "1", line, COUNT),
            given_option=self._text(row, GIVEN_OPTION),
            given_cost=self._amount(row, line, GIVEN_COST, currency),
        )

    def _text(self, row: tuple[str, ...], name: str) -> str:
        index = self._at.get(name)
        return "" if index is None else row[index]

    def _amount(self, row: tuple[str, ...], line: int, name: str, currency: str) -> Money | None:
        text = self._text(row, name)
        return self._read(self._money, with_currency(text, currency), line, name) if text else None

    def _read(self, cells: Cells[T], text: str, line: int, name: str) -> T:
        value = cells(text)
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

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that have a column."""
        return tuple(name for _, name, _, _ in self._columns)

    def values(self, past: PastCase) -> dict[str, Value]:
        """The facts of a case that are known. Unreadable at the first that is wrong."""
        row, currency = past.row, past.currency
        found: dict[str, Value] = {}
        for index, name, read, is_money in self._columns:
            text = row[index]
            if not text:
                continue
            value = read(with_currency(text, currency) if is_money and currency else text)
            if isinstance(value, ValueUnreadable):
                raise Unreadable(Slip(past.line, index + 1, name, str(value), value.help))
            found[name] = value
        return found
