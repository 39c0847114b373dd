"""Schemas for editors: never stricter than `check`, as strict as they can be, never behind it."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from edited_yaml import edited, scalar
from jsonschema import Draft7Validator
from schema_meanings import MEANINGS, written
from small_definitions import write_file, write_folder
from wrong_files import Wrong, wrong_files

from aftersales.definitions.documents import read_folder
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_remedies import GOODS_SORTS, VALUE_SORTS
from aftersales.definitions.schemas import ALL, FORMATS, schemas_of
from aftersales.definitions.shipped import FOLDERS
from test_docs import keys_asked, of_sort

ROOT = Path(__file__).parents[2]
RIGHT = sorted(
    path
    for folder in (ROOT, *(ROOT / "examples").iterdir())
    for path in [
        *folder.glob("*.yaml"),
        *(p for n in FOLDERS for p in folder.glob(f"{n}/**/*.yaml")),
    ]
)
PRINTED = [block for sort in ("file", "tests", "alone") for block in of_sort(sort)]


@cache
def made(*folders: Path) -> dict[str, dict[str, Any]]:
    """The schemas of the documents of several folders, as one."""
    read = [read_folder(folder, Notes()) for folder in folders]
    documents = tuple(document for folder in read for document in folder.documents)
    return schemas_of(type(read[0])(documents))


def slips(schemas: dict[str, dict[str, Any]], content: str) -> list[str]:
    """What the schema of a file's format has against it."""
    root = edited(content)
    validator = Draft7Validator(schemas[root["aftersales"].partition("/")[0]])
    return [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(root)]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The schemas of a shop that has all files printed in the documents beside the shipped ones."""
    folder = tmp_path_factory.mktemp("printed")
    for block in of_sort("file"):
        path = folder / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.content, encoding="utf-8")
    return made(folder, ROOT)


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_right_file_is_right_by_its_schema(path: Path) -> None:
    example = [ROOT / "examples" / "size_does_not_fit"] if "size_does_not_fit" in str(path) else []
    assert slips(made(*example, ROOT), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("block", PRINTED, ids=lambda block: block.path)
def test_each_printed_file_is_right_by_its_schema(
    block: Any, printed: dict[str, dict[str, Any]]
) -> None:
    if block.sort == "alone":
        return  # another shop's facts
    assert slips(printed, block.content) == []


@pytest.mark.parametrize("format", [*FORMATS, ALL])
def test_a_schema_is_itself_a_right_schema(format: str) -> None:
    schema = made(ROOT)[format]
    assert schema["$schema"].startswith("http://json-schema.org/draft-07/")
    Draft7Validator.check_schema(schema)
    text = json.dumps(schema)
    named = {part.partition('"')[0] for part in text.split("#/definitions/")[1:]}
    assert named == set(schema.get("definitions", {}))


# -- wrong files


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small definitions, as they are before somebody slips."""
    return write_folder(tmp_path_factory.mktemp("small"))


def is_refused(path: Path, folder: Path) -> bool:
    """Whether the schemas made before the slip refuse the file, or those made with it."""
    wrong = Wrong.read(path)
    if slips(made(folder), wrong.text):
        return True
    file = folder / wrong.file
    kept = file.read_bytes() if file.exists() else None
    write_file(folder, wrong.file, wrong.text)
    try:
        return bool(slips(schemas_of(read_folder(folder, Notes())), wrong.text))
    finally:
        file.unlink()
        if kept is not None:
            file.write_bytes(kept)


@pytest.mark.parametrize(
    ("codes", "least"),
    [
        ({"K101", "K103", "K105"}, 0.9),  # keys and words of ours
        ({"C203", "P404", "W502", "W504", "W505", "W507", "W509", "W512", "W514"}, 0.8),  # names
        ({"K102", "K104", "C201", "P407", "P412"}, 0.6),  # shapes, and cells
    ],
)
def test_most_files_with_a_slip_that_a_schema_can_see_are_refused_by_it(
    codes: set[str], least: float, small: Path
) -> None:
    files = [
        p for p in wrong_files("yaml") if {found[0] for found in Wrong.read(p).expected} <= codes
    ]
    refused = [path for path in files if is_refused(path, small)]
    assert len(files) >= 10
    assert len(refused) >= least * len(files), sorted(p.name for p in set(files) - set(refused))


# -- the schema says what the readers read


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema of a mapping with a title, however deep."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str) and "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


@cache
def keys_of_schemas() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for schema in made(ROOT).values():
        for part in objects(schema):
            found.setdefault(part["title"], set()).update(part["properties"])
    return found


_OWN_NAMES = {"the line", "a row", "`otherwise`", "a channel", "a shift"}  # facts, answers, days
_SORTS = {*VALUE_SORTS, *GOODS_SORTS}


@pytest.mark.parametrize("what", sorted(set(keys_asked()) - _OWN_NAMES))
def test_a_schema_knows_the_keys_that_the_reader_asks_for_and_no_others(what: str) -> None:
    own = _SORTS if what == "the remedy" else set()
    assert what in keys_of_schemas(), "add it in definitions/schemas/"
    assert keys_of_schemas()[what] - own == keys_asked()[what] - own


def test_the_keys_of_rows_are_among_those_of_the_schema() -> None:
    for what in _OWN_NAMES - {"the line", "a shift"}:
        assert keys_asked()[what] <= keys_of_schemas()[what]


def test_the_meanings_are_those_of_the_reference() -> None:
    how = "run `python tests/definitions/schema_meanings.py`"
    assert MEANINGS.read_text(encoding="utf-8") == written(), how


def test_every_key_that_has_a_meaning_in_the_reference_shows_it() -> None:
    told = json.loads(MEANINGS.read_text(encoding="utf-8"))
    for schema in made(ROOT).values():
        for part in objects(schema):
            for key in told.get(part["title"], {}):
                if key in part["properties"]:
                    assert part["properties"][key]["description"], f"{part['title']}: {key}"


# -- the shop's own names


def words_in(schema: Any) -> set[str]:
    """Every word that an editor can offer."""
    if isinstance(schema, dict):
        own = {word for word in schema.get("enum", []) if isinstance(word, str)}
        return own.union(*map(words_in, schema.values()))
    return set().union(*map(words_in, schema)) if isinstance(schema, list) else set()


def test_a_fact_that_was_added_is_offered_with_its_words_and_its_label(tmp_path: Path) -> None:
    write_folder(tmp_path)
    facts = tmp_path / "policies" / "facts.yaml"
    before = schemas_of(read_folder(tmp_path, Notes()))["policy"]
    added = "  mood: {type: choice, of: [calm, cross], label: how the customer feels}\n"
    facts.write_text(
        facts.read_text(encoding="utf-8").replace("facts:\n", f"facts:\n{added}", 1),
        encoding="utf-8",
    )
    after = schemas_of(read_folder(tmp_path, Notes()))["policy"]
    assert "mood" not in before["definitions"]["pairs"]["properties"]
    assert after["definitions"]["pairs"]["properties"]["mood"]["description"].startswith(
        "How the customer feels."
    )
    assert {"calm", "cross"} <= words_in(after["definitions"]["in_mood"])


@pytest.mark.parametrize(
    ("definition", "offered"),
    [
        ("in_country", {"eu", "home", "any"}),
        ("in_affected_value", {"small", "huge", "at least 100 USD"}),
        ("in_kind", {"damaged", "not_received"}),
        ("options_of_damaged", {"half_refund", "resend + small_coupon"}),
        ("remedy_of_damaged", {"half_refund"}),
        ("table_deadlines", {"desk", "midnight"}),
    ],
)
def test_a_policy_is_completed_with_the_names_of_the_shop(
    definition: str, offered: set[str]
) -> None:
    assert offered <= words_in(made(ROOT)["policy"]["definitions"][definition])


def test_a_workflow_is_completed_with_its_own_states_and_events() -> None:
    definitions = made(ROOT)["workflow"]["definitions"]
    states = words_in(definitions["way_of_damaged"]["properties"]["go_to"])
    assert {"offered", "fulfilling"} <= states
    assert states != words_in(definitions["way_of_chargeback"]["properties"]["go_to"])
    assert {"send offer", "alert supervisor", "make offer"} <= words_in(definitions["action"])
    assert {"by policy deadlines", "2 business days"} <= words_in(definitions)


@pytest.mark.parametrize(
    ("fact", "cell", "is_right"),
    [
        ("country", "NO", True),
        ("country", "not home nor nearby", True),
        ("country", "not home or nearby", False),
        ("country", "Norway", False),
        ("severity", "at least major", True),
        ("severity", "at  least   major or minor", True),
        ("severity", "mayor", False),
        ("severity", "missing", False),
        ("tier", "missing", True),
        ("tier", "at least vip", False),
        ("affected_value", "over 20 USD to under 100 USD", True),
        ("affected_value", "20 USD to 100 USD or at least 400 USD", True),
        ("affected_value", "at least 100", False),
        ("affected_value", "not small nor huge", True),
        ("affected_value", ">= 100 USD", True),
        ("affected_value", "[20 USD..100 USD)", True),
        ("affected_value", "at least {USD: 100, EUR: 95}", True),
        ("days_since_delivery", "30", True),
        ("days_since_delivery", "at most 30", True),
        ("days_since_delivery", "soon", False),
        ("safety_risk", "true", True),
        ("safety_risk", "yes", True),
        ("safety_risk", "perhaps", False),
        ("placed_on", "2026-11-20 to 2026-11-30", True),
        ("delivered_at", "at least 2026-03-02 09:00 Europe/Berlin", True),
        ("evidence", "none", True),
        ("evidence", "-", True),
    ],
)
def test_a_cell_is_held_to_what_its_fact_can_say(fact: str, cell: str, is_right: bool) -> None:
    schema = made(ROOT)["policy"]
    of_fact = {"$ref": f"#/definitions/cell_{fact}", "definitions": schema["definitions"]}
    assert Draft7Validator(of_fact).is_valid(scalar(cell)) is is_right


@pytest.mark.parametrize(
    ("written", "taken"), [("NO", "NO"), ("1.10", 1.1), ("yes", "yes"), ("3", 3)]
)
def test_scalars_are_typed_as_an_editor_does(written: str, taken: object) -> None:
    assert edited(f"it: {written}") == {"it": taken}


def test_a_folder_with_slips_still_has_schemas(tmp_path: Path) -> None:
    write_folder(tmp_path)
    write_file(tmp_path, "policies/facts.yaml", "aftersales: facts/1\nfacts: {a: {type: choise}}\n")
    write_file(tmp_path, "policies/extra.yaml", "aftersales: policy/1\nrows: [\n")
    for schema in schemas_of(read_folder(tmp_path, Notes())).values():
        Draft7Validator.check_schema(schema)


def test_without_facts_conditions_are_open(tmp_path: Path) -> None:
    whole = schemas_of(read_folder(tmp_path, Notes()))
    content = (
        "aftersales: policy/1\npolicy: p\nanswers: {a: text}\nrows: [{id: x, when: {q: 1}, a: b}]\n"
    )
    assert slips(whole, content) == []
