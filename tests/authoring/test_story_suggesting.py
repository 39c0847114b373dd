"""What stories reach of a workflow, and the stories that are suggested for what they do not."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aftersales.authoring import run_tests
from aftersales.authoring.coverage import Coverage, covered
from aftersales.authoring.results import StoryResult
from aftersales.authoring.story_suggesting import SuggestedStories, no_stories_of, suggest_stories
from aftersales.authoring.suggested_yaml import appended, new_file
from aftersales.authoring.targets import OF_WORKFLOWS
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import FOLDERS
from aftersales.definitions.story_files import Story, TestsFile, read_tests

ROOT = Path(__file__).parents[2]
CATALOG = Catalog.load(ROOT)


def _stories(workflow: str) -> TestsFile:
    file = f"workflows/{workflow}.tests.yaml"
    tests = read_tests((ROOT / file).read_text("utf-8"), file, Notes())
    assert tests is not None
    return tests


def _only(tests: TestsFile, names: Iterable[str]) -> TestsFile:
    chosen = tuple(story for story in tests.stories if story.name in set(names))
    assert chosen
    return replace(tests, stories=chosen)


def _coverage(catalog: Catalog, workflow: str, results: Sequence[StoryResult]) -> Coverage:
    rulebook = catalog.rulebook(workflow, datetime(2026, 6, 1, tzinfo=UTC))
    found = covered([rulebook], results)
    return Coverage(tuple(f for f in found.reached if f.target.sort in OF_WORKFLOWS))


def _reached(workflow: str, *names: str) -> set[tuple[str, str]]:
    results = run_tests(CATALOG, _only(_stories(workflow), names))
    found = _coverage(CATALOG, workflow, results).reached
    return {(f.target.sort, f.target.name) for f in found if f.is_covered}


def _suggested(tests: TestsFile, *targets: str, catalog: Catalog = CATALOG) -> SuggestedStories:
    """What is suggested for all that the tests do not reach, or for these targets of it."""
    coverage = _coverage(catalog, tests.tests_of, run_tests(catalog, tests))
    left = [f for f in coverage.left if not targets or f.target.name in targets]
    assert len(left) >= len(targets)
    coverage = Coverage(tuple(left))
    return suggest_stories(catalog, coverage, {tests.tests_of: tests}, lambda _: None)


def _read(content: str) -> TestsFile:
    notes = Notes()
    tests = read_tests(content, "new.tests.yaml", notes)
    assert tests is not None
    assert notes.problems == []
    return tests


def test_an_event_that_came_in_place_of_one_used_up_is_reached() -> None:
    name = "who must approve sends the offer back, and then does nothing"
    reached = _reached("wrong_item", name)
    assert ("event", "awaiting_approval.nobody_approved") in reached
    assert ("event", "awaiting_approval.escalate") in reached
    assert ("event", "with_supervisor.give_up") not in reached


def test_a_deadline_is_reached_by_its_end_and_not_by_who_does_the_same_by_hand() -> None:
    reached = _reached(
        "wrong_item", "the platform asks, and a supervisor hears when its time is over"
    )
    assert ("event", "reported.escalate") in reached
    assert ("deadline", "reported.first_reply") not in reached
    assert ("deadline", "platform_answer") in reached


def test_an_event_of_anywhere_is_not_reached_where_a_state_hides_it() -> None:
    reached = _reached(
        "not_received", "under way, a new date, and again, and then it is treated as lost"
    )
    assert ("event", "awaiting_parcel.promise_passed") in reached
    assert ("event", "anywhere.promise_passed") not in reached
    assert ("deadline", "promise") in reached


def test_suggested_stories_hold_and_reach_all_that_was_left() -> None:
    name = "nobody at the desk does anything"
    whole = _stories("wrong_item")
    found = _suggested(_only(whole, [name]))
    assert found.untold == ()
    content = appended((ROOT / whole.file).read_text("utf-8"), found.stories)
    assert content is not None
    names = [story.name for story in found.stories]
    tests = _only(_read(content), [name, *names])
    results = run_tests(CATALOG, tests)
    assert [result.failures for result in results if not result.has_passed] == []
    assert [f.target for f in _coverage(CATALOG, "wrong_item", results).left] == []
    assert all(step.expect for story in found.stories for step in story.steps)


def test_a_workflow_without_a_story_gets_a_file_of_them() -> None:
    found = _suggested(no_stories_of("bad_review"))
    assert found.untold == ()
    tests = _read(new_file(found.stories, "UTC"))
    results = run_tests(CATALOG, tests)
    assert [result.failures for result in results if not result.has_passed] == []
    assert [f.target for f in _coverage(CATALOG, "bad_review", results).left] == []


def _named(found: SuggestedStories, name: str) -> list[str]:
    [story] = [story for story in found.stories if story.name == name]
    return [step.event or step.settle or step.at for step in story.steps]


def test_a_story_is_short_and_goes_on_from_those_that_are_there() -> None:
    tests = _stories("damaged")
    kept = [s for s in tests.stories if not _uses(s, "hand_over") and not _uses(s, "goods_back")]
    bare = replace(tests, stories=tuple(kept))
    found = _suggested(bare, "reported.hand_over", "awaiting_return.goods_back")
    assert _named(found, "hand_over in reported") == ["2026-03-02 09:00", "hand_over"]
    assert _named(found, "goods_back in awaiting_return") == [
        "2026-03-02 09:00", "propose", "approve", "accept", "goods_back",
    ]  # fmt: skip
    [story] = [s for s in found.stories if s.name == "goods_back in awaiting_return"]
    assert (story.steps[0].opens or {})["affected_value"] == "200 USD"


def _uses(story: Story, event: str) -> bool:
    return any(step.event == event for step in story.steps)


def test_a_clock_of_the_whole_case_is_waited_for() -> None:
    tests = _stories("damaged")
    names = ("goods that come back late are taken all the same", "goods that never come back close")
    kept = [story for story in tests.stories if story.name.startswith(names)]
    found = _suggested(replace(tests, stories=tuple(kept)), "resolution")
    [story] = found.stories
    assert story.name == "resolution over"
    assert story.steps[-1].at == "2026-03-30 17:01"
    assert "alert manager" in story.steps[-1].expect["effects"]


def test_the_state_in_which_cases_begin_is_reached_by_opening_one() -> None:
    found = _suggested(no_stories_of("chargeback"), "received", "received.contest")
    assert found.untold == ()
    assert [story.name for story in found.stories] == ["received", "contest in received"]


def _edited(folder: Path, old: str, new: str) -> Catalog:
    """The shipped definitions with a guard of `bad_review` that never holds in a story."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    path = folder / "workflows/bad_review.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return Catalog.load(folder)


def test_what_happens_in_a_state_that_no_story_comes_to_is_told_at_once(tmp_path: Path) -> None:
    old = "approval: not none_needed}"
    catalog = _edited(tmp_path, old, "approval: not none_needed, order_held: yes}")
    names = ("awaiting_approval", "awaiting_approval.approve")
    found = _suggested(no_stories_of("bad_review"), *names, catalog=catalog)
    assert [untold.target.target.name for untold in found.untold] == list(names)
    assert found.untold[1].why == "none comes to `awaiting_approval`"


def test_a_workflow_that_is_not_in_force_is_told(tmp_path: Path) -> None:
    about = "about: A customer left a bad review"
    catalog = _edited(tmp_path, about, f"from: 2026-06-10\n{about}")
    rulebook = catalog.rulebook("bad_review", datetime(2026, 7, 1, tzinfo=UTC))
    found = suggest_stories(catalog, covered([rulebook], []), {}, lambda _: None)
    assert found.stories == ()
    assert "2026-06-01" in found.untold[0].why


def test_what_no_story_comes_to_is_told_with_the_last_refusal(tmp_path: Path) -> None:
    old = "take_over: {by: supervisor, go_to"
    catalog = _edited(tmp_path, old, "take_over: {by: supervisor, if: {order_held: yes}, go_to")
    kept = [s for s in _stories("bad_review").stories if not _uses(s, "take_over")]
    bare = replace(_stories("bad_review"), stories=tuple(kept))
    found = _suggested(bare, "offered.take_over", catalog=catalog)
    [untold] = [u for u in found.untold if u.target.target.name == "offered.take_over"]
    assert "none of" in untold.why
    assert "order_held is no, and must be yes" in untold.why
