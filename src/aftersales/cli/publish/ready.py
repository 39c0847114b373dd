"""Whether definitions may be published: what `check` and `test` would say of them."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from aftersales.authoring import Readiness, readiness
from aftersales.config import simulations_from
from aftersales.domain.errors import StoreNotReady
from aftersales.notifiers import check_replies

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.definitions import Catalog, Contents
    from aftersales.domain.problem import Problem


def ready(contents: "Contents", chosen: "Settings", *, today: date) -> Readiness:
    """Check `contents`, the words of their replies too, and run their tests.

    A policy that waits for a simulation must have one on record.
    """
    found = readiness(contents, today=today)
    if found.catalog is None:
        return found
    waiting = _not_simulated(found.catalog, chosen)
    problems = [*found.problems, *_in_replies(found.catalog), *waiting]
    return replace(found, problems=tuple(sorted(problems, key=lambda p: (p.place, p.code))))


def _not_simulated(catalog: "Catalog", chosen: "Settings") -> "list[Problem]":
    """The policies that wait for a simulation. Only for these a database is looked into."""
    if not catalog.has_policies_to_simulate:
        return []
    try:
        return catalog.not_simulated(simulations_from(chosen).policies())
    except StoreNotReady:
        return catalog.not_simulated(None)


def _in_replies(catalog: "Catalog") -> "list[Problem]":
    books = catalog.rulebooks
    return check_replies(known for book in books for known in book.replies.values())
