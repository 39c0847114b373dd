"""What the pages print of `calendar show|add|between` is what the commands print."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales.cli.calendar import asked
from aftersales.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = ("docs/how-to/ask_a_calendar.md", "docs/reference/cli.md")
_BLOCK = re.compile(
    r"```console\n\$ (aftersales calendar (?:show|add|between)[^\n]*)\n(.*?)```", re.S
)
_MADE_WITH = re.compile(r"^(calendar \S+) [0-9a-f]{12}; .*$", re.M)


def _printed() -> list[tuple[str, str]]:
    return [found for page in PAGES for found in _BLOCK.findall((ROOT / page).read_text("utf-8"))]


def _settled(text: str) -> str:
    """Without what another version of the packages or an edit of the calendars may change."""
    return _MADE_WITH.sub(r"\1", text)


def test_the_pages_print_each_of_the_commands() -> None:
    commands = {typed.split()[2] for typed, _ in _printed()}
    assert commands == {"show", "add", "between"}
    assert len(_printed()) >= 9


@pytest.mark.parametrize(("line", "shown"), _printed(), ids=lambda text: text[:70])
def test_what_a_page_prints_is_what_the_command_prints(
    line: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asked, "now", lambda: datetime(2026, 9, 30, 8, 10, tzinfo=UTC))
    with pytest.raises(SystemExit):
        main(shlex.split(line)[1:])
    printed = capsys.readouterr()
    assert _settled(printed.out + printed.err).splitlines() == _settled(shown).splitlines()
