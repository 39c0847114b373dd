"""The rulebook: all that binds one case, whatever is edited after it was opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aftersales.domain.calendar import Calendar
from aftersales.domain.conditions import Facts, FactSchema, Rates, Value
from aftersales.domain.errors import FactMissing, InvariantBroken
from aftersales.domain.policy import Policies, RowsDecision, Undecided, decide_rows
from aftersales.domain.problem import Place
from aftersales.domain.workflow import Warning, Workflow, WorkflowMachine

SEMANTICS = 1  # raised when the same definitions would come to mean something else
_OF_THE_WORKFLOW = ("", "of the workflow")


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """A reply in one language: what it needs to be filled in, and the texts. Rendered elsewhere."""

    name: str
    language: str
    subject: str
    body: str
    needs: tuple[str, ...] = ()
    subject_place: Place | None = field(default=None, compare=False)
    body_place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Facts, workflow, policies, replies and calendars of one kind, known by their digest.

    `canonical` is what the digest is taken of; `places` say where it was written, for
    explanations, and are not part of it. `ladders` are the warnings that rows tables answer.
    """

    digest: str
    kind: str
    workflow: Workflow
    schema: FactSchema
    policies: Policies
    calendars: Mapping[str, Calendar]
    replies: Mapping[str, Mapping[str, ReplyTemplate]]  # by language, then by name
    canonical: Mapping[str, Any] = field(repr=False, default_factory=dict)
    places: Mapping[str, list[list[int]]] = field(repr=False, default_factory=dict)
    ladders: Mapping[str, tuple[Warning, ...]] = field(repr=False, default_factory=dict)
    semantics: int = SEMANTICS
    machine: WorkflowMachine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "machine", WorkflowMachine(self.workflow))

    def calendar(self, name: str | None = None, *, of_case: str = "") -> Calendar:
        """The calendar `name`; without a name the case's, and where it has none the workflow's.

        `of_case` is the calendar that a policy answered when the case was opened.
        """
        if name is None or name in _OF_THE_WORKFLOW:
            name = of_case or self.workflow.calendar
        if not name:
            raise InvariantBroken(f"a case of `{self.kind}` was opened without a calendar")
        return self.calendars[name]

    def facts(
        self, texts: Mapping[str, str], *, rates: Rates, builtins: Mapping[str, Value] | None = None
    ) -> Facts:
        """The facts of a case from their canonical texts, with the built-in ones."""
        return self.schema.typed(texts, rates=rates, **(builtins or {}))

    def answered(self, facts: Facts, reads: frozenset[str]) -> Facts:
        """`facts` with those that a policy answers filled in, as far as `reads` asks for them.

        One that cannot be answered stays missing: the condition that reaches it says so.
        """
        for name in sorted(reads & self.schema.derived_by_policy.keys()):
            if facts.get(name) is None:
                answer = self.answer(name, facts)
                facts = facts if isinstance(answer, Undecided) else facts.having(**{name: answer})
        return facts

    def answer(self, fact: str, facts: Facts) -> Value | Undecided:
        """What the rows table named in `is: by policy NAME` says of `fact`."""
        policy = self.schema.derived_by_policy[fact]
        table = self.policies.rows.get(policy)
        if table is None:
            return Undecided(policy, f"the policy `{policy}` is not in force")
        reads = frozenset(name for row in table.rows for name in row.when.reads)
        try:
            decision = decide_rows(table, self.answered(facts, reads - {fact}))
        except FactMissing as missing:
            return Undecided(policy, str(missing))
        if isinstance(decision, Undecided):
            return decision
        text = decision.answers.get(fact)
        if text is None:
            return Undecided(policy, f"`{decision.rule.rule}` does not answer `{fact}`")
        return self.schema.read(fact, text)

    def ladder(self, policy: str, decision: RowsDecision) -> tuple[Warning, ...]:
        """The warnings that a row of the table `policy` answers."""
        table = self.policies.rows[policy]
        columns = (column.name for column in table.columns if column.type == "ladder")
        texts = (decision.answers.get(name, "") for name in columns)
        return next((self.ladders[text] for text in texts if text in self.ladders), ())

    def reply(self, name: str, languages: tuple[str, ...]) -> ReplyTemplate | None:
        """The reply `name` in the first of the languages that has it, else in any."""
        for language in (*languages, *sorted(self.replies)):
            if (template := self.replies.get(language, {}).get(name)) is not None:
                return template
        return None
