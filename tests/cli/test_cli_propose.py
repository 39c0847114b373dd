"""`aftersales propose`: one page about a change, before it is used."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aftersales.cli.main import root
from past_shop import HALF_FOR_ALL, write_shop

CASES = """\
case,kind,opened_at,affected_value,severity,country,platform
a,torn,2026-03-02T10:00:00Z,40 USD,major,US,own_shop
b,torn,2026-03-03T10:00:00Z,40 USD,minor,US,own_shop
"""

WORN = """\
aftersales: workflow/1
workflow: worn
about: The item is worn
starts_in: reported
calendar: desk
states:
  reported:
    waiting_for: desk
    deadlines: {look: {within: 2 business days, when_over: give_up}}
    events: {give_up: {by: system, go_to: silent}}
  silent: {final: true, outcome: no_answer}
"""
FLOORS = """\
aftersales: policy/1
policy: law
about: What the law makes us offer
because: it is the law
floors:
  - id: some_money
    when: {kind: torn, severity: major, affected_value: under 50 USD}
    must_offer_one_of: [half_refund]  # some
    source: https://law.example/some
    read_on: 2026-01-02
  - id: dear
    when: {kind: torn, severity: major, affected_value: at least 200 USD}
    must_offer_one_of: [half_refund]
    source: https://law.example/dear
    read_on: 2026-01-02
"""


def write_floors(folder: Path, *changes: tuple[str, str]) -> None:
    written = FLOORS
    for was, now in changes:
        assert was in written
        written = written.replace(was, now)
    (folder / "policies/law").mkdir(exist_ok=True)
    (folder / "policies/law/us.yaml").write_text(written, "utf-8")


@pytest.fixture
def where(tmp_path: Path) -> Path:
    write_shop(tmp_path / "old")
    write_shop(tmp_path / "new", HALF_FOR_ALL)
    (tmp_path / "cases.csv").write_text(CASES, "utf-8")
    return tmp_path


def propose(where: Path, *args: str) -> Result:
    named = ["propose", str(where / "new"), "--against", str(where / "old")]
    settings = [
        "--cases",
        str(where / "cases.csv"),
        "--database",
        f"sqlite:///{where / 'cases.db'}",
    ]
    CliRunner().invoke(root, ["migrate", *settings[2:]], standalone_mode=False)
    result = CliRunner().invoke(root, [*named, *settings, *args], standalone_mode=False)
    assert result.exception is None, result.exception
    return result


def test_the_page_tells_what_is_found_of_a_change(where: Path) -> None:
    page = propose(where).stdout
    for title in ("Check and proofs", "Tests", "What differs from", "Past cases", "A worked date"):
        assert title in page
    assert "cases of 1 kind are treated otherwise: torn" in page
    assert "was full_refund, now without full_refund" in page
    assert "in: severity major, affected_value" in page
    assert "1 case changed (50.0 %); -20.00 USD in all" in page
    assert "0 open cases keep the rules they were opened under" in page


def test_the_page_names_the_folder_also_from_inside_it(
    where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(where / "new")
    words = ["propose", ".", "--against", "../old", "--cases", "../cases.csv"]
    told = CliRunner().invoke(root, words, standalone_mode=False).stdout
    assert told.startswith("new (")
    assert "2 past cases under new, compared with ../old\n" in told


def test_who_would_get_less_is_counted_and_explained(where: Path) -> None:
    page = propose(where).stdout
    assert "Who would get less: 1 by what it costs us, 1 lose an option" in page
    assert "less by 20.00 USD: case a (torn, 2026-03-02)" in page
    assert "then: half_refund (20.00 USD) or full_refund (40.00 USD), by heavy (" in page
    assert "now: half_refund (20.00 USD), by heavy (" in page
    same = propose(where, "--against", str(where / "new")).stdout
    assert "nobody would get less, and no option is lost" in same
    assert "nothing that binds a case" in same


def test_cases_and_money_are_told_by_the_rule_that_decided(where: Path) -> None:
    rules = json.loads(propose(where, "--json").stdout)["simulation"]["by"]["rule"]
    heavy, slight = rules["torn: heavy"], rules["torn: slight"]
    assert (heavy["cases_then"], heavy["cases_now"], heavy["changed"]) == (1, 1, 1)
    assert (heavy["money_then"], heavy["money_now"]) == ("40.00 USD", "20.00 USD")
    assert (slight["money_then"], slight["money_now"]) == ("5.00 USD", "5.00 USD")
    assert slight["changed"] == 0
    assert "torn: heavy" in propose(where).stdout


def test_a_change_that_no_past_case_has_tried_is_told(where: Path) -> None:
    assert "no past case is like it" not in propose(where).stdout
    minor = [line for line in CASES.splitlines(keepends=True) if not line.startswith("a,")]
    (where / "cases.csv").write_text("".join(minor), "utf-8")
    page = propose(where).stdout
    assert "Changed, and no past case is like it" in page
    assert "torn: was full_refund, now without full_refund" in page
    (where / "cases.csv").write_text(minor[0], "utf-8")
    assert "torn: was full_refund, now without full_refund" in propose(where).stdout


def test_only_kinds_of_which_a_case_is_treated_otherwise_are_named(where: Path) -> None:
    for version in ("old", "new"):
        (where / version / "workflows/worn.yaml").write_text(WORN, "utf-8")
    data = json.loads(propose(where, "--json").stdout)
    assert data["differs"]["kinds"] == {"torn": ["torn"]}
    file = where / "new/workflows/worn.yaml"
    file.write_text(WORN.replace("2 business days", "3 business days"), "utf-8")
    data = json.loads(propose(where, "--json").stdout)
    assert data["differs"]["kinds"] == {"torn": ["torn"], "worn": ["worn"]}
    assert data["differs"]["edits"][0]["was"] == "2 business days"


def test_a_page_of_which_not_all_amounts_could_be_tried_says_that_more_may_differ(
    where: Path,
) -> None:
    two = ("coupon: 5 USD", "coupon: {USD: 5, EUR: 4}")
    write_shop(where / "old", two)
    write_shop(where / "new", two, HALF_FOR_ALL)
    page = propose(where).stdout
    why = "no condition tells its amounts in EUR"
    assert f"torn: more may differ, for not all could be tried: {why}" in page


def test_floors_of_law_that_a_change_touches_are_told_with_their_proof(where: Path) -> None:
    for version in ("old", "new"):
        write_floors(where / version)
    data = {one["floor"]: one for one in json.loads(propose(where, "--json").stdout)["law"]}
    assert data["some_money"]["touched_by"] == ["torn"]
    assert "severity major" in data["some_money"]["example"]
    assert data["some_money"]["is_proven"]
    assert data["dear"]["touched_by"] == []
    page = propose(where).stdout
    assert "1 of 2 floors is touched; all hold" in page
    assert "source: https://law.example/some" in page


def test_a_floor_that_a_change_breaks_or_rewrites_is_told(where: Path) -> None:
    write_floors(where / "old")
    write_floors(where / "new", ("one_of: [half_refund]  # some", "one_of: [full_refund]"))
    result = propose(where)
    assert result.return_value == 1
    assert "1 of 2 floors is touched; 1 broken" in result.stdout
    assert "the floor itself is changed" in result.stdout
    assert "`heavy` falls below a floor of law" in result.stdout
    assert "was [half_refund], now [full_refund]" in result.stdout
    write_floors(where / "new", (FLOORS[FLOORS.index("  - id: dear") :], ""))
    page = propose(where).stdout
    assert "no longer there: dear" in page
    assert "dear: is no longer there" in page


def test_open_cases_are_counted_by_kind(where: Path) -> None:
    facts = ["affected_value=40 USD", "severity=major", "country=US", "platform=own_shop"]
    told = [part for fact in facts for part in ("--fact", fact)]
    opened = ["case", "open", "torn", *told, "--folder", str(where / "old")]
    propose(where)
    for _ in range(2):
        database = ["--database", f"sqlite:///{where / 'cases.db'}"]
        result = CliRunner().invoke(root, [*opened, *database], standalone_mode=False)
        assert result.exception is None, result.exception
    assert json.loads(propose(where, "--json").stdout)["open_cases"] == {"torn": 2}
    page = propose(where).stdout
    assert "2 open cases keep the rules they were opened under" in page
    assert "2 of a kind of which new cases are treated otherwise" in page


def test_the_rules_of_another_day_may_be_asked(where: Path) -> None:
    policy = where / "new/policies/compensation/torn.yaml"
    policy.write_text(policy.read_text("utf-8") + "from: 2031-01-01\n", "utf-8")
    before = (where / "old/policies/compensation/torn.yaml").read_text("utf-8")
    earlier = before + "until: 2030-12-31\n"
    (where / "new/policies/compensation/before.yaml").write_text(earlier, "utf-8")
    assert "no case of any kind is treated otherwise" in propose(where).stdout
    later = propose(where, "--on", "2031-02-03").stdout
    assert "cases of 1 kind are treated otherwise: torn" in later
    assert "by the rules of 2031-02-03" in later


def test_a_machine_gets_the_same(where: Path) -> None:
    data = json.loads(propose(where, "--json").stdout)
    assert data["is_ready"] is True
    assert [one["policy"] for one in data["differs"]["changed"]] == ["torn"]
    assert data["simulation"]["changes"]["cases"] == 1
    assert [one["case"] for one in data["simulation"]["less"]] == ["a"]


def test_the_page_goes_out_as_markdown_and_as_html(where: Path) -> None:
    page = propose(where, "--markdown").stdout
    assert "## Past cases" in page
    assert "- was full_refund, now without full_refund\n  - in: severity major" in page
    assert "|---|--:|" in page
    propose(where, "--html", str(where / "page.html"))
    html = (where / "page.html").read_text("utf-8")
    assert '<h2 id="dates">A worked date</h2>' in html
    assert "<b>was full_refund, now without full_refund</b><span>in: severity major" in html
    assert "<script" not in html


def test_a_change_that_cannot_be_used_says_so_and_ends_with_1(where: Path) -> None:
    write_shop(where / "new", ("starts_in: reported", "starts_in: reportd"))
    result = propose(where)
    assert result.return_value == 1
    assert "1 error, 0 warnings" in result.stdout


def test_an_author_without_a_database_has_the_page_too(where: Path) -> None:
    named = ["propose", str(where / "new"), "--against", str(where / "old")]
    settings = ["--cases", str(where / "cases.csv"), "--database", f"sqlite:///{where / 'no.db'}"]
    result = CliRunner().invoke(root, [*named, *settings], standalone_mode=False)
    assert result.exception is None, result.exception
    assert "cases of 1 kind are treated otherwise: torn" in result.stdout
    assert "Open cases" not in result.stdout
    assert not (where / "no.db").exists()
