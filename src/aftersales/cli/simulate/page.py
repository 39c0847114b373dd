"""A simulation as a person reads it in a terminal."""

from collections.abc import Iterator, Sequence

from aftersales.authoring.simulate import Explained, Offer, Simulation, Sum, telling
from aftersales.authoring.simulate.telling import amount, counted
from aftersales.cli.output import clean

_MOST = 12  # values of a breakdown and reasons; --json and --html have all


def page(found: Simulation) -> Iterator[str]:
    """The page, line by line."""
    yield telling.heading(found)
    yield telling.reckoned(found)
    yield ""
    yield from _table([_head("", found), _row("all that were compared", found.compared, found)])
    if found.then:
        yield ""
        yield telling.changed(found)
        yield from _counts(telling.changes(found))
    for name, values in telling.breakdowns(found):
        yield ""
        yield from _breakdown(name, values, found)
    yield from _given(found)
    yield from _undecided(found)
    yield from _unseen(found)
    yield from _differences(found)
    if found.unreadable:
        yield ""
        yield f"{counted(found.unreadable, 'row')} could not be read; not counted above"
        yield from (f"  {slip}" for slip in found.slips)


def _head(first: str, found: Simulation) -> list[str]:
    if not found.then:
        return [first, "cases", "money"]
    return [first, "cases then", "now", "changed", "money then", "now", "difference"]


def _row(label: str, part: Sum, found: Simulation) -> list[str]:
    currency = found.asked.currency
    now = amount(part.money_now, currency)
    if not found.then:
        return [label, f"{part.cases_now:,}", now]
    return [
        label,
        f"{part.cases_then:,}",
        f"{part.cases_now:,}",
        f"{part.changed:,}" if part.changed else "",
        amount(part.money_then, currency),
        now,
        amount(part.money_now - part.money_then, currency, is_signed=True),
    ]


def _breakdown(name: str, values: list[tuple[str, Sum]], found: Simulation) -> Iterator[str]:
    rows = [_row(value, part, found) for value, part in values[:_MOST]]
    if len(values) > _MOST:
        rest = Sum()
        for _, part in values[_MOST:]:
            rest.add(part)
        rows.append(_row(f"{len(values) - _MOST} others", rest, found))
    yield from _table([_head(f"by {name.replace('_', ' ')}", found), *rows])


def _given(found: Simulation) -> Iterator[str]:
    part, currency = found.where_given, found.asked.currency
    if not part.cases_given:
        return
    yield ""
    yield f"What was really given is known of {counted(part.cases_given, 'case')}; in these"
    rows = [["really given", amount(part.money_given, currency)]]
    rows += [["reckoned then", amount(part.money_then, currency)]] if found.then else []
    rows += [["reckoned now", amount(part.money_now, currency)]]
    yield from _table(rows, indent="  ")
    options = found.parts.get(telling.OPTION, {})
    known = [(name, one) for name, one in options.items() if one.cases_given]
    known.sort(key=lambda item: (-item[1].money_given, item[0]))
    rows = [
        [f"{one.cases_given:,}", telling.given(name), amount(one.money_given, currency)]
        for name, one in known
    ]
    yield from _table([["cases", "given", "money"], *rows[:_MOST]], indent="  ", left=1)


def _undecided(found: Simulation) -> Iterator[str]:
    reasons = telling.undecided(found)
    if reasons:
        yield ""
        yield f"{counted(found.apart.cases_now, 'case')} could not be decided; not counted above"
        yield from _counts(reasons[:_MOST])
    if len(reasons) > _MOST:
        yield f"  and {len(reasons) - _MOST} other reasons"


def _unseen(found: Simulation) -> Iterator[str]:
    if not found.unseen:
        return
    yield ""
    yield "Changed by the policy, and no past case is like it"
    if note := telling.unseen_note(found):
        yield f"  {note}"
    for region in found.unseen[:_MOST]:
        first, *others = region.words
        yield f"  {region.policy}: {first}"
        yield from (f"    also: {words}" for words in others)
        yield from ["    and more"] if region.has_more else []
        yield f"    was {region.was}, now {region.now}"
    if len(found.unseen) > _MOST:
        yield f"  and {len(found.unseen) - _MOST} other changes"


def _differences(found: Simulation) -> Iterator[str]:
    if not found.differences:
        return
    many = len(found.differences)
    yield ""
    yield f"The {many} dearest differences" if many > 1 else "The dearest difference"
    for one in found.differences:
        yield ""
        yield from _difference(one)


def _difference(one: Explained) -> Iterator[str]:
    cost = amount(one.cost.minor, one.cost.currency, is_signed=True)
    many = f", {one.count:,} cases" if one.count > 1 else ""
    yield f"  {cost} {one.cost.currency}: case {one.case} ({one.kind}, {one.opened_on}{many})"
    yield f"    {', '.join(f'{name} {text}' for name, text in one.facts.items())}"
    for label, offer in (("then", one.then), ("now", one.now)):
        if offer is not None:
            yield from _offer(label, offer)


def _offer(label: str, offer: Offer) -> Iterator[str]:
    options = " or ".join(offer.options)
    rule = f", by {offer.rule}" if offer.rule else ""
    yield f"    {label + ':':<5} {options}{rule}"
    yield from (f"          {step}" for step in offer.steps)


def _counts(told: Sequence[tuple[int, str]]) -> Iterator[str]:
    yield from _table([[f"{count:,}", what] for count, what in told], indent="  ", left=1)


def _table(rows: Sequence[Sequence[str]], *, indent: str = "", left: int = 0) -> Iterator[str]:
    """Rows with the column `left` to the left and all others to the right."""
    if not rows:
        return
    cleaned = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    for row in cleaned:
        cells = [
            cell.ljust(width) if number == left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield (indent + "  ".join(cells)).rstrip()
