"""What a decision may read: handed in whole, so that deciding needs no database and no clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from aftersales.domain.case.model import Account, Actor, LedgerEntry, Line, Offer
from aftersales.domain.conditions import Rates
from aftersales.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All around a case that a decision reads.

    `rates_on` gives the rates of a day: an offer is made at those of the day it is made.
    `ledger` holds the entries of the order over all its cases, `goodwill` those of the customer.
    With `waits_start_when_told` off, a wait for the customer starts when it is decided rather than
    when he was told: for simulations, in which nothing is handed over.
    """

    rulebook: Rulebook
    recorded_at: datetime
    rates_on: Callable[[date], Rates]
    offer: Offer | None = None
    account: Account | None = None
    customer_account: Account | None = None
    ledger: tuple[LedgerEntry, ...] = ()
    goodwill: tuple[LedgerEntry, ...] = ()
    waits_start_when_told: bool = True


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened with. Facts are canonical texts; personal ones are kept apart later."""

    shop: str
    case_id: str
    by: Actor
    at: datetime
    currency: str
    facts: Mapping[str, str]
    order_id: str | None = None
    customer_key: str = ""
    lines: tuple[Line, ...] = ()
    parent_id: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What is put to a case: by whom, when it happened, and the facts given with it."""

    name: str
    by: Actor
    at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
