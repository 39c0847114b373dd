"""One batch of past cases put to one or two versions of the definitions, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from aftersales.authoring.simulate.asking import Asking, Pair, Versions
from aftersales.authoring.simulate.comparing import Factor, Takes, differs, in_currency, taken
from aftersales.authoring.simulate.deciding import Outcome, Question, Version
from aftersales.authoring.simulate.past import Batch, PastCase, Region
from aftersales.authoring.simulate.reading import RowReader, Unreadable
from aftersales.authoring.simulate.sums import (
    MOST_LESS,
    MOST_SLIPS,
    Difference,
    Side,
    Sum,
    Tally,
    dearest,
)
from aftersales.authoring.simulate.watching import Watch
from aftersales.definitions import Catalog
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money

NOT_KNOWN = "not known"
_MOST_FACTORS = 5_000  # days and currencies
OPTION, KIND, MONTH, RULE = "option", "kind", "month", "rule"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the past cases.

    `currency` is that of the sums. `by` are facts to break them down by. `policy` is the one
    asked, where not the one that applies; `kind` the only one looked at, and that of rows that do
    not say theirs; `day` the one whose rules are asked, where not those of each case's opening.
    """

    currency: str
    takes: Takes = "dearest"
    by: tuple[str, ...] = ("platform", "country")
    kind: str = ""
    policy: str = ""
    day: date | None = None
    most: int = 10  # differences that are shown
    is_by_rule: bool = False  # whether the sums are broken down by the rule that decided, too


class _Reckoned(NamedTuple):
    """What one version comes to for a case, in the currency of the sums; or why it does not."""

    option: str = ""
    money: int = 0
    undecided: str = ""


_NOTHING = _Reckoned()


class Trial:
    """Past cases put to the versions, a batch at a time. Without `old`, the new stands alone."""

    def __init__(
        self,
        old: Catalog | None,
        new: Catalog,
        asked: Asked,
        *,
        regions: Sequence[Region] = (),
    ) -> None:
        """`regions` are watched: whether a case that changes lies in them."""

        def version(catalog: Catalog) -> Version:
            return Version(catalog, currency=asked.currency, policy=asked.policy, day=asked.day)

        self.asked = asked
        self._watch = Watch(regions)
        self._versions = Versions(version(new), version(old) if old is not None else None)
        self.pair = Pair(self._versions, new.zone)
        self._readers: dict[tuple[str, ...], RowReader] = {}
        self._factors: dict[tuple[date, str], Factor | str] = {}

    @property
    def answered_facts(self) -> frozenset[str]:
        """The facts that tables of the newer version answer."""
        rulebooks = self._versions.now.catalog.rulebooks
        return frozenset(name for book in rulebooks for name in book.schema.derived_by_policy)

    def tally(self, batch: Batch) -> Tally:
        """What the cases of this batch come to."""
        tally, reader = Tally(), self._reader(batch.columns)
        for row, line in zip(batch.rows, batch.lines, strict=True):
            tally.rows += 1
            if self.asked.kind and reader.kind(row) != self.asked.kind:
                tally.passed_over += 1
                continue
            try:
                past = reader.case(row, line)
                then, now = self.pair.questions(past, batch.columns)
            except Unreadable as unreadable:
                tally.unreadable += 1
                if len(tally.slips) < MOST_SLIPS:
                    tally.slips.append(unreadable.slip)
            else:
                self._count(past, then, now, batch.columns, tally)
        tally.columns.update(batch.columns if tally.changes.cases else ())
        tally.less = dearest((one for one in tally.differences if one.cost < 0), MOST_LESS)
        tally.differences = dearest(tally.differences, self.asked.most)
        return tally

    def _reader(self, columns: tuple[str, ...]) -> RowReader:
        if columns not in self._readers:
            zone = self._versions.now.catalog.zone
            self._readers[columns] = RowReader(columns, zone, kind=self.asked.kind)
        return self._readers[columns]

    def _count(
        self,
        past: PastCase,
        asked_then: Asking | None,
        asked_now: Asking,
        columns: tuple[str, ...],
        tally: Tally,
    ) -> None:
        outcome_then, outcome_now = self.pair.outcomes(asked_then, asked_now)
        now = self._reckoned(outcome_now, past)
        if isinstance(asked_now, Question) and not outcome_now.undecided:
            policy = asked_now.policy
            tally.policies[policy] = tally.policies.get(policy, 0) + past.cases
        then = _NOTHING
        if outcome_then is not None:
            is_same = outcome_then is outcome_now
            then = now if is_same else self._reckoned(outcome_then, past)
        found = self._sum(past, then, now, has_then=outcome_then is not None)
        if then.undecided or now.undecided:
            tally.apart(Side(then.undecided, now.undecided)).add(found)
            self._look(asked_now, tally)
            if then.undecided == "" and outcome_then is not None:
                tally.changes.no_longer_decided += past.cases
            elif now.undecided == "":
                tally.changes.newly_decided += past.cases
            return
        if outcome_then is not None and (how := differs(outcome_then, outcome_now)):
            cost = found.money_now - found.money_then
            found.changed = past.cases
            tally.changes.count(how, cost, past.cases)
            tally.differences.append(Difference(past, columns, cost))
            self._look(asked_now, tally)
        tally.compared.add(found)
        if found.cases_given:
            tally.where_given.add(found)
        self._break_down(past, then, now, found, asked_then, asked_now, tally)

    def _rule(self, asked: Asking | None) -> str:
        """The rule that decides, after its policy: `torn: large/major`."""
        if not isinstance(asked, Question):
            return NOT_KNOWN
        rule = asked.bound.decider(asked.policy).rule(asked.facts)
        return NOT_KNOWN if rule is None else f"{rule.policy}: {rule.rule}"

    def _look(self, asked: Asking, tally: Tally) -> None:
        """Note the regions in which this case is the first of this process."""
        if isinstance(asked, Question):
            tally.seen.update(self._watch.seen(asked.policy, asked.facts))

    def _reckoned(self, outcome: Outcome, past: PastCase) -> _Reckoned:
        if outcome.undecided:
            return _Reckoned(undecided=outcome.undecided)
        factor = self._factor(outcome.currency, past.opened.rates_day)
        if isinstance(factor, str):
            return _Reckoned(undecided=factor)
        option, cost = taken(outcome.options, self.asked.takes)
        return _Reckoned(option, in_currency(cost, factor) * past.cases)

    def _factor(self, currency: str, day: date) -> Factor | str:
        """What a minor unit of `currency` is in those of the sums; or why that is not known."""
        key = day, currency
        found = self._factors.get(key)
        if found is None:
            if len(self._factors) >= _MOST_FACTORS:
                self._factors.clear()
            found = self._factors[key] = self._rate(currency, day)
        return found

    def _rate(self, currency: str, day: date) -> Factor | str:
        try:
            unit = Money.from_minor(1, currency)
            rate = self._versions.now.rates(day).convert(unit, self.asked.currency)
        except FactMissing as missing:
            return str(missing)
        return rate.numerator, rate.denominator

    def _sum(self, past: PastCase, then: _Reckoned, now: _Reckoned, *, has_then: bool) -> Sum:
        found = Sum(cases_now=past.cases, money_now=now.money)
        if has_then:
            found.cases_then, found.money_then = past.cases, then.money
        given = past.given_cost
        if given is not None:
            factor = self._factor(given.currency, past.opened.rates_day)
            if not isinstance(factor, str):
                found.cases_given = past.cases
                found.money_given = in_currency(given.minor, factor) * past.cases
        return found

    def _break_down(
        self,
        past: PastCase,
        then: _Reckoned,
        now: _Reckoned,
        found: Sum,
        asked_then: Asking | None,
        asked: Asking,
        tally: Tally,
    ) -> None:
        """Count the case into each breakdown once; by option and by rule, each side under its own.

        A case that has changed is one of both its rules.
        """
        parts = tally.parts
        parts[KIND][past.kind].add(found)
        parts[MONTH][past.opened.month].add(found)
        for name in self.asked.by:
            parts[name][_value(asked, name)].add(found)
        _count_sides(tally, OPTION, (then.option, now.option), found)
        if self.asked.is_by_rule:
            _count_sides(tally, RULE, (self._rule(asked_then), self._rule(asked)), found)
        if found.cases_given:
            part = parts[OPTION][past.given_option or NOT_KNOWN]
            part.cases_given += found.cases_given
            part.money_given += found.money_given


def _count_sides(tally: Tally, breakdown: str, values: tuple[str, str], found: Sum) -> None:
    """Count a case into the part that it was of then, if it was of any, and the one of now."""
    then, now = values
    part = tally.parts[breakdown][now]
    part.cases_now += found.cases_now
    part.money_now += found.money_now
    part.changed += found.changed
    if found.cases_then:
        part = tally.parts[breakdown][then]
        part.cases_then += found.cases_then
        part.money_then += found.money_then
        part.changed += found.changed if then != now else 0


def _value(asked: Asking, name: str) -> str:
    """The fact `name` as a text to break down by."""
    if isinstance(asked, str):
        return NOT_KNOWN
    value = asked.facts.known.get(name)
    if value is None:
        return NOT_KNOWN
    return value if isinstance(value, str) else asked.facts.text(name)
