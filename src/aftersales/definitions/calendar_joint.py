"""`together: [desk_cn, desk_gb]`: a calendar that is open where all of these are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from aftersales.definitions import text
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Scalar
from aftersales.domain.calendar import Calendar
from aftersales.domain.conditions import word_help
from aftersales.domain.errors import ValueUnreadable

TOGETHER = "together"
"""The key that makes a calendar one of several."""


@dataclass(frozen=True, slots=True)
class Together:
    """The names of the calendars that one is made of."""

    parts: tuple[Scalar, ...]
    is_right: bool

    @classmethod
    def read(cls, node: text.Mapping, notes: Notes) -> "Together":
        """The names as written; that they are known is looked at when all calendars are read."""
        problems_before = len(notes.problems)
        keys = Keys(node, notes, what="a calendar of several")
        for word in ("about", "because", "source", "read_on"):
            keys.text(word)
        parts = keys.scalars(TOGETHER)
        keys.done()
        names = [part.text for part in parts]
        twice = next((part for i, part in enumerate(parts) if part.text in names[:i]), None)
        if len(notes.problems) == problems_before:
            if twice is not None:
                notes.error("T315", twice, f"`{twice.text}` is named twice", "name it once")
            elif len(parts) < 2:
                help = "name two calendars or more: `[desk, desk_gb]`"
                at = node.get(TOGETHER) or node
                notes.error("T315", at, "one calendar is not open together with others", help)
        return cls(parts, len(notes.problems) == problems_before)


def joined(
    together: Mapping[str, Together],
    plain: Mapping[str, Calendar],
    written: Mapping[str, Scalar],
    notes: Notes,
) -> dict[str, Calendar]:
    """The joint calendars by name; those whose parts are wrong are left out.

    `written` are the names of all calendars, also of those that could not be read: nobody is
    blamed for naming one of them.
    """
    found: dict[str, Calendar] = dict(plain)
    circled = {name for name in together if name in set(_reached(name, together))}
    blamed: set[str] = set()
    for name in together:
        if name in circled and name not in blamed:
            blamed.update(_circle(name, together, circled, notes))
    waiting = {name: made for name, made in together.items() if made.is_right}
    for made in waiting.values():
        for part in made.parts:
            if part.text not in written:
                help = word_help(part.text, written)
                notes.error("T315", part, f"there is no calendar `{part.text}`", help)
    while ready := [n for n, made in waiting.items() if all(p.text in found for p in made.parts)]:
        for name in ready:
            calendar = _joint(name, waiting.pop(name), found, notes)
            if calendar is not None:
                found[name] = calendar
    return {name: found[name] for name in together if name in found}


def _circle(
    name: str, together: Mapping[str, Together], circled: set[str], notes: Notes
) -> set[str]:
    """Blame the first name that leads back to itself; who is in the same circle."""
    part = next(
        p for p in together[name].parts if p.text == name or name in _reached(p.text, together)
    )
    message = f"`{name}` would be open only when it is open itself"
    help = "name calendars that have hours of their own"
    notes.error("T315", part, message, help)
    return {name, *(n for n in circled if n in set(_reached(name, together)))}


def _reached(name: str, together: Mapping[str, Together]) -> Iterator[str]:
    """All calendars that a joint one leads to, by and by."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        made = together.get(ahead.pop())
        for part in made.parts if made else ():
            if part.text not in seen:
                seen.add(part.text)
                yield part.text
                ahead.append(part.text)


def _joint(
    name: str, made: Together, found: Mapping[str, Calendar], notes: Notes
) -> Calendar | None:
    try:
        return _built(name, tuple(found[part.text] for part in made.parts))
    except ValueUnreadable as slip:
        notes.error("T315", made.parts[0], str(slip), slip.help or "change the hours of one")
        return None


@lru_cache(maxsize=64)
def _built(name: str, parts: tuple[Calendar, ...]) -> Calendar:
    return Calendar.joint(name, parts)
