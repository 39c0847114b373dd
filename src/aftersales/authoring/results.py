"""What running a test gives: what was not as expected, why, and what was asked on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales.domain.case import Change
from aftersales.domain.conditions import Facts
from aftersales.domain.policy import OptionsDecision, RowsDecision, Undecided
from aftersales.domain.problem import Place
from aftersales.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as its author expects. `place` is that of the example or the step.

    `what` is the word expected (`options`, `state`), empty where the test could not go on. `why`
    tells which rule decided and what ruled out what was expected. `is_rewritable` says that
    `found` may be written where `expected` stands.
    """

    place: Place
    said: str
    what: str = ""
    expected: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    is_rewritable: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.said}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that a test put to a policy, and what was decided.

    `facts` are those it was decided on; `given` are they without what other policies answered.
    """

    rulebook: Rulebook
    policy: str
    facts: Facts
    decision: OptionsDecision | RowsDecision | Undecided
    given: Facts


@dataclass(frozen=True, slots=True)
class Moment:
    """One change of a case in a story, with the facts known after it."""

    change: Change
    facts: Facts


@dataclass(frozen=True, slots=True)
class StoryResult:
    """One test and what was not as expected. No differences: it passed.

    `asked` is what an example asked; `moments` are what happened in a story under `rulebook`.
    """

    name: str
    place: Place
    differences: tuple[Difference, ...]
    outcome: str = ""
    asked: tuple[Asked, ...] = ()
    moments: tuple[Moment, ...] = ()
    rulebook: Rulebook | None = None

    @property
    def failures(self) -> tuple[str, ...]:
        """The differences in one line each, with their places."""
        return tuple(map(str, self.differences))

    @property
    def has_passed(self) -> bool:
        return not self.differences


def compared(
    place: Place,
    what: str,
    expected: Sequence[str],
    found: Sequence[str],
    *,
    why: tuple[str, ...] = (),
    is_rewritable: bool = True,
) -> Difference:
    """The difference between what is expected and what was found."""
    said = f"{what}: {listed(expected)} expected, found {listed(found)}"
    can = is_rewritable and bool(found or what in ("options", "amounts", "returns", "offer"))
    return Difference(place, said, what, tuple(expected), tuple(found), why, can)


def listed(words: Sequence[str]) -> str:
    """The words with commas, in the order of the alphabet; `nothing` if there are none."""
    return ", ".join(sorted(words)) or "nothing"
