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
    TimerMove,
    is_overdue,
    is_provisional,
    move,
)
from aftersales.domain.errors import CaseChangedMeanwhile
from aftersales.domain.rulebook import Rulebook
from aftersales.store import Transaction

PAGE = 200
MOST_TRIES = 3

Progress = Callable[[int], object]
"""Told how many cases were looked at so far."""


@dataclass(frozen=True, slots=True)
class DueMoved:
    """What newer calendars make of one timer of a case.

    `before` and `after` are None where it has no date: a warning that does not come before its
    deadline.
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


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A case with a date that moves or is confirmed, or one that cannot be moved, and why."""

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
    `moved`, `confirmed` (same dates, no longer provisional) or `refused`. `not_named` are the
    calendars of open cases that were not given, `unused` those given that no open case has.
    """

    cases: tuple[CaseMoved, ...] = ()
    looked_at: int = 0
    untouched: int = 0
    kept: int = 0
    moved: int = 0
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
    that cannot be moved does not stop the others.
    """
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
        self._counts = dict.fromkeys(("untouched", "kept", "moved", "confirmed", "refused"), 0)
        self._cases: list[CaseMoved] = []
        self._used: set[str] = set()

    def newer(self, rulebook: Rulebook) -> Rulebook:
        """The rulebook with the newer calendars; itself if none of its calendars differs."""
        if rulebook.digest not in self._newer:
            self._used |= rulebook.calendars.keys()
            self._newer[rulebook.digest] = recalendared(rulebook, self._calendars)
        return self._newer[rulebook.digest]

    def add(self, outcome: CaseMoved | None) -> None:
        """Count one case; None was not touched."""
        self.looked_at += 1
        if outcome is None:
            self._counts["untouched"] += 1
            return
        sort = "refused" if outcome.refused else "moved" if outcome.is_moved else "confirmed"
        if sort == "confirmed" and not any(due.was_provisional for due in outcome.dues):
            sort = "kept"
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
    around = replace(context.around(tx, case, recorded_at=now), rulebook=newer)
    outcome = move(around, case, before, at=now, by=Actor.system(), why="")
    return _told(case, outcome, is_late=any(is_overdue(timer, now) for timer in case.timers))


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
    newer = found.newer(before)
    if newer is before or case.closed_at is not None:
        return None
    case = cases.catch_up(context, tx, case, before=now, recorded_at=now)
    around = replace(context.around(tx, case, recorded_at=now), rulebook=newer)
    outcome = move(around, case, before, at=now, by=by, why=why)
    if isinstance(outcome, Moved):
        context.keep(tx, newer)
        cases.save(context, tx, outcome.change)
    return _told(case, outcome)


def _told(
    case: Case, outcome: Moved | Refusal | None, *, is_late: bool = False
) -> CaseMoved | None:
    """What became of a case; None where it was not touched, as one that what was due has closed."""
    if outcome is None:
        return None
    told = CaseMoved(case.id, case.kind, case.state, case.order_id, is_overdue=is_late)
    if isinstance(outcome, Refusal):
        return replace(told, refused=outcome.reason)
    news = tuple(_due(timer) for timer in outcome.timers if timer.is_moved or timer.is_confirmed)
    return replace(told, dues=news, is_moved=any(timer.is_moved for timer in outcome.timers))


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
