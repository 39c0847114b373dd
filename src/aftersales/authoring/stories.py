"""Stories and examples run: what an author expects, held against what the definitions do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aftersales.authoring.rehearsal import Rehearsal
from aftersales.authoring.texts import canonical_texts
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.story_files import ROLES, Example, Step, Story, TestsFile
from aftersales.domain.calendar import parse_instant, speak
from aftersales.domain.case import Actor, Case, Effect, Role, Timer
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import Money
from aftersales.domain.policy import (
    OptionsDecision,
    RowsDecision,
    Spent,
    Undecided,
    decide_options,
    decide_rows,
)
from aftersales.domain.problem import Place
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Workflow

BUILT_IN = ("kind", "state", "deadline", "priority")
PLENTY = Money("1000000", "USD")


@dataclass(frozen=True, slots=True)
class StoryResult:
    """One test and what was not as expected. No failures: it passed."""

    name: str
    place: Place
    failures: tuple[str, ...]
    visited: frozenset[tuple[str, str]] = frozenset()  # (state, event) pairs taken
    outcome: str = ""

    @property
    def has_passed(self) -> bool:
        return not self.failures


def run_tests(catalog: Catalog, tests: TestsFile) -> list[StoryResult]:
    """Run every story and example of a file."""
    stories = [run_story(catalog, tests, story) for story in tests.stories]
    return stories + [_run_example(catalog, tests, example) for example in tests.examples]


def run_story(catalog: Catalog, tests: TestsFile, story: Story) -> StoryResult:
    """Play one story in memory, checking each step."""
    tests = replace(tests, zone=story.zone)
    start = next((step for step in story.steps if step.at), None)
    if start is None:
        return StoryResult(story.name, story.place, ("the first step says no `at:`",))
    at = parse_instant(start.at, tests.zone)
    rulebook = catalog.rulebook(tests.tests_of, at)
    play = _Play(Rehearsal(rulebook, catalog.rates_on, at), tests)
    for step in story.steps:
        try:
            play.take(step)
        except AftersalesError as error:
            play.fail(step, str(error))
        if play.failures:
            break  # what follows a step that went wrong says nothing
    taken = frozenset((entry.state_before, entry.event) for entry in play.on.history)
    outcome = play.on.case.outcome if play.on.case is not None else ""
    return StoryResult(story.name, story.place, tuple(play.failures), taken, outcome)


class _Play:
    """A rehearsal under way, and what was not as expected so far."""

    def __init__(self, rehearsal: Rehearsal, tests: TestsFile) -> None:
        self.on = rehearsal
        self.tests = tests
        self.failures: list[str] = []

    def fail(self, step: Step, why: str) -> None:
        self.failures.append(f"{step.place}: {why}")

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
                    self._same(step, "offer", set(expected), set(options))
                case "due":
                    self._check_due(step, expected[0], case.due_at)
                case _ if name.startswith("due "):
                    self._check_deadline(step, case, name.removeprefix("due "), expected[0])
                case "sent" | "effects":
                    missing = [word for word in expected if word not in found[name]]
                    if missing:
                        said = ", ".join(found[name]) or "nothing"
                        self.fail(step, f"{name}: {', '.join(missing)} expected, found {said}")
                case "needs_person":
                    self._same(step, name, expected[0] == "yes", bool(case.needs_person))
                case _ if name in found:
                    self._same(step, name, expected, found[name])
                case _ if name in case.facts:
                    self._same(step, name, expected, (case.facts[name],))
                case _:
                    self.fail(step, f"a story cannot expect `{name}`")

    def _check_due(
        self, step: Step, expected: str, due_at: datetime | None, name: str = ""
    ) -> None:
        wanted = parse_instant(expected, self.tests.zone)
        if due_at != wanted:
            found = speak(due_at, self.tests.zone) if due_at else "nothing is due"
            what = f"due {name}".strip()
            self.fail(step, f"{what}: {speak(wanted, self.tests.zone)} expected, found {found}")

    def _check_deadline(self, step: Step, case: Case, name: str, expected: str) -> None:
        """Compare when one deadline is due; `no` if it does not run, `paused` while it is."""
        if name not in _deadlines(self.on.rulebook.workflow):
            self.fail(step, f"there is no deadline `{name}`")
            return
        timers = [t for t in case.timers if t.deadline == name and t.warning is None]
        timer = max(timers, key=lambda t: t.number, default=None)
        if expected not in ("no", "paused"):
            self._check_due(step, expected, timer.due_at if timer else None, name)
        elif expected != (found := _running(timer, self.tests.zone)):
            self.fail(step, f"due {name}: {expected} expected, found {found}")

    def _same(self, step: Step, name: str, expected: object, found: object) -> None:
        if expected != found:
            self.fail(step, f"{name}: {_said(expected)} expected, found {_said(found)}")


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


def _said(value: object) -> str:
    if isinstance(value, tuple | set):
        return ", ".join(sorted(map(str, value))) or "nothing"
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _actor(by: str) -> Actor:
    role, _, id = by.partition(" ")
    known: Role = next((r for r in ROLES if r == role), "agent")
    return Actor(id or role, known)


# -- examples of a policy


def _run_example(catalog: Catalog, tests: TestsFile, example: Example) -> StoryResult:
    tests = replace(tests, zone=example.zone)
    given = {**tests.usual, **example.given}
    at = parse_instant(given.pop("opened_at", "2026-06-01 12:00"), tests.zone)
    rulebook = catalog.rulebook(_kind(catalog, tests, given), at)
    example = _answers_expected(rulebook, tests, example, given)
    builtins = {name: given.pop(name) for name in BUILT_IN if name in given}
    texts = canonical_texts(rulebook.schema, given, tests.zone)
    try:
        failures = _decided(catalog, rulebook, tests.tests_of, texts, builtins, at, example)
    except AftersalesError as error:
        failures = [str(error)]
    told = tuple(f"{example.place}: {failure}" for failure in failures)
    return StoryResult(example.name, example.place, told)


def _answers_expected(
    rulebook: Rulebook, tests: TestsFile, example: Example, given: dict[str, str]
) -> Example:
    """In the columns of a rows table's tests, the table's answers are expected, not given."""
    table = rulebook.policies.rows.get(tests.tests_of)
    answers = {column.name for column in table.columns} if table is not None else set()
    told = {name: (given.pop(name),) for name in answers & set(example.given)}
    return replace(example, expect={**told, **example.expect})


def _kind(catalog: Catalog, tests: TestsFile, given: Mapping[str, str]) -> str:
    kind = given.get("kind", tests.tests_of)
    return kind if kind in catalog.kinds else catalog.kinds[0]


def _decided(
    catalog: Catalog,
    rulebook: Rulebook,
    policy: str,
    texts: Mapping[str, str],
    builtins: Mapping[str, str],
    at: datetime,
    example: Example,
) -> list[str]:
    rates = catalog.rates_on(at.astimezone(UTC).date())
    facts = rulebook.facts(texts, rates=rates, builtins={**builtins, "opened_at": at})
    if policy in rulebook.policies.compensation:
        table = rulebook.policies.compensation[policy]
        facts = rulebook.answered(facts, table.reads)
        currency = next((t.split()[1] for n, t in texts.items() if n == "affected_value"), "USD")
        plenty = Money.from_minor(PLENTY.minor, currency)
        nothing = Money.from_minor(0, currency)
        decision = decide_options(rulebook.policies, policy, facts, Spent(plenty, nothing))
        return _compared(example, _of_options(decision))
    rows = rulebook.policies.rows.get(policy)
    if rows is None:
        return [f"no case of `{rulebook.kind}` asks `{policy}`; give a `kind` that does"]
    reads = frozenset(name for row in rows.rows for name in row.when.reads)
    return _compared(example, _of_rows(decide_rows(rows, rulebook.answered(facts, reads))))


def _of_options(decision: OptionsDecision | Undecided) -> dict[str, tuple[str, ...]]:
    if isinstance(decision, Undecided):
        return {"undecided": ("yes",), "options": ()}
    amounts = (r.amount for option in decision.options for r in option.remedies)
    return {
        "undecided": ("no",),
        "options": tuple(option.id for option in decision.options),
        "rule": (decision.rule.rule,),
        "approval": (decision.approval,),
        "returns": tuple(dict.fromkeys(option.returns.answer for option in decision.options)),
        "amounts": tuple(str(amount) for amount in amounts if amount is not None),
    }


def _of_rows(decision: RowsDecision | Undecided) -> dict[str, tuple[str, ...]]:
    if isinstance(decision, Undecided):
        return {"undecided": ("yes",)}
    answers = {name: (text,) for name, text in decision.answers.items()}
    return {**answers, "rule": (decision.rule.rule,), "undecided": ("no",)}


def _compared(example: Example, found: Mapping[str, tuple[str, ...]]) -> list[str]:
    failures = []
    for name, expected in example.expect.items():
        got = found.get(name, ())
        if sorted(got) != sorted(expected):
            failures.append(f"{name}: {_said(expected)} expected, found {_said(got)}")
    return failures
