"""Tests that are missing, written: for each rule and edge that no test reaches, facts that do.

The facts differ from the usual ones as little as can be, and are round. What is expected is what
is decided now: an author reads it before he keeps it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from aftersales.authoring.coverage import Coverage, Reached, deciding, lacking
from aftersales.authoring.examples import found
from aftersales.authoring.first_offer import GOODWILL
from aftersales.authoring.results import Asked
from aftersales.authoring.searching import Search, without_option_facts
from aftersales.authoring.targets import OF_WORKFLOWS, OPTION, Edge, edges_of
from aftersales.domain.conditions import Condition, Rates, all_of
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import Money
from aftersales.domain.policy import (
    OptionPolicy,
    OptionsRule,
    RowsDecision,
    RuleRef,
    Undecided,
)
from aftersales.domain.rulebook import Rulebook

Texts = Mapping[str, str]
Ask = Callable[[Rulebook, str, Texts], Asked]
_AROUND = frozenset(("channel", "law"))  # of no policy: a test of any may reach them
_MOST_TRIED = 60
_MOST_NEEDED = 12  # facts that are made up for one test


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A test to add: its policy, a name, the facts beyond the usual ones, and what is decided."""

    policy: str
    kind: str
    name: str
    given: Texts
    expect: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The tests to add, and what no facts were found for."""

    tests: tuple[Suggestion, ...]
    unreached: tuple[Reached, ...]


def suggest(
    rulebooks: Sequence[Rulebook],
    coverage: Coverage,
    ask: Ask,
    *,
    usual: Mapping[str, Texts],
    rates: Rates,
) -> Suggestions:
    """A test for each rule and edge in `coverage.left` but of workflows, where facts can be found.

    Rules of channels and floors of law are reached by a test of the first policy that can.
    `ask` puts a question as a test would; `usual` are the facts of each policy's tests file.
    """
    tests: list[Suggestion] = []
    unreached: list[Reached] = []
    done: dict[str, _Writer] = {}
    for left in coverage.left:
        if left.target.sort in OF_WORKFLOWS:
            continue
        is_around = left.target.sort in _AROUND
        for name in _option_policies(rulebooks) if is_around else [left.target.of]:
            if name not in done:
                done[name] = _Writer(rulebooks, name, ask, usual.get(name), rates)
            tests += done[name].tests_for(left)
            if done[name].is_reached(left):
                break
        else:
            unreached.append(left)
    return Suggestions(tuple(tests), tuple(unreached))


def _option_policies(rulebooks: Sequence[Rulebook]) -> list[str]:
    return sorted({name for rulebook in rulebooks for name in rulebook.policies.compensation})


def _rulebook(rulebooks: Sequence[Rulebook], policy: str, usual: Texts) -> Rulebook:
    """That of the usual kind, if it has the policy; else the first that does."""
    holding = [
        r for r in rulebooks if policy in r.policies.rows or policy in r.policies.compensation
    ]
    return next((r for r in holding if r.kind in (usual.get("kind"), policy)), holding[0])


class _Writer:
    """Writes the tests of one policy, and remembers what they reach."""

    def __init__(
        self,
        rulebooks: Sequence[Rulebook],
        policy: str,
        ask: Ask,
        usual: Texts | None,
        rates: Rates,
    ) -> None:
        self.policy, self.ask = policy, ask
        self.rulebook = _rulebook(rulebooks, policy, usual or {})
        kind = {"kind": self.rulebook.kind}
        # A file that is there says what is usual; one that is still to be made will say the kind.
        self.each = kind if usual is not None and "kind" not in usual else {}
        self.usual = {**kind, **(usual or {})}
        self.search = Search(self.rulebook, policy, self.usual, rates)
        self.asked: list[Asked] = []

    def is_reached(self, left: Reached) -> bool:
        """Whether the tests written so far reach the target whole."""
        if left.edge is not None:
            return not self._lacks(left, self.asked)
        wanted = (left.target.name, left.target.file, left.target.line)
        refs = (ref for asked in self.asked for ref in deciding(asked))
        return any((ref.rule, ref.file, ref.line) == wanted for ref in refs)

    def tests_for(self, left: Reached) -> list[Suggestion]:
        """The tests that a target still needs: one, or two for an edge."""
        if self.is_reached(left):
            return []
        if left.edge is not None:
            return self._for_edge(left, left.edge)
        for texts in islice(self._candidates(left), _MOST_TRIED):
            if (tried := self._tried(texts)) is None:
                continue
            self.asked.append(tried[1])
            if self.is_reached(left):
                return [self._written(_name(left), *tried)]
            self.asked.pop()
        return []

    def _for_edge(self, left: Reached, edge: Edge) -> list[Suggestion]:
        """A test at the edge and one beside it, of which `left.lacks` still needs."""
        tests = []
        for words, step in (
            ("at", 0),
            ("just below" if edge.step < 0 else "just above", edge.step),
        ):
            if words not in left.lacks or words not in self._lacks(left, self.asked):
                continue
            for texts in islice(self._at_edge(edge, step), _MOST_TRIED):
                tried = self._tried(texts)
                if tried is not None and words not in self._lacks(left, [tried[1]]):
                    self.asked.append(tried[1])
                    name = f"{edge.rule.rule} {words} {edge.text}"
                    tests.append(self._written(name, *tried))
                    break
        return tests

    def _lacks(self, left: Reached, asked: Sequence[Asked]) -> str:
        """Of what the tests of the folder lack, what these lack too."""
        assert left.edge is not None
        told = lacking(left.edge, asked)
        return " and ".join(part for part in told.split(" and ") if part in left.lacks)

    def _tried(self, texts: Texts) -> tuple[Texts, Asked] | None:
        """What is decided; facts that turn out to be needed and are not usual are made up."""
        kind = self.rulebook.kind  # what is offered is asked for cases of this kind only
        is_offer = self.policy in self.rulebook.policies.compensation
        if is_offer and texts.get("kind", kind) != kind:
            return None
        for _ in range(_MOST_NEEDED):
            try:
                asked = self.ask(self.rulebook, self.policy, {**self.usual, **texts})
            except AftersalesError:
                return None
            if not isinstance(asked.decision, Undecided):
                return texts, asked
            made_up = self.search.any_text(asked.decision.missing)
            if made_up is None or asked.decision.missing in texts:
                return None
            texts = {**texts, asked.decision.missing: made_up}
        return None

    def _candidates(self, left: Reached) -> Iterator[Texts]:
        """Facts that may reach a rule, the likeliest first."""
        policy = self.rulebook.policies.compensation.get(self.policy)
        when = self._condition(left)
        if policy is None or left.target.sort in ("row", "cell", "exception"):
            yield from self.search.texts([when])
            return
        if left.target.sort == "approval":
            band = next(b for b in policy.approval if b.ref.rule == left.target.name)
            for edge in _approval_bounds(band.when):
                yield from self._costing(policy, edge)
        for rule in self._starts(policy):
            yield from islice(self.search.texts([when, rule]), 3)
        if left.target.sort == "limit":
            yield from self._limited(policy)

    def _limited(self, policy: OptionPolicy) -> Iterator[Texts]:
        """Facts under which limits bite: goods worth less than a remedy, or much given before."""
        cap = policy.limits.per_customer
        if cap is not None and cap.at_most.fixed:
            for rule in self._starts(policy):
                for texts in islice(self.search.texts([rule]), 1):
                    yield {**texts, GOODWILL: str(cap.at_most.fixed[0])}
        for remedy in policy.remedies.values():
            least, whole = remedy.at_least, remedy.amount
            if whole is None or whole.share is None or least is None or not least.fixed:
                continue
            half = Money.from_minor(least.fixed[0].minor // 2, least.fixed[0].currency)
            for rule in self._starts(policy):
                yield from islice(self.search.texts([rule], fixed={whole.of: half}), 1)

    def _condition(self, left: Reached) -> Condition:
        """What a rule asks of facts that a test can give."""
        target = left.target
        when = self.search.conditions.get((target.file, target.line, target.name))
        return without_option_facts(when) if when is not None else Condition(((),))

    def _starts(self, policy: OptionPolicy) -> Iterator[Condition]:
        """The conditions of all rules that an offer can start from."""
        rules: Iterable[OptionsRule] = (
            *(policy.base.cells.values() if policy.base else ()),
            *policy.rows,
            *policy.exceptions,
        )
        for rule in rules:
            when = self.search.conditions.get((rule.ref.file, rule.ref.line, rule.ref.rule))
            if when is not None:
                yield when

    def _at_edge(self, edge: Edge, step: int) -> Iterator[Texts]:
        policy = self.rulebook.policies.compensation.get(self.policy)
        if edge.fact in OPTION and policy is not None:
            value = _beside(edge, step)
            if isinstance(value, Money):
                yield from self._costing(policy, value)
            return
        value = _beside(edge, step)
        if value is None:
            return
        rest = without_option_facts(all_of(dict(edge.rest)))
        fixed = {edge.fact: value}
        yield from self.search.texts([rest], fixed=fixed)
        for rule in self._starts(policy) if policy is not None else ():
            yield from islice(self.search.texts([rest, rule], fixed=fixed), 2)

    def _costing(self, policy: OptionPolicy, cost: Money) -> Iterator[Texts]:
        """Facts under which some option costs just that, if a share of a fact makes it."""
        for remedy in policy.remedies.values():
            if remedy.amount is None or remedy.amount.share is None:
                continue
            whole = Fraction(cost.minor) / remedy.amount.share
            if whole.denominator == 1:
                fixed = {remedy.amount.of: Money.from_minor(int(whole), cost.currency)}
                for rule in self._starts(policy):
                    yield from islice(self.search.texts([rule], fixed=fixed), 1)

    def _written(self, name: str, texts: Texts, asked: Asked) -> Suggestion:
        return Suggestion(
            self.policy, self.rulebook.kind, name, {**self.each, **texts}, _expected(asked)
        )


def _expected(asked: Asked) -> dict[str, tuple[str, ...]]:
    """What is worth expecting of a decision: not what an example seldom means to say."""
    known = dict(found(asked))
    if isinstance(asked.decision, RowsDecision):
        table = asked.rulebook.policies.rows[asked.policy]
        plain = {column.name for column in table.columns if column.type != "ladder"}
        return {name: words for name, words in known.items()
                if name == "rule" or (name in plain and words != ("",))}  # fmt: skip
    policy = asked.rulebook.policies.compensation[asked.policy]
    wanted = ["options", "rule"]
    wanted += ["approval"] if policy.approval else []
    wanted += ["returns"] if policy.returns else []
    return {name: known[name] for name in wanted if name in known}


def _name(left: Reached) -> str:
    return f"{left.target.name} decides" if left.target.sort != "cell" else left.target.name


def _approval_bounds(when: Condition) -> Iterator[Money]:
    """The least and the most that costs what a band asks for, in the author's currency."""
    for edge in edges_of(RuleRef("", "", "", 0), when):
        for step in (0, edge.step):
            value = _beside(edge, step)
            if isinstance(value, Money):
                yield value


def _beside(edge: Edge, step: int) -> Any:
    """The value at an edge, or the nearest one beside it."""
    bound = edge.bound
    if bound.amounts:
        own = next(iter(bound.amounts.values()))
        return Money.from_minor(own.minor + step, own.currency)
    key = bound.key
    if edge.order:
        return edge.order[key + step] if 0 <= key + step < len(edge.order) else None
    if isinstance(key, datetime):
        return key + timedelta(minutes=step)
    if isinstance(key, date):
        return key + timedelta(days=step)
    if isinstance(key, Fraction):
        return key + Fraction(step, 100)
    return Decimal(key) + step if isinstance(key, Decimal | int) else None
