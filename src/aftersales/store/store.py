"""The store: a database, opened, migrated, and given out one transaction at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, String, column, inspect, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from aftersales.domain.errors import StoreNotReady
from aftersales.store.dialect import (
    READ_ONLY,
    lock_for_writing,
    make_engine,
    sqlite_file,
    unavailable,
)
from aftersales.store.ids import Ids
from aftersales.store.migrations import VERSION_TABLE, upgrade
from aftersales.store.tables import SCHEMA
from aftersales.store.transaction import Transaction

Host = Session | Connection


class Store:
    """A database that holds the cases of any number of shops."""

    def __init__(self, url: str, *, echo: bool = False) -> None:
        """`sqlite:///cases.db`, `postgresql+psycopg://host/name`. Nothing is opened yet."""
        self._engine = make_engine(url, echo=echo)
        self._ids = Ids()

    def __repr__(self) -> str:
        return f"Store({self._engine.url.render_as_string(hide_password=True)!r})"

    def new_id(self, at: datetime) -> str:
        """A UUIDv7 of the instant `at`; ids of one store sort as they were made."""
        return self._ids.new(at)

    def migrate(self) -> None:
        """Bring the database to the schema of this version. Safe to run again."""
        with self._translated(), self._engine.begin() as connection:
            found = _schema_of(connection)
            if found is not None and found > SCHEMA:
                raise _too_new(found)
            upgrade(connection)

    def check_ready(self) -> None:
        """StoreNotReady unless the database has exactly the schema of this version."""
        file = sqlite_file(self._engine.url)
        if file is not None and not file.exists():
            raise StoreNotReady(f"there is no database {file}; run `aftersales migrate`")
        with self._translated(), self._begun(is_reading=True) as connection:
            found = _schema_of(connection)
        if found is None:
            raise StoreNotReady("the database holds no cases yet; run `aftersales migrate`")
        if found > SCHEMA:
            raise _too_new(found)
        if found != SCHEMA:
            raise StoreNotReady

    def close(self) -> None:
        """Close all connections. The store may be used again; it opens new ones."""
        self._engine.dispose()

    @contextmanager
    def transaction(self, shop: str, *, session: Host | None = None) -> Iterator[Transaction]:
        """A transaction that writes, committed at its end; rolled back if an exception leaves it.

        With the `session` of a host, its transaction carries everything and is never committed
        here; if an exception leaves this block, what was written in it is taken back, no more.
        """
        if session is None:
            with self._translated(), self._begun(is_reading=False) as connection:
                yield self._transaction(connection, shop, may_write=True)
            return
        connection = _connection_of(session)
        lock_for_writing(connection)
        with connection.begin_nested():
            yield self._transaction(connection, shop, may_write=True)

    @contextmanager
    def reading(self, shop: str, *, session: Host | None = None) -> Iterator[Transaction]:
        """A transaction that only reads: one consistent view, and nobody waits for it."""
        if session is not None:
            yield self._transaction(_connection_of(session), shop, may_write=False)
            return
        with self._translated(), self._begun(is_reading=True) as connection:
            yield self._transaction(connection, shop, may_write=False)

    def _transaction(self, connection: Connection, shop: str, *, may_write: bool) -> Transaction:
        return Transaction(connection, shop, may_write=may_write, new_id=self.new_id)

    @contextmanager
    def _begun(self, *, is_reading: bool) -> Iterator[Connection]:
        with self._engine.connect() as plain:
            connection = plain.execution_options(**{READ_ONLY: is_reading})
            with connection.begin():
                yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            told = unavailable(error, self._engine.url)
            if told is None:
                raise
            raise told from error


def _connection_of(session: Host) -> Connection:
    return session if isinstance(session, Connection) else session.connection()


def _schema_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    schema = table(VERSION_TABLE, column("version_num", String))
    return connection.execute(select(schema.c.version_num)).scalar()


def _too_new(found: str) -> StoreNotReady:
    return StoreNotReady(
        f"the database is at schema {found}, newer than {SCHEMA}; install a newer aftersales"
    )
