"""A simulation as data, for machines: amounts as texts with their currency."""

from dataclasses import asdict
from typing import Any

from aftersales.authoring.simulate import Simulation, Sum
from aftersales.cli.output import plain
from aftersales.domain.money import Money

_OF_ONE_CASE = ("differences", "less", "unreadable")


def as_data(found: Simulation) -> dict[str, Any]:
    """What `--json` prints."""
    currency = found.asked.currency
    return {
        "now": found.now,
        "then": found.then or None,
        "asked": asdict(found.asked),
        "rows": found.rows,
        "passed_over": found.passed_over,
        "unreadable": {"rows": found.unreadable, "first": list(found.slips)},
        "compared": _sum(found.compared, currency),
        "where_given": _sum(found.where_given, currency),
        "changes": asdict(found.changes) if found.then else None,
        "by": {
            name: {value: _sum(part, currency) for value, part in sorted(values.items())}
            for name, values in found.parts.items()
        },
        "undecided": [
            {"then": side.then, "now": side.now, **_sum(part, currency)}
            for side, part in sorted(found.undecided.items(), key=lambda item: str(item[0]))
        ],
        "policies": dict(sorted(found.policies.items())),
        "unseen": [
            {
                "policy": one.policy,
                "regions": list(one.words),
                "has_more": one.has_more,
                "was": one.was,
                "now": one.now,
            }
            for one in found.unseen
        ],
        "differences": list(found.differences),
        "less": list(found.less),
    }


def _sum(part: Sum, currency: str) -> dict[str, Any]:
    data = asdict(part)
    for name in ("money_then", "money_now", "money_given"):
        data[name] = str(Money.from_minor(data[name], currency))
    return data


def as_record(found: Simulation) -> dict[str, Any]:
    """What `--record` keeps: all sums, and nothing of any one case."""
    data: dict[str, Any] = plain(as_data(found))
    return {name: value for name, value in data.items() if name not in _OF_ONE_CASE}
