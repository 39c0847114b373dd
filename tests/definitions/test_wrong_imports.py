"""Hand-made wrong files of what is brought in: CSV, DMN, and rulebooks that were stored."""

import json
from pathlib import Path

import pytest
from small_definitions import schema_of, write_folder
from wrong_files import Wrong, check_told, wrong_files

from aftersales.definitions.interchange import imported, policy_files
from aftersales.definitions.interchange.dmn import decisions_in, from_dmn
from aftersales.definitions.interchange.dmn_xml import read_dmn
from aftersales.definitions.notes import Notes
from aftersales.definitions.rulebooks import read_rulebook
from aftersales.domain.errors import DefinitionsInvalid
from aftersales.domain.problem import Problem

IMPORTS = [path for suffix in ("csv", "dmn", "json") for path in wrong_files(suffix)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small definitions."""
    return write_folder(tmp_path_factory.mktemp("imports"))


def found_in(wrong: Wrong, content: bytes, folder: Path) -> list[Problem]:
    """What is found of `content` when it is brought in as such a file is."""
    match wrong.file.rpartition(".")[2]:
        case "csv":
            return of_csv(wrong, content, folder)
        case "dmn":
            return of_dmn(wrong, content)
        case _:
            return of_rulebook(content)


def of_csv(wrong: Wrong, content: bytes, folder: Path) -> list[Problem]:
    file, name = wrong.into
    notes = Notes()
    [policy] = [policy for policy in policy_files(folder, notes) if policy.file == file]
    table = policy.table(name, notes)
    if table is None:
        return notes.problems
    return [*notes.problems, *imported(policy, table, content, wrong.file).problems]


def of_dmn(wrong: Wrong, content: bytes) -> list[Problem]:
    notes = Notes()
    root = read_dmn(content, wrong.file, notes)
    for decision in decisions_in(root).values() if root else ():
        assert (from_dmn(decision, schema_of(), notes) is None) == notes.has_errors
    return notes.problems


def of_rulebook(content: bytes) -> list[Problem]:
    with pytest.raises(DefinitionsInvalid) as refused:
        read_rulebook(json.loads(content), {})
    return list(refused.value.problems)


@pytest.mark.parametrize("path", IMPORTS, ids=lambda path: path.stem)
def test_a_slip_is_one_problem_at_the_right_place_with_a_help(path: Path, folder: Path) -> None:
    wrong = Wrong.read(path)
    written = wrong.below.decode("utf-8", errors="replace")
    check_told(wrong, found_in(wrong, wrong.below, folder), written)


@pytest.mark.parametrize("path", IMPORTS, ids=lambda path: path.stem)
def test_a_wrong_import_cut_short_anywhere_is_never_a_traceback(path: Path, folder: Path) -> None:
    wrong = Wrong.read(path)
    if wrong.file.endswith(".json"):  # the database stores a rulebook whole, as JSON
        return
    for end in range(0, len(wrong.below), max(1, len(wrong.below) // 8)):
        for problem in found_in(wrong, wrong.below[:end], folder):
            assert problem.help
            assert problem.message
