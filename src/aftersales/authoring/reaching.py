"""A short story that comes to an event, a deadline or a state of a workflow.

Cases are played, those nearest to the end first: each step that a story may hold is tried where it
can still lead there, so what is found has happened, and what guards ask for was given. It begins
as a story does that is there already, or with an opening of its own, in which a fact that differs
from the usual ones counts as a step. Of two plays that stand alike only the shorter goes on.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from aftersales.authoring.stories import Play
from aftersales.authoring.story_distance import (
    clock_of,
    distances,
    guards_towards,
    until_over,
    uses_left,
)
from aftersales.authoring.story_moves import OUTCOMES, is_under_way, moves
from aftersales.authoring.story_values import Values, facts_read
from aftersales.authoring.taken import Reach, taken
from aftersales.definitions.story_files import Step
from aftersales.domain.case import Case
from aftersales.domain.problem import NOWHERE

_MOST_TRIED = 6000
_LEFT_COUNTS = 2
_ROUND_BEGAN = "round_began"  # a count that is a version of the case
_OFFER_AND_ANSWER = 2  # steps until a remedy is under way


@dataclass(frozen=True, slots=True)
class Route:
    """The steps that lead there, or why none were found: the last refusal, or that it ended."""

    steps: tuple[Step, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a play stands, after which steps."""

    play: Play
    steps: tuple[Step, ...] = ()


def route_to(
    wanted: Reach,
    start: Play,
    values: Values,
    *,
    opened: str,
    begun: Iterable[Stand] = (),
    most_tried: int = _MOST_TRIED,
) -> Route:
    """The route with few steps and few unusual facts, for a case opened at the time `opened`.

    `start` is a play in which nothing has happened yet, `begun` are where stories that are there
    stand after each of their steps. Bounded: `most_tried` steps are tried.
    """
    workflow = start.on.rulebook.workflow
    left = distances(workflow, wanted)
    if workflow.starts_in not in left:
        return Route(why_not="no way leads there")
    walk = _Walk(wanted, start, values, left, opened)
    for stand in begun:
        walk.go_on_from(stand, len(stand.steps))
    return walk.found(most_tried)


class _Walk:
    """The plays under way, those nearest to the end first."""

    def __init__(
        self, wanted: Reach, start: Play, values: Values, left: Mapping[str, int], opened: str
    ) -> None:
        self.wanted, self.start, self.values, self.left = wanted, start, values, left
        self.opened = opened
        workflow = start.on.rulebook.workflow
        usual = start.tests.usual
        likely = facts_read(start.on.rulebook, guards_towards(workflow, wanted, left))
        self.openings = values.openings(usual, workflow.needs, likely)
        self.heap: list[tuple[int, int, int, int, Stand | None]] = []
        self.order = count()
        self.seen: set[Hashable] = set()
        self.clock = clock_of(workflow, wanted)
        self.is_outcome = wanted[1].rpartition(".")[2] in OUTCOMES
        self.tried = 0
        self.refused = ""

    def found(self, most_tried: int) -> Route:
        """The first play that comes to the end."""
        self._open_next()
        while self.heap and self.tried < most_tried:
            *_, cost, stand = heappop(self.heap)
            if stand is None:
                self._open_next()
                continue
            if self._is_there(stand):
                return Route(stand.steps)
            for step in moves(stand.play, self.values):
                self._try(stand, step, cost + 1)
        tried = f"none of {self.tried} steps tried comes there"
        return Route(why_not=f"{tried}; {self.refused}" if self.refused else tried)

    def _is_there(self, stand: Stand) -> bool:
        return self.wanted in self._reached(stand.play, 0)

    def _reached(self, play: Play, since: int) -> set[Reach]:
        moments = play.on.moments[since:]
        before = play.on.moments[since - 1].change.case if since else None
        return set(taken(play.on.rulebook.workflow, moments, before=before))

    def _open_next(self) -> None:
        """Open a case with the next facts, and wait with those after it until it is their turn."""
        unusual, facts = next(self.openings, (0, None))
        if facts is None:
            return
        cost = 1 + unusual
        self._try(Stand(self.start), Step(NOWHERE, at=self.opened, opens=facts), cost)
        far = self.left[self.start.on.rulebook.workflow.starts_in]
        self._wait_turn(None, cost, far)

    def _try(self, stand: Stand, step: Step, cost: int) -> None:
        self.tried += 1
        play, since = stand.play.fork(), len(stand.play.on.moments)
        play.take(step)
        case = play.on.case
        if play.differences or case is None:
            self._note_refusal(stand, step, play)
            return
        is_there = self.wanted in self._reached(play, since)
        self.go_on_from(Stand(play, (*stand.steps, step)), cost, is_there=is_there)

    def go_on_from(self, stand: Stand, cost: int, *, is_there: bool = False) -> None:
        """Keep a stand until it is its turn, unless one like it was there, or nothing can come."""
        case = stand.play.on.case
        far = self._far(stand.play, case) if case is not None and not is_there else 0
        if far is None:
            return
        key = (*standing(stand.play), stand.play.on.at if self.clock else None, is_there)
        if key not in self.seen:
            self.seen.add(key)
            self._wait_turn(stand, cost, far)

    def _wait_turn(self, stand: Stand | None, cost: int, far: int) -> None:
        """Whoever is nearer to the end goes first: what is left counts twice what was done."""
        heappush(self.heap, (cost + _LEFT_COUNTS * far, far, next(self.order), cost, stand))

    def _far(self, play: Play, case: Case) -> int | None:
        """About how many steps are left; None if no way leads there."""
        far = self.left.get(case.state)
        if far is None:
            return None
        if self.is_outcome and not is_under_way(play):
            far += _OFFER_AND_ANSWER
        if self.clock is not None:
            far += until_over(case, self.clock, play.on.at)
        return far + uses_left(play.on.rulebook.workflow, case, self.wanted[1])

    def _note_refusal(self, stand: Stand, step: Step, play: Play) -> None:
        case = stand.play.on.case
        state, _, event = self.wanted[1].rpartition(".")
        if step.event == event and case is not None and (state == case.state or not state):
            self.refused = play.differences[-1].said


def standing(play: Play) -> tuple[Hashable, ...]:
    """All by which what can come next differs, but the time."""
    case = play.on.case
    assert case is not None
    offer = play.on.offers.get(case.offer_id)
    return (
        case.state,
        tuple(sorted(case.facts.items())),
        tuple(sorted((name, n) for name, n in case.counts.items() if name != _ROUND_BEGAN)),
        (offer.status, offer.accepted_option, offer.approval) if offer is not None else None,
        tuple(sorted(entry.status for entry in play.on.ledger.values())),
        _clocks(case),
    )


def _clocks(case: Case) -> Sequence[tuple[str, bool]]:
    running = {(t.deadline, t.paused_at is not None) for t in case.timers if t.warning is None}
    return tuple(sorted(running))
