"""What is declared of a fact: its type, its choices or range, who may set it."""

from dataclasses import dataclass, field
from enum import StrEnum

from aftersales.domain.conditions.cell import Cell
from aftersales.domain.conditions.labels import Labels, label_in
from aftersales.domain.duration import Unit
from aftersales.domain.problem import NOWHERE, Place


class FactType(StrEnum):
    """How the text of a fact is read. `name` is for built-in facts that hold names of things."""

    CHOICE = "choice"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"
    BUSINESS_DURATION = "business duration"
    DATE = "date"
    INSTANT = "instant"
    YES_NO = "yes_no"
    COUNTRY = "country"
    LANGUAGE = "language"
    ZONE = "zone"
    TEXT = "text"
    NAME = "name"


ORDERED = frozenset(
    {
        FactType.MONEY,
        FactType.NUMBER,
        FactType.PERCENT,
        FactType.DURATION,
        FactType.BUSINESS_DURATION,
        FactType.DATE,
        FactType.INSTANT,
    }
)


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """`days from A to B`: from the UTC date of A to that of B; below 0 if B comes first."""

    start: str
    end: str

    def __str__(self) -> str:
        return f"days from {self.start} to {self.end}"


@dataclass(frozen=True, slots=True)
class ByPolicy:
    """`by policy NAME`: answered by a rows table when a guard or rule reads the fact."""

    policy: str

    def __str__(self) -> str:
        return f"by policy {self.policy}"


@dataclass(frozen=True, slots=True)
class FactDeclaration:
    """One fact: a named, typed value known about a case."""

    name: str
    type: FactType
    choices: tuple[str, ...] = ()
    in_order: bool = False  # choices from the least to the most
    range: Cell | None = None
    may_be_missing: bool = False
    personal: bool = False  # kept apart, erasable, never read by conditions
    set_by: tuple[str, ...] = ()  # roles; empty: whoever submits the event
    whole: bool = False  # a number without decimals
    unit: Unit | None = None  # of a duration
    derived: DaysBetween | ByPolicy | None = None
    about_review: bool = False  # never read by a policy that offers remedies
    is_set: bool = False  # several names at once; matches if any of them does
    is_built_in: bool = False
    labels: Labels = ()  # what it is called for people
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def has_order(self) -> bool:
        """Whether `at least` and its like make sense."""
        return self.type in ORDERED or self.in_order

    @property
    def order(self) -> tuple[str, ...]:
        """The choices, if they are in order."""
        return self.choices if self.in_order else ()

    @property
    def label(self) -> str:
        """The label in English, else in the language that was written first."""
        return label_in(self.labels)

    @property
    def shown(self) -> str:
        """The label for people, else the name with spaces."""
        return self.shown_in()

    def shown_in(self, *languages: str) -> str:
        """The label for people who read one of `languages`, else the name with spaces."""
        return label_in(self.labels, languages) or self.name.replace("_", " ")
