"""Stories and examples run: what an author expects, held against what the definitions do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aftersales.authoring.examples import BUILT_IN, run_example
from aftersales.authoring.rehearsal import Rehearsal
from aftersales.authoring.results import Difference, StoryResult, compared
from aftersales.authoring.texts import canonical_texts
from aftersales.authoring.why_not import why_no_option
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.story_files import ROLES, Step, Story, TestsFile
from aftersales.domain.calendar import local, parse_instant, speak
from aftersales.domain.case import Actor, Case, Effect, Role, Timer
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import Money
from aftersales.domain.workflow import Workflow


def run_tests(catalog: Catalog, tests: TestsFile) -> list[StoryResult]:
    """Run every story and example of a file."""
    stories = [run_story(catalog, tests, story) for story in tests.stories]
    return stories + [run_example(catalog, tests, example) for example in tests.examples]


def run_story(catalog: Catalog, tests: TestsFile, story: Story) -> StoryResult:
    """Play one story in memory, checking each step."""
    tests = replace(tests, zone=story.zone)
    start = next((step for step in story.steps if step.at), None)
    if start is None:
        told = Difference(story.place, "the first step says no `at:`")
        return StoryResult(story.name, story.place, (told,))
    at = parse_instant(start.at, tests.zone)
    rulebook = catalog.rulebook(tests.tests_of, at)
    play = Play(Rehearsal(rulebook, catalog.rates_on, at), tests)
    for step in story.steps:
        try:
            play.take(step)
        except AftersalesError as error:
            play.fail(step, str(error))
        if play.differences:
            break  # what follows a step that went wrong says nothing
    outcome = play.on.case.outcome if play.on.case is not None else ""
    return StoryResult(
        name=story.name,
        place=story.place,
        differences=tuple(play.differences),
        outcome=outcome,
        moments=tuple(play.on.moments),
        rulebook=rulebook,
    )


class Play:
    """A rehearsal under way, and what was not as expected so far."""

    def __init__(self, rehearsal: Rehearsal, tests: TestsFile) -> None:
        self.on = rehearsal
        self.tests = tests
        self.differences: list[Difference] = []

    def fork(self) -> "Play":
        """Another play that stands where this one does, and goes on by itself."""
        return Play(self.on.fork(), self.tests)

    def fail(self, step: Step, why: str) -> None:
        self.differ(Difference(step.place, why))

    def differ(self, difference: Difference) -> None:
        self.differences.append(difference)

    def take(self, step: Step) -> None:
        """Let time pass, do what the step says, compare."""
        before = len(self.on.effects)
        if step.at and self.on.case is not None:
            self.on.pass_until(parse_instant(step.at, self.tests.zone))
        if step.wait is not None:
            self.on.wait(step.wait)
        self.on.refused = None
        self._do(step)
        self._check_refusal(step)
        self._check(step, self.on.effects[before:])
        for broken in self.on.broken:
            self.fail(step, broken)

    def _do(self, step: Step) -> None:
        if step.opens is not None:
            self._open({**self.tests.usual, **step.opens})
        elif step.event:
            self.on.submit(step.event, by=_actor(step.by), facts=self._texts(step.given))
        elif step.settle:
            self.on.settle(reason="it failed" if step.settle == "failed" else "")

    def _open(self, given: Mapping[str, str]) -> None:
        facts = {name: text for name, text in given.items() if name not in (*BUILT_IN, "paid")}
        paid = given.get("paid") or given.get("affected_value")
        self.on.paid = Money.parse(paid) if paid else None
        self.on.open(self._texts(facts), by=Actor.system())

    def _texts(self, facts: Mapping[str, str]) -> dict[str, str]:
        return canonical_texts(self.on.rulebook.schema, facts, self.tests.zone)

    def _check_refusal(self, step: Step) -> None:
        refused, expected = self.on.refused, step.expect.get("refused")
        if expected is None and refused is not None:
            self.fail(step, f"`{step.event}` was refused: {refused.reason}")
        elif expected is not None and refused is None:
            self.fail(step, f"`{step.event}` was not refused")
        elif expected is not None and refused is not None:
            is_meant = expected[0] in ("yes", refused.code) or expected[0] in refused.reason
            if not is_meant:
                self.fail(step, f"refused for another reason: {refused.reason}")

    def _check(self, step: Step, effects: Sequence[Effect]) -> None:
        case = self.on.case
        if case is None:
            return
        offer = self.on.offers.get(case.offer_id)
        options = tuple(option.id for option in offer.options) if offer else ()
        found = {
            "state": (case.state,),
            "outcome": (case.outcome,),
            "priority": (case.priority,),
            "calendar": (self.on.rulebook.calendar(of_case=case.calendar).name,),
            "approval": (offer.approval,) if offer else (),
            "sent": tuple(e.name for e in effects if e.lane == "message"),
            "effects": tuple(word for e in effects for word in _words(e)),
        }
        for name, expected in step.expect.items():
            match name:
                case "refused":
                    continue
                case "offer":
                    self._check_offer(step, expected, options)
                case "due":
                    self._check_due(step, expected[0], case.due_at)
                case _ if name.startswith("due "):
                    self._check_deadline(step, case, name.removeprefix("due "), expected[0])
                case "sent" | "effects":
                    self._check_done(step, name, expected, found[name])
                case "needs_person":
                    self._same(step, name, expected, ("yes" if case.needs_person else "no",))
                case _ if name in found:
                    self._same(step, name, expected, found[name])
                case _ if name in case.facts:
                    self._same(step, name, expected, (case.facts[name],))
                case _:
                    self.fail(step, f"a story cannot expect `{name}`")

    def _check_offer(self, step: Step, expected: Sequence[str], found: Sequence[str]) -> None:
        if set(expected) == set(found):
            return
        why = [] if not found else self._ruled_out([id for id in expected if id not in found])
        self.differ(compared(step.place, "offer", expected, found, why=tuple(why)))

    def _ruled_out(self, absent: Sequence[str]) -> list[str]:
        """Which rule made the offer, and what ruled out the options that are absent."""
        moment = next(moment for moment in reversed(self.on.moments) if moment.change.offers)
        offer = moment.change.offers[-1]
        policy = self.on.rulebook.policies.compensation[offer.policy]
        reads = self.on.rulebook.policies.reads(offer.policy)
        facts = self.on.rulebook.answered(moment.facts, reads)
        whys = [why_no_option(policy, facts, offer.decision, id) for id in absent]
        told = [f"`{why.option}` was left out: {why.why} [{why.rule}]" for why in whys]
        return [f"decided by {offer.decision.rule}", *told]

    def _check_done(
        self, step: Step, name: str, expected: Sequence[str], found: Sequence[str]
    ) -> None:
        missing = [word for word in expected if word not in found]
        if missing:
            said = ", ".join(found) or "nothing"
            told = f"{name}: {', '.join(missing)} expected, found {said}"
            kept = tuple(word for word in expected if word in found)
            better = tuple(dict.fromkeys(found)) if name == "sent" else kept
            self.differ(
                Difference(
                    step.place,
                    told,
                    name,
                    tuple(expected),
                    better,
                    self._moved_by(),
                    is_rewritable=bool(better),
                )
            )

    def _moved_by(self) -> tuple[str, ...]:
        """The transition, timer or rule of the newest change."""
        rule = self.on.history[-1].rule if self.on.history else ""
        return (f"by {rule}",) if rule else ()

    def _check_due(
        self, step: Step, expected: str, due_at: datetime | None, name: str = ""
    ) -> None:
        wanted = parse_instant(expected, self.tests.zone)
        if due_at != wanted:
            found = speak(due_at, self.tests.zone) if due_at else "nothing is due"
            what = f"due {name}".strip()
            said = f"{what}: {speak(wanted, self.tests.zone)} expected, found {found}"
            shown = (written(due_at, self.tests.zone),) if due_at else ()
            told = Difference(
                step.place, said, what, (expected,), shown, is_rewritable=due_at is not None
            )
            self.differ(told)

    def _check_deadline(self, step: Step, case: Case, name: str, expected: str) -> None:
        """Compare when one deadline is due; `no` if it does not run, `paused` while it is."""
        if name not in _deadlines(self.on.rulebook.workflow):
            self.fail(step, f"there is no deadline `{name}`")
            return
        timers = [t for t in case.timers if t.deadline == name and t.warning is None]
        timer = max(timers, key=lambda t: t.number, default=None)
        if expected not in ("no", "paused") and timer is not None and timer.due_at is not None:
            self._check_due(step, expected, timer.due_at, name)
        elif expected not in ("no", "paused"):
            self._check_due(step, expected, None, name)
        elif expected != (found := _running(timer, self.tests.zone)):
            said = f"due {name}: {expected} expected, found {found}"
            at = timer.due_at if timer is not None else None
            shown = written(at, self.tests.zone) if at is not None else found
            can = at is not None or found in ("no", "paused")
            told = Difference(
                step.place, said, f"due {name}", (expected,), (shown,), is_rewritable=can
            )
            self.differ(told)

    def _same(
        self, step: Step, name: str, expected: tuple[str, ...], found: tuple[str, ...]
    ) -> None:
        if expected != found:
            can = bool(found) and all(found)
            why = self._moved_by()
            told = compared(step.place, name, expected, found, why=why, is_rewritable=can)
            self.differ(told)


def _deadlines(workflow: Workflow) -> set[str]:
    """The names of all deadlines that a workflow declares."""
    of_states = {name for state in workflow.states.values() for name in state.deadlines}
    return of_states | set(workflow.case_deadlines)


def _running(timer: Timer | None, zone: str) -> str:
    """When a timer is due as a story says it, or why it has no such time."""
    if timer is None:
        return "no"
    if timer.due_at is not None:
        return speak(timer.due_at, zone)
    return "paused" if timer.paused_at is not None else "that its message was not told yet"


def _words(effect: Effect) -> tuple[str, ...]:
    """The ways a story may name an effect: `refund`, `full_refund`, `alert manager`, `call x`."""
    return (effect.sort, effect.name, f"{effect.sort} {effect.name}")


def written(at: datetime, zone: str) -> str:
    """An instant as a tests file says it."""
    wall = local(at, zone)
    return wall.strftime("%Y-%m-%d %H:%M:%S" if wall.second else "%Y-%m-%d %H:%M")


def _actor(by: str) -> Actor:
    role, _, id = by.partition(" ")
    known: Role = next((r for r in ROLES if r == role), "agent")
    return Actor(id or role, known)
