"""`explain`, `show`, `test` and `simulate` say the same of the same case, to the cent."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from aftersales.cli.main import root
from aftersales.definitions.shipped import FOLDERS, shipped_folder

USUAL = {
    "severity": "major",
    "country": "US",
    "platform": "own_shop",
    "fault": "carrier",
    "in_stock": "no",
}


def printed(*args: str) -> str:
    result = CliRunner().invoke(root, args, standalone_mode=False)
    assert result.exception is None, result.exception
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The shipped definitions, in which half of the money back has become more than all of it."""
    for part in FOLDERS:
        shutil.copytree(shipped_folder() / part, tmp_path / part)
    policy = tmp_path / "policies" / "compensation" / "damaged.yaml"
    text = policy.read_text("utf-8")
    generous = text.replace("{refund: 50% of affected_value}", "{refund: 150% of affected_value}")
    policy.write_text(generous.replace("at_most: 120% of", "at_most: 200% of"), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        # No more is refunded than the case is about, though the policy gives 150% of it.
        ({"affected_value": "40.00 USD"}, {"half_refund": "40.00 USD", "full_refund": "40.00 USD"}),
        # Much in minor units is little in money, and the other way round.
        (
            {"affected_value": "3000000.00 IDR"},
            {"half_refund": "3000000.00 IDR", "full_refund": "3000000.00 IDR"},
        ),
        (
            {"affected_value": "300000000 VND"},
            {"half_refund": "300000000 VND", "full_refund": "300000000 VND"},
        ),
        (
            {"affected_value": "2000000.00 USD"},
            {"half_refund": "2000000.00 USD", "full_refund": "2000000.00 USD"},
        ),
        # What a fact says was given before counts towards the customer's cap of 150 USD.
        (
            {"affected_value": "60.00 EUR", "severity": "minor", "goodwill_given_90d": "144 USD"},
            {"small_coupon": "5.52 EUR", "part_refund": "5.52 EUR"},
        ),
    ],
)
def test_an_offer_is_the_same_wherever_it_is_asked_for(
    shop: Path, facts: dict[str, str], said: dict[str, str]
) -> None:
    known = {**USUAL, **facts}
    pairs = [f"{name}={text}" for name, text in known.items()]
    on = ("--at", "2026-06-01", "--folder", str(shop), "--json")

    asked = printed("explain", "damaged", *(w for pair in pairs for w in ("--fact", pair)), *on)
    options = json.loads(asked)["decision"]["options"]
    assert {option["id"]: option["remedies"][0]["amount"] for option in options} == said

    shown = printed("show", "damaged", *(w for pair in pairs for w in ("--for", pair)), *on)
    [row] = json.loads(shown)[0]["grids"][0]["rows"]
    assert row["what can be offered"] == [f"{option} {amount}" for option, amount in said.items()]

    given = ", ".join(f"{name}: {text}" for name, text in known.items())
    wanted = ", ".join(said.values())
    example = f"{{name: it, given: {{kind: damaged, {given}}}, expect: {{amounts: [{wanted}]}}}}"
    (shop / "policies" / "agreed.tests.yaml").write_text(
        f"aftersales: tests/1\nfor: damaged\nzone: UTC\ntests:\n  - {example}\n"
    )
    [tested] = json.loads(printed("test", str(shop), "--only", "agreed", "--json"))
    assert tested["has_passed"], tested["failures"]

    columns = {"kind": "damaged", "opened_at": "2026-06-01", **known}
    past = shop / "past.csv"
    past.write_text(f"{','.join(columns)}\n{','.join(columns.values())}\n")
    of_all = ("--jobs", "1", "--takes", "first", "--json")
    found = json.loads(printed("simulate", str(shop), "--cases", str(past), *of_all, *_in(facts)))
    assert found["compared"]["money_now"] == next(iter(said.values()))


AMAZON = """\
aftersales: policy/1
policy: damaged_there
applies_to: {kind: damaged, platform: amazon, market: DE}
remedies: {full_refund: {refund: 100% of affected_value}}
rows: [{id: any_case, when: {severity: any}, options: full_refund}]
approval: {none_needed: under 50 USD, manager: at least 50 USD}
"""
MINOR = ("severity=minor", "affected_value=20 USD", "country=DE")


def test_of_a_kind_the_policy_that_applies_is_asked(shop: Path) -> None:
    folder = shop / "policies" / "compensation"
    (folder / "damaged_there.yaml").write_text(AMAZON)
    text = (folder / "damaged.yaml").read_text("utf-8")
    text = text.replace("{kind: damaged}", "{kind: damaged, platform: not amazon}")
    (folder / "damaged.yaml").write_text(text, "utf-8")
    on = ("--usual", "--at", "2026-06-01", "--folder", str(shop))

    def explained(name: str, *facts: str) -> str:
        return printed("explain", name, *on, *(w for f in (*MINOR, *facts) for w in ("--fact", f)))

    there = explained("damaged", "platform=amazon", "market=DE")
    assert there.startswith("damaged_there (")
    assert "the policy `damaged` does not apply to this case: `platform` is amazon" in there
    assert explained("damaged", "platform=own_shop").startswith("damaged: ")
    nobody = CliRunner().invoke(
        root, ["explain", "damaged", *on, "--fact", "platform=amazon", "--fact", "market=FR"]
    )
    assert "no compensation policy applies to this case" in str(nobody.exception)

    shown = printed(
        "show", "damaged", *on[1:], *(w for f in (*MINOR, "market=DE") for w in ("--for", f))
    )
    [amazon] = [line for line in shown.splitlines() if line.startswith("  platform amazon ")]
    assert "full_refund 20.00 USD (by the policy" in amazon


def test_a_policy_that_does_not_apply_is_asked_by_its_own_name_and_that_is_told(
    shop: Path,
) -> None:
    (shop / "policies" / "compensation" / "damaged_there.yaml").write_text(AMAZON)
    facts = (*MINOR, "kind=damaged", "platform=own_shop")
    told = printed(
        "explain", "damaged_there", "--at", "2026-06-01", "--folder", str(shop),
        *(w for f in facts for w in ("--fact", f)),
    )  # fmt: skip
    assert "full_refund  20.00 USD" in told
    assert "the policy `damaged_there` does not apply to this case: `platform` is own_shop" in told


def test_rates_are_those_of_the_day_in_utc_wherever_they_are_asked_for(shop: Path) -> None:
    """At 23:59 in New York it is the next day in UTC, and a desk takes the rates of that one."""
    newer = (shop / "policies" / "rates.yaml").read_text("utf-8")
    newer = newer.replace("from: 2024-01-01", "from: 2026-12-01").replace("EUR: 0.92", "EUR: 0.5")
    (shop / "policies" / "newer_rates.yaml").write_text(newer, "utf-8")
    at, facts = "2026-11-30 23:59", {**USUAL, "severity": "minor", "affected_value": "25 EUR"}
    explained = json.loads(
        printed(
            "explain", "damaged", "--at", at, "--folder", str(shop), "--json",
            *(word for name, text in facts.items() for word in ("--fact", f"{name}={text}")),
        )
    )  # fmt: skip
    [amount] = [
        option["remedies"][0]["amount"]
        for option in explained["decision"]["options"]
        if option["id"] == "small_coupon"
    ]
    assert amount == "2.50 EUR"  # a tenth; at least 3 USD, which were 2.76 EUR the day before
    past = shop / "past.csv"
    past.write_text(f"kind,opened_at,{','.join(facts)}\ndamaged,{at},{','.join(facts.values())}\n")
    of_all = ("--jobs", "1", "--takes", "first", "--json", "--in", "EUR")
    found = json.loads(printed("simulate", str(shop), "--cases", str(past), *of_all))
    assert found["compared"]["money_now"] == amount


def _in(facts: dict[str, str]) -> tuple[str, str]:
    return "--in", facts["affected_value"].split()[1]
