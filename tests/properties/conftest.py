"""One database for the scripts of a module: each script is played in a shop of its own."""

import itertools
from collections.abc import Iterator

import pytest

from aftersales.store import Store

Shops = Iterator[str]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('properties') / 'cases.db'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture(scope="module")
def shops() -> Shops:
    """Names of shops that nobody has used before."""
    return (f"shop-{number}" for number in itertools.count())
