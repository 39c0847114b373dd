"""A desk on a real database for each test, found in order by the doctor at its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_shop import START, catalog_of

from aftersales.definitions import Catalog
from aftersales.desk import done
from aftersales.testing import ShopForTests, desk_for_tests


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalog_of(tmp_path_factory.mktemp("definitions"))


@pytest.fixture
def found_by_doctor() -> set[str]:
    """The codes of what a test leaves wrong on purpose."""
    return set()


@pytest.fixture
def open_shop(tmp_path: Path, found_by_doctor: set[str]) -> Iterator[Callable[..., ShopForTests]]:
    """Opens the desk on some definitions; twice is a restart. At the end the doctor comes."""
    shops: list[ShopForTests] = []

    def open_on(definitions: Catalog) -> ShopForTests:
        at = shops[-1].clock() if shops else START
        shops.append(desk_for_tests(tmp_path, at=at, catalog=definitions))
        return shops[-1]

    yield open_on
    if not shops:
        return
    last = shops[-1]
    last.recorder.answer = lambda effect: done(effect.key)
    last.tick()
    assert {finding.code for finding in last.desk.doctor()} == found_by_doctor
    for shop in shops:
        shop.desk.store.close()


@pytest.fixture
def shop(open_shop: Callable[..., ShopForTests], catalog: Catalog) -> ShopForTests:
    return open_shop(catalog)
