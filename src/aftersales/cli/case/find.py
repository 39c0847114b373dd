"""Finding a case by a part of its id."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import NotFound
from aftersales.domain.errors import CaseNotFound

if TYPE_CHECKING:
    from aftersales.desk import CaseView, Desk

LEAST = 4
_PAGE = 1000


def find_case(desk: "Desk", part: str) -> "CaseView":
    """The case that `part` names: see `is_named`. NotFound; BadParameter if it names several."""
    try:
        return desk.get_case(part)
    except CaseNotFound:
        pass
    if len(part) < LEAST:
        raise click.BadParameter(f"`{part}` is too short: give {LEAST} characters or more")
    found = [view for view in _all(desk) if is_named(view.id, part)]
    if not found:
        raise NotFound(f"there is no case `{part}`")
    if len(found) > 1:
        ids = ", ".join(view.id for view in found[:5])
        raise click.BadParameter(f"`{part}` fits {len(found)} cases: {ids}")
    return found[0]


def is_named(id: str, part: str) -> bool:
    """Whether the id, or the short id, begins with `part`, or ends with it."""
    return id.startswith(part) or short(id).startswith(part) or id.endswith(part)


def short(id: str) -> str:
    """An id as people read it: its end, for its beginning is the time it was made."""
    return id[-8:]


def _all(desk: "Desk") -> "list[CaseView]":
    views: list[CaseView] = []
    while page := desk.find_cases(limit=_PAGE, after=views[-1].id if views else None):
        views += page
        if len(page) < _PAGE:
            break
    return views
