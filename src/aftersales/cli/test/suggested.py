"""`--suggest`: the tests that are missing, to paste, or written into a tests file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales.authoring.examples import OPENED, ask
from aftersales.authoring.results import Asked
from aftersales.authoring.suggested_yaml import appended, new_file, yaml_of
from aftersales.authoring.suggesting import Suggestions, suggest
from aftersales.cli.exits import NotFound
from aftersales.cli.output import put, put_json, say
from aftersales.cli.test.coverage import coverage_of, line_of
from aftersales.cli.writing import write_whole
from aftersales.domain.calendar import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def tell(done: "Run", folder: Path, write: str | None, *, as_json: bool) -> None:
    """Print the tests by policy, or append those of one to its tests file."""
    path = _place_of(write, folder) if write is not None else None
    found = suggestions(done, None if path is None else _policy_of(path, done, folder))
    files = {tests.tests_of: tests.file for tests in done.files if tests.examples}
    if path is not None:
        _append(found, path)
    elif as_json:
        put_json({"tests": found.tests, "unreached": [line_of(left) for left in found.unreached]})
    else:
        for policy in dict.fromkeys(test.policy for test in found.tests):
            put(f"# {files.get(policy, f'a tests file for {policy}')}")
            put(yaml_of(test for test in found.tests if test.policy == policy))
    for left in found.unreached if not as_json else ():
        hint = "; a story can, in which something was given before" * (left.target.sort == "limit")
        say(f"no facts found for {line_of(left)}{hint}")
    said = (
        "1 test suggested: what it expects"
        if len(found.tests) == 1
        else (f"{len(found.tests)} tests suggested: what they expect")
    )
    say(f"{said} is what is decided now")


def _place_of(write: str, folder: Path) -> Path:
    """The file that was named: as seen from here if that is in the folder, else from the folder."""
    here = Path(write).resolve()
    return here if here.is_relative_to(folder.resolve()) else folder.resolve() / write


def _policy_of(path: Path, done: "Run", folder: Path) -> str:
    """The policy whose tests stand in a file, or will."""
    for tests in done.files:
        if (folder / tests.file).resolve() == path:
            return tests.tests_of
    return path.name.removesuffix(".tests.yaml")


def _append(found: Suggestions, path: Path) -> None:
    if not found.tests:
        return
    content = appended(path.read_text("utf-8"), found.tests) if path.exists() else None
    if path.exists() and content is None:
        raise NotFound(f"`{path}` has no list of tests to append to")
    write_whole(path, content or new_file(found.tests, "UTC"))
    say(f"written to {path}; read what they expect before you keep them")
