"""What is typed and what is printed: options read, tables, JSON, hostile text."""

from datetime import UTC, date, datetime

import click
import pytest

from aftersales import Actor, Money
from aftersales.cli.options import actor, instant, money, pairs
from aftersales.cli.output import aligned, clean, plain


def test_facts_are_read_as_they_stand() -> None:
    assert pairs(["severity=major", "reason=a=b"], "--fact") == {
        "severity": "major",
        "reason": "a=b",
    }


@pytest.mark.parametrize("texts", [["severity"], ["=major"], ["a=1", "a=2"]])
def test_a_fact_that_cannot_be_read_is_named(texts: list[str]) -> None:
    with pytest.raises(click.BadParameter) as told:
        pairs(texts, "--fact")
    assert (texts[-1].partition("=")[0] or texts[-1]) in told.value.message


def test_an_actor_is_a_role_and_an_id() -> None:
    assert actor("agent:ann") == Actor.agent("ann")
    assert actor("customer:c:9") == Actor.customer("c:9")
    assert actor(None) == actor("system") == Actor.system()


@pytest.mark.parametrize("text", ["ann", "boss:ann", "agent:", "agent", ":ann", ""])
def test_nobody_acts_without_a_role(text: str) -> None:
    with pytest.raises(click.BadParameter, match="ROLE:ID"):
        actor(text)


def test_money_needs_its_currency() -> None:
    assert money("39.90 EUR", "--paid") == Money("39.90", "EUR")
    assert money(None, "--paid") is None
    with pytest.raises(click.BadParameter, match=r"`39\.90` has no currency"):
        money("39.90", "--paid")


def test_an_instant_needs_a_zone() -> None:
    assert instant("2026-03-02T09:00:00Z", "--at") == datetime(2026, 3, 2, 9, tzinfo=UTC)
    berlin = instant("2026-03-02 09:00", "--at", zone="Europe/Berlin")
    assert berlin == datetime(2026, 3, 2, 8, tzinfo=UTC)
    with pytest.raises(click.BadParameter, match="zone"):
        instant("2026-03-02 09:00", "--at")


def test_columns_are_padded_to_the_widest() -> None:
    assert aligned([["a", "b", ""], ["long", "x", "y"]]) == ["a     b", "long  x  y"]
    assert aligned([]) == []


def test_text_from_outside_cannot_move_the_cursor() -> None:
    assert clean("a\x1b[2Jb\u202ec\rd") == "a�[2Jb�c�d"
    assert clean("Grüße, 東京 🙂\n\t") == "Grüße, 東京 🙂\n\t"


def test_values_become_plain_json() -> None:
    value = {
        "paid": Money("39.90", "EUR"),
        "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
        "on": date(2026, 3, 2),
        "by": Actor.agent("ann"),
        "some": (1, None, True),
    }
    assert plain(value) == {
        "paid": "39.90 EUR",
        "at": "2026-03-02T09:00:00Z",
        "on": "2026-03-02",
        "by": {"id": "ann", "role": "agent"},
        "some": [1, None, True],
    }
