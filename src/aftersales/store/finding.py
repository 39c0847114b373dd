"""What the checks of integrity report."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with what is stored, and what to do. `case_id` may be empty.

    An `error` is a broken promise; a `warning` is something a person should look at.
    """

    code: str
    case_id: str
    message: str
    help: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f" case {self.case_id}:" if self.case_id else ""
        return f"{self.severity}[{self.code}]{where} {self.message}"
