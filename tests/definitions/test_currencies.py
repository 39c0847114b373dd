"""Currencies that are none: told once, and known where the shop has a rate of its own."""

from pathlib import Path

import pytest
from babel.core import get_global
from small_definitions import TORN, write_file, write_folder

from aftersales.authoring.check import check
from aftersales.definitions.currencies import ISO_4217

ROWS = """
aftersales: policy/1
policy: points
choose: first
answers: {colour: [red, blue]}
about: in the months before MAY 2026 it was 20 UDS
rows:
  - {id: dear, when: {affected_value: at least 50 PTS}, colour: red}
  - {id: less, when: {affected_value: {at least: {USD: 20, PTS: 2000}}}, colour: red}
otherwise: {colour: blue}
"""
RATES = "aftersales: rates/1\nbase: USD\nrates: {PTS: 0.01}\n"


def _codes(folder: Path, rates: str | None) -> list[str]:
    write_file(write_folder(folder), "policies/points.yaml", ROWS)
    if rates is not None:
        write_file(folder, "policies/rates.yaml", rates)
    _, problems = check(folder)
    return [problem.code for problem in problems]


def test_an_unknown_currency_is_told_once_and_is_known_by_its_rate(tmp_path: Path) -> None:
    assert _codes(tmp_path / "without", None) == ["C207"]
    assert not {"C207"} & {*_codes(tmp_path / "with", RATES)}


def _found(folder: Path, cell: str) -> set[str]:
    table = ROWS.replace("when: {affected_value: at least 50 PTS}", f"when: {{{cell}}}")
    write_file(write_folder(folder), "policies/points.yaml", table)
    write_file(folder, "policies/rates.yaml", RATES)
    return {problem.code for problem in check(folder)[1]} & {"C201", "C207"}


@pytest.mark.parametrize(
    "cell",
    [
        "asked_at: at least 2026-03-01 09:00 UTC",
        "asked_at: at least 2026-03-01 09:00 EST",
        "asked_at: 2026-03-01 09:00 CET to under 2026-03-02 09:00 CET",
        "affected_value: over 5 USD to under 50 EUR",
    ],
)
def test_a_time_zone_is_no_currency(tmp_path: Path, cell: str) -> None:
    assert not _found(tmp_path, cell)


@pytest.mark.parametrize(
    "cell",
    [
        "affected_value: 50 UDS",
        "affected_value: over 20 USD to under 50 UDS",
        "affected_value: not 20 UDS nor 30 USD",
        "affected_value: [under 10 USD, up to 20 UDS]",
        "affected_value: under 5 USD or at most 20 UDS",
        "affected_value: '>= 50 UDS'",
        "affected_value: '[20 USD..80 UDS)'",
        "affected_value: {UDS: 50, USD: 50}",
    ],
)
def test_each_amount_of_a_cell_is_looked_at(tmp_path: Path, cell: str) -> None:
    assert "C207" in _found(tmp_path, cell)


def test_goods_in_capitals_are_no_second_slip(tmp_path: Path) -> None:
    lamps = "remedies:\n  again: {resend: 2 LED lamps, costs: 5 USD}\n"
    write_folder(tmp_path, offers=TORN.replace("remedies:\n", lamps))
    assert [problem.code for problem in check(tmp_path)[1]] == ["P407"]


@pytest.mark.parametrize("code", ["USD", "EUR", "JPY", "KWD", "BGN", "XCG"])
def test_what_people_pay_with_is_known(code: str) -> None:
    assert code in ISO_4217


def test_the_currencies_are_those_that_territories_pay_with() -> None:
    of_territories = {
        code
        for paid in get_global("territory_currencies").values()
        for code, _, end, is_tender in paid
        if is_tender and end is None
    }
    assert of_territories <= ISO_4217
