"""The command line before any work is done: help, version, and what is not loaded for them."""

import json
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from aftersales.cli.lazy import LazyGroup
from aftersales.cli.main import root

HEAVY = {"sqlalchemy", "sqlmodel", "alembic", "holidays", "pendulum", "yaml", "jinja2", "babel"}
_LOADED = """
import json, sys
from aftersales.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print(json.dumps([ended.code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def _paths(group: LazyGroup, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*before, name)
        if name in ("calendar", "case", "publish", "table"):
            found = group.get_command(context, name)
            assert isinstance(found, LazyGroup)
            yield from _paths(found, (name,))


COMMANDS = list(_paths(root))


def _run(*args: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "aftersales", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "args",
    [
        *(["--help"], ["--version"], []),
        *(["case", "--help"], ["calendar", "--help"], ["publish", "--help"]),
        *(["calendar", name, "--help"] for name in ("show", "add", "between")),
    ],
)
def test_help_loads_neither_database_nor_calendars(args: list[str]) -> None:
    command = [sys.executable, "-c", _LOADED, *args]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    code, loaded = json.loads(run.stdout.splitlines()[-1])
    assert code in (0, 2)
    assert "click" in loaded
    assert not HEAVY & set(loaded)


@pytest.mark.parametrize(
    "args",
    [["show"], ["add", "2 business days", "--explain", "--from", "2026-10-01T09:00:00Z"]],
)
def test_a_calendar_is_asked_without_the_database(args: list[str]) -> None:
    command = [sys.executable, "-c", _LOADED, "calendar", *args]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    code, loaded = json.loads(run.stdout.splitlines()[-1])
    assert code == 0
    assert not {"sqlmodel", "sqlalchemy", "alembic", "rich"} & set(loaded)


def test_the_definitions_are_checked_without_the_database() -> None:
    command = [sys.executable, "-c", _LOADED, "check"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    code, loaded = json.loads(run.stdout.splitlines()[-1])
    assert code == 0
    assert not {"sqlmodel", "sqlalchemy", "alembic", "pydantic"} & set(loaded)


def test_help_lists_every_command() -> None:
    help = _run("--help").stdout
    assert all(name in help for name in ("init", "check", "migrate", "case", "tick", "doctor"))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    run = _run(*path, "--help")
    assert run.returncode == 0, run.stderr
    assert f"Usage: aftersales {' '.join(path)}" in run.stdout


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert _run("--version").stdout == f"aftersales {version('aftersales')}\n"


def test_an_unknown_command_is_wrong_usage_with_a_suggestion() -> None:
    run = _run("chek")
    assert (run.returncode, run.stdout) == (2, "")
    assert "did you mean `check`?" in run.stderr


def test_names_are_completed_without_loading_the_commands() -> None:
    items = root.shell_complete(click.Context(root), "ca")
    assert [item.value for item in items] == ["calendar", "case"]
