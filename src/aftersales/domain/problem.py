"""A problem: one finding about definitions, with a place and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""An error keeps definitions from being used; a note is no fault, but good to know."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is written. Lines and columns count from 1, as editors show them."""

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


NOWHERE = Place("<built in>", 1, 1)


@dataclass(frozen=True, slots=True)
class Problem:
    """One slip of an author: a stable code, a place, a message in his words, and a help."""

    code: str
    place: Place
    message: str
    help: str = ""
    notes: tuple[str, ...] = ()
    severity: Severity = "error"

    def __str__(self) -> str:
        """One line, as compilers print them."""
        place = self.place
        return (
            f"{place.file}:{place.line}:{place.column}: {self.severity}[{self.code}] {self.message}"
        )
