"""Reads all documents of a folder together, so that one run finds all problems."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales.definitions import known, text
from aftersales.definitions.answers_asked import check_facts_answered
from aftersales.definitions.calendars import Top, read_calendar_files
from aftersales.definitions.currencies import check_currencies
from aftersales.definitions.documents import Document, Folder
from aftersales.definitions.facts import read_facts
from aftersales.definitions.ladders import check_ladders
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_files import read_policies
from aftersales.definitions.rates import DatedRates, read_rates
from aftersales.definitions.reasons import check_sources
from aftersales.definitions.remedy_names import check_remedies_named
from aftersales.definitions.replies import read_replies
from aftersales.definitions.team import Team, read_team
from aftersales.definitions.workflow_names import Known
from aftersales.definitions.workflows import read_workflow
from aftersales.domain.calendar import Calendar
from aftersales.domain.conditions import FactSchema
from aftersales.domain.policy import Policies
from aftersales.domain.problem import Place
from aftersales.domain.workflow import Workflow

_NEEDED = {"facts": "policies/facts.yaml", "calendars": "policies/calendars.yaml"}
_DECIDING = ("facts", "policy", "replies", "workflow")
_ONE_AT_A_TIME = ("facts", "workflow", "options")


@dataclass(frozen=True, slots=True)
class Version:
    """All that decides from one day on, until something begins or ends: what proofs look at."""

    first: date
    schema: FactSchema
    policies: Policies
    workflows: tuple[Workflow, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """What a folder holds beside its rulebooks."""

    calendars: Mapping[str, Calendar]
    rates: tuple[DatedRates, ...]
    team: Team
    versions: tuple[Version, ...] = ()


def read_whole(
    folder: Folder, notes: Notes, *, top: Top | None = None, today: date | None = None
) -> Whole:
    """Read every document once, each against the names that all others declare.

    `top` is where they are from: feeds of holidays stand there, beside the calendars.
    """
    documents = folder.documents
    _check_there(folder, notes)
    _check_versions(documents, notes)
    check_sources(documents, notes)
    calendars = read_calendar_files(_of("calendars", documents), notes, top=top, today=today)
    versions: list[Version] = []
    for document, is_first in _facts_in(documents):
        schema = read_facts(document.root, notes)
        read = _read_decisions(folder, schema, notes) if is_first else []
        versions += [version for version in read if document.period.holds(version.first)]
    rates = [read_rates(document.root, notes) for document in _of("rates", documents)]
    teams = [read_team(document.root, notes) for document in _of("team", documents)]
    agents = {id: agent for team in teams for id, agent in team.agents.items()}
    known_rates = tuple(r for r in rates if r is not None)
    check_currencies(documents, known_rates, notes)
    return Whole(calendars, known_rates, Team(agents), tuple(versions))


def _facts_in(documents: Iterable[Document]) -> Iterator[tuple[Document, bool]]:
    """The files of facts; rules are judged by those that no earlier file has for the same days.

    Nor are they judged by a file that does not list its facts.
    """
    earlier: list[Document] = []
    for document in _of("facts", documents):
        is_first = not any(other.period.meets(document.period) for other in earlier)
        is_first = is_first and isinstance(document.root.get("facts"), text.Mapping)
        earlier.append(document)
        yield document, is_first


def epochs(documents: Iterable[Document]) -> list[date]:
    """The days on which something begins or has ended, from the beginning of time on."""
    days = {date.min}
    for period in (document.period for document in documents):
        days |= {period.first} if period.first else set()
        days |= (
            {period.last + timedelta(days=1)} if period.last and period.last < date.max else set()
        )
    return sorted(days)


def in_force(documents: Iterable[Document], day: date) -> list[Document]:
    """The documents that hold for a case opened on `day`."""
    return [document for document in documents if document.period.holds(day)]


def _read_decisions(folder: Folder, schema: FactSchema, notes: Notes) -> list[Version]:
    documents = folder.documents
    names = _known(folder, schema)
    workflows = [(d, read_workflow(d.root, names, notes)) for d in _of("workflow", documents)]
    versions = []
    for day in epochs(d for d in documents if d.format in _DECIDING):
        held = in_force(documents, day)
        policies = read_policies(
            held,
            names.schema,
            notes,
            calendars=names.calendars,
            other_days=[document for document in documents if document not in held],
        )
        check_facts_answered(names.schema, names.tables, policies.rows, notes)
        check_ladders(held, policies.rows, names, notes)
        read_replies([document.root for document in _of("replies", held)], notes)
        flows = tuple(w for d, w in workflows if w is not None and d.period.holds(day))
        versions.append(Version(day, names.schema, policies, flows))
    if names.remedies is not None:
        check_remedies_named(documents, notes)
    return versions


def _known(folder: Folder, schema: FactSchema) -> Known:
    """All names of all versions. That those of one day fit together is looked at by rulebook."""
    documents, workflows = folder.documents, _of("workflow", folder.documents)
    lost = folder.lost | ({"workflow"} if not all(map(_lists_states, workflows)) else set())
    kinds = known.names_of(workflows)
    of_workflows = {
        "kind": kinds,
        "deadline": frozenset(name for w in workflows for name in known.deadlines_in(w.root)),
    }
    words = (
        {"return_required": known.return_answers(documents)} if "policy" not in folder.lost else {}
    )
    words |= of_workflows if "workflow" not in lost else {}
    for fact, names in words.items():
        schema = schema.with_words(fact, sorted(names)) if names else schema
    calendars = known.calendars(documents)
    # Nobody is blamed for naming a calendar where there is no file of them: that is told once.
    lost |= {"calendars"} if not _of("calendars", documents) else set()
    return known.known_in(documents, schema, calendars, kinds=kinds, lost=lost)


def _lists_states(workflow: Document) -> bool:
    return isinstance(workflow.root.get("states"), text.Mapping)


def _of(format: str, documents: Iterable[Document]) -> list[Document]:
    return [document for document in documents if document.format == format]


def _check_there(folder: Folder, notes: Notes) -> None:
    formats = {document.format for document in folder.documents} | folder.lost
    for format, file in _NEEDED.items():
        if format not in formats:
            help = (
                f"add {file}, beginning with `aftersales: {format}/1`; `aftersales init` makes one"
            )
            notes.error("F804", Place(file, 1, 1), f"there is no file of {format}", help)
    if "workflow" not in formats:
        help = "add a workflow, or copy the shipped ones by `aftersales init`"
        notes.error("F804", Place("workflows", 1, 1), "there is no workflow", help)


def _check_versions(documents: Sequence[Document], notes: Notes) -> None:
    """Two versions of one thing may not be in force on the same day."""
    first: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        sort = document.sort
        if sort not in _ONE_AT_A_TIME:
            continue
        earlier = first.setdefault((sort, document.name), [])
        clash = next((other for other in earlier if other.period.meets(document.period)), None)
        if clash:
            named = f"`{document.name}` is" if document.name else "the facts are"
            help = "give one an `until:` and the other a `from:` after it, or remove one"
            message = f"{named} also defined in {clash.file}, for the same days"
            notes.error("F803", document.place, message, help)
        earlier.append(document)
