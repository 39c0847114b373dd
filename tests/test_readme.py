"""The README's Python runs as printed."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from aftersales import Money

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@dataclass
class Payments:
    """The shop's own payments."""

    id: str = "pay-1"
    made: dict[str, tuple[str, Money]] = field(default_factory=dict)

    def refund(self, order_id: str, amount: Money, *, idempotency_key: str) -> "Payments":
        self.made[idempotency_key] = (order_id, amount)
        return self


def test_the_minute_for_a_developer_ends_with_a_refund(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = re.search(r"```python\n(.*?)```", README, re.S)
    assert printed is not None
    sent: list[object] = []
    mailer = SimpleNamespace(send=sent.append)
    names: dict[str, object] = {"payments": (payments := Payments()), "mailer": mailer}
    exec(compile(printed[1], "README.md", "exec"), names)
    assert [message.reply.name for message in sent] == ["apology", "offer", "granted"]  # type: ignore[attr-defined]
    [(key, (order_id, amount))] = payments.made.items()
    assert key.startswith("shop/")
    assert order_id == "1001"
    assert Money("0", "EUR") < amount <= Money("39.90", "EUR")
