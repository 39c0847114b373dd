"""What every part of a transaction stands on: a connection, a shop, and the right to write."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Delete, Insert, Select, Table, Update, and_
from sqlalchemy.sql import ColumnElement

from aftersales.domain.errors import InvariantBroken
from aftersales.store.dialect import insert_new, upsert

Row = Mapping[str, Any]


class Connected:
    """One shop's rows, seen and changed through one connection inside one transaction.

    `mine`, `row` and `rows` are for the modules of this package; SQL stays in it.
    """

    def __init__(
        self,
        connection: Connection,
        shop: str,
        *,
        may_write: bool,
        new_id: Callable[[datetime], str],
    ) -> None:
        self.connection = connection
        self._may_write = may_write
        self.shop = shop
        self.new_id = new_id

    def mine(self, table: Table, **values: object) -> ColumnElement[bool]:
        """The rows of this shop with these values."""
        wanted = (table.c[name] == value for name, value in values.items())
        return and_(table.c.shop == self.shop, *wanted)

    def row(self, query: Select[Any]) -> Row | None:
        """The first row of a query."""
        found = self.connection.execute(query).mappings().first()
        return None if found is None else cast(Row, found)

    def rows(self, query: Select[Any]) -> Sequence[Row]:
        """All rows of a query."""
        return cast(Sequence[Row], self.connection.execute(query).mappings().all())

    def _write(self, statement: Update | Insert | Delete) -> int:
        """Carry out a statement. Says how many rows it met."""
        self._require_writing()
        return self.connection.execute(statement).rowcount

    def _upsert(self, table: Table, rows: Sequence[Row]) -> None:
        self._require_writing()
        upsert(self.connection, table, rows)

    def _insert_new(self, table: Table, row: Row) -> bool:
        self._require_writing()
        return insert_new(self.connection, table, row)

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        self._require_writing()
        if rows:
            self.connection.execute(table.insert(), [dict(row) for row in rows])

    def _require_writing(self) -> None:
        if not self._may_write:
            raise InvariantBroken("this transaction was begun for reading only")
