"""The page of a simulation: for whoever approves a change and has no terminal."""

from aftersales.authoring.simulate import Explained, Simulation, Sum, telling
from aftersales.authoring.simulate.telling import amount, counted
from aftersales.reports.page import page

_MOST = 25  # values of a breakdown
_SHOWN = 12  # bars of a picture


def simulation_page(found: Simulation) -> str:
    """The whole page as HTML, in one file."""
    return page(
        "What past cases would have cost" if not found.then else "What a change would have cost",
        "simulation.html",
        heading=telling.heading(found),
        reckoned=telling.reckoned(found),
        has_then=bool(found.then),
        then=found.then,
        now=found.now,
        tiles=_tiles(found),
        changes=[(f"{count:,}", what) for count, what in telling.changes(found)],
        changed=telling.changed(found),
        breakdowns=[_breakdown(name, values, found) for name, values in telling.breakdowns(found)],
        given=_given(found),
        undecided=[(f"{count:,}", why) for count, why in telling.undecided(found)],
        apart=counted(found.apart.cases_now, "case"),
        unseen=found.unseen,
        unseen_note=telling.unseen_note(found),
        differences=[_difference(one) for one in found.differences],
        unreadable=counted(found.unreadable, "row") if found.unreadable else "",
        slips=found.slips,
    )


def _tiles(found: Simulation) -> list[tuple[str, str, str]]:
    """The figures to see first: number, words, and whether it is good or bad."""
    part, currency = found.compared, found.asked.currency
    now = (f"{amount(part.money_now, currency)} {currency}", "now", "")
    if not found.then:
        return [(f"{part.cases_now:,}", "past cases", ""), (*now[:1], "reckoned", "")]
    difference = part.money_now - part.money_then
    mark = "bad" if difference > 0 else "good" if difference < 0 else ""
    return [
        (f"{found.changes.cases:,}", f"of {counted(part.cases_now, 'case')} changed", ""),
        (f"{amount(part.money_then, currency)} {currency}", "then", ""),
        now,
        (f"{amount(difference, currency, is_signed=True)} {currency}", "difference", mark),
    ]


def _breakdown(name: str, values: list[tuple[str, Sum]], found: Simulation) -> dict[str, object]:
    """A breakdown as a table and as a picture."""
    currency = found.asked.currency
    rows = [(value, _cells(part, found)) for value, part in values[:_MOST]]
    drawn = values[:_SHOWN] if name != "month" else values[-_SHOWN:]
    pairs = [(v, p.money_then, p.money_now, _bar_text(p, found)) for v, p in drawn]
    bars = [(v, p.money_now, amount(p.money_now, currency)) for v, p in drawn]
    left = len(values) - _MOST
    others = f"and {counted(left, 'other')}" if left > 0 else ""
    return {"name": name.replace("_", " "), "rows": rows, "others": others, "pairs": pairs,
            "bars": bars}  # fmt: skip


def _bar_text(part: Sum, found: Simulation) -> str:
    currency = found.asked.currency
    difference = amount(part.money_now - part.money_then, currency, is_signed=True)
    return f"{amount(part.money_now, currency)} ({difference})"


def _cells(part: Sum, found: Simulation) -> list[str]:
    currency = found.asked.currency
    now = amount(part.money_now, currency)
    if not found.then:
        return [f"{part.cases_now:,}", now]
    difference = amount(part.money_now - part.money_then, currency, is_signed=True)
    then = amount(part.money_then, currency)
    changed = f"{part.changed:,}" if part.changed else ""
    return [f"{part.cases_then:,}", f"{part.cases_now:,}", changed, then, now, difference]


def _given(found: Simulation) -> list[tuple[str, int, str]]:
    """What was really given beside what is reckoned, over the cases of which it is known."""
    part, currency = found.where_given, found.asked.currency
    if not part.cases_given:
        return []
    told = [("really given", part.money_given), ("reckoned then", part.money_then)]
    told = [*(told if found.then else told[:1]), ("reckoned now", part.money_now)]
    return [(label, minor, amount(minor, currency)) for label, minor in told]


def _difference(one: Explained) -> dict[str, object]:
    cost = amount(one.cost.minor, one.cost.currency, is_signed=True)
    told = {name: getattr(one, name) for name in one.__dataclass_fields__}
    return {**told, "cost_told": f"{cost} {one.cost.currency}"}
