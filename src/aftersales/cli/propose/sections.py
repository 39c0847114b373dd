"""The sections of a proposal: each a function of the subject. None: it has nothing to say."""

from collections.abc import Callable
from datetime import datetime

from aftersales.authoring.simulate.telling import counted
from aftersales.cli.propose.differing import differing, kinds_concerned
from aftersales.cli.propose.floored import floored
from aftersales.cli.propose.simulated import simulated
from aftersales.cli.propose.subject import Subject
from aftersales.definitions.render import to_json
from aftersales.domain.calendar import speak
from aftersales.domain.problem import Problem
from aftersales.reports import Part, Section

_MOST = 12
_WORKED = "2 business days"


def checked(subject: Subject) -> Section:
    """What `check` and the proofs say."""
    told = [problem for problem in subject.found.problems if problem.severity != "note"]
    errors = len(subject.found.errors)
    warnings = len(told) - errors
    counts = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    return Section(
        name="check",
        title="Check and proofs",
        mark="bad" if errors else "warn" if warnings else "good",
        lines=[counts, *_first(told)],
        data=[to_json(problem) for problem in subject.found.problems],
    )


def tested(subject: Subject) -> Section:
    """What their own tests say."""
    failed, all_of = subject.found.failed, subject.found.results
    return Section(
        name="tests",
        title="Tests",
        mark="bad" if failed else "good" if all_of else "warn",
        lines=[
            f"{len(all_of) - len(failed):,} passed, {len(failed):,} failed",
            *(f"{test.name} ({test.place})" for test in failed[:_MOST]),
        ],
        data={"passed": len(all_of) - len(failed), "failed": [test.name for test in failed]},
    )


def dated(subject: Subject) -> Section | None:
    """A worked date by each calendar, in its own zone and in the desk's."""
    if subject.new is None:
        return None
    new = subject.new.catalog
    before = subject.old.catalog.calendars if subject.old else {}
    rows, moved = [], 0
    for name, calendar in new.calendars.items():
        at = calendar.due(subject.now, _WORKED).at
        was = before[name].due(subject.now, _WORKED).at if name in before else at
        moved += was != at
        rows.append(
            [
                name,
                calendar.zone,
                _spoken(at, calendar.zone),
                _spoken(at, new.zone),
                "" if was == at else f"was {_spoken(was, calendar.zone)}",
            ]
        )
    head = ["calendar", "its zone", "ends there", f"ends at the desk ({new.zone})", ""]
    told = f"{_WORKED} from now, {speak(subject.now, new.zone)}"
    names = ("calendar", "zone", "own", "desk", "was")
    return Section(
        name="dates",
        title="A worked date",
        lines=[told, f"by {counted(moved, 'calendar')} they end otherwise than before"]
        if moved
        else [told],
        parts=[Part(table=[head, *rows])],
        data=[dict(zip(names, row, strict=True)) for row in rows],
    )


def kept(subject: Subject) -> Section | None:
    """How many open cases keep what they have, by kind."""
    if subject.published is None:
        return None
    by_kind = subject.published.open_by_kind()
    count, concerned = sum(by_kind.values()), kinds_concerned(subject)
    verb = "keeps the rules it was" if count == 1 else "keep the rules they were"
    lines = [f"{counted(count, 'open case')} {verb} opened under"]
    otherwise = sum(many for kind, many in by_kind.items() if kind in concerned)
    if otherwise:
        lines.append(f"{otherwise:,} of a kind of which new cases are treated otherwise")
    head = ["kind", "open", ""]
    rows = [
        [kind, f"{many:,}", "treated otherwise from now on" if kind in concerned else ""]
        for kind, many in by_kind.items()
    ]
    parts = [Part(table=[head, *rows])] if rows else []
    return Section(name="open_cases", title="Open cases", lines=lines, parts=parts, data=by_kind)


def _spoken(at: datetime, zone: str) -> str:
    """Without the zone, which stands beside it."""
    return speak(at, zone).removesuffix(f" ({zone})")


SECTIONS: tuple[Callable[[Subject], Section | None], ...] = (
    checked,
    tested,
    differing,
    simulated,
    floored,
    dated,
    kept,
)
"""In the order of the page."""


def _first(problems: list[Problem]) -> list[str]:
    more = [f"and {len(problems) - _MOST} more"] if len(problems) > _MOST else []
    return [*map(str, problems[:_MOST]), *more]
