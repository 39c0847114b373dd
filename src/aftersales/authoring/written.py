"""What is written otherwise in two versions, key by key: order and layout mean nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_DECIDING = frozenset(
    {
        "applies_to", "answers", "approval", "base", "bands", "choose", "exceptions", "extras",
        "limits", "otherwise", "remedies", "return_required", "rows", "swaps",
    }
)  # fmt: skip
_NAMED_BY = ("id", "name", "platform")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that is written otherwise. Empty texts: it is not there."""

    file: str
    where: str
    was: str
    now: str


def edits(older: Mapping[str, object], newer: Mapping[str, object]) -> tuple[Edit, ...]:
    """What differs between the files of two versions, but for what decides in a policy.

    How policies decide is told by cases; a file that is only in one version is one edit.
    """
    return tuple(edit for file in sorted({*older, *newer}) for edit in _of_file(file, older, newer))


def _of_file(file: str, older: Mapping[str, object], newer: Mapping[str, object]) -> Iterator[Edit]:
    if file not in newer or file not in older:
        yield Edit(file, "", "a file" * (file in older), "a file" * (file in newer))
        return
    was, now = _keyed(older[file]), _keyed(newer[file])
    if _is_policy(now):
        was, now = _without(was), _without(now)
    for where, before, after in _differing(was, now, ()):
        yield Edit(file, ".".join(where), _text(before), _text(after))


def _is_policy(root: object) -> bool:
    return isinstance(root, Mapping) and str(root.get("aftersales", "")).startswith("policy/")


def _without(root: object) -> object:
    """What of a policy does not decide: its reasons, its days, its labels."""
    kept = root.items() if isinstance(root, Mapping) else ()
    return {key: value for key, value in kept if key not in _DECIDING}


def _keyed(node: object) -> object:
    """Lists of things with an id as mappings by that id, so that order means nothing."""
    if isinstance(node, Mapping):
        return {str(key): _keyed(value) for key, value in node.items()}
    if isinstance(node, list):
        ids = [_id_of(item) for item in node]
        if node and all(ids) and len(set(ids)) == len(ids):
            return {str(id): _keyed(item) for id, item in zip(ids, node, strict=True)}
        return [_keyed(item) for item in node]
    return node


def _id_of(item: object) -> str:
    named = (item.get(key) for key in _NAMED_BY) if isinstance(item, Mapping) else ()
    return next((name for name in named if isinstance(name, str)), "")


def _differing(
    was: object, now: object, where: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], object, object]]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys([*was, *now]):
            yield from _differing(was.get(key), now.get(key), (*where, key))
    elif was != now:
        yield where, was, now


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, list):
        text = "[" + ", ".join(map(_text, value)) + "]"
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
