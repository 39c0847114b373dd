"""Where the stories of a file stand after each of their steps: from there others can go on."""

from collections.abc import Iterator
from dataclasses import replace

from aftersales.authoring.reaching import Stand
from aftersales.authoring.rehearsal import Rehearsal
from aftersales.authoring.stories import Play
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.story_files import Step, Story, TestsFile
from aftersales.domain.calendar import parse_instant
from aftersales.domain.errors import AftersalesError


def stands_of(catalog: Catalog, tests: TestsFile) -> Iterator[Stand]:
    """The stands of all stories, as far as they go; steps that are refused are left out."""
    for story in tests.stories:
        if story.zone == tests.zone:
            yield from _stands(catalog, tests, story)


def _stands(catalog: Catalog, tests: TestsFile, story: Story) -> Iterator[Stand]:
    steps = [step for step in story.steps if "refused" not in step.expect]
    if not steps or not steps[0].at:
        return
    at = parse_instant(steps[0].at, tests.zone)
    play = Play(Rehearsal(catalog.rulebook(tests.tests_of, at), catalog.rates_on, at), tests)
    done: list[Step] = []
    for step in steps:
        bare = replace(step, expect={})
        try:
            play.take(bare)
        except AftersalesError:
            return
        if play.differences:
            return
        done.append(bare)
        yield Stand(play.fork(), tuple(done))
