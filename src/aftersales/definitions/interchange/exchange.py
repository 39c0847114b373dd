"""Tables of a folder out to CSV, and back in: read, merged, and checked with all that is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales.definitions.catalog import Catalog
from aftersales.definitions.contents import Contents
from aftersales.definitions.documents import Document, file_content, read_folder
from aftersales.definitions.facts import read_facts
from aftersales.definitions.interchange.csv_text import read_csv, write_csv
from aftersales.definitions.interchange.merging import Merged, merged, told_in_csv
from aftersales.definitions.interchange.sheets import Sheet, sheet_of
from aftersales.definitions.interchange.source import parsed
from aftersales.definitions.interchange.tables import (
    Table,
    columns_of,
    entries_of,
    rows_of,
    tables_of,
)
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping
from aftersales.domain.conditions import FactSchema, word_help
from aftersales.domain.problem import Place, Problem


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A file of a policy in its folder, with its tables and the facts they may ask."""

    folder: Path
    file: str
    name: str
    content: str
    tables: dict[str, Table]
    schema: FactSchema

    def table(self, name: str | None, notes: Notes) -> Table | None:
        """The table of that name, else the main one; None with what there is noted (I906)."""
        found = self.tables.get(name) if name else next(iter(self.tables.values()), None)
        if found is None:
            place = Place(self.file, 1, 1)
            help = word_help(name, self.tables) if name and self.tables else "name another policy"
            notes.error(
                "I906", place, f"there is no table{f' `{name}`' if name else ''} here", help
            )
        return found


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import: the new text, or the problems that kept it from being used."""

    merged: Merged | None
    problems: tuple[Problem, ...]
    table: Table | None = None
    sheet: Sheet | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it may be written."""
        return self.merged is not None and not any(p.severity == "error" for p in self.problems)

    def told(self, problem: Problem) -> Problem:
        """A problem of the new text at the cell of the sheet that it is about, if there is one."""
        if self.merged is None or self.table is None or self.sheet is None:
            return problem
        return told_in_csv(problem, self.merged.text, self.table, self.sheet) or problem


def policy_files(folder: Path, notes: Notes) -> list[PolicyFile]:
    """The files of policies in a folder."""
    documents = read_folder(folder, notes).documents
    schema = next((read_facts(d.root, Notes()) for d in documents if d.format == "facts"), None)
    found = [_policy_file(folder, d, documents, schema or FactSchema()) for d in documents]
    return [file for file in found if file is not None]


def exported(policy: PolicyFile, table: Table, notes: Notes, *, delimiter: str = ",") -> str:
    """The table as CSV. Rules without an id are noted (I903), for they could not come back."""
    root = parsed(policy.content)
    entries = entries_of(root, table)
    for entry in entries:
        if not entry.id:
            line = policy.content.count("\n", 0, entry.part.start) + 1
            help = "give it an `id:`"
            notes.error("I903", Place(policy.file, line, 1), "a rule has no id", help)
    return write_csv([columns_of(table, entries), *rows_of(table, entries)], delimiter=delimiter)


def imported(policy: PolicyFile, table: Table, raw: bytes, csv_file: str) -> Imported:
    """The policy with the table as the CSV has it, checked with the whole folder.

    Problems in what the CSV says are told at its own lines and cells.
    """
    notes = Notes()
    rows = read_csv(raw, csv_file, notes)
    sheet = sheet_of(rows, table, policy.schema, notes, file=csv_file)
    if sheet is None:
        return Imported(None, tuple(notes.problems))
    new = merged(policy.content, table, sheet)
    return Imported(new, tuple(_problems(policy, table, sheet, new.text)), table, sheet)


def _problems(policy: PolicyFile, table: Table, sheet: Sheet, new: str) -> list[Problem]:
    """What is wrong with the folder now, and was not before."""
    contents = Contents.of_folder(policy.folder)
    _, after = Catalog.check_contents(Contents({**contents.files, policy.file: new.encode()}))
    before = Catalog.check_contents(contents)[1] if after else []
    known = {(problem.code, problem.message) for problem in before}
    found: list[Problem] = []
    for problem in after:
        is_here = problem.place.file == policy.file
        told = told_in_csv(problem, new, table, sheet) if is_here else None
        if told is not None or (problem.code, problem.message) not in known:
            found.append(told or problem)
    return sorted(found, key=lambda problem: (problem.place, problem.code))


def _policy_file(
    folder: Path, document: Document, others: Sequence[Document], schema: FactSchema
) -> PolicyFile | None:
    if document.format != "policy":
        return None
    content = file_content(folder / document.file, document.file, Notes())
    if content is None:
        return None
    content = content.replace("\r\n", "\n")
    answers = [name for other in others if other.name == document.name for name in _answers(other)]
    return PolicyFile(
        folder, document.file, document.name, content, tables_of(parsed(content), answers), schema
    )


def _answers(document: Document) -> list[str]:
    declared = document.root.get("answers")
    return [key.text for key, _ in declared.items] if isinstance(declared, Mapping) else []
