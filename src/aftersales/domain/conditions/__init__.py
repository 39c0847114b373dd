"""Facts and conditions: what is declared, what is known, and whether a rule fits."""

from aftersales.domain.conditions.built_in import APPROVAL_BANDS, BUILT_IN, Where, known_in
from aftersales.domain.conditions.cell import (
    ANY,
    Bound,
    Cell,
    CellKind,
    Interval,
    Named,
    Single,
    Test,
    Value,
    Word,
    axis_key,
)
from aftersales.domain.conditions.cells import RESERVED, any_of, parse_cell
from aftersales.domain.conditions.codes import LANGUAGE_NAMES
from aftersales.domain.conditions.condition import ALWAYS, Box, Condition, Failing, all_of
from aftersales.domain.conditions.cover import bands_slip
from aftersales.domain.conditions.declaration import (
    ByPolicy,
    DaysBetween,
    FactDeclaration,
    FactType,
)
from aftersales.domain.conditions.facts import Facts, FactSchema
from aftersales.domain.conditions.labels import Labels, label_in
from aftersales.domain.conditions.masks import Masks
from aftersales.domain.conditions.rates import Rates
from aftersales.domain.conditions.symbols import cell_in_words, test_in_words
from aftersales.domain.conditions.values import (
    example_of,
    percent_text,
    read_single,
    read_value,
    text_of,
    write_value,
)
from aftersales.domain.conditions.words import closest, did_you_mean, ticked, word_help

__all__ = [
    "LANGUAGE_NAMES",
    "ALWAYS",
    "ANY",
    "APPROVAL_BANDS",
    "BUILT_IN",
    "RESERVED",
    "Bound",
    "Box",
    "ByPolicy",
    "Cell",
    "CellKind",
    "Condition",
    "DaysBetween",
    "FactDeclaration",
    "FactSchema",
    "FactType",
    "Facts",
    "Failing",
    "Interval",
    "Labels",
    "Masks",
    "Named",
    "Rates",
    "Single",
    "Test",
    "Value",
    "Where",
    "Word",
    "all_of",
    "any_of",
    "axis_key",
    "bands_slip",
    "canonical_text",
    "cell_in_words",
    "closest",
    "did_you_mean",
    "known_in",
    "example_of",
    "label_in",
    "parse_cell",
    "percent_text",
    "read_single",
    "read_value",
    "test_in_words",
    "text_of",
    "ticked",
    "word_help",
    "write_value",
]


def canonical_text(schema: FactSchema, name: str, value: object) -> str:
    """The canonical text of a fact that a program gave, as a text or as a typed value."""
    return schema.canonical_text(name, value)
