"""What people read about publications: pure functions from values to lines of text."""

from typing import TYPE_CHECKING

from aftersales.domain.calendar import speak

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aftersales.desk import Publication

COLUMNS = ("", "digest", "valid from", "published", "by", "", "note")


def short(digest: str) -> str:
    """A digest as people read it."""
    return digest[:8]


def told(
    made: "Publication",
    history: "Sequence[Publication]",
    zone: str,
    open_cases: int,
    *,
    again: int | None = None,
) -> str:
    """What will be so, in one paragraph. `again` is the publication that was gone back to."""
    name = f"publication {made.number} ({short(made.digest)})"
    if not made.is_new:
        return (
            f"these are the definitions of {name}, valid from {speak(made.valid_from, zone)}: "
            "nothing was done"
        )
    if made.is_in_force:
        sentences = [f"{name} is in force now, {speak(made.valid_from, zone)}."]
    else:
        sentences = [f"{name} is valid from {speak(made.valid_from, zone)}."]
    if again is not None:
        sentences.append(f"It has the definitions of publication {again} again.")
    sentences.append(f"Cases opened from then on are bound by it; {_kept(open_cases)}.")
    sentences += _until_then(made, history)
    if made.valid_until is not None:
        sentences.append(_planned(made, history, zone))
    return " ".join(sentences)


def _kept(open_cases: int) -> str:
    if open_cases == 0:
        return "no case is open now"
    few = "the 1 that is open now keeps" if open_cases == 1 else f"the {open_cases:,} open now keep"
    return f"{few} what was in force before"


def _until_then(made: "Publication", history: "Sequence[Publication]") -> list[str]:
    if made.is_in_force:
        is_first = sum(1 for entry in history if entry.withdraws is None) == 1
        reads = "From now on `tick`, `case` and the desks read what is published, not the folder."
        return [reads] if is_first else []
    holds = next((entry for entry in history if entry.is_in_force), None)
    if holds is None:
        return ["Until then the folder is read as it is, with every edit."]
    return [f"Until then publication {holds.number} holds."]


def _planned(made: "Publication", history: "Sequence[Publication]", zone: str) -> str:
    at = made.valid_until
    assert at is not None
    after = next(
        e for e in history if e.valid_from == at and not e.is_withdrawn and not e.withdraws
    )
    return (
        f"It holds until {speak(at, zone)}, when publication {after.number} begins, "
        "which does not have these changes."
    )


def fate(entry: "Publication") -> str:
    """What has become of a publication, in a word or two."""
    if entry.withdraws is not None:
        return f"withdraws {entry.withdraws}"
    if entry.is_withdrawn:
        return "withdrawn"
    if entry.is_in_force:
        return "in force"
    if entry.valid_until is not None and entry.valid_until <= entry.valid_from:
        return "replaced before it began"
    return "replaced" if entry.has_begun else "planned"


def row(entry: "Publication", zone: str) -> list[str]:
    """The cells of an entry, under COLUMNS."""
    return [
        str(entry.number),
        short(entry.digest),
        "" if entry.withdraws is not None else spoken(entry.valid_from, zone),
        spoken(entry.published_at, zone),
        entry.published_by,
        fate(entry),
        entry.note,
    ]


def spoken(at: "datetime", zone: str) -> str:
    """An instant for people, the zone left out: a table names it once."""
    return speak(at, zone).removesuffix(f" ({zone})")
