"""Exit codes, and one clear message instead of a traceback."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from aftersales import CaseChangedMeanwhile, CaseNotFound, EventRefused, Money, StoreNotReady
from aftersales.cli.exits import Exit, NotFound, judged, run
from aftersales.domain import errors

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def _ends(error: BaseException, *args: str) -> int:
    @click.command()
    @click.option("--json", is_flag=True)
    def command(json: bool) -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        run(command, list(args))
    assert isinstance(ended.value.code, int)
    return int(ended.value.code)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EventRefused("too late"), 1),
        (errors.IdempotencyKeyReused(), 1),
        (errors.ValueUnreadable("`x` is not an amount"), 2),
        (StoreNotReady(), 3),
        (errors.StoreUnavailable(), 3),
        (errors.KindNotInForce(), 4),
        (CaseNotFound(), 4),
        (NotFound("there is no kind `x`"), 4),
        (FileNotFoundError(2, "No such file", "order.json"), 4),
        (PermissionError(13, "Permission denied", "order.json"), 2),
        (CaseChangedMeanwhile(), 6),
        (errors.InvariantBroken(), 70),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_error_has_its_code_and_one_line(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ends(error) == code
    out, err = capsys.readouterr()
    assert out == ""
    if code != 70:
        assert len(err.splitlines()) == 1
        assert "Traceback" not in err


def test_an_errors_help_is_told_with_it() -> None:
    error = errors.ValueUnreadable("`severty` is not a fact", help="did you mean `severity`?")
    assert judged(error)[1] == "`severty` is not a fact; did you mean `severity`?"


def test_a_fault_of_ours_shows_where_it_happened(capsys: pytest.CaptureFixture[str]) -> None:
    assert _ends(ZeroDivisionError("boom")) == 70
    assert "Traceback" in capsys.readouterr().err


def test_with_json_an_error_is_json_and_says_what_is_possible(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _ends(EventRefused("too late", code="E1", allowed=["reopen"]), "--json") == 1
    said = json.loads(capsys.readouterr().err)
    assert (said["error"], said["reason"], said["allowed"]) == (
        "EventRefused",
        "too late",
        ["reopen"],
    )


def test_with_json_wrong_usage_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert _ends(click.UsageError("no such thing"), "--json") == 2
    assert json.loads(capsys.readouterr().err)["message"] == "no such thing"


def test_an_error_of_the_database_is_told_without_its_password() -> None:
    error = type("OperationalError", (Exception,), {"__module__": "sqlalchemy.exc"})(
        "cannot reach postgresql://ann:s3cret@db/shop"
    )
    code, message = judged(error)
    assert code is Exit.NOT_READY
    assert "s3cret" not in message


def test_a_reader_that_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "aftersales", "--help"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == ""


def test_the_documented_codes_are_the_real_ones() -> None:
    section = DOCUMENT.read_text(encoding="utf-8").partition("## Exit codes")[2]
    documented = re.findall(r"^\| (\d+) \|", section.partition("\n## ")[0], re.M)
    assert [int(code) for code in documented] == [int(code) for code in Exit]


def test_the_public_names_are_what_they_say() -> None:
    import aftersales

    assert aftersales.Money is Money
    assert {*aftersales.__all__} == {*aftersales._HOMES}
    with pytest.raises(AttributeError, match="Desks"):
        _ = aftersales.Desks
