"""What facts may be in a story: of each, one value of every sort that guards tell apart."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, product
from operator import itemgetter

from aftersales.authoring.searching import answered, without_option_facts, words_of
from aftersales.authoring.stories import written
from aftersales.authoring.targets import rules_of_rows
from aftersales.domain.calendar import local
from aftersales.domain.conditions import Condition, DaysBetween, FactType, Rates, Value
from aftersales.domain.conditions.space import Axis, space_of
from aftersales.domain.money import Money
from aftersales.domain.policy import OptionPolicy
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Transition, Workflow

_OF_OFFERS = frozenset({"approval", "return_required", "option", "remedy"})
_MOST_UNUSUAL = 2
_UNLIKELY = 3  # a fact that is not likely to matter is as unusual as so many that are
_OPENED_AT = "opened_at"


@dataclass(frozen=True, slots=True)
class Values:
    """Texts by fact, as an author writes them, and the options of the policies."""

    by_fact: Mapping[str, tuple[str, ...]]
    options: tuple[str, ...]

    def openings(
        self, usual: Mapping[str, str], needs: Iterable[str], likely: Collection[str]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Facts to open a case with, beyond the usual ones, and how unusual they are.

        The usual ones come first, then those of which one or two differ: facts that are `likely`
        to matter cost one each, others three.
        """
        base = {n: self.by_fact[n][0] for n in needs if n not in usual and n in self.by_fact}
        known = {**usual, **base}
        others = {
            fact: [text for text in texts if text != known.get(fact)]
            for fact, texts in self.by_fact.items()
        }
        chosen = [facts for n in range(_MOST_UNUSUAL + 1) for facts in combinations(others, n)]
        priced = [(sum(1 if f in likely else _UNLIKELY for f in facts), facts) for facts in chosen]
        for cost, facts in sorted(priced, key=itemgetter(0)):
            for texts in product(*(others[fact] for fact in facts)):
                yield cost, {**base, **dict(zip(facts, texts, strict=True))}


def facts_read(rulebook: Rulebook, conditions: Iterable[Condition]) -> frozenset[str]:
    """The facts on which conditions hang, those of tables and offers that they ask with them."""
    schema, policies = rulebook.schema, rulebook.policies
    found: set[str] = set()
    waiting = {fact for when in conditions for fact in when.reads}
    while waiting:
        fact = waiting.pop()
        found.add(fact)
        more: set[str] = set()
        if fact in schema.derived_by_policy:
            table = policies.rows.get(schema.derived_by_policy[fact])
            more |= table.reads if table is not None else frozenset()
        elif fact in schema.computed:
            more |= {schema.computed[fact].start, schema.computed[fact].end}
        elif fact in _OF_OFFERS:
            more |= {f for when in _prices(policies.compensation.values()) for f in when.reads}
        waiting |= more - found
    return frozenset(found)


def values_of(rulebook: Rulebook, rates: Rates, *, at: datetime, zone: str) -> Values:
    """The values that can matter to the guards of a workflow, for a case opened at `at`."""
    workflow, schema = rulebook.workflow, rulebook.schema
    compensation = list(rulebook.policies.compensation.values())
    conditions = [*(way.guard for way in _ways(workflow)), *_prices(compensation)]
    space = space_of(
        schema,
        [without_option_facts(when) for when in conditions],
        rates=rates,
        answered=answered(rulebook),
    )
    by_fact: dict[str, tuple[str, ...]] = {}
    for axis in space.axes:
        for fact, texts in _texts(rulebook, axis, at, zone):
            by_fact[fact] = tuple(dict.fromkeys((*by_fact.get(fact, ()), *texts)))
    clocks = workflow.case_deadlines.values()
    for clock in (name for d in clocks for name in (d.starts, d.stamped_by)):
        if clock is not None and clock != _OPENED_AT:
            by_fact.setdefault(clock, (written(at, zone),))
    for fact in workflow.needs:
        by_fact.setdefault(fact, (any_text(rulebook, fact),))
    return Values(by_fact, tuple(dict.fromkeys(_options(compensation))))


def any_text(rulebook: Rulebook, fact: str, paid: Money | None = None) -> str:
    """Some value of a fact that no guard reads: of money, what was paid."""
    declared = rulebook.schema.declaration(fact)
    if declared.type is FactType.MONEY:
        return str(paid or "20 USD").replace(".00 ", " ")
    words = [*declared.choices, *map(str, words_of(rulebook.schema.names(fact)))]
    plain = {FactType.YES_NO: "yes", FactType.NUMBER: "1"}.get(declared.type, "to be written")
    return words[0] if words else plain


def _ways(workflow: Workflow) -> Iterator[Transition]:
    for state in workflow.states.values():
        yield from (way for ways in state.events.values() for way in ways)
    yield from (way for ways in workflow.anywhere.values() for way in ways)


def _prices(policies: Iterable[OptionPolicy]) -> Iterator[Condition]:
    """What tells dear cases from cheap ones: the lines of a matrix, and what is to come back."""
    for policy in policies:
        yield from (label.when for label in (policy.base.labels if policy.base else ()))
        if policy.returns is not None:
            yield from (when for _, _, when in rules_of_rows(policy.returns))


def _texts(
    rulebook: Rulebook, axis: Axis, at: datetime, zone: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The fact that can be given for an axis, and its texts: a number of days is told by a date."""
    declared = axis.declaration
    examples = [found.example for found in axis.chosen(axis.whole) if found.example is not None]
    if isinstance(declared.derived, DaysBetween):
        yield from _dates(rulebook, declared.derived, examples, at, zone)
    elif declared.type is FactType.INSTANT:
        yield axis.fact, (written(at, zone),)
    elif declared.derived is None and not declared.is_built_in:
        yield axis.fact, tuple(_text(rulebook, axis.fact, value) for value in examples)


def _dates(
    rulebook: Rulebook, days: DaysBetween, examples: Sequence[Value], at: datetime, zone: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    opened = local(at, zone).date()
    numbers = [timedelta(days=int(str(number))) for number in examples]
    fact, dates = days.start, [opened - number for number in numbers]
    if days.start == _OPENED_AT:
        fact, dates = days.end, [opened + number for number in numbers]
    declared = rulebook.schema.declared(fact)
    if declared is not None and _OPENED_AT in (days.start, days.end):
        is_date = declared.type is FactType.DATE
        yield fact, tuple(f"{day}" if is_date else f"{day} 12:00" for day in dates)


def _text(rulebook: Rulebook, fact: str, value: Value) -> str:
    text = rulebook.schema.write(fact, value)
    return text.replace(".00 ", " ") if isinstance(value, Money) else text


def _options(policies: Iterable[OptionPolicy]) -> Iterator[str]:
    for policy in policies:
        cells = policy.base.cells.values() if policy.base else ()
        for rule in (*cells, *policy.rows, *policy.exceptions):
            yield from (" + ".join(option) for option in rule.options)
