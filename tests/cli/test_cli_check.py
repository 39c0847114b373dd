"""`aftersales check`: what it prints for people, for scanners and for pull requests."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from aftersales.cli.main import root
from aftersales.cli.problems import Found
from aftersales.cli.problems.github import annotations
from aftersales.cli.problems.sarif import FAMILIES, sarif
from aftersales.domain.problem import Place, Problem

SHIPPED = Path(__file__).parents[2]
WRONG = "aftersales: facts/1\nfacts:\n  tier: {type: choise, of: [new, vip]}\n"

# The parts of the format that readers rest on. Source: SARIF 2.1.0, sections 3.13 to 3.52.
_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
_FROM_ONE = {"type": "integer", "minimum": 1}
_REGION = {
    "type": "object",
    "required": ["startLine", "startColumn", "endColumn"],
    "additionalProperties": False,
    "properties": dict.fromkeys(["startLine", "startColumn", "endLine", "endColumn"], _FROM_ONE),
}
_RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": _TEXT,
        "locations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation", "region"],
                        "properties": {
                            "artifactLocation": {
                                "type": "object",
                                "required": ["uri"],
                                "properties": {
                                    "uri": {"type": "string", "pattern": r"^[!-~]+$"},
                                    "uriBaseId": {"enum": ["HERE"]},
                                },
                            },
                            "region": _REGION,
                        },
                    }
                },
            },
        },
    },
}
_RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "help"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "shortDescription": _TEXT,
        "help": _TEXT,
        "helpUri": {"type": "string", "format": "uri"},
    },
}
_LOG = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "name": {"const": "aftersales"},
                                    "semanticVersion": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": _RULE,
                                    },
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {"type": "object"},
                    "results": {"type": "array", "items": _RESULT},
                },
            },
        },
    },
}
ESSENTIAL = jsonschema.Draft202012Validator(_LOG)


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(root, args, standalone_mode=False)
    if result.exception:
        raise result.exception
    return int(result.return_value or 0), result.stdout


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A folder of one wrong file: little to read, several problems."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "facts.yaml").write_text(WRONG, encoding="utf-8")
    return tmp_path


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    for name in ("workflows", "policies", "replies"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


# -- for people


def on_a_terminal(folder: Path, **environment: str) -> str:
    """What `check` prints on a terminal."""
    ours, theirs = pty.openpty()
    given = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    command = [sys.executable, "-m", "aftersales", "check", str(folder)]
    with os.fdopen(theirs, "wb") as stdout:
        env = {**given, "TERM": "xterm", "COLUMNS": "500", **environment}
        ended = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=env, check=False)
    assert ended.returncode == 1, ended.stderr
    return os.read(ours, 100_000).decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_one_that_wants_none_gets_none(wrong: Path) -> None:
    coloured, plain = on_a_terminal(wrong), on_a_terminal(wrong, NO_COLOR="1")
    assert "\x1b[31m\x1b[1merror[K105]\x1b[0m" in coloured
    assert "\x1b[31m\x1b[1m^^^^^^\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain
    assert plain == run("check", str(wrong))[1]
    assert "policies/facts.yaml:3:16: error[K105] `type` cannot be `choise`\n" in plain


def test_a_narrow_terminal_gets_words_folded_at_blanks(wrong: Path) -> None:
    whole = on_a_terminal(wrong, NO_COLOR="1")
    narrow = on_a_terminal(wrong, NO_COLOR="1", COLUMNS="50")
    assert max(map(len, narrow.splitlines())) <= 50 < max(map(len, whole.splitlines()))
    assert narrow.split() == whole.split()


def test_one_form_at_a_time(wrong: Path) -> None:
    with pytest.raises(Exception, match="--json and --github were given"):
        run("check", str(wrong), "--json", "--github")


def test_the_same_problems_in_every_form(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(wrong.parent)
    codes = []
    for form in ("--json", "--sarif", "--github"):
        code, output = run("check", wrong.name, form)
        assert code == 1
        if form == "--json":
            codes.append([found["code"] for found in json.loads(output)])
        elif form == "--sarif":
            [log] = json.loads(output)["runs"]
            codes.append([found["ruleId"] for found in log["results"]])
        else:
            codes.append(re.findall(r"title=aftersales (\w+)::", output))
    assert codes[0] == codes[1] == codes[2]
    assert "K105" in codes[0]


# -- for pull requests


def test_an_annotation_names_the_file_from_where_the_command_runs(
    wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(wrong.parent)
    _, output = run("check", wrong.name, "--github")
    file = f"file={wrong.name}/policies/facts.yaml"
    assert (
        f"::error {file},line=3,endLine=3,col=16,endColumn=22,title=aftersales K105"
        "::`type` cannot be `choise`%0Ahelp: did you mean `choice`?\n"
    ) in output


@given(st.text(st.sampled_from("a:,%\r\n`é ")), st.text(st.sampled_from("a:,%é "), min_size=1))
def test_no_text_ends_an_annotation_or_one_of_its_properties(message: str, file: str) -> None:
    problem = Problem("P401", Place(file, 1, 2, 3), message, severity="warning")
    [line] = annotations(Found([problem], Path("/nowhere")))
    assert "\n" not in line
    assert "\r" not in line
    match = re.fullmatch(r"::warning (.*?)::(.*)", line)
    assert match is not None
    properties = dict(part.split("=", 1) for part in match[1].split(","))
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert unescaped(match[2]) == message
    assert unescaped(properties["file"]) == f"/nowhere/{Path(file).as_posix()}"


def unescaped(text: str) -> str:
    for mark, written in ((",", "%2C"), (":", "%3A"), ("\n", "%0A"), ("\r", "%0D"), ("%", "%25")):
        text = text.replace(written, mark)
    return text


# -- for scanners


def test_the_sarif_of_a_wrong_folder_is_of_that_format(wrong: Path) -> None:
    _, output = run("check", str(wrong), "--sarif")
    log = json.loads(output)
    ESSENTIAL.validate(log)
    assert_consistent(log)
    [found] = [one for one in log["runs"][0]["results"] if one["ruleId"] == "K105"]
    physical = found["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == (wrong / "policies/facts.yaml").as_uri()
    assert physical["region"] == {
        "startLine": 3,
        "startColumn": 16,
        "endLine": 3,
        "endColumn": 22,
    }


@given(
    st.lists(
        st.builds(
            Problem,
            st.sampled_from(["K101", "P402", "Y100", "Z999"]),
            st.builds(
                Place,
                st.sampled_from(["policies/a b.yaml", "policies/ü.yaml", "x:y.yaml"]),
                st.integers(1, 9),
                st.integers(1, 9),
                st.integers(1, 9),
            ),
            st.text(max_size=9),
            st.text(max_size=9),
            st.just(()),
            st.sampled_from(["error", "warning"]),
        ),
        max_size=4,
    )
)
def test_the_sarif_of_any_problems_is_of_that_format(problems: list[Problem]) -> None:
    for folder in (Path("some where"), Path("/some where/else")):
        log = sarif(Found(problems, folder))
        ESSENTIAL.validate(log)
        assert_consistent(log)
        assert len(log["runs"][0]["results"]) == len(problems)


def assert_consistent(log: dict) -> None:
    """Each result points to its rule, each rule is told once, each file can be found."""
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        file = result["locations"][0]["physicalLocation"]["artifactLocation"]
        is_relative = file.get("uriBaseId") in run["originalUriBaseIds"]
        assert is_relative != file["uri"].startswith("file:///")
        assert not (is_relative and file["uri"].startswith("/"))


def test_each_family_of_codes_is_called_as_in_the_reference() -> None:
    page = (SHIPPED / "docs/reference/problems.md").read_text("utf-8")
    assert re.findall(r"^## ([A-Z]): ", page, re.M) == list(FAMILIES)


def test_a_code_that_has_a_page_is_explained_by_it() -> None:
    problem = Problem("C203", Place("a.yaml", 1, 1), "`contry` is not a fact")
    [rule] = sarif(Found([problem], Path()))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "this is not a fact"
    assert rule["help"]["markdown"].startswith("# C203: this is not a fact\n")
    assert "## Right" in rule["help"]["markdown"]


# -- strict


def test_the_shipped_definitions_pass_a_strict_check() -> None:
    code, output = run("check", str(SHIPPED), "--strict")
    assert (code, output) == (0, "no problems\n")


def test_a_number_without_a_reason_is_listed_by_a_strict_check_only(shipped: Path) -> None:
    edit(
        shipped / "policies/compensation/chargeback.yaml",
        "because: house rules of 2026; a settlement costs less than a lost dispute and its fee\n",
        "",
    )
    assert run("check", str(shipped)) == (0, "no problems\n")
    code, output = run("check", str(shipped), "--strict")
    assert code == 1
    assert re.findall(r"warning\[P460\] `(\w+)`", output) == [
        "half_refund",
        "full_refund",
        "approval",
    ]
