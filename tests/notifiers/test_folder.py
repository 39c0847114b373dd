"""Effects written to a folder: once a key, whole, and never outside the folder."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.desk import accepted, done, failed
from aftersales.domain.case import Effect
from aftersales.domain.money import Money
from aftersales.notifiers import Message, ReplyNotRenderable, deliver_to_folder
from aftersales.notifiers.folder import Handler, file_name, write_whole

AT = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
REFUND = Effect(
    key="shop/c1/4/0",
    case_id="c1",
    lane="money",
    sort="refund",
    name="part_refund",
    due_at=AT,
    order_id="1001",
    amount=Money("12.50", "EUR"),
    details={"to": "the card it was paid with"},
)
REPLY = replace(
    REFUND, key="shop/c1/4/1", lane="message", sort="message", name="offer", amount=None
)
ALERT = replace(REPLY, key="shop/c1/4/2", lane="alert", sort="alert", name="supervisor")


class Registered:
    """Takes handlers as a desk's `on` does."""

    def __init__(self) -> None:
        self.by_sort: dict[str, Handler] = {}

    def __call__(self, sort: str, name: str | None = None) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.by_sort[sort] = handler
            return handler

        return register


def in_english(effect: Effect) -> Message:
    return Message(effect, "en", "Our proposal", "Please choose.\n")


@pytest.fixture
def handlers(tmp_path: Path) -> dict[str, Handler]:
    on = Registered()
    deliver_to_folder(on, tmp_path / "out", render=in_english)
    return on.by_sort


def files(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())


def test_a_remedy_is_written_and_its_outcome_awaited(
    tmp_path: Path, handlers: dict[str, Handler]
) -> None:
    assert handlers["refund"](REFUND) == accepted(reference="shop/c1/4/0")
    (path,) = files(tmp_path)
    assert path.parent.name == "money"
    told = json.loads(path.read_text())["effect"]
    assert told["key"] == "shop/c1/4/0"
    assert told["amount"] == "12.50 EUR"
    assert told["order_id"] == "1001"
    assert told["details"] == {"to": "the card it was paid with"}


def test_a_message_is_written_with_its_text_and_done(
    tmp_path: Path, handlers: dict[str, Handler]
) -> None:
    assert handlers["message"](REPLY) == done(reference="shop/c1/4/1")
    as_data, as_text = files(tmp_path)
    assert json.loads(as_data.read_text())["subject"] == "Our proposal"
    assert as_text.read_text() == "Subject: Our proposal\nLanguage: en\n\nPlease choose.\n"


def test_an_alert_is_done(tmp_path: Path, handlers: dict[str, Handler]) -> None:
    assert handlers["alert"](ALERT) == done(reference="shop/c1/4/2")
    assert [path.parent.name for path in files(tmp_path)] == ["alert"]


def test_an_effect_that_comes_twice_leaves_one_file(
    tmp_path: Path, handlers: dict[str, Handler]
) -> None:
    first = handlers["refund"](REFUND)
    assert handlers["refund"](replace(REFUND, attempts=2, status="leased")) == first
    assert len(files(tmp_path)) == 1


def test_a_key_used_for_something_else_fails(handlers: dict[str, Handler]) -> None:
    handlers["refund"](REFUND)
    answer = handlers["refund"](replace(REFUND, amount=Money("99", "EUR")))
    assert answer == failed("the key shop/c1/4/0 was used before, for something else")


def test_a_reply_that_cannot_be_written_is_not_sent(tmp_path: Path) -> None:
    def not_known(effect: Effect) -> Message:
        raise ReplyNotRenderable("the reply needs `answer_by`, which is not known")

    on = Registered()
    deliver_to_folder(on, tmp_path / "out", render=not_known)
    answer = on.by_sort["message"](REPLY)
    assert answer == failed("the reply needs `answer_by`, which is not known")
    assert not (tmp_path / "out").exists()


def test_a_shop_names_its_own_remedies(tmp_path: Path) -> None:
    on = Registered()
    deliver_to_folder(on, tmp_path, render=in_english, remedies=["tree_planted"])
    assert set(on.by_sort) == {"message", "alert", "tag", "call", "tree_planted"}


def test_what_is_written_at_once_by_many_stands_whole(tmp_path: Path) -> None:
    text = "x" * 100_000
    path = tmp_path / "a" / "file.json"
    threads = [Thread(target=write_whole, args=(path, text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == text
    assert [each.name for each in path.parent.iterdir()] == ["file.json"]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    with pytest.raises(OSError, match="taken"):
        write_whole(target, "x")
    assert list(tmp_path.iterdir()) == [target]


@given(st.text(min_size=1))
def test_no_key_leads_out_of_the_folder(key: str) -> None:
    name = file_name(key)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_%")
    assert len(name) < 200


def test_two_keys_never_share_a_file() -> None:
    keys = ["a/b", "a%2Fb", "A/B", "a.b", "..", "../a", "x" * 500, "x" * 501]
    assert len({file_name(key).lower() for key in keys}) == len(keys)
