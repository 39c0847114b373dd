"""A case as machines read it: the one shape that all commands print with --json."""

from typing import TYPE_CHECKING, Any

from aftersales.cli.output import plain

if TYPE_CHECKING:
    from aftersales.desk import CaseView

_OF_CASE = ("kind", "state", "version", "round", "order_id", "customer_key", "priority",
            "calendar", "assignee", "facts", "lines", "timers", "opened_at", "closed_at", "outcome",
            "needs_person")  # fmt: skip


def view_json(view: "CaseView") -> dict[str, Any]:
    """The case, what is possible, and its offer. Instants in UTC, money as `39.90 EUR`."""
    shown: dict[str, Any] = {"id": view.id}
    shown |= {name: plain(getattr(view.case, name)) for name in _OF_CASE}
    return shown | {
        "due_at": plain(view.due_at),
        "waiting_for": view.waiting_for,
        "allowed_events": list(view.allowed_events),
        "is_open": view.is_open,
        "offer": plain(view.offer),
    }
