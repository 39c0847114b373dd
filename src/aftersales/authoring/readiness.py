"""Whether definitions may be used: what a check finds in them, and what their own tests say."""

from dataclasses import dataclass
from datetime import date

from aftersales.authoring.check import proofs
from aftersales.authoring.results import StoryResult
from aftersales.authoring.stories import run_tests
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.contents import Contents
from aftersales.definitions.documents import text_of
from aftersales.definitions.notes import Notes
from aftersales.definitions.story_files import read_tests
from aftersales.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found. Without a catalog no test could be run."""

    catalog: Catalog | None
    problems: tuple[Problem, ...]
    results: tuple[StoryResult, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the definitions from being used."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def failed(self) -> tuple[StoryResult, ...]:
        """The tests that are not as their author expects."""
        return tuple(result for result in self.results if not result.has_passed)

    @property
    def is_ready(self) -> bool:
        """Whether there is no error and no failing test."""
        return self.catalog is not None and not self.errors and not self.failed


def readiness(contents: Contents, *, today: date | None = None) -> Readiness:
    """Check `contents`, prove what can be proven, and run all tests that are in them."""
    catalog, problems = Catalog.check_contents(contents, today)
    if catalog is None:
        return Readiness(None, tuple(problems), ())
    problems += proofs(catalog, contents)
    notes, results = Notes(), list[StoryResult]()
    for file, raw in contents.tests():
        text = text_of(raw, file, notes)
        tests = None if text is None else read_tests(text, file, notes)
        if tests is not None:
            results += run_tests(catalog, tests)
    found = sorted([*problems, *notes.problems], key=lambda problem: (problem.place, problem.code))
    return Readiness(catalog, tuple(found), tuple(results))
