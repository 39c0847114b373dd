"""The `base:` matrix of a compensation policy: bands of one fact down, values of another across."""

from collections.abc import Sequence

from aftersales.definitions.keys import Keys
from aftersales.definitions.policy_reading import Reading
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.domain.conditions import Condition, Facts, FactType, bands_slip, word_help
from aftersales.domain.policy import Label, Matrix, OptionsRule

_NO_OPTION = "some cases have no option"


def read_base(node: Node, reading: Reading) -> Matrix | None:
    """The matrix. Every value of both facts must have its cell (P401), and one only (P402)."""
    keys = Keys(node, reading.notes, what="the base")
    down, across = keys.scalar("down", required=True), keys.scalar("across")
    lines = keys.pairs("cells", required=True)
    keys.done()
    if down is None or not _is_usable(down, reading):
        return None
    labels, missing = _labels(down, [key for key, _ in lines], reading)
    if missing:
        examples = [f"all of: {down.text} {' or '.join(missing)}"]
        help = f"add {_dotted(missing)}"
        reading.notes.error("P401", keys.place("cells"), _NO_OPTION, help, examples)
    if across is None:
        cells = {(k.text, ""): _cell(k.text, k, value, reading) for k, value in lines}
        return Matrix(down.text, labels, cells)
    if not _is_usable(across, reading):
        return None
    return _two_way(down, across, labels, lines, reading)


def _is_usable(fact: Scalar, reading: Reading) -> bool:
    if fact.text in reading.schema.doubtful:
        return False
    if reading.schema.declared(fact.text) is None:
        help = word_help(fact.text, reading.schema.declarations)
        reading.notes.error("C203", fact, f"`{fact.text}` is not a fact", help)
        return False
    return not reading.refuse_fact(fact, fact.text)


def _two_way(
    down: Scalar,
    across: Scalar,
    labels: tuple[Label, ...],
    lines: Sequence[tuple[Scalar, Node]],
    reading: Reading,
) -> Matrix:
    cells: dict[tuple[str, str], OptionsRule] = {}
    columns: dict[str, Scalar] = {}
    read: list[tuple[Scalar, set[str]]] = []
    for line, node in lines:
        keys = Keys(node, reading.notes, what=f"the line `{line.text}`")
        written = [column for column, _ in node.items] if isinstance(node, Mapping) else []
        for column in written:
            columns.setdefault(column.text, column)
            if (value := keys.node(column.text)) is not None:
                name = f"{line.text}/{column.text}"
                cells[line.text, column.text] = _cell(name, column, value, reading)
        if keys.is_mapping:
            read.append((line, {column.text for column in written}))
    across_labels, uncovered = _labels(across, list(columns.values()), reading)
    for line, given in read:
        _note_holes(line, given, [*columns, *uncovered], down, across, reading)
    return Matrix(down.text, labels, cells, across.text, across_labels)


def _cell(name: str, where: Scalar, node: Node, reading: Reading) -> OptionsRule:
    return OptionsRule(reading.ref(name, where), reading.combinations(node))


def _note_holes(
    line: Scalar, given: set[str], wanted: list[str], down: Scalar, across: Scalar, reading: Reading
) -> None:
    missing = [name for name in wanted if name not in given]
    if missing:
        help = f"write {_dotted(missing)} in the line `{line.text}`"
        examples = [f"all of: {down.text} {line.text}, {across.text} {' or '.join(missing)}"]
        reading.notes.error("P401", line, _NO_OPTION, help, examples)


def _dotted(names: list[str]) -> str:
    return ", ".join(f"`{name}: ...`" for name in names)


def _labels(
    fact: Scalar, words: Sequence[Scalar], reading: Reading
) -> tuple[tuple[Label, ...], list[str]]:
    """What each label means, and the values that have none. Values with two are noted."""
    before = len(reading.notes.problems)
    labels = tuple(Label(word.text, reading.fits(fact.text, word)) for word in words)
    if len(reading.notes.problems) > before:
        return labels, []
    names = {label.name for label in labels}
    bands = reading.schema.bands(fact.text)
    if bands and names <= bands.keys():
        return labels, [name for name in bands if name not in names]
    values = _values(fact, reading)
    if not values:
        _note_slip(fact, labels, reading)
    for value in values:
        _note_twice(fact, value, words, labels, reading)
    fitted = [value for value in values if any(_fits(value, x.when, fact, reading) for x in labels)]
    return labels, [value for value in values if value not in fitted]


def _note_slip(fact: Scalar, labels: Sequence[Label], reading: Reading) -> None:
    """Slices of a number or of money must cover it, each value once."""
    cells = {x.name: cell for x in labels for box in x.when.boxes for _, cell in box}
    slip = bands_slip(reading.schema.declaration(fact.text), cells)
    if slip is not None:
        help = "together the lines must cover the whole range, each value once"
        reading.notes.error("P401", fact, slip, help)


def _note_twice(
    fact: Scalar, value: str, words: Sequence[Scalar], labels: Sequence[Label], reading: Reading
) -> None:
    fitting = [n for n, label in enumerate(labels) if _fits(value, label.when, fact, reading)]
    if len(fitting) > 1:
        first, second = (words[n] for n in fitting[:2])
        message = f"`{first.text}` and `{second.text}` both fit {fact.text} {value}"
        help = "each value belongs to one of them only"
        reading.notes.error("P402", second, message, help)


def _values(fact: Scalar, reading: Reading) -> tuple[str, ...]:
    """All values of a fact that has few, as the author writes them."""
    declared = reading.schema.declaration(fact.text)
    return ("yes", "no") if declared.type is FactType.YES_NO else declared.choices


def _fits(value: str, when: Condition, fact: Scalar, reading: Reading) -> bool:
    typed = reading.schema.read(fact.text, value)
    return when.holds(Facts(reading.schema, {fact.text: typed}))
