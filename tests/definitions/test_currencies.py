"""Currencies that are none: told once, and known where the shop has a rate of its own."""

from pathlib import Path

import pytest
from babel.core import get_global
from small_definitions import write_file, write_folder

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
