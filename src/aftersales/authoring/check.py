"""Every problem of the definitions: what the reader finds, then what is proven of the tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from aftersales.definitions.calendars import Top
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.law_files import LawFile, law_files, read_laws
from aftersales.definitions.notes import Notes
from aftersales.definitions.offers_begun import makes_offers
from aftersales.definitions.shipped import shipped_folder
from aftersales.definitions.whole import Version
from aftersales.domain.conditions import Cell, CellKind, Condition, FactSchema, Word, all_of
from aftersales.domain.policy import Policies, RuleRef
from aftersales.domain.policy.prove import (
    Finding,
    Law,
    World,
    prove_applies,
    prove_offered,
    prove_policy,
    prove_row_laws,
    prove_rows,
)
from aftersales.domain.problem import Place, Problem
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Deadline, Workflow

_NEVER_MISSING = frozenset({"kind", "priority", "deadline"})
_TRIAGE, _PRIORITY = "triage", "priority"


def check(
    folder: str | Path | None = None, *, today: date | None = None
) -> tuple[Catalog | None, list[Problem]]:
    """The definitions of `folder` if they have no error, and all problems, by place.

    Proofs are made once the definitions can be read: a slip that keeps a table from being read
    would make them speak of another table.
    """
    catalog, problems = Catalog.check(folder, today=today)
    if catalog is None:
        return None, problems
    proven = proofs(catalog, shipped_folder() if folder is None else Path(folder))
    problems = sorted([*problems, *proven], key=lambda p: (p.place, p.code))
    has_errors = any(problem.severity == "error" for problem in proven)
    return (None if has_errors else catalog), problems


def proofs(catalog: Catalog, top: Top) -> list[Problem]:
    """What is proven to be wrong, or could not be proven, in any stretch of days: each once.

    The laws that the tests files of `top` state are held against the policies of each.
    """
    notes = Notes()
    files = law_files(top, notes)
    found = {_key(problem): problem for problem in notes.problems}
    for version in catalog.versions:
        for problem in _proven(version, catalog, files):
            found.setdefault(_key(problem), problem)
    return list(found.values())


def _proven(version: Version, catalog: Catalog, files: Iterable[LawFile]) -> Iterator[Problem]:
    world, notes = world_of(version, catalog), Notes()
    in_some_version = {name for other in catalog.versions for name in _policies(other)}
    laws: dict[str, list[Law]] = {}
    places: dict[RuleRef, Place] = {}
    for file in files:
        if file.policy not in _policies(version) and file.policy in in_some_version:
            continue  # it is in force on other days: there the law is held against it
        for law, place in read_laws(file, version.policies, world.schema, notes):
            laws.setdefault(file.policy, []).append(law)
            places[law.ref] = place
    yield from notes.problems
    asking = {w.name: all_of({"kind": _is(w.name)}) for w in version.workflows if makes_offers(w)}
    for finding in (*_findings(world, laws), *prove_offered(world, asking)):
        place = places.get(finding.ref) or catalog.place_of(finding.ref)
        yield _problem(finding, place)


def _policies(version: Version) -> set[str]:
    return {*version.policies.compensation, *version.policies.rows}


def _key(problem: Problem) -> tuple[object, ...]:
    return problem.place, problem.code, problem.message


def world_of(version: Version, catalog: Catalog) -> World:
    """What a proof must know of all that is in force together."""
    return World(
        schema=_with_priorities(version.schema, version.policies),
        policies=version.policies,
        rates=catalog.rates,
        asked=_asked(version.workflows),
        never_missing=_NEVER_MISSING,
    )


def world_of_rulebook(rulebook: Rulebook) -> World:
    """What a proof must know of all that binds one case."""
    return World(
        schema=_with_priorities(rulebook.schema, rulebook.policies),
        policies=rulebook.policies,
        asked=_asked([rulebook.workflow]),
        never_missing=_NEVER_MISSING,
    )


def _with_priorities(schema: FactSchema, policies: Policies) -> FactSchema:
    """The schema with the words that the table of priorities answers."""
    triage = policies.rows.get(_TRIAGE)
    column = triage.column(_PRIORITY) if triage else None
    if column is None or not column.of:
        return schema
    return schema.with_words(_PRIORITY, column.of)


def _findings(world: World, laws: Mapping[str, Sequence[Law]]) -> Iterator[Finding]:
    for name, table in world.policies.rows.items():
        yield from prove_rows(table, world)
        yield from prove_row_laws(table, world, laws.get(name, ()))
    yield from prove_applies(world)
    for name in world.policies.compensation:
        yield from prove_policy(name, world, laws.get(name, ()))


def _problem(finding: Finding, place: Place) -> Problem:
    return Problem(
        finding.code, place, finding.message, finding.help, finding.notes, finding.severity
    )


def _asked(workflows: Iterable[Workflow]) -> dict[str, Condition]:
    """For which cases each table is asked how long a deadline is: its kinds and deadlines."""
    by_policy: dict[str, list[tuple[str, str]]] = {}
    for workflow in workflows:
        for deadline in _deadlines(workflow):
            if deadline.by_policy:
                pair = (workflow.name, deadline.name)
                by_policy.setdefault(deadline.by_policy, []).append(pair)
    return {policy: _one_of(pairs) for policy, pairs in by_policy.items()}


def _one_of(pairs: Iterable[tuple[str, str]]) -> Condition:
    boxes = [all_of({"kind": _is(kind), "deadline": _is(name)}).boxes[0] for kind, name in pairs]
    return Condition(tuple(boxes))


def _is(word: str) -> Cell:
    return Cell(CellKind.MATCHES, (Word(word, word),))


def _deadlines(workflow: Workflow) -> Iterator[Deadline]:
    yield from workflow.case_deadlines.values()
    for state in workflow.states.values():
        yield from state.deadlines.values()
