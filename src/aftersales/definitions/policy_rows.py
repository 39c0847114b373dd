"""Rows tables: `answers:`, `rows:` and `otherwise:`, over all files of one policy."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_answers import answer, read_columns
from aftersales.definitions.policy_bands import with_own_bands
from aftersales.definitions.policy_reading import Reading, both, reason
from aftersales.definitions.text import Mapping, Node
from aftersales.domain.conditions import ALWAYS, FactSchema
from aftersales.domain.policy import Choose, Column, Row, RowsTable

CHOOSE: tuple[Choose, ...] = ("one", "first", "most_urgent", "all")
_TOP = ("aftersales", "policy", "about", "from", "until")


def read_rows_table(
    roots: Sequence[Mapping],
    schema: FactSchema,
    notes: Notes,
    *,
    calendars: Collection[str] | None = None,
    answered_in: str = "",
) -> RowsTable | None:
    """The table that the files of one policy form together, or None with the problems noted.

    `choose` and `answers` may stand in each file and must agree; `otherwise` stands once.
    `answered_in` is a file that says what it answers, but holds on other days.
    """
    own = Notes()
    table = _Files(roots, schema, own, calendars, answered_in).table()
    notes.extend(own.problems)
    return None if own.has_errors else table


class _Files:
    def __init__(
        self,
        roots: Sequence[Mapping],
        schema: FactSchema,
        notes: Notes,
        calendars: Collection[str] | None,
        answered_in: str,
    ) -> None:
        self.roots = roots
        self.answered_in = answered_in
        self.notes = notes
        self.calendars = calendars
        self.files = [Keys(root, notes, what="a policy") for root in roots]
        names = [keys.text("policy", required=True) for keys in self.files]
        name = next((name for name in names if name), "")
        self.reading = Reading(name, schema, notes, offers_remedies=False, where="a rows table")

    def table(self) -> RowsTable | None:
        """Read all files; None where there is nothing to build on."""
        choose = self._choose()
        columns = self._columns()
        if columns is None:
            return None
        if choose == "most_urgent" and (not columns or columns[0].type != "choice"):
            help = "the first answer must be a list of words, the most urgent first"
            message = "`most_urgent` needs an answer with an order"
            self.notes.error("P411", self.files[0].place("answers"), message, help)
        rows = [row for keys in self.files for row in self._rows(keys, columns)]
        otherwise = self._otherwise(columns)
        for keys in self.files:
            reason(keys)
            keys.done(also=_TOP)
        if not rows and otherwise is None:
            help = "add `rows:`, or an `otherwise:`"
            self.notes.error("P401", self.roots[0], "this table answers nothing", help)
        ref = self.reading.ref(self.reading.policy, self.roots[0])
        # Order between files means nothing, so nothing may hang on the order they were found in.
        return RowsTable(self.reading.policy, choose, columns, tuple(rows), ref, otherwise)

    def _rows(self, keys: Keys, columns: tuple[Column, ...]) -> Iterator[Row]:
        """The rows of one file: under its own bands, and for what it applies to."""
        schema = with_own_bands(keys, self.reading.schema, self.notes)
        reading = replace(self.reading, schema=schema)
        node = keys.node("applies_to")
        applies = ALWAYS if node is None else reading.condition(node)
        for row in keys.nodes("rows", with_ids=True):
            read = read_row(row, columns, reading, self.calendars)
            yield replace(read, when=both(applies, read.when))

    def _choose(self) -> Choose:
        words = [(keys, keys.choice("choose", CHOOSE)) for keys in self.files]
        given = [(keys, word) for keys, word in words if word]
        for keys, word in given[1:]:
            if word != given[0][1]:
                message = f"another file of `{self.reading.policy}` says `choose: {given[0][1]}`"
                self.notes.error(
                    "P413", keys.place("choose"), message, "say the same, or say it once"
                )
        return next((choose for choose in CHOOSE if given and choose == given[0][1]), "one")

    def _columns(self) -> tuple[Column, ...] | None:
        read = [(k, read_columns(k, self.reading)) for k in self.files if k.node("answers")]
        if not read:
            self._note_unanswered()
            return None
        for keys, columns in read[1:]:
            if columns != read[0][1]:
                message = f"another file of `{self.reading.policy}` has other `answers`"
                self.notes.error(
                    "P413", keys.place("answers"), message, "say the same, or say it once"
                )
        return read[0][1]

    def _note_unanswered(self) -> None:
        message = "this table does not say what it answers"
        help = "add `answers: {name: [word, word]}` to one of its files"
        if self.answered_in:
            message += f" on some days: its `answers` stand in {self.answered_in}"
            help = "write `answers` in this file too, or let both hold on the same days"
        self.notes.error("P411", self.roots[0], message, help)

    def _otherwise(self, columns: tuple[Column, ...]) -> Row | None:
        found = [(k, node) for k in self.files if (node := k.node("otherwise")) is not None]
        for keys, _ in found:
            if "applies_to" in keys:
                message = "`otherwise` is for every case, and this file applies to some only"
                help = "make it a row, or write it in a file without `applies_to`"
                self.notes.error("P413", keys.place("otherwise"), message, help)
        for keys, _ in found[1:]:
            message = f"another file of `{self.reading.policy}` has an `otherwise`"
            self.notes.error("P413", keys.place("otherwise"), message, "keep one")
        if not found:
            return None
        return read_otherwise(found[0][1], columns, self.reading, self.calendars)


def read_row(
    node: Node, columns: tuple[Column, ...], reading: Reading, calendars: Collection[str] | None
) -> Row:
    """One row: an id, a condition, the answers, a reason."""
    keys = Keys(node, reading.notes, what="a row")
    ref = reading.id(keys, "row")
    when = reading.when(keys)
    return _filled(keys, Row(ref, when), columns, reading, calendars)


def read_otherwise(
    node: Node, columns: tuple[Column, ...], reading: Reading, calendars: Collection[str] | None
) -> Row:
    """The answers where no row fits."""
    keys = Keys(node, reading.notes, what="`otherwise`")
    return _filled(keys, Row(reading.ref("otherwise", node)), columns, reading, calendars)


def _filled(
    keys: Keys,
    row: Row,
    columns: tuple[Column, ...],
    reading: Reading,
    calendars: Collection[str] | None,
) -> Row:
    answers = {}
    for column in columns:
        is_needed = column.default is None and not column.may_be_left_out
        node = keys.node(column.name, required=is_needed)
        text = column.default if node is None else answer(column, node, reading, calendars)
        if text is not None:
            answers[column.name] = text
    because = reason(keys)
    keys.done(facts=reading.schema.declarations)
    return Row(row.ref, row.when, answers, because)
