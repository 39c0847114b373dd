"""The schema: migrated from nothing, equal to the tables, refused when it is another."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import UniqueConstraint, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from aftersales.domain.errors import StoreNotReady
from aftersales.store import Store, migrations, tables

FILE = Path(migrations.__file__).parent


def test_migrating_from_nothing_gives_exactly_the_tables(file: Path) -> None:
    Store(f"sqlite:///{file}").migrate()
    with create_engine(f"sqlite:///{file}").connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": migrations.VERSION_TABLE,
                "compare_type": lambda _context, _i, _m, _it, metadata_type: None,
            },
        )
        assert compare_metadata(context, tables.metadata) == []


def test_the_columns_and_indexes_of_the_migration_are_those_of_the_tables(file: Path) -> None:
    migrated, direct = f"{file}-1", f"{file}-2"
    Store(f"sqlite:///{migrated}").migrate()
    tables.metadata.create_all(create_engine(f"sqlite:///{direct}"))
    assert shape(migrated) == shape(direct)


def shape(file: str) -> dict[str, list[tuple[object, ...]]]:
    """Columns (name, type, not null, place in the key) and indexes with their conditions."""
    with sqlite3.connect(file) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            if name != migrations.VERSION_TABLE
        ]
        found = {
            name: [row[1:4] + row[5:] for row in connection.execute(f"PRAGMA table_info({name})")]
            for name in sorted(names)
        }
        indexes = "SELECT sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL"
        found["indexes"] = sorted(connection.execute(indexes))
    return found


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()
    store.check_ready()


def test_the_schema_asked_for_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(FILE))
    assert ScriptDirectory.from_config(config).get_current_head() == tables.SCHEMA


def test_a_database_that_is_not_there_is_told_and_not_made(file: Path) -> None:
    with pytest.raises(StoreNotReady, match="aftersales migrate"):
        Store(f"sqlite:///{file}").check_ready()
    assert not file.exists()


def test_a_hosts_database_without_our_tables_is_not_ready(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE purchase (id INTEGER)")
    with pytest.raises(StoreNotReady, match="aftersales migrate"):
        Store(f"sqlite:///{file}").check_ready()


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_another_schema_is_refused(store: Store, file: Path, version: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '{version}'")
    with pytest.raises(StoreNotReady):
        store.check_ready()


def test_a_newer_schema_is_never_migrated(store: Store, file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreNotReady, match="newer"):
        store.migrate()


def test_a_host_does_not_see_our_tables() -> None:
    assert not [name for name in SQLModel.metadata.tables if name.startswith("aftersales")]
    assert all(name.startswith("aftersales_") for name in tables.metadata.tables)


@pytest.mark.parametrize("name", sorted(tables.metadata.tables))
def test_every_table_can_be_made_on_postgresql(name: str) -> None:
    table = tables.metadata.tables[name]
    dialect = postgresql.dialect()
    made = [str(CreateTable(table).compile(dialect=dialect))]
    made += [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    assert all(len(index.name or "") <= 63 for index in table.indexes)
    assert "DATETIME" not in "".join(made)


@pytest.mark.parametrize("name", sorted(tables.metadata.tables))
def test_the_shop_comes_first_in_every_key_and_index(name: str) -> None:
    table = tables.metadata.tables[name]
    keys = [list(table.primary_key.columns), *(list(index.columns) for index in table.indexes)]
    keys += [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    assert {key[0].name for key in keys} == {"shop"}


def test_the_whole_stored_shape_is_there() -> None:
    names = {name.removeprefix(tables.PREFIX) for name in tables.metadata.tables}
    used = "case case_line account history event_key effect ledger offer definition customer_data"
    later = "evidence refusal delivery replay_key publication simulation anchor"
    assert names >= set(f"{used} {later}".split())
