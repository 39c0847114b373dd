"""Open cases get newer calendars: first looked at, then, asked for, moved. One transaction each."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aftersales.definitions import recalendared
from aftersales.desk import cases
from aftersales.desk.context import Context
from aftersales.domain.calendar import Calendar
from aftersales.domain.case import (
    Actor,
    Case,
    Moved,
    Refusal,
    Surroundings,
    TimerMove,
    if_resumed,
    is_overdue,
    is_provisional,
    move,
)
from aftersales.domain.errors import CaseChangedMeanwhile, EventRefused
from aftersales.domain.rulebook import Rulebook
from aftersales.store import Transaction

PAGE = 200
MOST_TRIES = 3
MOVERS = ("agent", "supervisor", "manager", "system")
"""The roles that may move cases: staff, and what runs by itself."""

_NOBODY = Actor.system()  # by whom nothing is done: what he does is not saved

Progress = Callable[[int], object]
"""Told how many cases were looked at so far."""


@dataclass(frozen=True, slots=True)
class DueMoved:
    """What newer calendars make of one timer of a case.

    `before` and `after` are None where it has no date: a warning that does not come before its
    deadline. While it is paused they are the dates it would have if it went on now.
    """

    timer_id: str
    name: str  # `answer`, `warning of answer`
    calendar: str
    zone: str
    before: datetime | None
    after: datetime | None
    was_provisional: bool
    is_provisional: bool
    why: tuple[str, ...] = ()
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A case with a date that moves or is confirmed, or one that cannot be moved, and why.

    `is_moved` says that a deadline that runs is due at another instant.
    """

    case_id: str
    kind: str
    state: str
    order_id: str | None
    dues: tuple[DueMoved, ...] = ()
    is_moved: bool = False
    is_overdue: bool = False  # something fires first, and may change what is listed
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What newer calendars make of the open cases.

    `cases` are those worth reading. Of the cases `looked_at`, some are `untouched` (their calendars
    are not named, or are the same), some are `kept` (a newer version, the same dates), others
    `moved`, `paused` (only a paused deadline would end at another instant), `confirmed` (same
    dates, no longer provisional) or `refused`. `not_named` are calendars that count a timer of an
    open case and were not given, `unused` those given that count none.
    """

    cases: tuple[CaseMoved, ...] = ()
    looked_at: int = 0
    untouched: int = 0
    kept: int = 0
    moved: int = 0
    paused: int = 0
    confirmed: int = 0
    refused: int = 0
    not_named: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    is_applied: bool = False


def preview(
    context: Context, calendars: Mapping[str, Calendar], *, progress: Progress | None = None
) -> Preview:
    """What `apply` would do. Nothing is written."""
    found = _Found(calendars)
    now = context.now()
    for page in _pages(context, None):
        with context.store.reading(context.shop) as tx:
            for case in page:
                found.uses(case, context.pinned(tx, case.rulebook))
                found.add(_looked_at(context, tx, case, found, now))
        if progress is not None:
            progress(found.looked_at)
    return found.result(is_applied=False)


def apply(
    context: Context,
    calendars: Mapping[str, Calendar],
    *,
    by: Actor,
    why: str,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Move the open cases, each in a transaction of its own, after all that is due on it has fired.

    Safe to repeat, and to interrupt: a case that is bound to these calendars is left alone. One
    that cannot be moved does not stop the others. EventRefused if `by` is not of `MOVERS`.
    """
    if by.role not in MOVERS:
        who = f"{', '.join(MOVERS[:-1])} or {MOVERS[-1]}"
        raise EventRefused(f"a {by.role} may not move cases; this is for {who}", code="role")
    found = _Found(calendars)
    for page in _pages(context, only):
        for case in page:
            found.add(_applied(context, case, found, by, why))
        if progress is not None:
            progress(found.looked_at)
    return found.result(is_applied=True)


class _Found:
    """What was found so far, and the newer rulebooks, each made once."""

    def __init__(self, calendars: Mapping[str, Calendar]) -> None:
        self.looked_at = 0
        self._calendars = calendars
        self._newer: dict[str, Rulebook] = {}
        self._counts = dict.fromkeys(
            ("untouched", "kept", "moved", "paused", "confirmed", "refused"), 0
        )
        self._cases: list[CaseMoved] = []
        self._used: set[str] = set()

    def newer(self, rulebook: Rulebook) -> Rulebook:
        """The rulebook with the newer calendars; itself if none of its calendars differs."""
        if rulebook.digest not in self._newer:
            self._newer[rulebook.digest] = recalendared(rulebook, self._calendars)
        return self._newer[rulebook.digest]

    def uses(self, case: Case, rulebook: Rulebook) -> None:
        """Note by which calendars its timers are counted; a rulebook may have many more."""
        for timer in case.timers:
            name = timer.why.get("calendar")
            self._used.add(rulebook.calendar(name, of_case=case.calendar).name)

    def add(self, outcome: CaseMoved | None) -> None:
        """Count one case; None was not touched."""
        self.looked_at += 1
        if outcome is None:
            self._counts["untouched"] += 1
            return
        sort = _sort(outcome)
        self._counts[sort] += 1
        if sort != "kept":
            self._cases.append(outcome)

    def result(self, *, is_applied: bool) -> Preview:
        """All that was found, as a value."""
        return Preview(
            cases=tuple(self._cases),
            looked_at=self.looked_at,
            **self._counts,
            not_named=tuple(sorted(self._used - self._calendars.keys())),
            unused=tuple(sorted(self._calendars.keys() - self._used)),
            is_applied=is_applied,
        )


def _sort(outcome: CaseMoved) -> str:
    if outcome.refused:
        return "refused"
    if outcome.is_moved:
        return "moved"
    if any(due.before != due.after for due in outcome.dues):
        return "paused"
    return "confirmed" if outcome.dues else "kept"


def _pages(context: Context, only: Collection[str] | None) -> Iterator[list[Case]]:
    """The open cases, a page at a time, in the order of their opening."""
    last = None
    while True:
        with context.store.reading(context.shop) as tx:
            page = tx.find_cases(is_open=True, limit=PAGE, after=last)
        yield [case for case in page if only is None or case.id in only]
        if len(page) < PAGE:
            return
        last = page[-1].id


def _looked_at(
    context: Context, tx: Transaction, case: Case, found: _Found, now: datetime
) -> CaseMoved | None:
    before = context.pinned(tx, case.rulebook)
    newer = found.newer(before)
    if newer is before:
        return None
    around = context.around(tx, case, recorded_at=now)
    outcome = move(replace(around, rulebook=newer), case, before, at=now, by=_NOBODY, why="")
    is_late = any(is_overdue(timer, now) for timer in case.timers)
    return _told(case, outcome, _of_paused(around, newer, case, now), is_late=is_late)


def _applied(context: Context, case: Case, found: _Found, by: Actor, why: str) -> CaseMoved | None:
    """Move one case, and say what became of it; tried again where another call was faster."""
    for _ in range(MOST_TRIES):
        try:
            with context.store.transaction(context.shop) as tx:
                return _moved_in(context, tx, case.id, found, by, why)
        except CaseChangedMeanwhile:
            continue
        except Exception as error:  # noqa: BLE001 - one poisoned case must not stop the others
            return _told(case, Refusal("failed", f"{type(error).__name__}: {error}"))
    return _told(case, Refusal("changed", "it kept changing meanwhile; run this again"))


def _moved_in(
    context: Context, tx: Transaction, case_id: str, found: _Found, by: Actor, why: str
) -> CaseMoved | None:
    case, now = tx.case(case_id), context.now()
    before = context.pinned(tx, case.rulebook)
    found.uses(case, before)
    newer = found.newer(before)
    if newer is before or case.closed_at is not None:
        return None
    case = cases.catch_up(context, tx, case, before=now, recorded_at=now)
    around = context.around(tx, case, recorded_at=now)
    outcome = move(replace(around, rulebook=newer), case, before, at=now, by=by, why=why)
    paused = _of_paused(around, newer, case, now)
    if isinstance(outcome, Moved):
        context.keep(tx, newer)
        cases.save(context, tx, outcome.change)
    return _told(case, outcome, paused)


def _of_paused(
    around: Surroundings, newer: Rulebook, case: Case, now: datetime
) -> tuple[TimerMove, ...]:
    """What the move makes of paused timers: they have no date, so as if they went on now."""
    paused = {timer.id for timer in case.timers if timer.paused_at is not None}
    if not paused or case.closed_at is not None:
        return ()
    running = if_resumed(around, case, at=now)
    new = replace(around, rulebook=newer)
    outcome = move(new, running, around.rulebook, at=now, by=_NOBODY, why="")
    moves = outcome.timers if isinstance(outcome, Moved) else ()
    return tuple(move for move in moves if move.before.id in paused)


def _told(
    case: Case,
    outcome: Moved | Refusal | None,
    paused: tuple[TimerMove, ...] = (),
    *,
    is_late: bool = False,
) -> CaseMoved | None:
    """What became of a case; None where it was not touched, as one that what was due has closed."""
    if outcome is None:
        return None
    told = CaseMoved(case.id, case.kind, case.state, case.order_id, is_overdue=is_late)
    if isinstance(outcome, Refusal):
        return replace(told, refused=outcome.reason)
    dues = [_due(timer) for timer in outcome.timers if _is_news(timer)]
    dues += [replace(_due(timer), is_paused=True) for timer in paused if _is_news(timer)]
    is_moved = any(timer.is_moved for timer in outcome.timers)
    return replace(told, dues=tuple(dues), is_moved=is_moved)


def _is_news(timer: TimerMove) -> bool:
    return timer.is_moved or timer.is_confirmed


def _due(found: TimerMove) -> DueMoved:
    before, after = found.before, found.after
    return DueMoved(
        timer_id=before.id,
        name=found.name,
        calendar=found.calendar,
        zone=found.zone,
        before=before.due_at,
        after=after.due_at,
        was_provisional=is_provisional(before),
        is_provisional=is_provisional(after),
        why=found.why,
    )
