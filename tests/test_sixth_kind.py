"""A kind of case is YAML: the sixth one, in examples/, is opened, answered and closed."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from aftersales.authoring import run_tests
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.story_files import read_tests_file
from aftersales.domain.case import Actor
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests, desk_for_tests

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "size_does_not_fit"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped definitions with the example copied over them, as its README says."""
    for name in ("workflows", "policies", "replies"):
        shutil.copytree(ROOT / name, tmp_path / "shop" / name)
        shutil.copytree(EXAMPLE / name, tmp_path / "shop" / name, dirs_exist_ok=True)
    return tmp_path / "shop"


@pytest.fixture
def shop(folder: Path, tmp_path: Path) -> ShopForTests:
    catalog = Catalog.load(folder)
    return desk_for_tests(tmp_path, at="2026-03-02T14:00:00Z", catalog=catalog)


def test_a_case_of_the_sixth_kind_is_opened_and_closed(shop: ShopForTests) -> None:
    desk = shop.desk
    desk.record_order("1001", paid=Money("45.00", "EUR"))
    facts = {"affected_value": Money("45.00", "EUR"), "country": "DE", "platform": "own_shop"}
    case = desk.open_case("size_does_not_fit", order_id="1001", facts={**facts, "in_stock": True})
    offered = desk.submit(case.id, "propose", by=Actor.agent("ann"))
    assert offered.offer is not None
    assert [option.id for option in offered.offer.options] == ["other_size", "paid_label"]
    desk.submit(case.id, "accept", by=Actor.customer("c1"), facts={"option": "other_size"})
    shop.wait(timedelta(minutes=1))
    closed = desk.get_case(case.id)
    assert (closed.state, closed.is_open) == ("settled", False)
    assert [effect.name for effect in shop.recorder.of("exchange")] == ["other_size"]
    assert desk.doctor() == []


def test_its_stories_hold(folder: Path) -> None:
    path = folder / "workflows" / "size_does_not_fit.tests.yaml"
    tests = read_tests_file(path, path.name, Notes())
    assert tests is not None
    failures = [line for r in run_tests(Catalog.load(folder), tests) for line in r.failures]
    assert not failures, "\n".join(failures)
