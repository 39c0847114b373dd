"""Large tables for the proofs: the cases cut into boxes, a row a box, with a hole or without.

The same seed draws the same table. A box is kept as its words or its range by fact, so that each
contestant can be given it in its own form.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_rows import read_rows_table
from aftersales.domain.conditions import FactSchema
from aftersales.domain.policy import Policies, RowsTable
from aftersales.domain.policy.prove import World

WORDS = {
    "severity": ("minor", "major", "total"),
    "tier": ("new", "regular", "vip", "staff"),
    "platform": ("own_shop", "shopify", "amazon", "ebay", "etsy", "walmart"),
    "fault": ("carrier", "warehouse", "product", "customer", "unknown"),
    "buyer": ("consumer", "business"),
    "in_stock": ("yes", "no"),
}
RANGES = {"value": 100_000, "order": 100_000, "days": 1_000, "earlier": 50}  # from 0 to under
MONEY = ("value", "order")
FACTS = (*WORDS, *RANGES)


@dataclass(slots=True)
class Box:
    """The cases of one row: the words that fit, or from the first number to before the last."""

    words: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(WORDS))
    ranges: dict[str, tuple[int, int]] = field(
        default_factory=lambda: {name: (0, size) for name, size in RANGES.items()}
    )


def partition(rows: int, seed: int) -> list[Box]:
    """All cases cut into so many boxes, each case in one of them."""
    rng = random.Random(seed)
    boxes = [Box()]
    while len(boxes) < rows:
        number = rng.randrange(len(boxes))
        halves = _cut(boxes[number], rng)
        if halves:
            boxes[number : number + 1] = halves
    rng.shuffle(boxes)
    return boxes


def _cut(box: Box, rng: random.Random) -> list[Box]:
    name = rng.choice(FACTS)
    if name in WORDS:
        words = list(box.words[name])
        if len(words) == 1:
            return []
        rng.shuffle(words)
        at = rng.randrange(1, len(words))
        halves = (tuple(words[:at]), tuple(words[at:]))
        return [Box({**box.words, name: half}, dict(box.ranges)) for half in halves]
    low, high = box.ranges[name]
    step = max((high - low) // 10, 1)
    if high - low < 2 * step:
        return []
    middle = low + step * rng.randrange(1, (high - low) // step)
    ranges = ((low, middle), (middle, high))
    return [Box(dict(box.words), {**box.ranges, name: part}) for part in ranges]


def widened(boxes: Sequence[Box], seed: int, count: int) -> list[Box]:
    """The same boxes, some of them without a limit, so that they meet others."""
    rng = random.Random(seed)
    found = [Box(dict(box.words), dict(box.ranges)) for box in boxes]
    for box in rng.sample(found, count):
        name = rng.choice(tuple(WORDS))
        box.words[name] = WORDS[name]
    return found


def table(boxes: Sequence[Box]) -> tuple[RowsTable, World]:
    """The boxes as a table as an author writes it, read, and the world it is in."""
    schema = _schema()
    rows = "\n".join(
        f"  - {{id: r{n}, when: {_when(box)}, answer: a}}" for n, box in enumerate(boxes)
    )
    written = f"aftersales: policy/1\npolicy: large\nanswers: {{answer: [a]}}\nrows:\n{rows}\n"
    root, problems = text.read(written, "large.yaml")
    assert isinstance(root, text.Mapping), problems
    notes = Notes()
    read = read_rows_table([root], schema, notes)
    assert read is not None, notes.problems
    return read, World(schema, Policies(rows={"large": read}))


def _schema() -> FactSchema:
    choices = [
        f"  {n}: {{type: choice, of: [{', '.join(w)}]}}"
        for n, w in WORDS.items()
        if n != "in_stock"
    ]
    numbers = [
        f"  {name}: {{type: number, whole: true, range: 0 to under {size}}}"
        for name, size in RANGES.items()
        if name not in MONEY
    ]
    money = [f"  {n}: {{type: money, range: 0 USD to under {RANGES[n] // 100} USD}}" for n in MONEY]
    lines = [
        "aftersales: facts/1",
        "facts:",
        *choices,
        "  in_stock: {type: yes_no}",
        *numbers,
        *money,
    ]
    root, problems = text.read("\n".join(lines), "facts.yaml")
    assert isinstance(root, text.Mapping), problems
    notes = Notes()
    schema = read_facts(root, notes)
    assert not notes.problems, notes.problems
    return schema


def _when(box: Box) -> str:
    cells = [
        f"{n}: {' or '.join(words)}" for n, words in box.words.items() if len(words) < len(WORDS[n])
    ]
    for name, (low, high) in box.ranges.items():
        if (low, high) != (0, RANGES[name]):
            cells.append(f"{name}: {_amount(name, low)} to under {_amount(name, high)}")
    return "{" + ", ".join(cells) + "}"


def _amount(name: str, number: int) -> str:
    return f"{number / 100:.2f} USD" if name in MONEY else str(number)
