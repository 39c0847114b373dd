"""`aftersales simulate`: files of past cases, what is told of bad ones, and what is printed."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aftersales.cli.exits import Exit, judged
from aftersales.cli.main import root
from aftersales.domain.errors import AftersalesError
from past_shop import HALF_FOR_ALL, write_shop

CSV = """\
case,kind,opened_at,affected_value,severity,country,platform,tier
A1,torn,2026-01-02,40 USD,major,US,own_shop,vip
A2,torn,2026-01-31 23:30,10 USD,minor,DE,market,
A3,torn,2026-02-01T04:30:00Z,80 EUR,major,DE,market,
A4,torn,2026-02-02,60 USD,major,US,market,
A5,torn,2026-02-02,,major,US,market,
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two versions of the rules, `old` and `new`, and past cases."""
    write_shop(tmp_path / "old")
    write_shop(tmp_path / "new", HALF_FOR_ALL)
    (tmp_path / "past.csv").write_text(CSV, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoked(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["simulate", *arguments, "--jobs", "1"], standalone_mode=False)


def simulated(*arguments: str) -> dict[str, object]:
    result = invoked(*arguments, "--json")
    assert result.exception is None, result.exception
    read: dict[str, object] = json.loads(result.stdout)
    return read


def refused(*arguments: str) -> str:
    """The message of a run that is refused; never a fault of ours."""
    error = invoked(*arguments).exception
    assert isinstance(error, AftersalesError)
    code, message = judged(error)
    assert code in (Exit.USAGE, Exit.NOT_FOUND)
    return message


BOTH = ("new", "--against", "old", "--cases", "past.csv")


def test_a_csv_is_simulated_to_the_cent(shop: Path) -> None:
    found = simulated(*BOTH)
    compared = found["compared"]
    assert isinstance(compared, dict)
    assert (compared["money_then"], compared["money_now"]) == ("185.00 USD", "135.00 USD")
    assert (compared["cases_then"], compared["changed"]) == (4, 2)
    assert (found["then"], found["now"]) == ("old", "new")


def test_json_lines_come_to_the_same_as_csv(shop: Path) -> None:
    columns, *rows = [line.split(",") for line in CSV.splitlines()]
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    lines = [json.dumps({name: text or None for name, text in one.items()}) for one in objects]
    (shop / "past.jsonl").write_text("\n".join(lines), encoding="utf-8")
    csv, jsonl = simulated(*BOTH), simulated(*BOTH[:-1], "past.jsonl")
    for one in (csv, jsonl):
        for difference in (*one["differences"], *one["less"]):  # type: ignore[misc]
            del difference["line"]  # a CSV begins with its columns
    assert csv == jsonl


def test_semicolons_quotes_and_a_mark_of_byte_order_are_read(shop: Path) -> None:
    text = "\ufeff" + CSV.replace(",", ";").replace("A1", '"A;1\nnew line"')
    (shop / "past.csv").write_text(text, encoding="utf-8")
    found = simulated(*BOTH)
    assert found["compared"]["money_now"] == "135.00 USD"  # type: ignore[index]
    cases = [(one["case"], one["line"]) for one in found["differences"]]  # type: ignore[attr-defined]
    assert cases == [("A4", 6), ("A;1\nnew line", 2)]


def test_numbers_and_yes_and_no_of_json_lines_are_read(shop: Path) -> None:
    one = {"kind": "torn", "opened_at": "2026-01-02", "severity": "major", "country": "US",
           "platform": "market", "affected_value": 40.10, "currency": "USD", "count": 2,
           "order_held": False}  # fmt: skip
    (shop / "past.jsonl").write_text(json.dumps(one), encoding="utf-8")
    found = simulated(*BOTH[:-1], "past.jsonl")
    assert found["compared"]["money_then"] == "80.20 USD"  # type: ignore[index]


def test_a_column_that_is_not_known_is_refused_or_passed_over(shop: Path) -> None:
    (shop / "past.csv").write_text(CSV.replace("tier", "teir"), encoding="utf-8")
    assert "`teir` is no fact and no column of ours; did you mean `tier`?" in refused(*BOTH)
    result = invoked(*BOTH, "--ignore-unknown")
    assert result.stderr.splitlines() == ["passed over: `teir`"]
    assert "185.00" in result.stdout


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("empty.csv", "", "is empty"),
        ("twice.csv", "kind,kind\n", "two columns are called `kind`"),
        ("long.csv", "kind,tier\ntorn,vip,US\n", "long.csv:2: 3 cells under 2 columns"),
        ("quote.csv", 'kind,tier\ntorn,"vip\n', "quote.csv:2: this is not CSV"),
        ("none.csv", "kind,opened_at\n", "there are no past cases"),
        ("empty.jsonl", "\n\n", "is empty"),
        ("list.jsonl", "[1]\n", "list.jsonl:1: each line is one JSON object"),
        ("word.jsonl", '{"kind": "torn"}\n{kind}\n', "word.jsonl:2: this is not JSON"),
        ("cut.jsonl", '{"kind":\n', "cut.jsonl:1: this is not JSON: expecting value (column 9)"),
        ("twice.jsonl", '{"kind": "torn", "kind": "lost"}\n', ":1: `kind` is given twice"),
        ("deep.jsonl", "[" * 100_000, "deep.jsonl:1: this is"),
        ("inner.jsonl", '{"kind": {"a": 1}}', "inner.jsonl:1: `kind` is a text, a number"),
        ("bytes.csv", b"kind,tier\n\xff\xfe,\n", "is not UTF-8 text"),
        (
            "kind.csv",
            "opened_at,affected_value\n2026-01-01,4 USD\n",
            "line 2 (`kind`): ",
        ),
        (
            "day.csv",
            "kind,opened_at\ntorn,27.11.2026\n",
            "line 2, column 2 (`opened_at`): `27.11.2026` is not an instant; "
            "did you mean `2026-11-27 00:00`?",
        ),
        (
            "comma.csv",
            'kind,opened_at,affected_value\ntorn,2026-01-01,"12,50 USD"\n',
            "`affected_value` is; did you mean `12.50 USD`?",
        ),
        ("when.csv", "kind,affected_value\ntorn,4 USD\n", "line 2 (`opened_at`): "),
        ("poor.csv", "kind,opened_at\ntorn,2026-01-01\n", None),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_told(
    name: str, text: str | bytes, message: str | None, shop: Path
) -> None:
    content = text.encode() if isinstance(text, str) else text
    (shop / name).write_bytes(content)
    if message is None:
        assert simulated(*BOTH[:-1], name)["compared"]["cases_now"] == 0  # type: ignore[index]
    else:
        assert message in refused(*BOTH[:-1], name)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "tron"], "`tron` is not a kind; did you mean `torn`?"),
        (["--by", "contry"], "`contry` is not a fact; did you mean `country`?"),
        (["--in", "dollars"], "`dollars` is not a currency"),
        (["--policy", "tron"], "`tron` is not a policy; did you mean `torn`?"),
        (["--against", "older"], "`older` is not a folder"),
        (["--against", "odl"], "did you mean `old`?"),
    ],
)
def test_what_was_misspelt_is_told(arguments: list[str], message: str, shop: Path) -> None:
    assert message in refused("new", "--cases", "past.csv", *arguments)


def test_a_file_that_is_not_there_is_told(shop: Path) -> None:
    assert refused(*BOTH[:-1], "nowhere.csv") == "there is no file `nowhere.csv`"


def test_only_the_cases_of_a_kind_are_looked_at(shop: Path) -> None:
    (shop / "past.csv").write_text(CSV.replace("A2,torn", "A2,worn"), encoding="utf-8")
    found = simulated(*BOTH, "--kind", "torn")
    assert (found["rows"], found["passed_over"]) == (5, 1)
    assert found["compared"]["money_now"] == "130.00 USD"  # type: ignore[index]
    apart = simulated(*BOTH)["undecided"]
    assert any("worn" in part["now"] for part in apart)  # type: ignore[attr-defined]


def test_the_page_in_a_terminal_says_what_is_reckoned_and_what_is_apart(shop: Path) -> None:
    page = invoked(*BOTH, "--limit", "1").stdout
    assert page.startswith("5 past cases under new, compared with old\nMoney in USD: what the dea")
    assert re.search(r"all that were compared +4 +4 +2 +185.00 +135.00 +-50.00\n", page)
    assert "2 cases changed (50.0 %)" in page
    assert "1 case could not be decided; not counted above" in page
    assert "The dearest difference\n\n  -30.00 USD: case A4 (torn, 2026-02-02)" in page
    assert "by tier" not in page
    assert "by tier" in invoked(*BOTH, "--by", "tier").stdout


def test_the_page_to_pass_on_has_no_tags_of_others(shop: Path) -> None:
    evil = "<script>alert(1)</script>"
    (shop / "past.csv").write_text(CSV.replace("A4", evil), encoding="utf-8")
    result = invoked(*BOTH, "--html", "page.html")
    assert result.stderr == "written: page.html\n"
    html = (shop / "page.html").read_text(encoding="utf-8")
    assert evil not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not re.search(r"""(src|href|url)\s*[=(]|https?://|<script|<link|@import""", html)
    for told in ("185.00 USD", "135.00 USD", "-50.00 USD", "full_refund", "could not be decided"):
        assert told in html
    assert html.count("<svg") == 5


def test_one_version_alone_has_a_page_too(shop: Path) -> None:
    invoked("new", "--cases", "past.csv", "--html", "page.html")
    html = (shop / "page.html").read_text(encoding="utf-8")
    assert "What past cases would have cost" in html
    assert "then" not in re.sub(r"(?s)<style>.*</style>", "", html)


def test_changed_cases_that_no_past_case_is_like_are_told(shop: Path) -> None:
    rows = CSV.splitlines(keepends=True)
    (shop / "past.csv").write_text("".join([rows[0], rows[2]]), encoding="utf-8")
    found = simulated(*BOTH)
    region = "severity major, affected_value under 100 USD"
    assert found["unseen"] == [
        {"policy": "torn", "regions": [region], "has_more": False,
         "was": "full_refund", "now": "without full_refund"}
    ]  # fmt: skip
    told = invoked(*BOTH, "--html", "page.html").stdout
    assert f"<td>{region}<br></td>" in (shop / "page.html").read_text(encoding="utf-8")
    assert f"  torn: {region}\n    was full_refund, now without full_refund\n" in told


def test_where_a_past_case_has_changed_nothing_is_left_to_tell(shop: Path) -> None:
    assert simulated(*BOTH)["unseen"] == []
    assert "no past case is like it" not in invoked(*BOTH).stdout


HURT = """\
aftersales: policy/1
policy: hurt
choose: first
answers: {hurt: yes_no}
rows: [{id: badly, when: {severity: major}, hurt: yes}]
otherwise: {hurt: no}
"""


def test_cases_that_give_what_the_rules_work_out_are_said_not_to_be_found(shop: Path) -> None:
    asks = (
        ("  message:", "  hurt: {type: yes_no, is: by policy hurt}\n  message:"),
        ("when: {severity: minor}", "when: {hurt: no}"),
        (
            "when: {severity: major, affected_value: under",
            "when: {hurt: yes, affected_value: under",
        ),
    )
    for folder, changes in (("old", asks), ("new", (*asks, HALF_FOR_ALL))):
        write_shop(shop / folder, *changes)
        (shop / folder / "policies" / "hurt.yaml").write_text(HURT, encoding="utf-8")
    rows = CSV.splitlines(keepends=True)
    (shop / "past.csv").write_text(rows[0] + rows[1], encoding="utf-8")
    assert "not found here" not in invoked(*BOTH).stdout
    given = f"{rows[0].strip()},hurt\n{rows[1].strip()},yes\n".replace("major", "minor")
    (shop / "past.csv").write_text(given, encoding="utf-8")
    note = "Cases that give `hurt` are not found here: give the facts it is worked out from"
    assert f"no past case is like it\n  {note}\n" in invoked(*BOTH, "--html", "page.html").stdout
    assert note in (shop / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "lost", "gained"),
    [("[half_refund + coupon, full_refund]", 0, 2), ("[coupon, full_refund]", 2, 2)],
)
def test_an_option_to_which_something_is_added_is_not_lost(
    options: str, lost: int, gained: int, shop: Path
) -> None:
    write_shop(shop / "new", (HALF_FOR_ALL[0], f"options: {options}"))
    changes = simulated(*BOTH)["changes"]
    assert isinstance(changes, dict)
    assert (changes["lost"], changes["gained"]) == (lost, gained)


def test_what_was_given_may_be_known_by_its_cost_alone(shop: Path) -> None:
    rows = CSV.splitlines()
    given = f"{rows[0]},given_cost\n{rows[1]},12 USD\n"
    (shop / "past.csv").write_text(given, encoding="utf-8")
    assert "      1  which option is not known  12.00\n" in invoked(*BOTH).stdout
