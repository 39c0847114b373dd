"""What things are called for people, in their language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.domain.conditions import FactDeclaration, FactType, label_in

BOTH = (("de", "wie schlimm"), ("en", "how bad"))


@pytest.mark.parametrize(
    ("labels", "languages", "expected"),
    [
        (BOTH, ("de",), "wie schlimm"),
        (BOTH, ("de-AT", "en"), "wie schlimm"),
        (BOTH, ("fr",), "how bad"),
        (BOTH, ("fr", "de"), "wie schlimm"),
        (BOTH[:1], ("fr",), "wie schlimm"),
        ((("", "how bad"),), ("fr",), "how bad"),
        ((), ("fr",), ""),
    ],
)
def test_the_first_language_that_has_a_text_is_spoken(labels, languages, expected):
    assert label_in(labels, languages) == expected


@given(
    st.lists(st.tuples(st.sampled_from(["", "de", "en", "fr"]), st.text(min_size=1)), min_size=1),
    st.lists(st.sampled_from(["de", "en-GB", "es"])),
)
def test_there_is_always_a_text_where_one_was_written(labels, languages):
    assert label_in(labels, languages) in [text for _, text in labels]


def test_a_fact_without_a_label_is_called_by_its_name():
    assert FactDeclaration("in_stock", FactType.YES_NO).shown_in("de") == "in stock"
    assert FactDeclaration("x", FactType.YES_NO, labels=BOTH).shown_in("de") == "wie schlimm"
    assert FactDeclaration("x", FactType.YES_NO, labels=BOTH).label == "how bad"
