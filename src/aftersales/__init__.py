"""After-sales case management for online shops: the public names, loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aftersales.definitions import Catalog as Catalog
    from aftersales.definitions import Contents as Contents
    from aftersales.definitions import load_calendars as load_calendars
    from aftersales.desk import Desk as Desk
    from aftersales.desk import Published as Published
    from aftersales.desk import accepted as accepted
    from aftersales.desk import done as done
    from aftersales.desk import failed as failed
    from aftersales.desk import unknown as unknown
    from aftersales.domain.calendar import Calendar as Calendar
    from aftersales.domain.case import Actor as Actor
    from aftersales.domain.case import Line as Line
    from aftersales.domain.duration import Duration as Duration
    from aftersales.domain.errors import AftersalesError as AftersalesError
    from aftersales.domain.errors import CaseChangedMeanwhile as CaseChangedMeanwhile
    from aftersales.domain.errors import CaseNotFound as CaseNotFound
    from aftersales.domain.errors import DefinitionsInvalid as DefinitionsInvalid
    from aftersales.domain.errors import DeliveryFailed as DeliveryFailed
    from aftersales.domain.errors import EventRefused as EventRefused
    from aftersales.domain.errors import IdempotencyKeyReused as IdempotencyKeyReused
    from aftersales.domain.errors import StoreNotReady as StoreNotReady
    from aftersales.domain.money import Money as Money
    from aftersales.store import Store as Store

    __version__: str

# Lazy, so that `aftersales --help` need not load a database to print a page.
_HOMES = {
    "Actor": "aftersales.domain.case",
    "AftersalesError": "aftersales.domain.errors",
    "Calendar": "aftersales.domain.calendar",
    "CaseChangedMeanwhile": "aftersales.domain.errors",
    "CaseNotFound": "aftersales.domain.errors",
    "Catalog": "aftersales.definitions",
    "DefinitionsInvalid": "aftersales.domain.errors",
    "DeliveryFailed": "aftersales.domain.errors",
    "Contents": "aftersales.definitions",
    "Desk": "aftersales.desk",
    "Duration": "aftersales.domain.duration",
    "EventRefused": "aftersales.domain.errors",
    "IdempotencyKeyReused": "aftersales.domain.errors",
    "Line": "aftersales.domain.case",
    "Money": "aftersales.domain.money",
    "Published": "aftersales.desk",
    "Store": "aftersales.store",
    "StoreNotReady": "aftersales.domain.errors",
    "accepted": "aftersales.desk",
    "done": "aftersales.desk",
    "failed": "aftersales.desk",
    "load_calendars": "aftersales.definitions",
    "unknown": "aftersales.desk",
}

__all__ = [
    "Actor",
    "AftersalesError",
    "Calendar",
    "CaseChangedMeanwhile",
    "CaseNotFound",
    "Catalog",
    "DefinitionsInvalid",
    "DeliveryFailed",
    "Contents",
    "Desk",
    "Duration",
    "EventRefused",
    "IdempotencyKeyReused",
    "Line",
    "Money",
    "Published",
    "Store",
    "StoreNotReady",
    "accepted",
    "done",
    "failed",
    "load_calendars",
    "unknown",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home, once."""
    if name == "__version__":
        value: Any = import_module("importlib.metadata").version("aftersales")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'aftersales' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for completion."""
    return sorted([*globals(), *__all__, "__version__"])
