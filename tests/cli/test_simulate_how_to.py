"""Every command of the how-to is run, on the change that it tells of, and prints what it shows."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from aftersales.authoring.simulate import OWN_COLUMNS
from aftersales.cli.main import root
from printed_pages import ROOT, page

HOW_TO = page("how-to/simulate_a_change.md")


def commands() -> list[tuple[list[str], str]]:
    """Each command of the page with what is printed below it."""
    blocks = re.findall(r"```console\n\$ aftersales (.*)\n((?:.*\n)*?)```", HOW_TO)
    return [(command.split(), printed) for command, printed in blocks]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the commands print, run one after the other in one folder; the change in between."""
    folder = tmp_path_factory.mktemp("how_to")
    shutil.copy(ROOT / "examples" / "past_cases" / "past.csv", folder)
    told = []
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for command, _ in commands():
            result = CliRunner().invoke(root, command, standalone_mode=False)
            assert result.exception is None, result.exception
            told.append(result.stdout)
            _change(folder / "my-shop" / "policies" / "compensation" / "damaged.yaml")
    assert (folder / "change.html").is_file()
    return told


def _change(policy: Path) -> None:
    fragment, _ = re.findall(r"```yaml\n(.*)\n```", HOW_TO)
    old = re.search(r"in place of `(.*?)`", HOW_TO)
    assert old is not None
    written = policy.read_text(encoding="utf-8")
    assert written.count(old[1]) + written.count(fragment) >= 3
    policy.write_text(written.replace(old[1], fragment), encoding="utf-8")


def _settled(printed: str) -> str:
    """Without what an edit of the shipped definitions may move: line numbers."""
    return re.sub(r"\.yaml:\d+", ".yaml", printed)


def test_the_commands_of_the_how_to_print_what_it_shows(outputs: list[str]) -> None:
    shown = [printed for _, printed in commands()]
    assert len(shown) == 3
    for printed, output in zip(shown, outputs, strict=True):
        if printed:
            assert _settled(output) == _settled(printed)


def test_the_how_to_names_all_columns_of_past_cases() -> None:
    for column in OWN_COLUMNS:
        assert f"| `{column}`" in HOW_TO or f"`, `{column}`" in HOW_TO or f"`{column}` |" in HOW_TO
