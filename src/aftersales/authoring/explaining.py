"""Why a policy decides as it does for given facts: what was asked, what was found, what is missing.

Nothing is drawn here; all is a value. Rates, the day and the rulebook are handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from aftersales.authoring.first_offer import goodwill_given, left_to_refund
from aftersales.authoring.readers import Reader, readers_of
from aftersales.authoring.why_not import WhyNot, not_offered, why_no_rows
from aftersales.domain.conditions import Facts, Rates
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import (
    LeftOut,
    OptionPolicy,
    OptionsDecision,
    RowsDecision,
    RowsTable,
    RuleRef,
    Spent,
    Undecided,
    decide_options,
    decide_rows,
    explain_rows,
)
from aftersales.domain.policy.judging import MATTER
from aftersales.domain.rulebook import Rulebook

_WHEN = "opened_at"
_PRIORITY = ("priority", "triage")  # the fact that the engine itself asks a policy for


@dataclass(frozen=True, slots=True)
class Question:
    """A policy of a rulebook, the facts of one case as canonical texts, and when it was opened.

    `paid` is what the customer paid for the order, `earlier` what remedies on it have cost so far,
    `goodwill` what he was given lately beyond what was owed, if no fact says it. None: nothing, or
    not looked at.
    """

    rulebook: Rulebook
    policy: str
    facts: Mapping[str, str]
    at: datetime
    rates: Rates = field(default_factory=Rates.none)
    paid: Money | None = None
    earlier: Money | None = None
    goodwill: Money | None = None

    def currency(self, facts: Facts) -> str:
        """The currency of the order: that of what was paid, else of the first amount known."""
        if self.paid is not None:
            return self.paid.currency
        amounts = [facts.known.get(MATTER), *facts.known.values()]
        return next((value.currency for value in amounts if isinstance(value, Money)), "USD")

    def known(self) -> Facts:
        """The facts typed, with the built-in ones. ValueUnreadable if one cannot be read."""
        return self.rulebook.facts(self.facts, rates=self.rates, builtins={_WHEN: self.at})

    def spent(self, facts: Facts) -> Spent:
        """What was given before, and what is left to refund of the case that `facts` are about."""
        currency = self.currency(facts)
        given = ((0, self.goodwill),) if self.goodwill is not None else goodwill_given(facts)
        left = left_to_refund(facts, currency, self.paid)
        return Spent(left, self.earlier or zero(currency), given)


@dataclass(frozen=True, slots=True)
class Answer:
    """A fact that a policy answers: which, what, and by which row; `facts` are those it read."""

    fact: str
    policy: str
    value: str  # canonical text; empty if it was not answered
    decision: RowsDecision | Undecided
    left_out: tuple[LeftOut, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is needed and not known: what it is, what it may be, and who reads it."""

    fact: str
    label: str
    may_be: str
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """All that can be told about one decision.

    `because` gives the author's reason of each rule that has one, by id.
    """

    policy: str
    kind: str
    about: str
    place: str
    facts: Mapping[str, str]
    answers: tuple[Answer, ...]
    decision: OptionsDecision | RowsDecision | Undecided
    missing: tuple[Missing, ...] = ()
    not_offered: tuple[WhyNot, ...] = ()
    left_out: tuple[LeftOut, ...] = ()  # of a rows table: why the other rows do not fit
    because: Mapping[str, str] = field(default_factory=dict)


def explain(question: Question) -> Explained:
    """Decide, and tell why. KeyError if the rulebook has no such policy."""
    policies = question.rulebook.policies
    policy = policies.compensation.get(question.policy)
    if policy is not None:
        return _options(question, policy)
    return _rows(question, policies.rows[question.policy])


def answers_of(rulebook: Rulebook, facts: Facts, reads: frozenset[str]) -> tuple[Answer, ...]:
    """The facts among `reads` that policies answer, those they stand on before them."""
    return tuple(_Answering(rulebook, facts).all(reads))


def with_answers(facts: Facts, answers: tuple[Answer, ...]) -> Facts:
    """`facts` with the answers filled in."""
    known = {a.fact: facts.schema.read(a.fact, a.value) for a in answers if a.value}
    return facts.having(**known)


def _options(question: Question, policy: OptionPolicy) -> Explained:
    facts = question.known()
    policies = question.rulebook.policies
    reads = policies.reads(policy.name)
    answers = answers_of(question.rulebook, facts, reads)
    facts = with_answers(facts, answers)
    decision = decide_options(policies, policy.name, facts, question.spent(facts))
    rules = (*policy.rows, *policy.exceptions, *((policy.otherwise,) if policy.otherwise else ()))
    reasons = {rule.ref.rule: rule.because for rule in rules if rule.because}
    explained = _explained(question, policy.ref, facts, answers, decision)
    if isinstance(decision, OptionsDecision):
        explained = replace(explained, not_offered=not_offered(policy, facts, decision))
    return replace(explained, about=policy.about, because=reasons)


def _rows(question: Question, table: RowsTable) -> Explained:
    facts = question.known()
    answers = answers_of(question.rulebook, facts, table.reads)
    facts = with_answers(facts, answers)
    decision = decide_rows(table, facts)
    rows = (*table.rows, *((table.otherwise,) if table.otherwise else ()))
    reasons = {row.ref.rule: row.because for row in rows if row.because}
    explained = _explained(question, table.ref, facts, answers, decision)
    return replace(explained, because=reasons, left_out=_rows_left_out(table, facts))


def _rows_left_out(table: RowsTable, facts: Facts) -> tuple[LeftOut, ...]:
    return explain_rows(table, facts) or why_no_rows(table, facts)


def _explained(
    question: Question,
    ref: RuleRef,
    facts: Facts,
    answers: tuple[Answer, ...],
    decision: OptionsDecision | RowsDecision | Undecided,
) -> Explained:
    missing = _missing(question, facts, answers, decision)
    texts = {name: text for name, text in facts.texts().items() if name != _WHEN}
    return Explained(
        policy=question.policy,
        kind=question.rulebook.kind,
        about="",
        place=f"{ref.file}:{ref.line}",
        facts=texts,
        answers=answers,
        decision=decision,
        missing=missing,
    )


def _missing(
    question: Question,
    facts: Facts,
    answers: tuple[Answer, ...],
    decision: OptionsDecision | RowsDecision | Undecided,
) -> tuple[Missing, ...]:
    """The facts for want of which there is no decision, those behind unanswered facts too."""
    if not isinstance(decision, Undecided):
        return ()
    undecided = [decision, *(a.decision for a in answers if isinstance(a.decision, Undecided))]
    wanted = dict.fromkeys(found.missing for found in undecided if found.missing)
    answered = {answer.fact for answer in answers}
    asked = frozenset((question.policy, *(answer.policy for answer in answers)))
    return tuple(
        _described(question.rulebook, facts, name, asked) for name in wanted if name not in answered
    )


def _described(rulebook: Rulebook, facts: Facts, name: str, asked: frozenset[str]) -> Missing:
    declared = facts.schema.declared(name)
    readers = readers_of(rulebook.policies, name, asked)
    if declared is None:
        return Missing(name, "", "", readers)
    may_be = ", ".join(declared.choices) or str(declared.type)
    if declared.range is not None:
        may_be = f"{may_be}, {declared.range}"
    return Missing(name, declared.shown, may_be, readers)


class _Answering:
    """Rows tables asked for facts, each once, those that a table reads before it."""

    def __init__(self, rulebook: Rulebook, facts: Facts) -> None:
        self.rulebook, self.facts = rulebook, facts
        self.policies = dict(facts.schema.derived_by_policy)
        if _PRIORITY[1] in rulebook.policies.rows:
            self.policies[_PRIORITY[0]] = _PRIORITY[1]
        self.found: dict[str, Answer] = {}
        self.asking: set[str] = set()

    def all(self, reads: frozenset[str]) -> list[Answer]:
        for name in sorted(reads & self.policies.keys()):
            if self.facts.get(name) is None and name not in self.found:
                self._ask(name)
        return list(self.found.values())

    def _ask(self, name: str) -> None:
        table = self.rulebook.policies.rows.get(self.policies[name])
        if table is None or name in self.asking:
            return
        self.asking.add(name)
        self.all(table.reads - self.asking)
        decision = decide_rows(table, self.facts)
        value = "" if isinstance(decision, Undecided) else decision.answers.get(name, "")
        if value:
            self.facts = self.facts.having(**{name: self.facts.schema.read(name, value)})
        left_out, because = _rows_left_out(table, self.facts), _because(table, decision)
        self.found[name] = Answer(name, table.name, value, decision, left_out, because)


def _because(table: RowsTable, decision: RowsDecision | Undecided) -> str:
    if isinstance(decision, Undecided):
        return ""
    rows = (*table.rows, *((table.otherwise,) if table.otherwise else ()))
    return next((row.because for row in rows if row.ref == decision.rule), "")
