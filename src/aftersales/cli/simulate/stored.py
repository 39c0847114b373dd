"""Past cases from the shop's store, as rows like those of a file."""

from collections.abc import Generator
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aftersales.authoring.simulate import Batch

if TYPE_CHECKING:
    from aftersales.desk import PastCase, Simulations

_OWN = ("case", "kind", "opened_at", "currency", "paid", "given_option", "given_cost")


def stored_past(
    simulations: "Simulations", *, kind: str = "", since: date | None = None, zone: str = "UTC"
) -> Generator[Batch, None, None]:
    """The batches of the shop's cases; `since` is a day of `zone`."""
    begun = None if since is None else datetime.combine(since, time(), ZoneInfo(zone))
    columns: dict[str, None] = dict.fromkeys(_OWN)
    seen = 0
    for found in simulations.past_cases(since=begun, kinds=(kind,) if kind else ()):
        texts = [_texts(past) for past in found]
        for one in texts:
            columns |= dict.fromkeys(one)
        rows = tuple(tuple(one.get(name, "") for name in columns) for one in texts)
        numbers = tuple(range(seen + 1, seen + 1 + len(rows)))
        seen += len(rows)
        yield Batch(tuple(columns), rows, numbers)


def _texts(past: "PastCase") -> dict[str, str]:
    return {
        **past.facts,
        "case": past.id,
        "kind": past.kind,
        "opened_at": past.opened_at.isoformat().replace("+00:00", "Z"),
        "currency": past.currency,
        "paid": str(past.paid or ""),
        "given_option": ", ".join(past.granted),
        "given_cost": str(past.cost or ""),
    }
