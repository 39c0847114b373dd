"""What people read about a case: pure functions from values to lines of text."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aftersales.authoring.reckoning import hours_in_words
from aftersales.cli.case.find import short
from aftersales.domain.calendar import from_iso, local, parse_instant, speak

if TYPE_CHECKING:
    from aftersales.desk import Publication
    from aftersales.domain.calendar import Calendar
    from aftersales.domain.case import Case, Offer, Timer
    from aftersales.domain.policy import Option, Remedy
    from aftersales.domain.workflow import Transition, Workflow

# Of a due date's explanation: what is told in words of its own, or is in what is told.
_TOLD = frozenset(
    (
        *("start", "start_date", "due", "due_date", "due_at", "duration", "calendar", "zone"),
        *("counted", "used", "skipped", "horizon", "provisional", "notes", "pauses", "planned"),
        *("taken_over_at", "not_before", "earlier"),
        "versions",  # of calendar, holidays and zones: for machines, see `--json`
    )
)
_NEVER = datetime.max.replace(tzinfo=UTC)
_RETURNS = {"": "", "customer_keeps": "the customer keeps the goods"}


def headline(case: "Case") -> str:
    """Which case it is: kind, short id, order, customer."""
    parts = [f"{case.kind} {short(case.id)}"]
    parts += [f"order {case.order_id}"] if case.order_id else []
    parts += [f"customer {case.customer_key}"] if case.customer_key else []
    return " · ".join(parts + (["reopened"] if case.round > 1 else []))


def standing(case: "Case", waiting_for: str | None) -> str:
    """Where it stands, and who is waited on."""
    if case.outcome:
        return f"{case.state} · closed, {case.outcome.replace('_', ' ')}"
    return f"{case.state} · waiting for the {waiting_for}" if waiting_for else case.state


def when(at: datetime, zone: str) -> str:
    """An instant for people. The end of a day reads 24:00, so that nobody is a day late."""
    wall = local(at, zone)
    if (wall.hour, wall.minute) != (0, 0):
        return speak(at, zone)
    return speak(at - timedelta(minutes=1), zone).replace("23:59", "24:00")


def opened_under(publication: "Publication", rulebook: str, zone: str) -> str:
    """Which published definitions bind a case."""
    begun = speak(publication.valid_from, zone)
    under = f"opened under publication {publication.number}, valid from {begun}"
    return f"{under}; rulebook {rulebook[:8]}"


def until(timer: "Timer", calendar: "Calendar", now: datetime, zone: str) -> list[str]:
    """A deadline as three cells: its name, when it is due, and how long that is from now."""
    if timer.paused_at is not None:
        return [timer.deadline, f"paused since {when(timer.paused_at, zone)}", ""]
    if timer.due_at is None:
        return [timer.deadline, f"once `{timer.waits_for}` is sent", ""]
    return [timer.deadline, when(timer.due_at, zone), calendar.describe_until(now, timer.due_at)]


def armed(timers: "Iterable[Timer]") -> "list[Timer]":
    """The deadlines that run, the first due first. Warnings are for the tick, not for reading."""
    running = [timer for timer in timers if timer.warning is None]
    return sorted(running, key=lambda timer: (timer.due_at or _NEVER, timer.deadline))


def possible(
    workflow: "Workflow", state: str, allowed: Iterable[str]
) -> list[tuple[str, str, str]]:
    """What can be done: event, by whom, with which facts. What only the system does is left out."""
    events = {**workflow.anywhere, **workflow.states[state].events}
    rows = [(name, *_ways(events.get(name, ()))) for name in allowed]
    return [row for row in rows if row[1]]


def _ways(ways: "Iterable[Transition]") -> tuple[str, str]:
    ways = tuple(ways)
    roles = dict.fromkeys(role for way in ways for role in way.by if role != "system")
    takes: dict[str, bool] = {}
    for way in ways:
        for fact, needed in way.takes.items():
            takes[fact] = takes.get(fact, True) and needed == "required"
    facts = ", ".join(fact if needed else f"{fact} (optional)" for fact, needed in takes.items())
    return " or ".join(roles) and f"by {' or '.join(roles)}", facts and f"with {facts}"


def offer_heading(offer: "Offer", zone: str) -> str:
    """The offer's status, who made it, and whose approval it has or needs."""
    made = f"Offer, {offer.status} (by {offer.made_by}, {when(offer.made_at, zone)}"
    if offer.approved_by is not None:
        return f"{made}; approved by {offer.approved_by})"
    if offer.status == "proposed" and offer.approval != "none_needed":
        return f"{made}; a {offer.approval} must approve it)"
    return f"{made})"


def offered(offer: "Offer") -> list[list[str]]:
    """A row for each option: id, what is given, what comes back, and the one accepted."""
    return [
        [
            option.id,
            " + ".join(map(given, option.remedies)),
            _returned(option),
            "accepted" if option.id == offer.accepted_option else "",
        ]
        for option in offer.options
    ]


def given(remedy: "Remedy") -> str:
    """One remedy with its amount: `refund 7.98 EUR`, `resend`."""
    amount = f" {remedy.amount}" if remedy.amount is not None else ""
    return remedy.sort.replace("_", " ") + amount


def _returned(option: "Option") -> str:
    answer = option.returns.answer
    within = f", back within {option.returns.within}" if option.returns.within else ""
    return _RETURNS.get(answer, answer.replace("_", " ")) + within


def why_due(
    why: Mapping[str, object],
    zone: str,
    *,
    used_before: str = "",
    paused_at: datetime | None = None,
) -> list[str]:
    """How a due date came about, from the data kept with its timer.

    `used_before` is what older calendars had counted when a newer one took over, as `3:00 h`;
    `paused_at` is since when it is paused now.
    """
    lines = []
    if why.get("duration") and why.get("start"):
        calendar = f", on the calendar {why['calendar']}" if why.get("calendar") else ""
        lines.append(f"{why['duration']} from {_spoken(why['start'], zone)}{calendar}")
    lines += _counted(why, zone, used_before)
    lines += [f"skipped: {skipped}" for skipped in _skipped(why.get("skipped"))]
    lines += [_paused(pause, zone, paused_at) for pause in _listed(why.get("pauses"))]
    if why.get("pauses") and not why.get("taken_over_at"):
        # Of what newer calendars would have made of it without them, nothing is known.
        lines.append(f"without pauses: {_spoken(why['planned'], zone)}")
    lines += [
        f"{name.replace('_', ' ')}: {_spoken(value, zone)}"
        for name, value in why.items()
        if name not in _TOLD and _is_readable(value)
    ]
    if why.get("not_before"):
        at = _spoken(why["not_before"], zone)
        lines.append(f"not before {at}: a newer calendar makes nothing late by itself")
    return lines + [str(note) for note in _listed(why.get("notes"))]


def _counted(why: Mapping[str, object], zone: str, used_before: str) -> list[str]:
    """The days that counted; where a newer calendar has taken over, those since."""
    days = ", ".join(day for day in map(str, _listed(why.get("counted"))) if _ran(day, why))
    if not used_before:
        return [f"counted: {days}"] if days else []
    changed = _spoken(why["taken_over_at"], zone).partition(", ")[0]
    since = f"; counted since: {days}" if days else ""
    return [f"{used_before} used before the calendar changed on {changed}{since}"]


def _ran(day: str, why: Mapping[str, object]) -> bool:
    """Whether a date is one of those that counted: not if it was paused from end to end."""
    pauses = [_listed(pause) for pause in _listed(why.get("pauses"))]
    if not pauses:
        return True
    begin = parse_instant(f"{day}T00:00", str(why["zone"]))
    end = begin + timedelta(hours=23)  # no day is shorter, and nobody opens only after that
    return not any(from_iso(str(p[0])) <= begin and end <= from_iso(str(p[1])) for p in pauses)


def _is_readable(value: object) -> bool:
    """Whether it says something as it stands. Mappings and lists are for machines, see `--json`."""
    return isinstance(value, str | int) and value not in ("", False)


def _skipped(days: object) -> list[str]:
    """The skipped days with their reasons; neighbours of one reason on one line."""
    told: dict[str, list[str]] = {}
    for entry in _listed(days):
        day, reason = map(str, _listed(entry)) if len(_listed(entry)) == 2 else (str(entry), "")
        told.setdefault(reason, []).append(day)
    return [", ".join(days) + (f" ({reason})" if reason else "") for reason, days in told.items()]


def _paused(pause: object, zone: str, paused_at: datetime | None) -> str:
    """A pause, over or not, and how much of it would have counted."""
    begin, end, seconds = _listed(pause)
    lost = hours_in_words(int(str(seconds))) if seconds else "nothing"
    if paused_at is not None and paused_at < from_iso(str(end)):
        return f"paused since {_spoken(begin, zone)}: {lost} until now would have counted"
    span = f"{_spoken(begin, zone)} to {_spoken(end, zone)}"
    return f"paused from {span}: {lost} of it would have counted"


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _spoken(value: object, zone: str) -> str:
    if value is True:
        return "yes"
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return when(at, zone) if at.tzinfo else str(value)
