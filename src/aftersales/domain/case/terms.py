"""How long a deadline is for one case, by which calendar and in whose zone, and when that ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aftersales.domain.calendar import Calendar, DueKind, IfClosed, Pauses, Run, from_iso
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Timer
from aftersales.domain.conditions import FactType
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy import RowsDecision, decide_rows
from aftersales.domain.workflow import CaseDeadline, Deadline, Warning

CUSTOMER_ZONE = "customer_zone"  # the fact that says by whose clock a customer's days are counted


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and why, as data; `run` is what it is counted again from."""

    at: datetime
    why: Mapping[str, Any]
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """How long a deadline is for this case, after the policy was asked.

    `zone` says by whose clock calendar days are counted, where not the calendar's. `follows` is the
    deadline whose being over armed this one: from that instant on, its last day is the first one.
    """

    within: Duration
    calendar: Calendar
    due_at: DueKind | None
    warn: tuple[Warning, ...]
    source: Mapping[str, Any]
    if_closed: IfClosed = "keep"
    zone: str | None = None
    follows: Timer | None = None

    def due(self, start: datetime, pauses: Pauses = ()) -> Due:
        """When it ends that began at `start`."""
        how = self._how(start, self.within, pauses)
        due = self.calendar.due(start, self.within, **how)
        return Due(due.at, {**due.why, **self.source}, due.run)

    def warned(self, start: datetime, warning: Warning, pauses: Pauses = ()) -> Due:
        """When to warn of what began at `start`."""
        if isinstance(warning.at, Duration):
            due = self.calendar.due(start, warning.at, **self._how(start, warning.at, pauses))
        else:
            how = self._how(start, self.within, pauses)
            due = self.calendar.part(start, self.within, warning.at, **how)
        return Due(due.at, due.why, due.run)

    def _how(self, start: datetime, duration: Duration, pauses: Pauses) -> dict[str, Any]:
        return {
            "due_at": self.due_at,
            "if_closed": self.if_closed,
            "start_date": self._start_date(start, duration),
            "zone": self._zone(duration),
            "pauses": pauses,
        }

    def _zone(self, duration: Duration) -> str | None:
        return self.zone if duration.unit is Unit.DAYS else None

    def _start_date(self, start: datetime, duration: Duration) -> date | None:
        """The last day of the deadline that this one follows, if it begins where that ended."""
        before = self.follows
        if before is None or before.run is None:
            return None
        is_day = before.run.unit not in (Unit.HOURS, Unit.MINUTES)
        ends_there = from_iso(before.why["due"]) == start  # and not earlier, by a cap or a buffer
        is_same_zone = before.why.get("zone") == (self._zone(duration) or self.calendar.zone)
        if not (is_day and ends_there and is_same_zone):
            return None
        return date.fromisoformat(before.why["due_date"])


def term_of(draft: Draft, deadline: Deadline) -> Term:
    """How long `deadline` is for this case. NotPermitted if its policy cannot say."""
    rulebook = draft.around.rulebook
    answers: Mapping[str, str] = {}
    within, warn = deadline.within, deadline.warn
    source = {"rule": f"{deadline.name} ({deadline.place})"} if deadline.place else {}
    if within is None:
        answer = _asked(draft, deadline)
        answers, source = answer.answers, {"rule": str(answer.rule)}
        within = Duration.parse(answers["within"])
        warn = warn or rulebook.ladder(deadline.by_policy or "", answer)
    named = deadline.calendar or answers.get("calendar") or None
    return Term(
        within,
        draft.calendar(named),
        deadline.due_at or _due_kind(answers.get("due_at", "")),
        warn,
        source,
        if_closed=deadline.if_closed,
        zone=None if deadline.calendar else _customer_zone(draft, deadline),
        follows=None if isinstance(deadline, CaseDeadline) else draft.fired,
    )


def _customer_zone(draft: Draft, deadline: Deadline) -> str | None:
    """The customer's zone, if he is waited for and it is known."""
    workflow, schema = draft.around.rulebook.workflow, draft.around.rulebook.schema
    waited_for = workflow.states[draft.case.state].waiting_for
    declared = schema.declared(CUSTOMER_ZONE)
    is_zone = declared is not None and declared.type is FactType.ZONE
    if isinstance(deadline, CaseDeadline) or waited_for != "customer" or not is_zone:
        return None
    return draft.case.facts.get(CUSTOMER_ZONE)


def _asked(draft: Draft, deadline: Deadline) -> RowsDecision:
    table = draft.around.rulebook.policies.rows[deadline.by_policy or ""]
    try:
        answer = decide_rows(table, draft.facts(deadline=deadline.name))
    except FactMissing as missing:
        raise NotPermitted("fact_missing", str(missing), calls_person=True) from missing
    if not isinstance(answer, RowsDecision):
        asked = f"the policy `{deadline.by_policy}` cannot say how long `{deadline.name}` is"
        raise NotPermitted("undecided", f"{asked}: {answer.why}", calls_person=True)
    return answer


def _due_kind(text: str) -> DueKind | None:
    match text:
        case "close" | "midnight" | "same_time":
            return text
    return None
