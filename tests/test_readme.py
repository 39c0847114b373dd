"""The README's Python runs as printed, and so do the commands of a policy author."""

import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from aftersales import Money
from aftersales.cli.main import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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


def test_the_minute_for_a_policy_author_runs_without_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "docs" / "tutorial", "docs/tutorial")
    minute = README.partition("## A minute for a policy author")[2]
    printed = re.search(r"```console\n(.*?)```", minute, re.S)
    assert printed is not None
    typed = [line.lstrip("$ ").partition("  ")[0] for line in printed[1].splitlines()]
    commands = [shlex.split(part) for line in typed for part in line.split("&&")]
    assert [words[1] for words in commands if words[0] == "aftersales"] == [
        "init", "check", "test", "explain", "diff", "simulate"
    ]  # fmt: skip
    for name, *words in commands:
        if name == "cd":
            monkeypatch.chdir(*words)
        elif name == "aftersales":
            assert code_of(*words) == 0, words


def code_of(*words: str) -> object:
    """The code with which the command ends."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return ended.value.code


def test_the_edit_that_the_readme_suggests_goes_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code_of("init", "my-shop")
    monkeypatch.chdir("my-shop")
    file = Path("workflows/damaged.yaml")
    before, after = re.findall(r"`(within: \d+ days)`", README)
    state, sign, rest = file.read_text("utf-8").partition("\n  offered:\n")
    file.write_text(state + sign + rest.replace(before, after, 1), "utf-8")
    printed = re.findall(r"```console\n(.*?)```", README.partition(before)[2], re.S)[0]
    typed = [shlex.split(line, comments=True)[2:] for line in printed.splitlines()]
    assert typed == [["check"], ["test"], ["test", "--update"]]
    assert [code_of("check"), code_of("test")] == [0, 1]
    assert "2 failed" in "".join(capsys.readouterr())
    assert code_of("test", "--update", "--yes") == 0
    assert code_of("test") == 0
