"""What is written, seen: grids of the shipped definitions, and what a customer can get by them."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales.authoring.explaining import Question
from aftersales.authoring.show import (
    HOTTEST,
    Grid,
    as_mapping,
    shown_channels,
    shown_floors,
    shown_handling,
    shown_offers,
    shown_policy,
    shown_table,
    shown_workflow,
)
from aftersales.authoring.show.thresholds import thresholds_of
from aftersales.definitions import Catalog
from aftersales.definitions.shipped import FOLDERS, shipped_folder
from aftersales.domain.money import Money
from aftersales.domain.policy import Amount, decide_options
from aftersales.domain.rulebook import Rulebook

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
USUAL = {
    "kind": "damaged", "tier": "regular", "platform": "own_shop", "fulfilled_by": "us",
    "buyer": "consumer", "fault": "carrier", "in_stock": "yes",
    "item_cost": "8.00 USD", "resend_cost": "6.00 USD",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture(scope="module")
def rulebook(catalog: Catalog) -> Rulebook:
    return catalog.rulebook("damaged", AT)


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def offers(catalog: Catalog, rulebook: Rulebook, **given: str) -> list[Grid]:
    facts = {**USUAL, **given}
    question = Question(rulebook, "damaged", facts, AT, catalog.rates_on(AT.date()))
    return list(shown_offers(question, given).grids)


def shop_with(
    tmp_path: Path, line: str, before: str, file: str = "compensation/damaged.yaml"
) -> Catalog:
    """What is shipped, with `before` in front of a line of a policy: that for damaged goods."""
    folder = tmp_path / "shop"
    for name in FOLDERS:
        shutil.copytree(shipped_folder() / name, folder / name)
    path = folder / "policies" / file
    path.write_text(path.read_text("utf-8").replace(line, f"{before}{line}"), "utf-8")
    catalog, problems = Catalog.check(folder)
    assert catalog is not None, problems
    return catalog


def test_a_policy_is_shown_whole_and_in_the_order_it_is_worked_out(rulebook: Rulebook) -> None:
    policy = rulebook.policies.compensation["damaged"]
    shown = shown_policy(policy, rulebook.schema, Catalog.load().rates_on(AT.date()))
    assert [grid.title.partition(":")[0].partition(",")[0] for grid in shown.grids] == [
        "What can be given", "Base", "Exceptions", "Swaps", "Extras", "Limits",
        "Who must approve", "Must the goods come back?",
    ]  # fmt: skip
    exceptions = shown.grids[2]
    assert [row[0].text for row in exceptions.rows] == [r.ref.rule for r in policy.exceptions]
    assert as_mapping(shown)["name"] == "damaged"


def test_the_base_has_a_cell_for_each_line_and_column_with_what_it_costs(
    rulebook: Rulebook,
) -> None:
    policy = rulebook.policies.compensation["damaged"]
    base = shown_policy(policy, rulebook.schema, Catalog.load().rates_on(AT.date())).grids[1]
    assert base.columns == ("affected_value", "minor", "major", "total")
    assert [row[0].text for row in base.rows] == ["small", "medium", "large", "huge"]
    medium = base.rows[1]
    assert medium[0].remark == "20 USD to under 100 USD; at 20.00 USD"
    assert medium[1].lines == ("small_coupon", "part_refund")
    # 10 % of 20 USD is 2 USD, the coupon at least 3 USD; a fifth is 4 USD
    assert medium[1].remark == "up to 4.00 USD"
    # what goods cost is not known here: 60 % of 20 USD stands for it, and a coupon of 3 USD
    assert medium[3].remark == "up to 20.00 USD"


def test_the_dearest_cell_is_the_hottest_and_no_dearer_cell_is_cooler(rulebook: Rulebook) -> None:
    policy = rulebook.policies.compensation["damaged"]
    base = shown_policy(policy, rulebook.schema, Catalog.load().rates_on(AT.date())).grids[1]
    assert base.is_hot
    cells = [cell for row in base.rows for cell in row[1:]]
    by_cost = sorted(cells, key=lambda cell: float(cell.remark.split()[2]))
    heats = [cell.heat for cell in by_cost if cell.heat is not None]
    assert len(heats) == len(cells)
    assert heats == sorted(heats)
    assert heats[-1] == HOTTEST


@pytest.mark.parametrize("kind", Catalog.load().kinds)
def test_every_policy_table_and_workflow_that_is_shipped_can_be_shown(
    catalog: Catalog, kind: str
) -> None:
    rulebook = catalog.rulebook(kind, AT)
    rates = catalog.rates_on(AT.date())
    pages = [
        *(shown_policy(p, rulebook.schema, rates) for p in rulebook.policies.compensation.values()),
        *(shown_table(table) for table in rulebook.policies.rows.values()),
        shown_workflow(rulebook.workflow),
        shown_channels(rulebook.policies.channels),
        shown_floors("law", rulebook.policies.floors),
        shown_handling("handling", rulebook.policies.handling),
    ]
    for page in pages:
        assert page.grids
        for grid in page.grids:
            assert grid.rows
            assert {len(row) for row in grid.rows} == {len(grid.columns)}
            assert all(row[0].lines for row in grid.rows)


def test_a_rows_table_has_a_column_for_each_fact_and_each_answer(rulebook: Rulebook) -> None:
    [grid] = shown_table(rulebook.policies.rows["triage"]).grids
    assert grid.columns[0] == "id"
    assert {"kind", "tier", "priority", "because"} <= set(grid.columns)
    at = grid.columns.index
    danger = next(row for row in texts(grid) if row[0] == "danger")
    assert (danger[at("safety_risk")], danger[at("priority")]) == ("yes", "red")
    assert texts(grid)[-1][0] == "otherwise"


def test_each_state_of_a_workflow_has_its_line(rulebook: Rulebook) -> None:
    shown = shown_workflow(rulebook.workflow)
    named = {row[0].text for grid in shown.grids[:2] for row in grid.rows}
    assert named == set(rulebook.workflow.states)


# -- what a customer can get


def test_what_a_customer_in_france_with_sixty_euros_can_get(
    catalog: Catalog, rulebook: Rulebook
) -> None:
    found, changes = offers(catalog, rulebook, country="FR", affected_value="60.00 EUR")
    assert found.title == "For country FR, affected_value 60.00 EUR"
    assert texts(found)[0] == [
        "minor",
        "part_refund 12.00 EUR, resend, full_refund 60.00 EUR",
        "none needed, none needed, supervisor",
        "customer keeps",
        "consumer_law",
    ]
    assert [row[0] for row in texts(found)] == ["minor", "major", "total"]
    assert ["fault customer", "small_coupon 6.00 EUR"] in texts(changes)


def test_facts_of_the_base_that_are_open_are_walked_through_by_their_bands(
    catalog: Catalog, rulebook: Rulebook
) -> None:
    found, _ = offers(catalog, rulebook, country="US")
    bands = [(row[0].text.partition(",")[0], row[1].text) for row in found.rows]
    assert len(set(bands)) == 4 * 3
    assert found.rows[3][0].remark == "at 20.00 USD"
    found, _ = offers(catalog, rulebook, country="US", severity="minor")
    named = [row[0].text.partition(",")[0] for row in found.rows]
    assert list(dict.fromkeys(named)) == ["small", "medium", "large", "huge"]


def test_a_band_is_answered_for_each_stretch_in_which_the_same_is_offered(
    catalog: Catalog, rulebook: Rulebook
) -> None:
    found, _ = offers(catalog, rulebook, country="US", severity="major")
    told = [(row[0].text, row[0].remark) for row in found.rows if row[0].text != "small"]
    assert told == [
        ("medium, 20.00 to 49.99 USD", "at 20.00 USD"),
        ("medium, 50.00 to 99.98 USD", "at 50.00 USD"),
        ("medium, 99.99 USD", "at 99.99 USD"),  # half of it is rounded up to 50 USD
        ("large, 100.00 to 249.99 USD", "at 100.00 USD"),
        ("large, 250.00 to 399.99 USD", "at 300.00 USD"),
        ("huge, 400.00 to 499.98 USD", "at 400.00 USD"),
        ("huge, from 499.99 USD on", "at 500.00 USD"),
    ]


def test_a_rule_that_begins_inside_a_band_is_seen(tmp_path: Path) -> None:
    amounts = "affected_value: 61 USD to under 73 USD, country: US, severity: major"
    when = f"{amounts}, fault: carrier, unsafe: no"
    dear = f"  - {{id: dear, when: {{{when}}}, options: part_refund}}\n"
    catalog = shop_with(tmp_path, "  - id: own_doing\n", dear)
    found, _ = offers(catalog, catalog.rulebook("damaged", AT), country="US", severity="major")
    named = [row[0].text for row in found.rows if row[-1].text == "dear"]
    assert named == ["medium, 61.00 to 72.99 USD"]


def test_what_a_table_answers_inside_a_band_is_seen(tmp_path: Path) -> None:
    row = "  - {id: odd, when: {affected_value: 61 USD to under 73 USD}, unsafe: yes}\n"
    catalog = shop_with(tmp_path, "  - {id: reported", row, "safety.yaml")
    found, _ = offers(catalog, catalog.rulebook("damaged", AT), country="US", severity="major")
    named = [row[0].text for row in found.rows if row[-1].text == "unsafe_goods"]
    assert named == ["medium, 61.00 to 72.99 USD"]


@pytest.mark.parametrize(
    ("severity", "when", "band"),
    [
        ("major", "remedy: half_refund, cost: 36.10 USD to under 36.20 USD", "72.19 to 72.38 USD"),
        ("minor", "remedy: part_refund, cost_share: 16.3% to 16.4%", "365.86 to 368.09 USD"),
        # goods cost 14 USD, and a coupon comes to a tenth
        ("total", "remedy: resend, cost: 21.23 USD to under 21.25 USD", "72.25 to 72.44 USD"),
    ],
)
def test_a_return_that_is_asked_for_inside_a_band_is_seen(
    tmp_path: Path, severity: str, when: str, band: str
) -> None:
    row = f"    - {{id: mid, when: {{{when}}}, answer: prepaid_label, within: 30 days}}\n"
    catalog = shop_with(tmp_path, "    - id: send_back\n", row)
    found, _ = offers(catalog, catalog.rulebook("damaged", AT), country="US", severity=severity)
    named = [row[0].text.partition(", ")[2] for row in found.rows if "30 days" in row[3].text]
    assert named == [band]


def test_what_one_customer_may_get_is_a_threshold(rulebook: Rulebook) -> None:
    policy = rulebook.policies.compensation["damaged"]
    assert policy.limits.per_customer is not None
    cap = replace(policy.limits.per_customer, at_most=Amount("9 USD", fixed=(Money("9", "USD"),)))
    policy = replace(policy, limits=replace(policy.limits, per_customer=cap))
    policies = replace(rulebook.policies, compensation={"damaged": policy})
    facts = {**USUAL, "country": "US", "severity": "minor", "affected_value": "60.00 USD"}
    question = Question(replace(rulebook, policies=policies), "damaged", facts, AT)
    found = thresholds_of(question, question.known(), "affected_value", None)
    assert {44_97, 44_98} <= found  # from there on 20% come to the limit, rounded


def test_where_rounding_decides_cent_by_cent_the_amounts_are_those_without_it(
    tmp_path: Path,
) -> None:
    when = "remedy: half_refund, cost_share: 50.005% to 50.01%"  # at each odd cent
    row = f"    - {{id: mid, when: {{{when}}}, answer: prepaid_label, within: 30 days}}\n"
    catalog = shop_with(tmp_path, "    - id: send_back\n", row)
    facts = {**USUAL, "country": "US", "severity": "major", "affected_value": "60.00 USD"}
    question = Question(catalog.rulebook("damaged", AT), "damaged", facts, AT)
    found = thresholds_of(question, question.known(), "affected_value", None)
    assert {100_00, 500_00} <= found  # half of it needs a supervisor, and a manager


def test_every_row_says_what_the_policy_decides(catalog: Catalog, rulebook: Rulebook) -> None:
    found, _ = offers(catalog, rulebook, country="DE", affected_value="150.00 EUR")
    for row in found.rows:
        facts = {
            **USUAL, "country": "DE", "affected_value": "150.00 EUR", "severity": row[0].text
        }  # fmt: skip
        question = Question(rulebook, "damaged", facts, AT, catalog.rates_on(AT.date()))
        known = question.known()
        decided = decide_options(rulebook.policies, "damaged", known, question.spent(known))
        names = [[part.split()[0] for part in line.split(" + ")] for line in row[1].lines]
        assert names == [[r.name for r in option.remedies] for option in decided.options]


def test_each_change_that_is_told_does_change_something_and_none_is_kept_back(
    catalog: Catalog, rulebook: Rulebook
) -> None:
    before, changes = offers(catalog, rulebook, country="US", severity="major")
    told = {row[0] for row in texts(changes)}
    for fact, value, words in [("tier", "vip", "tier vip"), ("in_stock", "no", "in_stock no")]:
        after, *_ = offers(catalog, rulebook, country="US", severity="major", **{fact: value})
        assert texts(after) != texts(before)
        assert words in told
    after, *_ = offers(catalog, rulebook, country="US", severity="major", tier="new")
    assert texts(after) == texts(before)
    assert not any("new" in words for words in told)


def test_a_fact_without_which_nothing_is_decided_is_assumed_and_said(
    catalog: Catalog, rulebook: Rulebook
) -> None:
    facts = {"kind": "damaged", "country": "US", "affected_value": "60.00 USD"}
    question = Question(rulebook, "damaged", facts, AT, catalog.rates_on(AT.date()))
    shown = shown_offers(question, ["country", "affected_value"])
    assert "platform is own_shop" in shown.assumed
    assert all(cell.lines for row in shown.grids[0].rows for cell in row[:2])
