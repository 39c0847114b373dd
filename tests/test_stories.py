"""The shipped stories and examples hold, and between them they reach every outcome."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales.authoring import run_tests
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.story_files import TestsFile, read_tests_file

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("workflows/*.tests.yaml"), *ROOT.glob("policies/**/*.tests.yaml")])
CATALOG = Catalog.load(ROOT)


def read(path: Path) -> TestsFile:
    notes = Notes()
    tests = read_tests_file(path, str(path.relative_to(ROOT)), notes)
    assert not notes.problems
    assert tests is not None
    return tests


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_story_and_example_ends_as_its_author_expects(path: Path) -> None:
    failures = [line for result in run_tests(CATALOG, read(path)) for line in result.failures]
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("kind", CATALOG.kinds)
def test_every_outcome_of_a_workflow_has_a_story(kind: str) -> None:
    tests = read(ROOT / "workflows" / f"{kind}.tests.yaml")
    reached = {result.outcome for result in run_tests(CATALOG, tests)}
    workflow = CATALOG.rulebook(kind, datetime(2026, 6, 1, tzinfo=UTC)).workflow
    outcomes = {state.outcome for state in workflow.states.values() if state.outcome}
    assert outcomes - reached == set()


def test_a_story_that_expects_the_wrong_thing_fails(tmp_path: Path) -> None:
    text = (ROOT / "workflows" / "damaged.tests.yaml").read_text("utf-8")
    wrong = tmp_path / "wrong.tests.yaml"
    wrong.write_text(text.replace("outcome: compensated", "outcome: refused"), "utf-8")
    tests = read_tests_file(wrong, "wrong.tests.yaml", Notes())
    assert tests is not None
    failed = [result for result in run_tests(CATALOG, tests) if not result.has_passed]
    assert failed
    assert "refused expected, found compensated" in failed[0].failures[0]


def test_an_example_of_a_policy_that_its_kind_never_asks_fails_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "loss.tests.yaml"
    path.write_text(
        "aftersales: tests/1\nfor: loss\nzone: UTC\nusual: {kind: bad_review}\n"
        "tests:\n  - {name: never asked, given: {platform: own_shop}, expect: {undecided: yes}}\n",
        "utf-8",
    )
    tests = read_tests_file(path, "loss.tests.yaml", Notes())
    assert tests is not None
    (result,) = run_tests(CATALOG, tests)
    assert "no case of `bad_review` asks `loss`" in result.failures[0]
