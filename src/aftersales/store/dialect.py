"""What differs between databases: settings that lose nothing, transactions, upserts, errors."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from aftersales.domain.errors import StoreNotReady, StoreUnavailable

BUSY_SECONDS = 30
READ_ONLY = "aftersales_read_only"

_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY")


def make_engine(url: str, *, echo: bool) -> Engine:
    """An engine for `url`. StoreUnavailable if it is not the address of a database we know."""
    address = _address(url)
    if address.get_backend_name() != "sqlite":
        return _other_engine(address, echo=echo)
    options: dict[str, Any] = {"max_overflow": -1}
    if sqlite_file(address) is None:
        options = {"poolclass": StaticPool}
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(address, echo=echo, connect_args=arguments, **options)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_file(address: URL) -> Path | None:
    """The file behind an SQLite address; None in memory, and for other databases."""
    name = address.database or ""
    if (
        address.get_backend_name() != "sqlite"
        or name in ("", ":memory:")
        or name.startswith("file:")
    ):
        return None
    return Path(name)


def lock_for_writing(connection: Connection) -> None:
    """On a host's SQLite connection that has not begun yet: take the write lock before reading."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def skipping_locked(connection: Connection, query: Select[Any], table: Table) -> Select[Any]:
    """`query`, locking its rows and passing over those another tick holds, where that exists."""
    if connection.dialect.name == "sqlite":
        return query  # our transaction holds the one write lock already
    return query.with_for_update(skip_locked=True, of=table)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace those of the same primary key."""
    if not rows:
        return
    statement = _insert(connection)(table)
    keys = [column.name for column in table.primary_key]
    others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=others), [dict(r) for r in rows]
    )


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless its key exists. Says whether it was inserted."""
    statement = _insert(connection)(table).values(**row).on_conflict_do_nothing()
    counted = statement.execution_options(preserve_rowcount=True)
    return bool(connection.execute(counted).rowcount == 1)


def _other_engine(address: URL, *, echo: bool) -> Engine:
    try:
        return create_engine(address, echo=echo, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        help = "pip install 'aftersales[postgres]'"
        raise StoreUnavailable(f"the driver `{error.name}` is not installed; {help}") from error


def unavailable(error: DBAPIError, address: URL) -> StoreUnavailable | StoreNotReady | None:
    """What to tell a caller about an error that is the database's, not ours; None for any other."""
    text = str(error.orig).lower()
    if "no such table: aftersales_" in text or ("aftersales_" in text and "does not exist" in text):
        return StoreNotReady("the database holds no cases yet; run `aftersales migrate`")
    for sign, message in _SIGNS.items():
        if sign in text:
            return StoreUnavailable(f"{message}: {address.render_as_string(hide_password=True)}")
    if error.connection_invalidated:
        return StoreUnavailable("the connection to the database was lost")
    return None


def is_transient(error: BaseException) -> bool:
    """Is it worth trying again: a lock, a deadlock, a serialization failure, a lost connection?"""
    cause = error if isinstance(error, DBAPIError) else error.__cause__
    if not isinstance(cause, DBAPIError):
        return False
    text = str(cause.orig).lower()
    code = getattr(cause.orig, "sqlstate", "") or ""
    is_lost = cause.connection_invalidated or code[:2] == "08"
    return is_lost or code in ("40001", "40P01", "55P03") or "is locked" in text or "busy" in text


_SIGNS = {
    "unable to open database file": "the database file cannot be opened; does its folder exist?",
    "is locked": f"the database was locked by others for {BUSY_SECONDS} seconds",
    "readonly database": "the database is read-only",
    "disk is full": "the disk is full; nothing was saved",
    "disk i/o error": "the disk cannot be read or written",
    "file is not a database": "the file is not a database",
    "malformed": "the database file is corrupt; restore a backup",
    "connection refused": "the database does not answer",
    "could not connect": "the database does not answer",
    "connection failed": "the database does not answer",
}


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        known = address.get_backend_name() in ("sqlite", "postgresql")
    except ArgumentError:
        known = False
    if not known:
        raise StoreUnavailable(
            "the database address is not understood; write it like `sqlite:///cases.db` "
            "or `postgresql+psycopg://host/name`"
        )
    return address


def _prepare(connection: Any, record: Any) -> None:  # noqa: ARG001
    connection.isolation_level = None  # we say BEGIN ourselves, see `_begin`
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    # The first switch to WAL needs the file alone and does not wait for it: so we do.
    give_up_at = time.monotonic() + BUSY_SECONDS
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    is_reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _insert(connection: Connection) -> Any:
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
