"""A real, migrated SQLite file for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_values import SHOP, put_rules

from aftersales.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{file}")
    made.migrate()
    with made.transaction(SHOP) as tx:
        put_rules(tx)
    yield made
    made.close()
