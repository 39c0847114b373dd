"""`aftersales schema`: where schemas are written, and what becomes of an editor's settings."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from aftersales.cli.exits import NotFound
from aftersales.cli.main import root
from aftersales.cli.schema import FORMATS
from aftersales.definitions import schemas
from aftersales.definitions.shipped import FOLDERS

FILES = [f"{name}.json" for name in (*FORMATS, "aftersales")]


def run(*args: object) -> Result:
    return CliRunner().invoke(root, [str(arg) for arg in args], standalone_mode=False)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    facts = "aftersales: facts/1\nfacts: {mood: {type: choice, of: [calm, cross]}}\n"
    (tmp_path / "policies" / "facts.yaml").write_text(facts, encoding="utf-8")
    return tmp_path


def test_the_formats_of_the_command_are_those_there_are() -> None:
    assert schemas.FORMATS == FORMATS


def test_schemas_are_written_beside_the_definitions_or_where_one_says(shop: Path) -> None:
    assert run("schema", shop).return_value == 0
    assert sorted(path.name for path in (shop / "schemas").iterdir()) == sorted(FILES)
    done = run("schema", shop, "--to", shop / "elsewhere")
    assert sorted(path.name for path in (shop / "elsewhere").iterdir()) == sorted(FILES)
    assert done.stdout.splitlines() == [str(shop / "elsewhere" / file) for file in FILES]


def test_one_schema_is_printed_and_nothing_written(shop: Path) -> None:
    schema = json.loads(run("schema", shop, "--stdout", "policy").stdout)
    Draft7Validator.check_schema(schema)
    assert "mood" in schema["definitions"]["pairs"]["properties"]
    assert not (shop / "schemas").exists()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    slip = run("schema", tmp_path / "nowhere").exception
    assert isinstance(slip, NotFound)
    assert "there is no folder" in str(slip)


def test_vs_code_is_told_and_what_stood_in_its_settings_stays(shop: Path) -> None:
    file = shop / ".vscode" / "settings.json"
    file.parent.mkdir()
    before = {"editor.tabSize": 2, "yaml.schemas": {"./own.json": "own/*.yaml"}, "ä": [1]}
    file.write_text(json.dumps(before), encoding="utf-8")
    for _ in range(2):
        assert run("schema", shop, "--vscode").return_value == 0
    after = json.loads(file.read_text(encoding="utf-8"))
    globs = after["yaml.schemas"].pop("./schemas/aftersales.json")
    assert after == before
    assert list(after) == list(before)
    assert {glob.partition("/")[0] for glob in globs} == set(FOLDERS)


def test_vs_code_is_told_where_there_were_no_settings(shop: Path) -> None:
    run("schema", shop, "--to", shop.parent / "far", "--vscode")
    after = json.loads((shop / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert list(after["yaml.schemas"]) == [(shop.parent / "far" / "aftersales.json").as_uri()]


@pytest.mark.parametrize(
    "kept", ['{\n  // my own\n  "a": 1\n}', "[1]", '{"yaml.schemas": "x"}', '{"a": 1,}']
)
def test_settings_that_cannot_be_merged_are_left_alone_and_the_entry_is_printed(
    shop: Path, kept: str
) -> None:
    file = shop / ".vscode" / "settings.json"
    file.parent.mkdir()
    file.write_text(kept, encoding="utf-8")
    done = run("schema", shop, "--vscode")
    assert done.return_value == 1
    assert file.read_text(encoding="utf-8") == kept
    printed = json.loads(done.stdout[done.stdout.index("{") :])
    assert list(printed["yaml.schemas"]) == ["./schemas/aftersales.json"]


def test_files_that_cannot_be_read_are_told_and_the_rest_is_known(shop: Path) -> None:
    (shop / "policies" / "torn.yaml").write_text("aftersales: policy/1\nrows: [\n", "utf-8")
    done = run("schema", shop, "--stdout", "facts")
    assert "cannot be read yet" in done.stderr
    assert json.loads(done.stdout)["title"] == "the file of facts"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made by `init`."""
    folder = tmp_path_factory.mktemp("shop") / "mine"
    assert run("init", folder).exception is None
    return folder


def test_each_file_of_a_new_folder_names_its_schema_which_is_there(begun: Path) -> None:
    files = [file for name in FOLDERS for file in (begun / name).rglob("*.yaml")]
    assert len(files) > 40
    for file in files:
        first, _, rest = file.read_text(encoding="utf-8").partition("\n")
        named = first.removeprefix("# yaml-language-server: $schema=")
        format = rest.partition("aftersales: ")[2].partition("/")[0]
        assert (file.parent / named).resolve() == (begun / "schemas" / f"{format}.json").resolve()
        assert (file.parent / named).is_file()


def test_one_schema_serves_files_of_every_format(begun: Path) -> None:
    whole = {
        file.name: json.loads(file.read_text(encoding="utf-8"))
        for file in (begun / "schemas").iterdir()
    }
    refused = {"aftersales": "team/1", "agents": {"ann": {"rolls": ["agent"]}}}
    right = {"aftersales": "team/1", "agents": {"ann": {"roles": ["agent"]}}}
    assert validated(right, whole)
    assert not validated(refused, whole)
    assert not validated({"aftersales": "teem/1"}, whole)


def validated(root: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether `aftersales.json` lets it through, with the schemas that it names."""
    chosen = whole["aftersales.json"]
    own = [part for part in chosen["allOf"] if Draft7Validator(part["if"]).is_valid(root)]
    try:
        without = {key: value for key, value in chosen.items() if key != "allOf"}
        Draft7Validator(without).validate(root)
        for part in own:
            Draft7Validator(whole[part["then"]["$ref"]]).validate(root)
    except ValidationError:
        return False
    return True
