"""Rulebooks: the documents that bind one kind, in canonical form, compiled to domain values."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aftersales.definitions import text
from aftersales.definitions.answers_asked import check_answers_asked
from aftersales.definitions.canonical import content_of, digest_of, node_of
from aftersales.definitions.documents import Document, document_of
from aftersales.definitions.facts import read_facts
from aftersales.definitions.known import known_in
from aftersales.definitions.ladders import ladders_of
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_files import read_policies
from aftersales.definitions.replies import read_replies
from aftersales.definitions.text import Mapping
from aftersales.definitions.workflows import read_workflow
from aftersales.domain.calendar import Calendar
from aftersales.domain.errors import DefinitionsInvalid, InvariantBroken
from aftersales.domain.problem import NOWHERE, Problem
from aftersales.domain.rulebook import SEMANTICS, Rulebook

Places = Map[str, list[list[int]]]


def compile_rulebook(
    kind: str, documents: Sequence[Document], calendars: Map[str, Calendar], notes: Notes
) -> Rulebook | None:
    """The rulebook of `kind` made of `documents`; None where it cannot be, and `notes` say why."""
    facts, workflows = _roots("facts", documents), _roots("workflow", documents)
    if not facts or not workflows:
        return None
    schema = read_facts(facts[0], notes)
    workflow = read_workflow(workflows[0], known_in(documents, schema, calendars), notes)
    policies = read_policies(documents, schema, notes, calendars=calendars)
    replies = read_replies(_roots("replies", documents), notes)
    if workflow is not None:
        check_answers_asked(workflow, schema, policies.rows, notes)
    if workflow is None or notes.has_errors:
        return None
    canonical = canonical_form(kind, documents, calendars)
    return Rulebook(
        digest=digest_of(canonical),
        kind=kind,
        workflow=workflow,
        schema=schema,
        policies=policies,
        calendars=dict(calendars),
        replies=replies,
        canonical=canonical,
        places={document.file: text.places(document.root) for document in documents},
        ladders=ladders_of(policies.rows.values()),
    )


def recalendared(rulebook: Rulebook, calendars: Map[str, Calendar]) -> Rulebook:
    """The same documents with newer calendars: those of `calendars` that the rulebook has.

    The same rulebook where none of them differs. Calendars are not read again: nothing in the
    documents depends on more than their names.
    """
    newer = {name: calendars.get(name, own) for name, own in rulebook.calendars.items()}
    if newer == dict(rulebook.calendars):
        return rulebook
    digests = {name: newer[name].digest for name in sorted(newer)}
    canonical = {**rulebook.canonical, "calendars": digests}
    return replace(rulebook, digest=digest_of(canonical), calendars=newer, canonical=canonical)


def canonical_form(
    kind: str, documents: Sequence[Document], calendars: Map[str, Calendar]
) -> dict[str, Any]:
    """What is hashed and stored: contents by file, calendars by digest, nothing of places."""
    ordered = sorted(documents, key=lambda document: document.file)
    return {
        "semantics": SEMANTICS,
        "kind": kind,
        "documents": [{"file": d.file, "content": content_of(d.root)} for d in ordered],
        "calendars": {name: calendars[name].digest for name in sorted(calendars)},
    }


def read_rulebook(
    canonical: Map[str, Any], calendars: Map[str, Map[str, Any]], places: Places | None = None
) -> Rulebook:
    """A rulebook from its stored form; `calendars` hold the canonical form of each by digest.

    DefinitionsInvalid if this version of the engine can no longer read it; InvariantBroken if a
    stored calendar is not the one it was named as.
    """
    if (found := canonical.get("semantics")) != SEMANTICS:
        raise DefinitionsInvalid([_other_semantics(found)])
    notes = Notes()
    documents = [_stored(part, places or {}, notes) for part in canonical["documents"]]
    tables = {name: _calendar(d, calendars[d]) for name, d in canonical["calendars"].items()}
    usable = [document for document in documents if document is not None]
    rulebook = compile_rulebook(canonical["kind"], usable, tables, notes)
    if rulebook is None:
        raise DefinitionsInvalid(notes.problems)
    return rulebook


def _stored(part: Map[str, Any], places: Places, notes: Notes) -> Document | None:
    file = part["file"]
    root = node_of(part["content"], file, places.get(file))
    return document_of(root, file, notes) if isinstance(root, Mapping) else None


def _calendar(digest: str, canonical: Map[str, Any]) -> Calendar:
    calendar = Calendar.from_canonical(dict(canonical))
    if calendar.digest != digest:
        raise InvariantBroken(f"the stored calendar {digest} is another: {calendar.digest}")
    return calendar


def _roots(format: str, documents: Sequence[Document]) -> list[Mapping]:
    return [document.root for document in documents if document.format == format]


def _other_semantics(found: object) -> Problem:
    made = f"was made for semantics {found}" if found else "does not say what semantics it is for"
    message = f"the rulebook {made}; this version has {SEMANTICS}"
    return Problem("F808", NOWHERE, message, "use the version of aftersales that made it")
