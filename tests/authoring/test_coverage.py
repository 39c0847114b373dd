"""What tests reach, and the tests that are suggested for what they do not: on the shipped files."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales.authoring import run_tests
from aftersales.authoring.asked_in import asked_in
from aftersales.authoring.coverage import Coverage, Reached, covered, deciding
from aftersales.authoring.results import StoryResult
from aftersales.authoring.suggested_yaml import appended
from aftersales.authoring.suggesting import Suggestion
from aftersales.cli.test.coverage import GROUPS
from aftersales.cli.test.running import Run
from aftersales.cli.test.suggested import suggestions
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import FOLDERS
from aftersales.definitions.story_files import Example, TestsFile, read_tests

ROOT = Path(__file__).parents[2]
CATALOG = Catalog.load(ROOT)
RULEBOOKS = [CATALOG.rulebook(kind, datetime(2026, 6, 1, tzinfo=UTC)) for kind in CATALOG.kinds]


def _files() -> list[TestsFile]:
    found = []
    for path in sorted(p for part in FOLDERS for p in (ROOT / part).rglob("*.tests.yaml")):
        tests = read_tests(path.read_text("utf-8"), path.relative_to(ROOT).as_posix(), Notes())
        assert tests is not None
        found.append(tests)
    return found


FILES = _files()
BY_FILE: dict[str, list[StoryResult]] = {tests.file: run_tests(CATALOG, tests) for tests in FILES}
RESULTS = [result for results in BY_FILE.values() for result in results]
WHOLE = covered(RULEBOOKS, RESULTS)


def _without(*names: str) -> Coverage:
    """The coverage without the tests of these names."""
    return covered(RULEBOOKS, [result for result in RESULTS if result.name not in names])


def _lost(*names: str) -> list[tuple[str, str]]:
    """What only the tests of these names reach."""
    before = {found.target for found in WHOLE.left}
    left = [found.target for found in _without(*names).left if found.target not in before]
    return [(target.sort, target.name) for target in left]


def test_the_shipped_tests_reach_all_that_tests_can_reach() -> None:
    assert [f"{found.target} {found.lacks}" for found in WHOLE.left] == []
    assert WHOLE.of(GROUPS["cells"])[1] >= 48
    assert WHOLE.of(GROUPS["edges"])[1] >= 40
    assert WHOLE.of(GROUPS["events"])[1] >= 270


def test_a_rule_is_reached_by_the_test_that_it_decides() -> None:
    lost = _lost("what broke in the customer's hands earns a kind word")
    assert lost == [("exception", "own_doing")]


def test_an_edge_needs_a_test_on_both_sides_where_the_rest_of_the_rule_holds() -> None:
    name = "far away, from where a second parcel costs more than the goods"
    edges = {what for sort, what in _lost(name) if sort == "edge"}
    assert edges == {
        "far_away: affected_value 20 USD",
        "far_away: affected_value 100 USD",
    }
    [found] = [f for f in _without(name).left if f.target.name.endswith("value 20 USD")]
    assert found.lacks == "at 20 USD and just below"


def test_an_edge_of_approval_is_told_by_what_an_option_costs() -> None:
    result = [r for r in RESULTS if r.name == "who approves hangs on the dearest option"]
    kept = [r for r in RESULTS if r not in result]
    lacks = {f.target.name: f.lacks for f in covered(RULEBOOKS, kept).left if f.edge is not None}
    assert lacks["approval: cost 50 USD"]


def test_what_answers_a_fact_for_a_policy_is_reached_by_the_policy_s_test() -> None:
    consumer = [
        r for r in RESULTS if r.name == "a consumer in the EU may ask for more than a discount"
    ]
    reached = {f.target.name for f in covered(RULEBOOKS, consumer).reached if f.is_covered}
    assert "otherwise" in reached
    assert {f.target.of for f in covered(RULEBOOKS, consumer).reached if f.is_covered} >= {
        "consumer_claim",
        "safety",
    }


def test_a_story_reaches_states_events_deadlines_and_the_tables_asked_on_its_way() -> None:
    [story] = [r for r in RESULTS if r.name == "nobody answers the offer"
               and r.place.file == "workflows/damaged.tests.yaml"]  # fmt: skip
    found = {(f.target.sort, f.target.of, f.target.name)
             for f in covered(RULEBOOKS, [story]).reached if f.is_covered}  # fmt: skip
    assert {
        ("state", "damaged", "closed_no_answer"),
        ("event", "damaged", "reported.propose"),
        ("deadline", "damaged", "offered.answer"),
        ("row", "triage", "bad_damage"),
        ("row", "deadlines", "yellow_reply"),
        ("row", "evidence", "shown"),
        ("cell", "damaged", "medium/major"),
    } <= found
    assert ("state", "damaged", "settled") not in found


def _run_of(files: list[TestsFile]) -> Run:
    by_file = {tests.file: run_tests(CATALOG, tests) for tests in files}
    return Run(CATALOG, tuple(files), by_file, ())


def _examples(tests: list[Suggestion], file: TestsFile) -> list[Example]:
    return [
        Example(test.name, replace(FILES[0].examples[0].place, line=number), test.given,
                test.expect, file.zone)
        for number, test in enumerate(tests)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "policy", ["damaged", "not_received", "deadlines", "dispute_plan", "triage"]
)
def test_the_suggested_tests_reach_what_is_left_and_hold(policy: str) -> None:
    bare = [
        replace(tests, examples=()) if tests.tests_of == policy else tests
        for tests in FILES
        if not tests.stories
    ]
    [file] = [tests for tests in FILES if tests.tests_of == policy and tests.examples]
    kept = [tests for tests in bare if tests.tests_of != policy]
    first = replace(file, examples=file.examples[:1])
    found = suggestions(_run_of([*kept, first]), policy)
    assert _names(found.unreached) == []
    whole = replace(file, examples=(*first.examples, *_examples(list(found.tests), file)))
    results = run_tests(CATALOG, whole)
    assert [r.failures for r in results if not r.has_passed] == []
    after = covered(RULEBOOKS, [*(r for tests in kept for r in BY_FILE[tests.file]), *results])
    left = [f for f in after.left if f.target.of == policy and f.target.sort not in
            ("state", "event", "deadline")]  # fmt: skip
    assert _names(left) == []


AROUND = [f.target for f in WHOLE.reached if f.target.sort in ("channel", "law")]


def test_tests_for_rules_of_channels_and_floors_of_law_are_suggested_too() -> None:
    names = {target.name for target in AROUND}
    by_file = {
        file: [r for r in results if not _decided(r) & names] for file, results in BY_FILE.items()
    }
    found = suggestions(Run(CATALOG, tuple(FILES), by_file, ()), None)
    assert [f for f in found.unreached if f.target in AROUND] == []
    results = [r for tests in FILES for r in _played(found.tests, tests)]
    assert [r.failures for r in results if not r.has_passed] == []
    assert names <= {name for result in results for name in _decided(result)}


def _decided(result: StoryResult) -> set[str]:
    return {ref.rule for asked in asked_in(result) for ref in deciding(asked)}


def _played(suggested: Sequence[Suggestion], tests: TestsFile) -> list[StoryResult]:
    """The suggested tests of a file's policy, run."""
    own = [test for test in suggested if test.policy == tests.tests_of and tests.examples]
    return run_tests(CATALOG, replace(tests, stories=(), examples=tuple(_examples(own, tests))))


def _names(left: "tuple[Reached, ...] | list[Reached]") -> list[str]:
    return [f"{found.target.sort} {found.target.name} {found.lacks}" for found in left]


def test_a_suggested_test_gives_only_what_is_not_usual() -> None:
    [file] = [tests for tests in FILES if tests.file == "policies/compensation/damaged.tests.yaml"]
    kept = [e for e in file.examples if "far away" not in e.name]
    others = [t for t in FILES if t.tests_of != "damaged"]
    found = suggestions(_run_of([*others, replace(file, examples=tuple(kept))]), "damaged")
    decides = [test for test in found.tests if test.name == "far_away decides"]
    below = [
        test for test in found.tests if test.name == "far_away just below affected_value 20 USD"
    ]
    assert len(decides) + len(below) == 2
    assert set(decides[0].given) == {"affected_value", "severity", "country"}
    assert below[0].given["affected_value"] == "19.99 USD"
    assert below[0].expect["rule"] != ("far_away",)


def test_suggested_tests_are_appended_before_what_follows_the_tests() -> None:
    [file] = [tests for tests in FILES if tests.file == "policies/compensation/damaged.tests.yaml"]
    content = (ROOT / file.file).read_text("utf-8")
    test = Suggestion("damaged", "damaged", "one: more", {"country": "NO"},
                      {"options": ("a + b",), "rule": ("x",)})  # fmt: skip
    made = appended(content, [test])
    assert made is not None
    assert made.replace(
        '  - name: "one: more"\n    given: {country: NO}\n'
        "    expect: {options: [a + b], rule: x}\n", ""
    ) == content  # fmt: skip
    assert re.search(r"rule: x\}\nlaws:", made)
    tests = read_tests(made, file.file, Notes())
    assert tests is not None
    assert len(tests.examples) == len(file.examples) + 1


def test_nothing_is_appended_to_tests_that_are_not_a_list_of_lines() -> None:
    test = Suggestion("p", "k", "n", {}, {})
    assert appended("aftersales: tests/1\nfor: p\nzone: UTC\ntests: []\n", [test]) is None
    assert appended("tests: [", [test]) is None


def test_a_folder_may_be_copied_and_covered_alike(tmp_path: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name)
    catalog = Catalog.load(tmp_path)
    rulebooks = [catalog.rulebook(kind, datetime(2026, 6, 1, tzinfo=UTC)) for kind in catalog.kinds]
    assert covered(rulebooks, []).of()[0] == 0
