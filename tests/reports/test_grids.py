"""Grids as pages: cells as dark as they are dear, whatever authors wrote as text."""

import pytest

from aftersales.authoring.show import HOTTEST, Shown, cell, grid
from aftersales.reports import shown_page

WORDS = '</td><script>alert("1")</script>'


def test_cells_have_their_heat_their_lines_and_their_remark() -> None:
    row = (cell("small"), cell("a", "b", remark="up to 3 USD", heat=HOTTEST), cell("c"))
    html = shown_page("t", [Shown("p", "s", grids=(grid("g", ("x", "y", "z"), [row]),))])
    assert (
        f'<td class="heat-{HOTTEST}"><ul><li>a</li><li>b</li></ul><small>up to 3 USD</small>'
        in html
    )
    assert '<th scope="row">small' in html
    assert "<td>c</td>" in html
    assert html.count('<i class="heat-') == HOTTEST + 1


def test_a_page_without_costs_has_no_scale() -> None:
    html = shown_page("t", [Shown("p", "s", grids=(grid("g", ("x",), [(cell("a"),)]),))])
    assert '<i class="heat-' not in html


@pytest.mark.parametrize("where", ["about", "lead", "assumed", "title", "column", "line", "remark"])
def test_what_authors_wrote_is_text_wherever_it_stands(where: str) -> None:
    said = {name: WORDS if name == where else "plain" for name in
            ("about", "lead", "assumed", "title", "column", "line", "remark")}  # fmt: skip
    cells = (cell("id"), cell(said["line"], remark=said["remark"]))
    one = grid(said["title"], ("id", said["column"]), [cells])
    shown = Shown("p", "s", said["about"], (said["lead"],), (one,), (said["assumed"],))
    html = shown_page("t", [shown])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_columns_in_which_nothing_is_said_are_left_out_but_never_the_first() -> None:
    rows = [(cell(), cell("a"), cell()), (cell(), cell("b"), cell())]
    assert grid("g", ("id", "said", "never"), rows).columns == ("id", "said")
