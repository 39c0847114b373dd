"""Laws of dividing money into parts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.platforms.spread import part_of, spread

amounts = st.integers(min_value=0, max_value=10**12)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=20)


@given(amounts, weights)
def test_the_parts_add_up_exactly(total: int, shares: list[int]) -> None:
    assert sum(spread(total, shares)) == total


@given(amounts, weights)
def test_no_part_is_a_unit_or_more_from_its_exact_share(total: int, shares: list[int]) -> None:
    whole = sum(shares)
    if whole:
        for part, share in zip(spread(total, shares), shares, strict=True):
            assert abs(part * whole - total * share) < whole


@given(amounts, weights)
def test_a_greater_weight_never_gets_less(total: int, shares: list[int]) -> None:
    pairs = sorted(zip(shares, spread(total, shares), strict=True))
    for (light, less), (heavy, more) in pairwise(pairs):
        assert light == heavy or less <= more


@given(amounts, st.integers(min_value=1, max_value=1000))
def test_all_pieces_come_to_the_whole_and_more_pieces_never_to_less(total: int, of: int) -> None:
    values = [part_of(total, taken, of) for taken in range(of + 1)]
    assert values[0] == 0
    assert values[-1] == total
    assert values == sorted(values)


def test_the_first_of_equals_gets_the_odd_cent() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]


def test_lines_without_a_price_share_equally() -> None:
    assert spread(5, [0, 0]) == [3, 2]
    assert spread(5, []) == []


def test_a_debt_cannot_be_spread() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        spread(-1, [1])
