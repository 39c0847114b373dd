"""`aftersales explain`: what is decided and why, what is missing, and what the pages print."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aftersales import Actor, Money
from aftersales.cli.main import root
from aftersales.cli.pages import put_page, wrapped
from aftersales.testing import desk_for_tests

ROOT = Path(__file__).parents[2]
PAGES = ("docs/how-to/explain_an_offer.md", "docs/reference/cli.md")
BLOCK = re.compile(
    r"```console\n\$ (?:echo '([^\n]*)' \| )?(aftersales explain [^\n]*)\n(.*?)```", re.S
)
DAMAGED = ("explain", "damaged", "--usual", "--fact", "affected_value=80 USD")
FAR = (*DAMAGED, "--fact", "severity=total", "--fact", "country=NO")


def run(*args: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(root, args, input=typed, standalone_mode=False)


def refused(*args: str) -> str:
    result = run(*args)
    assert result.exception is not None
    return str(getattr(result.exception, "message", result.exception))


def explained(*args: str) -> dict[str, object]:
    result = run(*args, "--json")
    read: dict[str, object] = json.loads(result.output)
    return read


def _settled(page: str) -> str:
    """Without what an edit of the shipped definitions may move: line numbers."""
    return re.sub(r"\.yaml:\d+", ".yaml", page)


def _printed() -> list[tuple[str, str, str]]:
    texts = ((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    return [found for text in texts for found in BLOCK.findall(text)]


@pytest.mark.parametrize(("typed", "command", "page"), _printed(), ids=lambda text: text[:60])
def test_a_printed_explanation_is_what_the_command_prints(
    typed: str, command: str, page: str
) -> None:
    result = run(*shlex.split(command)[1:], typed=typed or None)
    assert result.exception is None, result.output
    assert _settled(result.output) == _settled(page)


def test_the_pages_print_explanations() -> None:
    assert len(_printed()) >= 6


def test_each_option_that_is_not_offered_is_told_with_the_cell_that_ruled_it_out() -> None:
    told = explained(*FAR)
    assert told["decided"] == "options"
    why = {out["option"]: (out["rule"]["rule"], out["why"]) for out in told["not_offered"]}
    assert why["half_refund"] == (
        "medium/major",
        "`severity` is total; the rule asks for `major`",
    )
    assert why["resend + small_coupon"] == (
        "medium/total",
        "the exception `far_away` replaces it",
    )
    assert "full_refund" not in why


def test_a_limit_that_bites_is_a_step_of_the_option() -> None:
    page = run(*FAR, "--paid", "60 USD").output
    assert "60.00 USD of what was paid is left to refund: 60.00 USD" in page
    assert "what was paid" not in page.partition("Taken for granted")[2]


def test_goodwill_given_before_takes_from_what_may_be_given() -> None:
    usual = (*DAMAGED, "--fact", "severity=minor", "--goodwill", "145 USD")
    page = run(*usual).output
    assert "goodwill at most 150 USD within 90 days per customer, 145.00 USD was given" in page
    assert "small_coupon  5.00 USD" in page


def test_a_fact_that_a_policy_answers_is_told_with_the_row_that_answered_it() -> None:
    told = explained(*FAR, "--fact", "safety_risk=yes")
    answers = {answer["fact"]: answer for answer in told["answers"]}
    assert answers["unsafe"]["value"] == "yes"
    assert answers["unsafe"]["decision"]["rule"]["file"] == "policies/safety.yaml"
    assert answers["consumer_claim"]["left_out"]


def test_a_missing_fact_is_told_with_those_who_read_it_and_the_exit_code_is_1() -> None:
    facts = ("affected_value=80 USD", "severity=total", "country=NO")
    result = run("explain", "damaged", *(word for fact in facts for word in ("--fact", fact)))
    assert result.return_value == 1
    assert "the fact `platform` is not known" in result.output
    assert "no_coupons_there (policies/compensation/damaged.yaml:" in result.output
    assert "asks for not own_shop nor shopify" in result.output
    assert "deadlines" not in result.output


def test_a_fact_missing_behind_a_fact_that_a_policy_answers_is_told() -> None:
    told = explained("explain", "deadlines", "--usual", "--fact", "deadline=first_reply")
    assert [fact["fact"] for fact in told["missing"]] == ["severity"]
    assert told["missing"][0]["may_be"] == "minor, major, total"


def test_a_table_that_reads_the_kind_is_not_asked_for_a_kind_that_nobody_named() -> None:
    told = explained("explain", "triage", "--usual", "--fact", "severity=minor")
    assert [fact["fact"] for fact in told["missing"]] == ["kind"]


def test_each_row_that_does_not_fit_is_told_with_its_first_failing_cell() -> None:
    told = explained("explain", "triage", "--usual", "--fact", "kind=chargeback")
    decision = told["decision"]
    assert decision["rule"]["rule"] == "bank_dispute"
    why = {out["what"]: out["why"] for out in told["left_out"]}
    assert why["lost_parcel"] == "`kind` is chargeback; the rule asks for `not_received`"


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("resend", "resend: `severity` is total; the rule asks for `major` (medium/major,"),
        ("small_coupon + resend", "resend + small_coupon: the exception `far_away` replaces it"),
        ("full_refund", "full_refund: it is offered (far_away,"),
        ("part_refund + resend", "no rule of the policy offers it"),
    ],
)
def test_one_option_is_explained(option: str, why: str) -> None:
    assert why in run(*FAR, "--why-not", option).output


def test_an_option_that_stock_rules_out_is_told_by_its_cell() -> None:
    asked = (*DAMAGED, "--fact", "severity=major", "--fact", "in_stock=no")
    output = run(*asked, "--why-not", "resend").output
    assert "`in_stock` is no; the rule asks for `yes`" in output


def test_an_option_that_only_a_swap_takes_away_is_told_by_the_swap() -> None:
    asked = (*DAMAGED, "--fact", "severity=minor", "--fact", "platform=amazon")
    output = run(*asked, "--why-not", "small_coupon").output
    assert "`no_coupons_there` gives `sorry_refund` instead of `small_coupon`" in output


def test_what_is_misspelt_is_answered_with_what_was_meant() -> None:
    assert "did you mean `damaged`?" in refused("explain", "damged")
    assert "did you mean `damaged`?" in refused("explain", "damged", "--usual")
    assert "did you mean `severity`?" in refused(*DAMAGED, "--fact", "severty=minor")
    assert "did you mean `severity`?" in refused(*DAMAGED, "--fact", "serverity=major")
    assert "did you mean `resend`?" in refused(*FAR, "--why-not", "resnd")
    assert "did you mean `danger`?" in refused(
        "explain", "triage", "--fact", "kind=chargeback", "--fact", "tier=vip",
        "--fact", "platform=own_shop", "--why-not", "dangr",
    )  # fmt: skip
    assert "C203" in refused("explain", "C299")


def test_a_value_that_cannot_be_read_is_wrong_usage() -> None:
    assert "severity" in refused(*DAMAGED, "--fact", "severity=awful")
    assert "did you mean `major`?" in refused(*DAMAGED, "--fact", "severity=majr")
    assert "did you mean `12.50 USD`?" in refused(*DAMAGED, "--fact", "item_cost=12,50 USD")
    assert "did you mean `2026-11-27`?" in refused(*DAMAGED, "--fact", "placed_on=27.11.2026")
    assert "not JSON" in refused("explain", "damaged", "--facts", str(ROOT / "Makefile"))


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"\xff", "is not UTF-8 text"),
        (b'\xef\xbb\xbf{"severity":\n}', "expecting value (line 2, column 1)"),
        (b'{"severity": "minor", "severity": "total"}', "`severity` is given twice"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_facts_of_a_file_that_cannot_be_read_are_told(
    tmp_path: Path, held: bytes, said: str
) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(held)
    told = refused("explain", "damaged", "--facts", str(file))
    assert f"`{file}`" in told
    assert said in told


def test_a_rate_that_is_missing_is_called_a_rate() -> None:
    told = run(*DAMAGED[:-1], "affected_value=30 BHD", "--fact", "severity=major").output
    assert "the rate USD->BHD is not known" in told
    assert "rate USD->BHD: in no file of rates that has begun" in told


def test_facts_of_a_file_are_below_those_typed(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"severity": "minor", "in_stock": true, "affected_value": "80 USD"}', "utf-8")
    told = explained(
        "explain", "damaged", "--usual", "--facts", str(file), "--fact", "severity=total"
    )
    facts = told["facts"]
    assert (facts["severity"], facts["in_stock"]) == ("total", "yes")


def test_the_page_of_a_problem_is_printed() -> None:
    assert run("explain", "c203").output.startswith("# C203: ")
    assert explained("explain", "C203")["code"] == "C203"


def test_wide_lines_are_folded_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "  " + "word " * 40
    assert wrapped([line]) == [line]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    folded = wrapped([line, ""])
    assert max(map(len, folded)) <= 60
    assert folded[1].startswith("      word")
    assert folded[-1] == ""


def test_heads_are_bold_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put_page(["Head", "  line"])
    assert capsys.readouterr().out == "Head\n  line\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    put_page(["Head", "  line"])
    assert "  line\n" in capsys.readouterr().out


@pytest.fixture
def case(tmp_path: Path) -> tuple[str, tuple[str, ...]]:
    shop = desk_for_tests(tmp_path, at="2026-03-02T14:00:00Z")
    shop.desk.record_order("1001", paid=Money("60.00", "USD"))
    facts = {"affected_value": Money("60.00", "USD"), "severity": "major", "country": "US",
             "platform": "own_shop", "evidence": "photo", "buyer": "consumer",
             "in_stock": "no"}  # fmt: skip
    case = shop.desk.open_case("damaged", order_id="1001", customer_id="c9", facts=facts)
    shop.tick()
    shop.desk.submit(case.id, "propose", by=Actor.agent("ann"), facts={"fault": "carrier"})
    return case.id, ("--database", f"sqlite:///{tmp_path}/aftersales.db")


def test_a_stored_case_is_explained_as_by_case_explain(case: tuple[str, tuple[str, ...]]) -> None:
    id, database = case
    assert run("explain", id, *database).output == run("case", "explain", id, *database).output
    output = run("explain", id[-8:], "--why-not", "resend", *database).output
    assert "`in_stock` is no; the rule asks for `yes`" in output
    output = run("explain", id, "--why-not", "part_refund", *database).output
    assert "`severity` is major; the rule asks for `minor`" in output


@pytest.mark.parametrize("more", [[], ["--usual"]])
def test_the_id_of_a_rule_is_told_with_its_policy_and_where_it_stands(more: list[str]) -> None:
    for name, policy, file in [
        ("far_away", "damaged", "policies/compensation/damaged.yaml:"),
        ("huge/major", "damaged", "policies/compensation/damaged.yaml:"),
        ("lost_parcel", "triage", "policies/triage.yaml:"),
    ]:
        result = CliRunner().invoke(root, ["explain", name, *more], standalone_mode=False)
        said = str(result.exception)
        assert f"`{name}` is a rule of " in said
        assert f"`{policy}` ({file}" in said
        assert "aftersales show " in said
