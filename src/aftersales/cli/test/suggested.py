"""`--suggest`: the tests that are missing, to paste, or written into a tests file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales.authoring.examples import OPENED, ask
from aftersales.authoring.results import Asked
from aftersales.authoring.story_suggesting import SuggestedStories, suggest_stories
from aftersales.authoring.suggested_yaml import appended, new_file, step_as_data, yaml_of
from aftersales.authoring.suggesting import Suggestions, suggest
from aftersales.authoring.targets import OF_WORKFLOWS
from aftersales.cli.exits import NotFound
from aftersales.cli.output import put, put_json, say
from aftersales.cli.test.coverage import coverage_of, line_of
from aftersales.cli.test.running import progress
from aftersales.cli.writing import write_whole
from aftersales.definitions.story_files import TestsFile
from aftersales.domain.calendar import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aftersales.authoring.suggested_yaml import Suggested
    from aftersales.cli.test.running import Run
    from aftersales.domain.rulebook import Rulebook


def suggestions(done: "Run", policy: str | None) -> Suggestions:
    """A test for each rule and edge that the tests do not reach: of one policy, or of all."""
    own = {tests.tests_of: tests for tests in done.files if tests.examples}
    now = datetime.now(UTC)
    rulebooks = done.catalog.rulebooks_at(now)

    def asked(rulebook: "Rulebook", policy: str, given: "Mapping[str, str]") -> Asked:
        zone = own[policy].zone if policy in own else "UTC"
        at = parse_instant(given.get("opened_at", OPENED), zone)
        rest = {name: text for name, text in given.items() if name != "opened_at"}
        return ask(done.catalog, rulebook, policy, rest, at, zone=zone)

    usual = {name: tests.usual for name, tests in own.items()}
    rates = done.catalog.rates_on(now.date())
    coverage = coverage_of(done)
    if policy is not None:
        coverage = coverage.only({policy})
    return suggest(rulebooks, coverage, asked, usual=usual, rates=rates)


def stories_missing(done: "Run", workflow: str | None) -> SuggestedStories:
    """A story for each event and deadline that no test reaches: of one workflow, or of all."""
    files = {tests.tests_of: tests for tests in reversed(done.files) if tests.stories}
    coverage = coverage_of(done)
    if workflow is not None:
        coverage = coverage.only({workflow})
    left = [found for found in coverage.left if found.target.sort in OF_WORKFLOWS]
    with progress(len(left)) as told:
        return suggest_stories(done.catalog, coverage, files, told)


def tell(done: "Run", folder: Path, write: str | None, *, as_json: bool) -> None:
    """Print the tests by policy and workflow, or append those of one to its tests file."""
    path = _place_of(write, folder) if write is not None else None
    name = None if path is None else _name_of(path, done, folder)
    is_of_workflow = path is not None and _is_of_workflow(path, done, folder)
    is_of_policy = path is not None and not is_of_workflow
    found = Suggestions((), ()) if is_of_workflow else suggestions(done, name)
    stories = SuggestedStories() if is_of_policy else stories_missing(done, name)
    if path is not None:
        _append((*found.tests, *stories.stories), path)
    elif as_json:
        put_json(_as_data(found, stories))
    else:
        _put(done, found, stories)
    if not as_json:
        _tell_what_is_left(found, stories)
    count = len(found.tests) + len(stories.stories)
    many = f"{count} tests suggested: what they expect"
    said = "1 test suggested: what it expects" if count == 1 else many
    say(f"{said} is what is decided now")


def _put(done: "Run", found: Suggestions, stories: SuggestedStories) -> None:
    examples = {tests.tests_of: tests.file for tests in done.files if tests.examples}
    for policy in dict.fromkeys(test.policy for test in found.tests):
        put(f"# {examples.get(policy, f'a tests file for {policy}')}")
        put(yaml_of(test for test in found.tests if test.policy == policy))
    told = {tests.tests_of: tests.file for tests in reversed(done.files) if tests.stories}
    for workflow in dict.fromkeys(story.workflow for story in stories.stories):
        put(f"# {told.get(workflow, f'workflows/{workflow}.tests.yaml')}")
        put(yaml_of(story for story in stories.stories if story.workflow == workflow))


def _tell_what_is_left(found: Suggestions, stories: SuggestedStories) -> None:
    for left in found.unreached:
        hint = "; a story can, in which something was given before" * (left.target.sort == "limit")
        say(f"no facts found for {line_of(left)}{hint}")
    for untold in stories.untold:
        say(f"no story found for {line_of(untold.target)}: {untold.why}")


def _as_data(found: Suggestions, stories: SuggestedStories) -> dict[str, object]:
    told = [
        {
            "workflow": story.workflow,
            "name": story.name,
            "steps": [step_as_data(step) for step in story.steps],
        }
        for story in stories.stories
    ]
    untold = [line_of(left.target) for left in stories.untold]
    left = [line_of(left) for left in found.unreached]
    return {"tests": found.tests, "stories": told, "unreached": [*left, *untold]}


def _place_of(write: str, folder: Path) -> Path:
    """The file that was named: as seen from here if that is in the folder, else from the folder."""
    here = Path(write).resolve()
    return here if here.is_relative_to(folder.resolve()) else folder.resolve() / write


def _tests_in(path: Path, done: "Run", folder: Path) -> TestsFile | None:
    return next((t for t in done.files if (folder / t.file).resolve() == path), None)


def _name_of(path: Path, done: "Run", folder: Path) -> str:
    """The policy or workflow whose tests stand in a file, or will."""
    tests = _tests_in(path, done, folder)
    return tests.tests_of if tests is not None else path.name.removesuffix(".tests.yaml")


def _is_of_workflow(path: Path, done: "Run", folder: Path) -> bool:
    """Whether a file holds stories; one that is still to be made does among the workflows."""
    tests = _tests_in(path, done, folder)
    return bool(tests.stories) if tests is not None else path.parent.name == "workflows"


def _append(tests: "Sequence[Suggested]", path: Path) -> None:
    if not tests:
        return
    content = appended(path.read_text("utf-8"), tests) if path.exists() else None
    if path.exists() and content is None:
        raise NotFound(f"`{path}` has no list of tests to append to")
    write_whole(path, content or new_file(tests, "UTC"))
    say(f"written to {path}; read what they expect before you keep them")
