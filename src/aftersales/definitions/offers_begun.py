"""Kinds of which a policy begins too late: its cases cannot be opened, or be offered anything.

So it is where an author writes `from:` into the only version of a policy.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from aftersales.definitions.documents import Document
from aftersales.definitions.notes import Notes
from aftersales.definitions.selection import binding
from aftersales.definitions.whole import in_force
from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy import OptionPolicy
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Action, Workflow

_OFFER = Action("make offer")  # by whichever policy applies
Stretch = tuple[date, Rulebook | None]
"""The first day of one, and what binds a case opened then: None where none can be."""


def check_offers_begun(
    by_kind: Mapping[str, Sequence[Stretch]], documents: Sequence[Document], notes: Notes
) -> None:
    """Warn (P438) of each file that begins too late for kinds whose workflow has begun.

    The first stretch of each kind begins today.
    """
    late: dict[tuple[str, str, date, date], tuple[Document, list[str]]] = {}
    for kind, stretches in by_kind.items():
        for what, first, begins in _gaps(kind, stretches, documents):
            version = _beginning(kind, begins, what, documents)
            if version is not None:
                key = version.file, what, first, begins
                late.setdefault(key, (version, []))[1].append(kind)
    today = min((stretches[0][0] for stretches in by_kind.values()), default=date.min)
    for (_, what, first, begins), (version, kinds) in late.items():
        last = begins - timedelta(days=1)
        days = f"before {begins}" if first == today else f"from {first} to {last}"
        notes.warning(
            "P438",
            version.root.key("from") or version.root,
            f"{days} {what.format(' and '.join(f'`{kind}`' for kind in kinds))}",
            f"keep the earlier version beside it, in a file of its own with `until: {last}`; "
            "or let the workflow begin on that day too",
        )


_NO_CASE = "no case of {} can be opened"
_NO_OFFER = "cases of {} can be opened, and nothing can be offered to them"


def _gaps(
    kind: str, stretches: Sequence[Stretch], documents: Sequence[Document]
) -> Iterator[tuple[str, date, date]]:
    """What cannot be done, from when on, and the day on which it can."""
    lacking: tuple[str, date] | None = None
    for day, rulebook in stretches:
        what = _lacking(kind, day, rulebook, documents)
        if what is None and lacking is not None and rulebook is not None:
            yield *lacking, day
        if what is None:
            lacking = None
        elif lacking is None or lacking[0] != what:
            lacking = what, day


def _lacking(
    kind: str, day: date, rulebook: Rulebook | None, documents: Sequence[Document]
) -> str | None:
    if rulebook is None:
        held = in_force(documents, day)
        return _NO_CASE if any(d.format == "workflow" and d.name == kind for d in held) else None
    policies = rulebook.policies.compensation.values()
    if not makes_offers(rulebook.workflow) or any(_may_apply(p, rulebook) for p in policies):
        return None
    return _NO_OFFER


def makes_offers(workflow: Workflow) -> bool:
    """Whether an offer is made by whichever policy applies."""
    return _OFFER in _actions(workflow)


def _may_apply(policy: OptionPolicy, rulebook: Rulebook) -> bool:
    try:
        return policy.applies_to.holds(Facts(rulebook.schema, {"kind": rulebook.kind}))
    except FactMissing:
        return True


def _actions(workflow: Workflow) -> Iterator[Action]:
    yield from workflow.when_opened
    for events in (workflow.anywhere, *(state.events for state in workflow.states.values())):
        for ways in events.values():
            for way in ways:
                yield from way.do


def _beginning(kind: str, day: date, what: str, documents: Sequence[Document]) -> Document | None:
    """What binds the kind from that day on, and brings what it lacked."""
    found = [d for d in binding(kind, in_force(documents, day)) if d.period.first == day]
    if what == _NO_OFFER:
        found = [d for d in found if d.sort == "options"]
    return next(iter(found), None)
