"""Small random tables over facts of every type, and a brute force that knows nothing of spaces.

The brute force tries every combination of values around every threshold, and asks each condition.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from hypothesis import strategies as st

from aftersales.definitions import text
from aftersales.definitions.conditions import condition
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import Condition, Facts, FactSchema, Rates

FACTS = """
aftersales: facts/1
facts:
  severity: {type: choice, of: [minor, major, total], in_order: true}
  tier:     {type: choice, of: [new, regular, vip], may_be_missing: true}
  value:    {type: money, range: over 0 USD}
  country:  {type: country}
  days:     {type: number, whole: true, may_be_missing: true}
  weight:   {type: number, range: at least 0}
  share:    {type: percent}
  placed:   {type: date}
  waited:   {type: duration, unit: hours}
  in_stock: {type: yes_no, may_be_missing: true}
  note:     {type: text}
groups:
  country: {home: [US], nearby: [CA, MX], eu: [DE, FR]}
bands:
  value: {small: under 20 USD, medium: 20 USD to under 100 USD, large: at least 100 USD}
"""
CELLS = {
    "severity": ["minor", "at least major", "not minor nor total", "minor to major", "under total"],
    "tier": ["vip", "not vip", "missing", "known", "new or regular", "any"],
    "value": [
        "small", "not small", "under 20 USD", "at most 20 USD", "over 20 USD", "20 USD",
        "19.99 USD to under 100 USD", "large or small", "at least 100 USD",
    ],
    "country": ["home", "not home nor nearby", "eu", "DE or US", "not eu", "FR"],
    "days": ["missing", "known", "at least 3", "under 3", "3", "not 3", "1 to 5", "over 2"],
    "weight": ["under 1.5", "at least 1.5", "0", "over 0", "1 to 1.5"],
    "share": ["under 20%", "at least 20%", "20%", "over 12.5%"],
    "placed": [
        "2026-11-20 to 2026-11-30", "under 2026-11-20", "at least 2026-12-01", "not 2026-11-20",
    ],
    "waited": ["under 24 hours", "at least 24 hours", "90 minutes to under 24 hours"],
    "in_stock": ["yes", "no", "missing", "not yes", "known"],
    "note": ["gift", "not gift", "gift or card"],
}  # fmt: skip
# Every value that some cell above could treat otherwise than its neighbours.
VALUES = {
    "severity": ["minor", "major", "total"],
    "tier": ["new", "regular", "vip", None],
    "value": ["0.01 USD", "19.98 USD", "19.99 USD", "20 USD", "20.01 USD", "99.99 USD", "100 USD"],
    "country": ["US", "CA", "MX", "DE", "FR", "NO"],
    "days": ["-1", "0", "1", "2", "3", "4", "5", "6", None],
    "weight": ["0", "0.5", "1", "1.2", "1.5", "2"],
    "share": ["0%", "12.5%", "15%", "20%", "30%"],
    "placed": ["2026-11-19", "2026-11-20", "2026-11-25", "2026-11-30", "2026-12-01"],
    "waited": ["0 hours", "90 minutes", "2 hours", "24 hours", "30 hours"],
    "in_stock": ["yes", "no", None],
    "note": ["gift", "card", "something"],
}  # fmt: skip


def small_schema() -> FactSchema:
    """The facts above."""
    root, problems = text.read(FACTS, "facts.yaml")
    assert isinstance(root, text.Mapping), problems
    notes = Notes()
    schema = read_facts(root, notes)
    assert notes.problems == []
    return schema


SCHEMA = small_schema()


def when(written: str) -> Condition:
    """The condition written as YAML."""
    notes = Notes()
    root, problems = text.read(written, "when.yaml")
    assert root is not None, problems
    found = condition(root, SCHEMA, notes)
    assert notes.problems == [], notes.problems
    return found


@st.composite
def tables(draw: st.DrawFn, *, most_rows: int = 6) -> tuple[tuple[str, ...], list[Condition]]:
    """Two or three facts, and rows that read some of them, some in two boxes."""
    names = sorted(CELLS)
    facts = tuple(draw(st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True)))
    rows = draw(st.lists(_row(facts), min_size=1, max_size=most_rows))
    return facts, [when(row) for row in rows]


def _row(facts: Sequence[str]) -> st.SearchStrategy[str]:
    pairs = {name: st.sampled_from(CELLS[name]) for name in facts}
    box = st.fixed_dictionaries({}, optional=pairs).map(_written)
    return st.one_of(box, st.lists(box, min_size=2, max_size=2).map(lambda b: f"[{', '.join(b)}]"))


def _written(pairs: dict[str, str]) -> str:
    return "{" + ", ".join(f"{fact}: {cell}" for fact, cell in pairs.items()) + "}"


def every_case(facts: Sequence[str]) -> Iterator[Facts]:
    """Every combination of the values of these facts."""
    for values in product(*(VALUES[name] for name in facts)):
        known = {f: SCHEMA.read(f, v) for f, v in zip(facts, values, strict=True) if v is not None}
        yield Facts(SCHEMA, known, Rates.none())
