"""The section of a proposal about past cases: what they would have cost, and who gets less."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from aftersales.authoring.simulate import Explained, Region, Simulation, Sum, telling
from aftersales.authoring.simulate.telling import amount, counted
from aftersales.cli.propose.subject import Subject
from aftersales.cli.simulate.asked import STORE, Request, SimulationAsked, regions_of
from aftersales.cli.simulate.plain import as_data
from aftersales.domain.policy.compare import Changed
from aftersales.reports import Entry, Part, Section

_DAYS = 90
_MOST = 12


def simulated(subject: Subject) -> Section | None:
    """What past cases would have cost, rule by rule, and for whom it changes."""
    if subject.new is None:
        return None
    is_stored = subject.source == STORE
    title = f"Past cases ({'the last 90 days' if is_stored else subject.source})"
    since = (subject.now - timedelta(days=_DAYS)).date().isoformat()
    request = Request(
        source=subject.source,
        since=since if is_stored else None,
        day=subject.day.isoformat(),
        is_by_rule=True,
    )
    regions = regions_of(offers_changed(subject))
    try:
        found = request.tried(subject.new, subject.old, subject.chosen, regions=regions)
    except SimulationAsked as error:
        return Section(
            name="simulation", title=title, mark="warn", lines=[str(error)], parts=_untried(regions)
        )
    return Section(
        name="simulation",
        title=title,
        lines=list(_lines(found)),
        parts=list(_parts(found)),
        data=as_data(found),
    )


def offers_changed(subject: Subject) -> list[Changed]:
    """The changes of what is offered: those a past case can show, and a floor of law can bind."""
    if subject.new is None or subject.difference is None:
        return []
    offering = subject.new.catalog.option_policies
    return [one for one in subject.difference.changed if one.policy in offering]


def _untried(regions: Sequence[Region], note: str = "") -> list[Part]:
    if not regions:
        return []
    entries = [Entry(text=note)] if note else []
    entries += [_region(one) for one in regions[:_MOST]]
    if len(regions) > _MOST:
        entries.append(Entry(text=f"and {len(regions) - _MOST} other changes"))
    return [Part(title="Changed, and no past case is like it", entries=entries)]


def _region(one: Region) -> Entry:
    first, *others = one.words
    also = [f"also: {words}" for words in others]
    more = ["and more"] if one.has_more else []
    text = f"{one.policy}: was {one.was}, now {one.now}"
    return Entry(text=text, details=[f"in: {first}", *also, *more])


def _lines(found: Simulation) -> Iterator[str]:
    currency = found.asked.currency
    if found.then:
        difference = found.compared.money_now - found.compared.money_then
        cost = amount(difference, currency, is_signed=True)
        yield f"{telling.changed(found)}; {cost} {currency} in all"
    yield telling.heading(found)
    yield telling.reckoned(found)
    yield from (f"{count:,} {what}" for count, what in telling.changes(found) if found.then)
    if found.apart.cases_now:
        yield f"{counted(found.apart.cases_now, 'case')} could not be decided; not counted above"
    if found.unreadable:
        yield f"{counted(found.unreadable, 'row')} could not be read; not counted above"


def _parts(found: Simulation) -> Iterator[Part]:
    if found.then:
        yield from _less(found)
    sums = dict(telling.breakdowns(found))
    for name, title in ((telling.RULE, "cell or exception"), (telling.OPTION, "option")):
        if name in sums:
            yield _table(title, sorted(sums[name], key=lambda item: _order(*item)), found)
    yield from _untried(found.unseen, telling.unseen_note(found))
    reasons = telling.undecided(found)
    if reasons:
        entries = [Entry(text=f"{count:,}: {why}") for count, why in reasons[:_MOST]]
        yield Part(title="Could not be decided", entries=entries)


def _less(found: Simulation) -> Iterator[Part]:
    """How many would get less, and those of whom it is most."""
    counts = found.changes
    if not counts.cheaper and not counts.lost:
        yield Part(entries=[Entry(text="nobody would get less, and no option is lost")])
        return
    less, lost = counts.cheaper, counts.lost
    title = f"Who would get less: {less:,} by what it costs us, {lost:,} lose an option"
    yield Part(title=title, entries=[_explained(one) for one in found.less])


def _explained(one: Explained) -> Entry:
    facts = ", ".join(f"{name} {text}" for name, text in one.facts.items())
    many = f", {one.count:,} cases" if one.count > 1 else ""
    told = [("then", one.then), ("now", one.now)]
    return Entry(
        text=f"less by {-one.cost.amount:,f} {one.cost.currency}: "
        f"case {one.case} ({one.kind}, {one.opened_on}{many})",
        details=[
            facts,
            *(
                f"{when}: {' or '.join(o.options)}, by {o.rule}"
                for when, o in told
                if o is not None
            ),
        ],
    )


def _order(value: str, part: Sum) -> tuple[int, int, int, str]:
    """What changes most first, then what costs most."""
    difference = abs(part.money_now - part.money_then)
    return -difference, -part.changed, -max(part.money_now, part.money_then), value


def _table(title: str, values: list[tuple[str, Sum]], found: Simulation) -> Part:
    rows = [_row(value, part, found) for value, part in values[:_MOST]]
    if len(values) > _MOST:
        rest = Sum()
        for _, part in values[_MOST:]:
            rest.add(part)
        rows.append(_row(counted(len(values) - _MOST, "other"), rest, found))
    head = [title, "cases then", "now", "changed", "money then", "now", "difference"]
    if not found.then:
        head = [title, "cases", "money"]
    return Part(table=[head, *rows], numbers_from=1)


def _row(value: str, part: Sum, found: Simulation) -> list[str]:
    currency = found.asked.currency
    now = amount(part.money_now, currency)
    if not found.then:
        return [value, f"{part.cases_now:,}", now]
    difference = amount(part.money_now - part.money_then, currency, is_signed=True)
    then = amount(part.money_then, currency)
    changed = f"{part.changed:,}" if part.changed else ""
    return [value, f"{part.cases_then:,}", f"{part.cases_now:,}", changed, then, now, difference]
