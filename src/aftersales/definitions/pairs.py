"""The pairs of a mapping, and the keys without a value that a comma or a missing colon makes."""

import re
from collections.abc import Iterable, Iterator, Sequence

from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, Node, Scalar


def pairs(mapping: Mapping, notes: Notes) -> Iterator[tuple[Scalar, Node]]:
    """The pairs of `mapping` that have a value; a key without one is noted (K103)."""
    items = list(mapping.items)
    while items:
        key, value = items.pop(0)
        loose = []
        while items and _is_left_out(items[0][1]):
            loose.append(items.pop(0)[0])
        if _is_left_out(value):
            _note_left_out([key, *loose], notes)
        elif not loose:
            yield key, value
        elif not (isinstance(value, Scalar) and value.place.line == loose[0].place.line):
            _note_left_out(loose, notes)
            yield key, value
        elif number := _cut_number(value, loose):
            help = f"write it without the comma: `{key.text}: {number}`"
            message = f"`{loose[0].text}` has no value: a comma starts a new key"
            notes.error("K103", loose[0], message, help)
        else:
            _note_comma(key, value, loose, notes)
            yield key, value


def _is_left_out(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_left_out


def _note_left_out(keys: Iterable[Scalar], notes: Notes) -> None:
    for key in keys:
        name, _, rest = key.text.partition(" ")
        pair = f"did you mean `{name}: {rest}`? a key has a colon and a value"
        help = pair if rest else "write a value after the colon, or remove the key"
        notes.error("K103", key, f"`{key.text}` has no value", help)


def _cut_number(value: Scalar, loose: Sequence[Scalar]) -> str:
    """What commas cut in two, `1,000 USD` or `20,00 EUR to 99,90 EUR`; empty if no number."""
    parts = [value.text, *(word.text for word in loose)]
    is_begun = all(re.search(r"(^|[ $€£])\d{1,3}$", part) for part in parts[:-1])
    is_between = all(" " in part for part in parts[1:-1])  # `3, 12, 15` are three numbers
    if not (is_begun and is_between and all(re.match(r"\d\d\d?( |$)", p) for p in parts[1:])):
        return ""
    return parts[0] + "".join(_rest_of_number(part) for part in parts[1:])


def _rest_of_number(part: str) -> str:
    """What stood after the comma: thousands are joined on, decimals behind a point."""
    return part if re.match(r"\d{3}", part) else f".{part}"


def _note_comma(key: Scalar, value: Scalar, loose: Sequence[Scalar], notes: Notes) -> None:
    """After a value on the same line, a comma was meant as `or` or `nor`."""
    joint = " nor " if value.text.startswith("not ") else " or "
    meant = joint.join([value.text, *(word.text for word in loose)])
    message = f"`{loose[0].text}` has no value: a comma starts a new key"
    help = f"did you mean `{meant}`? write `{key.text}: {meant}`"
    notes.error("K103", loose[0], message, help)
