"""Past cases as they are handed in: rows of texts under column names, a batch at a time."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money

CASE, KIND, OPENED_AT, CURRENCY = "case", "kind", "opened_at", "currency"
PAID, COUNT, GIVEN_OPTION, GIVEN_COST = "paid", "count", "given_option", "given_cost"
OWN_COLUMNS = (CASE, KIND, OPENED_AT, CURRENCY, PAID, COUNT, GIVEN_OPTION, GIVEN_COST)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of past cases as texts, all under the same columns; an empty text is not known.

    `lines` say where each row stands in its file; `read` is the part of the file read with them.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    read: float = 1.0


class Opened(NamedTuple):
    """When a case was opened, the desk's local day and month of it, and the day of its rates."""

    at: datetime
    day: date
    month: str
    rates_day: date  # in UTC, as a desk takes them


class PastCase(NamedTuple):
    """One past case. `row` has its facts as texts; `cases` is how many it stands for."""

    line: int
    name: str
    kind: str
    opened: Opened
    row: tuple[str, ...]
    currency: str = ""
    paid: Money | None = None
    cases: int = 1
    given_option: str = ""
    given_cost: Money | None = None


class Cases(Protocol):
    """Some cases, told by their facts: those that a comparison of two versions found changed."""

    def point_of(self, facts: Facts) -> Any:
        """What is looked at of a case, the same for all regions of one policy; None: not known."""

    def has(self, point: Any) -> bool:
        """Whether the cases of that point are some of them."""


@dataclass(frozen=True, slots=True)
class Region:
    """Cases to which a policy offers something else in the newer version.

    `words` tell which, the widest first, if need be `has_more`; `was` and `now` what is offered.
    """

    policy: str
    words: tuple[str, ...]
    cases: Cases = field(repr=False, compare=False)
    was: str = ""
    now: str = ""
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A cell that cannot be read: where, under which column, why, and what to write."""

    line: int
    column: int  # from 1; 0 where there is no such column
    name: str
    message: str
    help: str = ""

    def __str__(self) -> str:
        help = f"; {self.help}" if self.help else ""
        column = f", column {self.column}" if self.column else ""
        return f"line {self.line}{column} (`{self.name}`): {self.message}{help}"
