"""The section of a proposal that tells in words what differs, and for which kinds of cases."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from aftersales.authoring.diff import Difference
from aftersales.authoring.simulate.telling import counted
from aftersales.authoring.written import Edit
from aftersales.cli.diff.page import as_data, edited, file_is, in_words
from aftersales.cli.propose.subject import Subject
from aftersales.definitions import Catalog
from aftersales.domain.policy.compare import Changed
from aftersales.domain.rulebook import Rulebook
from aftersales.reports import Entry, Part, Section
from aftersales.reports.proposal import Mark

_KIND = "kind"
_MOST = 12


def differing(subject: Subject) -> Section | None:
    """Who is treated otherwise, and how; and what else is written otherwise."""
    new, old, found = subject.new, subject.old, subject.difference
    if new is None or old is None:
        return None
    title = f"What differs from {old.label}"
    if found is None:
        lines = [f"could not be compared: {subject.why_not_compared}"]
        return Section(name="differs", title=title, mark="warn", lines=lines)
    kinds = kinds_concerned(subject)
    calendars = _calendars(old.catalog, new.catalog)
    mark: Mark = "warn" if found.uncompared else ""
    return Section(
        name="differs",
        title=title,
        mark=mark,
        lines=list(_lines(found, kinds, calendars)),
        parts=[*_policies(found), *_files(found)],
        data=as_data(found, (old.label, new.label)) | {"kinds": kinds, "calendars": calendars},
    )


def kinds_concerned(subject: Subject) -> dict[str, list[str]]:
    """The kinds of which some case is treated otherwise, each with the policies that do it.

    The name of a kind itself stands for its workflow.
    """
    if subject.new is None or subject.difference is None:
        return {}
    catalog, found = subject.new.catalog, subject.difference
    documents = catalog.documents_on(subject.day)
    edited = {_workflow(documents.get(edit.file)) for edit in found.edits}
    concerned = {}
    for kind in catalog.kinds:
        by = [one.policy for one in found.changed if _reaches(one, kind, subject)]
        by += [kind] if kind in edited else []
        if by:
            concerned[kind] = list(dict.fromkeys(by))
    return concerned


def _workflow(root: object) -> str:
    """The kind that a file is the workflow of."""
    return str(root.get("workflow", "")) if isinstance(root, Mapping) else ""


def _reaches(changed: Changed, kind: str, subject: Subject) -> bool:
    """Whether cases of this kind are among those that changed."""
    number = changed.space.numbers.get(_KIND)
    if number is None:
        bound = _rulebook(kind, subject)
        return bound is not None and changed.policy in _bound(bound)
    bit = changed.space.axes[number].bit_of(kind, changed.space.rates)
    return any(box[number] & bit for box in changed.boxes)


def _rulebook(kind: str, subject: Subject) -> Rulebook | None:
    assert subject.new is not None
    books = subject.new.catalog.rulebooks_at(subject.now)
    return next((book for book in books if book.kind == kind), None)


def _bound(rulebook: Rulebook) -> set[str]:
    return {*rulebook.policies.compensation, *rulebook.policies.rows}


def _lines(
    found: Difference, kinds: Mapping[str, Sequence[str]], calendars: Mapping[str, str]
) -> Iterator[str]:
    if found.is_empty and not calendars:
        yield "nothing that binds a case"
        return
    yield (
        f"cases of {counted(len(kinds), 'kind')} are treated otherwise: {', '.join(kinds)}"
        if kinds
        else "no case of any kind is treated otherwise by a policy"
    )
    yield from (f"{one.policy}: {one.told}" for one in found.uncompared)
    yield from (f"{name}: is new" for name in found.added)
    yield from (f"{name}: is no longer there" for name in found.removed)
    yield from (f"calendar {name}: {how}" for name, how in calendars.items())


def _policies(found: Difference) -> Iterator[Part]:
    """Each policy with the cases that it treats otherwise."""
    for name, group in groupby(found.changed, lambda one: one.policy):
        changed = list(group)
        entries = [_entry(one) for one in changed[:_MOST]]
        if len(changed) > _MOST:
            more = f"and {len(changed) - _MOST} more; `aftersales diff` tells all"
            entries.append(Entry(text=more))
        yield Part(title=name, entries=entries)


def _entry(one: Changed) -> Entry:
    first, *others = one.regions
    also = [f"also: {region}" for region in others]
    more = ["and more"] if one.has_more else []
    return Entry(
        text=in_words(one),
        details=[f"in: {first}", *also, *more, f"for example: {one.example}"],
    )


def _files(found: Difference) -> Iterator[Part]:
    """What else is written otherwise, file by file."""
    for file, group in groupby(found.edits, lambda edit: edit.file):
        edits = list(group)
        entries = [_edit(edit) for edit in edits[:_MOST]]
        if len(edits) > _MOST:
            entries.append(Entry(text=f"and {len(edits) - _MOST} more"))
        yield Part(title=file, entries=entries)


def _edit(edit: Edit) -> Entry:
    if not edit.where:
        return Entry(text=file_is(edit))
    return Entry(text=edit.where, details=[edited(edit)])


def _calendars(old: Catalog, new: Catalog) -> dict[str, str]:
    """The calendars that count otherwise, which their holidays alone can bring about."""
    was, now = ({n: c.digest for n, c in catalog.calendars.items()} for catalog in (old, new))
    return {
        name: _became(name, was, now) for name in sorted({*was, *now}) if _differs(name, was, now)
    }


def _differs(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return was.get(name) != now.get(name)


def _became(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in was:
        return "new"
    return "changed" if name in now else "gone"
