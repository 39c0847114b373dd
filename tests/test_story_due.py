"""Stories say when each deadline is due, in the zone of the story; what is wrong is told."""

from pathlib import Path

import pytest

from aftersales.authoring import StoryResult, run_tests
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.story_files import read_tests_file

CATALOG = Catalog.load(Path(__file__).parent.parent)
OPENED = (
    "at: 2026-03-02 {at}, open: {{affected_value: 45 USD, severity: major, country: US, "
    "platform: own_shop, buyer: consumer}}"
)


def run(folder: Path, due: str, *, zone: str = "", at: str = "09:00") -> StoryResult:
    """A story of one step in New York, or in its own zone, that expects `due`."""
    file = folder / "some.tests.yaml"
    own = f"    zone: {zone}\n" if zone else ""
    step = f"{OPENED.format(at=at)}, expect: {{due: {due}}}"
    file.write_text(
        "aftersales: tests/1\nfor: damaged\nzone: America/New_York\ntests:\n"
        f"  - name: a story\n{own}    story:\n      - {{{step}}}\n",
        "utf-8",
    )
    notes = Notes()
    tests = read_tests_file(file, "some.tests.yaml", notes)
    assert tests is not None
    assert not notes.problems
    return run_tests(CATALOG, tests)[0]


def test_each_deadline_is_compared_by_its_name(tmp_path: Path) -> None:
    told = "{first_reply: 2026-03-02 21:00, decide: 2026-03-04 17:00}"
    assert run(tmp_path, told).has_passed


def test_the_zone_of_a_story_goes_before_that_of_the_file(tmp_path: Path) -> None:
    told = "{decide: 2026-03-04 22:00}"
    assert run(tmp_path, told, zone="Europe/London", at="14:00").has_passed


def test_a_deadline_that_does_not_run_is_said_to_be_no(tmp_path: Path) -> None:
    assert run(tmp_path, "{answer: no}").has_passed


@pytest.mark.parametrize(
    ("due", "failure"),
    [
        ("{decide: 2026-03-04 16:00}", "found Wed 4 Mar 2026, 17:00 (America/New_York)"),
        ("{decide: no}", "due decide: no expected"),
        ("{decide: paused}", "due decide: paused expected"),
        ("{answer: 2026-03-04 16:00}", "found nothing is due"),
        ("{dedice: no}", "there is no deadline `dedice`"),
        ("2026-03-04 17:00", "due: Wed 4 Mar 2026, 17:00"),
    ],
)
def test_a_due_time_that_is_not_as_expected_is_told(tmp_path: Path, due: str, failure: str) -> None:
    (told,) = run(tmp_path, due).failures
    assert failure in told


def test_a_zone_that_does_not_exist_is_a_problem_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "some.tests.yaml"
    file.write_text(
        "aftersales: tests/1\nfor: damaged\nzone: Europe/Berlin\n"
        "tests:\n  - {name: a story, zone: Europe/Berlim, story: []}\n",
        "utf-8",
    )
    notes = Notes()
    read_tests_file(file, "some.tests.yaml", notes)
    (problem,) = notes.problems
    assert (problem.code, problem.place.line, problem.place.column) == ("S704", 5, 27)
    assert "Europe/Berlim" in problem.message
    assert problem.help
