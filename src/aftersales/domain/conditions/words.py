"""Words in messages: what was probably meant, and lists in backticks."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, if any comes near."""
    by_lower = {name.lower(): name for name in known}
    lower = word.lower().replace("-", "_").replace(" ", "_")
    near = get_close_matches(lower, by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean ...?` with the closest known word, or an empty text if none is near."""
    near = closest(word, known)
    return f"did you mean `{near}`?" if near else ""


def ticked(words: Iterable[str], most: int = 12) -> str:
    """The words in backticks, with commas; at most `most` of them."""
    names = list(words)
    shown = ", ".join(f"`{name}`" for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def word_help(word: str, known: Iterable[str]) -> str:
    """What to write instead of `word`: the closest known word, else all known words."""
    names = list(dict.fromkeys(known))
    return did_you_mean(word, names) or ("known here: " + ticked(names) if names else "")
