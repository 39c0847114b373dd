"""Problems collected while reading.

A reader never raises for an author's slip: it notes a problem and goes on, so that one run finds
all. At most one problem is kept for a slip.
"""

from collections.abc import Iterable, Sequence

from aftersales.definitions.text import Node
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.problem import Place, Problem, Severity


class Notes:
    """The problems found so far."""

    def __init__(self) -> None:
        self._problems: dict[tuple[Place, str], Problem] = {}

    @property
    def problems(self) -> list[Problem]:
        """All problems, by file, line and column."""
        return sorted(self._problems.values(), key=lambda problem: (problem.place, problem.code))

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self._problems.values())

    def error(
        self,
        code: str,
        where: Node | Place,
        message: str,
        help: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        """Note a slip that keeps the definitions from being used."""
        self.add(_problem(code, where, message, help, notes, "error"))

    def warning(
        self,
        code: str,
        where: Node | Place,
        message: str,
        help: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        """Note something doubtful that can still be used."""
        self.add(_problem(code, where, message, help, notes, "warning"))

    def unreadable(self, code: str, where: Node | Place, slip: ValueUnreadable) -> None:
        """Note a value that could not be read, with the help its reader gave."""
        self.error(code, where, str(slip), slip.help)

    def add(self, problem: Problem) -> None:
        """Note a finished problem. A second one of the same code at the same place is dropped."""
        self._problems.setdefault((problem.place, problem.code), problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note problems found elsewhere."""
        for problem in problems:
            self.add(problem)


def _problem(
    code: str,
    where: Node | Place,
    message: str,
    help: str,
    notes: Sequence[str],
    severity: Severity,
) -> Problem:
    place = where if isinstance(where, Place) else where.place
    return Problem(code, place, message, help, tuple(notes), severity)
