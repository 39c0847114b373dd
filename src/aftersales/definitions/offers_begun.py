"""Kinds of which a policy begins too late, or ends too early: on some days no case of them can be
opened, or be offered anything.

So it is where an author writes `from:` or `until:` into the only version of a policy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales.definitions.documents import Document
from aftersales.definitions.notes import Notes
from aftersales.definitions.selection import binding
from aftersales.definitions.text import Node
from aftersales.definitions.whole import in_force
from aftersales.domain.conditions import Facts, ticked
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy import OptionPolicy
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Action, Workflow

_OFFER = Action("make offer")  # by whichever policy applies
Stretch = tuple[date, Rulebook | None]
"""The first day of one, and what binds a case opened then: None where none can be."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """What cannot be done of a kind, from which day on, and the day on which it can again."""

    what: str
    first: date
    begins: date | None  # None: never, as far as is written


def check_offers_begun(
    by_kind: Mapping[str, Sequence[Stretch]], documents: Sequence[Document], notes: Notes
) -> None:
    """Warn (P438) of each file that leaves kinds whose workflow is in force without what they need.

    The first stretch of each kind begins today.
    """
    found: dict[tuple[str, _Gap], tuple[Document, list[str]]] = {}
    for kind, stretches in by_kind.items():
        for gap in _gaps(kind, stretches, documents):
            version = _at_fault(kind, gap, documents)
            if version is not None:
                found.setdefault((version.file, gap), (version, []))[1].append(kind)
    today = min((stretches[0][0] for stretches in by_kind.values()), default=date.min)
    for (_, gap), (version, kinds) in found.items():
        what = gap.what.format(ticked(kinds))
        if gap.begins is None:
            notes.warning("P438", *_ending(version, what))
        else:
            days = (None if gap.first == today else gap.first), gap.begins
            notes.warning("P438", *_beginning(version, what, *days))


def _beginning(
    version: Document, what: str, first: date | None, begins: date
) -> tuple[Node, str, str]:
    last = begins - timedelta(days=1)
    days = f"before {begins}" if first is None else f"from {first} to {last}"
    help = (
        f"keep the earlier version beside it, in a file of its own with `until: {last}`; "
        "or let the workflow begin on that day too"
    )
    return version.root.key("from") or version.root, f"{days} {what}", help


def _ending(version: Document, what: str) -> tuple[Node, str, str]:
    last = version.period.last
    assert last is not None
    help = (
        "write what holds then into a file of its own with "
        f"`from: {last + timedelta(days=1)}`; or let the workflow end on that day too"
    )
    return version.root.key("until") or version.root, f"after {last} {what}", help


_NO_CASE = "no case of {} can be opened"
_NO_OFFER = "cases of {} can be opened, and nothing can be offered to them"


def _gaps(kind: str, stretches: Sequence[Stretch], documents: Sequence[Document]) -> Iterator[_Gap]:
    lacking: tuple[str, date] | None = None
    for day, rulebook in stretches:
        what = _lacking(kind, day, rulebook, documents)
        if lacking is not None and what is None and rulebook is not None:
            yield _Gap(*lacking, day)
        if what is None:
            lacking = None
        elif lacking is None or lacking[0] != what:
            lacking = what, day
    if lacking is not None:
        yield _Gap(*lacking, None)


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


def _at_fault(kind: str, gap: _Gap, documents: Sequence[Document]) -> Document | None:
    """What brings the kind what it lacked, or what had brought it before."""
    if gap.begins is not None:
        needed = _needed(kind, gap, documents, gap.begins)
        return next((d for d in needed if d.period.first == gap.begins), None)
    lasts = {d.period.last for d in documents if d.period.last and d.period.last < gap.first}
    for last in sorted(lasts, reverse=True):
        for document in _needed(kind, gap, documents, last):
            if document.period.last == last:
                return document
    return None


def _needed(kind: str, gap: _Gap, documents: Sequence[Document], day: date) -> list[Document]:
    """What binds the kind on a day, as far as it is of what is lacking."""
    found = binding(kind, in_force(documents, day))
    return [d for d in found if gap.what != _NO_OFFER or d.sort == "options"]
