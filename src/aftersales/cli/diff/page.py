"""A difference as people read it, and as data."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from aftersales.authoring.diff import Difference
from aftersales.authoring.written import Edit
from aftersales.domain.policy.compare import Changed


def page(found: Difference) -> Iterator[str]:
    """The page, line by line: policies case by case, then what else is written otherwise."""
    parts = [
        *(_policy(name, list(group)) for name, group in groupby(found.changed, lambda c: c.policy)),
        [f"{one.policy}: {one.told}" for one in found.uncompared],
        [f"{name}: is new" for name in found.added],
        [f"{name}: is no longer there" for name in found.removed],
        *(_file(file, list(group)) for file, group in groupby(found.edits, lambda e: e.file)),
    ]
    for number, part in enumerate(part for part in parts if part):
        yield from ([""] if number else [])
        yield from part


def as_data(found: Difference, labels: Sequence[str]) -> dict[str, Any]:
    """The difference for machines."""
    return {
        "old": labels[0],
        "new": labels[1],
        "changed": [_case(one) for one in found.changed],
        "added": list(found.added),
        "removed": list(found.removed),
        "uncompared": [
            {"policy": one.policy, "why": one.why, "in_part": one.is_in_part}
            for one in found.uncompared
        ],
        "edits": [
            {"file": e.file, "where": e.where, "was": e.was, "now": e.now} for e in found.edits
        ],
    }


def in_words(one: Changed) -> str:
    """`was half_refund, now resend`."""
    return f"was {one.was}, now {one.now}"


def edited(edit: Edit) -> str:
    """`was 14 days, now 30 days`; `now ...` or `no longer ...` where one side has nothing."""
    if not edit.was:
        return f"now {edit.now}"
    return f"was {edit.was}, now {edit.now}" if edit.now else f"no longer {edit.was}"


def file_is(edit: Edit) -> str:
    """What became of a file that only one version has."""
    return "is new" if edit.now else "is no longer there"


def _policy(name: str, changed: Sequence[Changed]) -> list[str]:
    lines = [name]
    for one in changed:
        first, *others = one.regions
        lines += [f"  {first}:", f"    {in_words(one)}"]
        lines += [f"    also: {region}" for region in others]
        lines += ["    and more"] if one.has_more else []
        lines.append(f"    for example: {one.example}")
    return lines


def _file(file: str, edits: Sequence[Edit]) -> list[str]:
    if not edits[0].where:
        return [f"{file}: {file_is(edits[0])}"]
    return [file, *(f"  {edit.where}: {edited(edit)}" for edit in edits)]


def _case(one: Changed) -> dict[str, Any]:
    return {
        "policy": one.policy,
        "was": one.was,
        "now": one.now,
        "regions": list(one.regions),
        "has_more": one.has_more,
        "example": one.example,
    }
