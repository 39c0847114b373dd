"""The sections of a proposal: each a function of the subject. None: it has nothing to say."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from aftersales.authoring.simulate import Simulation, telling
from aftersales.authoring.simulate.telling import amount, counted
from aftersales.cli.propose.subject import Subject
from aftersales.cli.simulate.asked import STORE, Request, SimulationAsked
from aftersales.cli.simulate.plain import as_data
from aftersales.definitions import Catalog
from aftersales.definitions.render import to_json
from aftersales.domain.calendar import speak
from aftersales.domain.problem import Problem
from aftersales.reports import Section

_DAYS = 90
_MOST = 12
_WORKED = "2 business days"
_LAW = "policies/law/"


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


def differing(subject: Subject) -> Section | None:
    """Which policies, kinds and calendars are not what they were."""
    new, old = subject.found.catalog, subject.old
    if new is None or old is None:
        return None
    changes = {
        "policy": dict(_changes(old.catalog.policy_digests, new.policy_digests)),
        "kind": dict(_changes(_kinds(old.catalog, subject), _kinds(new, subject))),
        "calendar": dict(_changes(_calendars(old.catalog), _calendars(new))),
    }
    told = [
        f"{sort} {name}: {how}" for sort, found in changes.items() for name, how in found.items()
    ]
    return Section(
        name="differs",
        title=f"What differs from {old.label}",
        lines=told or ["nothing that binds a case"],
        data=changes,
    )


def simulated(subject: Subject) -> Section | None:
    """What past cases would have cost, and for whom it changes."""
    if subject.found.catalog is None:
        return None
    title = f"Past cases ({'the last 90 days' if subject.source == STORE else subject.source})"
    since = (subject.now - timedelta(days=_DAYS)).date().isoformat()
    request = Request(
        source=subject.source,
        against=subject.asked or None,
        since=since if subject.source == STORE else None,
    )
    try:
        found = request.simulated(subject.folder, subject.chosen)
    except SimulationAsked as error:
        return Section(name="simulation", title=title, mark="warn", lines=[str(error)])
    lines = [telling.heading(found), telling.reckoned(found)]
    if found.then:
        lines += [telling.changed(found)]
        lines += [f"{count:,} {what}" for count, what in telling.changes(found)]
    if found.apart.cases_now:
        lines.append(f"{counted(found.apart.cases_now, 'case')} could not be decided")
    return Section(
        name="simulation",
        title=title,
        lines=[*lines, *_less(found)],
        table=_by_option(found),
        data=as_data(found),
    )


def floored(subject: Subject) -> Section | None:
    """Which floors of law there are, and what is said about them."""
    files = [file for file, _ in subject.contents.definitions() if file.startswith(_LAW)]
    if not files:
        return None
    about = [p for p in subject.found.problems if "law" in p.message and p.severity != "note"]
    lines = [f"{len(files)} files of law: {', '.join(f.removeprefix(_LAW) for f in files)}"]
    if subject.found.catalog is None:
        lines.append("not proven: there are errors")
    else:
        lines += _first(about) or ["no problem was found with them"]
    return Section(
        name="law",
        title="Floors of law",
        mark="bad" if about else "",
        lines=lines,
        data={"files": files, "problems": [to_json(problem) for problem in about]},
    )


def dated(subject: Subject) -> Section | None:
    """A worked date by each calendar, in its own zone and in the desk's."""
    new = subject.found.catalog
    if new is None:
        return None
    before = subject.old.catalog.calendars if subject.old else {}
    rows = []
    for name, calendar in new.calendars.items():
        at = calendar.due(subject.now, _WORKED).at
        was = before[name].due(subject.now, _WORKED).at if name in before else at
        moved = "" if was == at else f"was {speak(was, calendar.zone)}"
        rows.append([name, speak(at, calendar.zone), speak(at, new.zone), moved])
    head = ["calendar", "in its zone", "in the desk's", ""]
    return Section(
        name="dates",
        title="A worked date",
        lines=[f"{_WORKED} from now, {speak(subject.now, new.zone)}, end:"],
        table=[head, *rows],
        data=[dict(zip(("calendar", "own", "desk", "was"), row, strict=True)) for row in rows],
    )


def kept(subject: Subject) -> Section | None:
    """How many open cases keep what they have."""
    if subject.published is None:
        return None
    count = subject.published.open_cases()
    line = f"{counted(count, 'open case')} {'keeps its' if count == 1 else 'keep their'} rulebook"
    return Section(name="open_cases", title="Open cases", lines=[line], data=count)


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


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield name, "new"
        elif name not in new:
            yield name, "gone"
        elif old[name] != new[name]:
            yield name, "changed"


def _kinds(catalog: Catalog, subject: Subject) -> dict[str, str]:
    """The digest of the rulebook of each kind, for a case opened now."""
    return {book.kind: book.digest for book in catalog.rulebooks_at(subject.now)}


def _calendars(catalog: Catalog) -> dict[str, str]:
    return {name: calendar.digest for name, calendar in catalog.calendars.items()}


def _by_option(found: Simulation) -> list[list[str]]:
    if not found.then:
        return []
    currency = found.asked.currency
    parts = dict(telling.breakdowns(found)).get(telling.OPTION, [])
    rows = [
        [
            value,
            f"{part.cases_then:,}",
            f"{part.cases_now:,}",
            amount(part.money_then, currency),
            amount(part.money_now, currency),
            amount(part.money_now - part.money_then, currency, is_signed=True),
        ]
        for value, part in parts[:_MOST]
    ]
    return [["option", "cases then", "now", "money then", "now", "difference"], *rows]


def _less(found: Simulation) -> Iterator[str]:
    """Who would get less, the dearest differences first."""
    for one in found.differences:
        if one.cost.minor < 0:
            facts = ", ".join(f"{name} {text}" for name, text in one.facts.items())
            yield f"less by {-one.cost.amount} {one.cost.currency}: case {one.case} ({facts})"
