"""Every step of the pages that go from `init` to `publish` is taken, and prints what is shown."""

import io
import shlex
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from aftersales.cli.main import main
from printed_pages import DOCS, ROOT, Edited, Typed, steps

TUTORIAL, HOW_TO = "tutorial/first_hour.md", "how-to/give_one_market_more.md"
STEPS = {name: list(steps(name)) for name in (TUTORIAL, HOW_TO)}
TYPED = [
    (name, number)
    for name, taken in STEPS.items()
    for number, step in enumerate(taken)
    if isinstance(step, Typed)
]
INSTALLING = ("make ", "source ")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each step of a page prints, in a folder in which the page's own files stand beside."""
    return {name: _all_taken(name, tmp_path_factory.mktemp("hour")) for name in STEPS}


def _all_taken(name: str, folder: Path) -> list[str]:
    beside = Path(name).parent
    shutil.copytree(DOCS / beside, folder / "docs" / beside)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        patched.setenv("COLUMNS", "100")
        return [_taken(step, patched) for step in STEPS[name]]


def _taken(step: Typed | Edited, patched: pytest.MonkeyPatch) -> str:
    if isinstance(step, Edited):
        step.apply(Path())
        return ""
    name, *words = shlex.split(step.command)
    if name == "cd":
        patched.chdir(words[0])
    elif name == "cp":
        shutil.copy(*words)
    elif name == "aftersales":
        return _printed(words)
    else:
        assert step.command.startswith(INSTALLING), step.command
    return ""


def _printed(words: list[str]) -> str:
    """All that a person sees, on standard output and standard error."""
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told), pytest.raises(SystemExit):
        main(words)
    return told.getvalue()


@pytest.mark.parametrize(
    ("name", "number"),
    TYPED,
    ids=[str(getattr(STEPS[name][number], "command", ""))[:50] for name, number in TYPED],
)
def test_each_command_prints_what_is_shown(
    name: str, number: int, outputs: dict[str, list[str]]
) -> None:
    step = STEPS[name][number]
    assert isinstance(step, Typed)
    if not step.command.startswith(INSTALLING):
        assert step.is_told_by(outputs[name][number]), outputs[name][number]


def test_it_is_installed_as_the_readme_says() -> None:
    typed = [step.command for step in STEPS[TUTORIAL] if isinstance(step, Typed)]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in typed:
        if command.startswith(INSTALLING):
            assert f"$ {command}" in readme


def test_the_tutorial_goes_from_init_to_a_policy_that_is_published() -> None:
    typed = {
        step.command.partition("aftersales ")[2].partition(" ")[0]
        for step in STEPS[TUTORIAL]
        if isinstance(step, Typed)
    }
    assert typed >= {
        "init", "show", "check", "explain", "test", "diff", "simulate", "propose", "publish",
        "fmt", "schema",
    }  # fmt: skip
    assert sum(isinstance(step, Edited) for step in STEPS[TUTORIAL]) >= 6


@pytest.mark.parametrize(
    ("shown", "output", "is_told"),
    [
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nd\n", True),
        ("a\n...\n", "b\nc\n", False),
        ("was a...\n", "was a, now b\n", True),
        ("was a\n", "was a, now b\n", False),
        ("", "a\n", False),
    ],
)
def test_only_three_dots_leave_something_out(shown: str, output: str, is_told: bool) -> None:
    assert Typed("aftersales check", shown).is_told_by(output) is is_told
