"""Stories that are missing, written: for each event and deadline that none reaches, one that does.

What they expect is what happens now: an author reads it before he keeps it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aftersales.authoring.coverage import Coverage, Reached
from aftersales.authoring.examples import OPENED
from aftersales.authoring.reaching import Stand, route_to
from aftersales.authoring.rehearsal import Rehearsal
from aftersales.authoring.stories import Play, written
from aftersales.authoring.stories_begun import stands_of
from aftersales.authoring.story_values import values_of
from aftersales.authoring.taken import Reach, taken
from aftersales.authoring.targets import OF_WORKFLOWS, Target
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.story_files import Step, TestsFile
from aftersales.domain.calendar import parse_instant
from aftersales.domain.case import Effect
from aftersales.domain.errors import KindNotInForce
from aftersales.domain.workflow import Workflow

Told = Callable[[str], None]
_NO_BAND = ("", "none_needed")


@dataclass(frozen=True, slots=True)
class SuggestedStory:
    """A story to add to the tests of a workflow, each step with what happens in it now."""

    workflow: str
    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """What no story was found for, and why."""

    target: Reached
    why: str


@dataclass(frozen=True, slots=True)
class SuggestedStories:
    """The stories to add, and what none was found for."""

    stories: tuple[SuggestedStory, ...] = ()
    untold: tuple[Untold, ...] = ()


def suggest_stories(
    catalog: Catalog, coverage: Coverage, files: Mapping[str, TestsFile], told: Told
) -> SuggestedStories:
    """A story for each state, event and deadline in `coverage.left`, as far as they are found.

    `files` are those that hold the stories of each workflow. `told` hears what is looked for.
    """
    stories: list[SuggestedStory] = []
    untold: list[Untold] = []
    left = [found for found in coverage.left if found.target.sort in OF_WORKFLOWS]
    for name in dict.fromkeys(found.target.of for found in left):
        tests = files.get(name) or no_stories_of(name)
        try:
            writer = _Writer(catalog, tests)
        except KindNotInForce as error:
            untold += [Untold(found, str(error)) for found in left if found.target.of == name]
            continue
        for found in (f for f in left if f.target.of == name):
            told(f"{name} {found.target.name}")
            why = writer.reach(found.target)
            untold += [Untold(found, why)] if why else []
        stories += writer.stories
    return SuggestedStories(tuple(stories), tuple(untold))


def no_stories_of(workflow: str) -> TestsFile:
    """The tests of a workflow that has none yet."""
    return TestsFile("", workflow, "UTC", {}, (), ())


class _Writer:
    """Writes the stories of one workflow; each that is found may be the beginning of the next."""

    def __init__(self, catalog: Catalog, tests: TestsFile) -> None:
        self.tests = tests
        self.opened = next(
            (step.at for story in tests.stories for step in story.steps if step.at), OPENED
        )
        at = parse_instant(self.opened, tests.zone)
        self.rulebook = catalog.rulebook(tests.tests_of, at)
        rates = catalog.rates_on(at.date())
        self.values = values_of(self.rulebook, rates, at=at, zone=tests.zone)
        self.start = Play(Rehearsal(self.rulebook, catalog.rates_on, at), tests)
        self.begun = list(stands_of(catalog, tests))
        self.reached: set[Reach] = set()
        self.far_states: set[str] = set()
        self.stories: list[SuggestedStory] = []

    def reach(self, target: Target) -> str:
        """Write a story that comes there, unless one does; otherwise say why there is none."""
        wanted = (target.sort, target.name)
        if wanted in self.reached:
            return ""
        state = target.name.rpartition(".")[0]
        if state in self.far_states:
            return f"none comes to `{state}`"
        route = route_to(wanted, self.start, self.values, opened=self.opened, begun=self.begun)
        if route.why_not:
            self.far_states |= {target.name} if target.sort == "state" else set()
            return route.why_not
        stands = list(self._played(route.steps))
        workflow, moments = self.rulebook.workflow, stands[-1].play.on.moments
        self.reached |= set(taken(workflow, moments))
        self.begun += stands
        name = _name(target, workflow)
        self.stories.append(SuggestedStory(workflow.name, name, stands[-1].steps))
        return ""

    def _played(self, steps: Sequence[Step]) -> Iterator[Stand]:
        """The stands after each step; of the last the steps say what happens in each of them."""
        play, done = self.start.fork(), list[Step]()
        for step in steps:
            at = parse_instant(step.at, self.tests.zone) if step.at else None
            if play.on.case is None and at is not None:
                play.on.at = at
            before, seen = play.fork(), len(play.on.effects)
            play.take(step)
            is_last = step is steps[-1]
            found = _found(before, play, play.on.effects[seen:], is_last=is_last)
            done.append(replace(step, expect=found))
            yield Stand(play.fork(), tuple(done))


def _found(
    before: Play, after: Play, effects: Sequence[Effect], *, is_last: bool
) -> dict[str, tuple[str, ...]]:
    """What is worth expecting of a step: where the case stands, what was offered, sent and done."""
    case = after.on.case
    assert case is not None
    was = before.on.case.state if before.on.case is not None else ""
    found: dict[str, tuple[str, ...]] = {}
    if case.state != was or is_last:
        found["state"] = (case.state,)
    if case.outcome:
        found["outcome"] = (case.outcome,)
    for offer in list(after.on.offers.values())[len(before.on.offers) :]:
        found["offer"] = tuple(option.id for option in offer.options)
        if offer.approval not in _NO_BAND:
            found["approval"] = (offer.approval,)
    sent = tuple(dict.fromkeys(e.name for e in effects if e.lane == "message"))
    done = tuple(dict.fromkeys(_in_words(e) for e in effects if e.lane != "message"))
    found |= {"sent": sent} if sent else {}
    found |= {"effects": done} if done else {}
    if is_last and case.due_at is not None:
        found["due"] = (written(case.due_at, after.tests.zone),)
    return found


def _in_words(effect: Effect) -> str:
    return effect.name if effect.lane == "money" else f"{effect.sort} {effect.name}".strip()


def _name(target: Target, workflow: Workflow) -> str:
    """`hand_over in with_supervisor`, `take_up over in with_supervisor`, `answer_now anywhere`."""
    state, _, name = target.name.rpartition(".")
    over = f"{name} over" if target.sort == "deadline" else name
    if target.sort == "state" or not state:
        return over
    return f"{over} anywhere" if state not in workflow.states else f"{over} in {state}"
