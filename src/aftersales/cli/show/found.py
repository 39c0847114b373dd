"""What NAME is: a policy, a workflow, a table, all channels or a law; and the list of all."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from aftersales.authoring.show import (
    Shown,
    cell,
    grid,
    shown_channels,
    shown_floors,
    shown_handling,
    shown_policy,
    shown_table,
    shown_workflow,
)
from aftersales.cli.exits import NotFound
from aftersales.definitions import Catalog
from aftersales.definitions.documents import Document, read_folder
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import shipped_folder
from aftersales.definitions.text import Scalar
from aftersales.domain.conditions.words import word_help
from aftersales.domain.policy import Floors, Handling
from aftersales.domain.rulebook import Rulebook

_SORTS = {
    "options": "compensation policy",
    "rows": "rows table",
    "channels": "channels",
    "floors": "floors of law",
    "handling": "who handles",
    "workflow": "workflow",
}


def listed(folder: Path | None) -> Shown:
    """Every table and workflow: what it is for, and from when it holds."""
    documents = read_folder(folder or shipped_folder(), Notes()).documents
    wanted = [d for d in documents if d.format in ("policy", "workflow") and d.name]
    rows = [
        (
            cell(document.name),
            cell(_sort(document)),
            cell(_text(document, "about")),
            cell(str(document.period) if document.period.first or document.period.last else ""),
            cell(document.file),
        )
        for document in sorted(wanted, key=lambda d: (_sort(d), d.name, d.file))
    ]
    columns = ("name", "what it is", "about", "in force", "file")
    return Shown("definitions", "all tables and workflows", grids=(grid("All", columns, rows),))


def _sort(document: Document) -> str:
    return _SORTS[document.sort]


def _text(document: Document, key: str) -> str:
    node = document.root.get(key)
    return node.text if isinstance(node, Scalar) else ""


def shown(folder: Path | None, name: str, at: datetime) -> list[Shown]:
    """Everything of that name that is in force at that moment. NotFound if nothing is."""
    catalog = Catalog.load(folder)
    rulebooks = catalog.rulebooks_at(at)
    rates = catalog.rates_on(at.astimezone(UTC).date())
    found: list[Shown] = []
    for rulebook in rulebooks:
        policies = rulebook.policies
        if name in policies.compensation:
            found.append(shown_policy(policies.compensation[name], rulebook.schema, rates))
        if name in policies.rows:
            found.append(shown_table(policies.rows[name]))
        if rulebook.kind == name:
            found.append(shown_workflow(rulebook.workflow))
        found += _around(name, rulebook)
    once = list({one.sort: one for one in reversed(found)}.values())[::-1]
    if not once:
        known = sorted(set(_names(rulebooks)))
        raise NotFound(f"there is no table or workflow `{name}`; {word_help(name, known)}")
    return once


def _around(name: str, rulebook: Rulebook) -> Iterable[Shown]:
    """Channels, floors and who handles a case, which bind every kind."""
    if name == "channels":
        yield shown_channels(rulebook.policies.channels)
    rules = tuple(r for r in rulebook.policies.handling.rules if r.ref.policy == name)
    if rules:
        yield shown_handling(name, Handling(rules))
    own = tuple(f for f in rulebook.policies.floors.floors if f.ref.policy == name)
    if own:
        yield shown_floors(name, Floors(own))


def _names(rulebooks: Iterable[Rulebook]) -> Iterable[str]:
    yield "channels"
    for rulebook in rulebooks:
        yield rulebook.kind
        yield from rulebook.policies.compensation
        yield from rulebook.policies.rows
        yield from (floor.ref.policy for floor in rulebook.policies.floors.floors)
        yield from (rule.ref.policy for rule in rulebook.policies.handling.rules)
