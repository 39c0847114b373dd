"""The canonical form of definitions: what is hashed, stored, and read back without YAML.

Stored JSON has sorted keys, and the order of an author's keys bears meaning (columns of a table,
the ladder of warnings): so a mapping is kept as a list of pairs.
"""

import hashlib
import json
from collections.abc import Mapping as Map
from typing import Any

from aftersales.definitions import text
from aftersales.definitions.text import Node

_PAIRS = "pairs"


def digest_of(canonical: Map[str, Any]) -> str:
    """The SHA-256 of the canonical JSON, as hexadecimal digits."""
    compact = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(compact.encode()).hexdigest()


def content_of(node: Node) -> Any:
    """`node` as texts, lists and `{"pairs": [[key, value], ...]}`."""
    return _in_pairs(text.plain(node))


def node_of(content: Any, file: str, places: list[list[int]] | None = None) -> Node:
    """The node that `content_of` was made of; without `places`, all is at the file's beginning."""
    plain = _in_dicts(content)
    return text.rebuilt(plain, file, places or [[1, 1, 1]] * _count(plain))


def _in_pairs(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {_PAIRS: [[key, _in_pairs(value)] for key, value in plain.items()]}
    return [_in_pairs(item) for item in plain] if isinstance(plain, list) else plain


def _in_dicts(content: Any) -> Any:
    if isinstance(content, Map):
        return {key: _in_dicts(value) for key, value in content[_PAIRS]}
    return [_in_dicts(item) for item in content] if isinstance(content, list) else content


def _count(plain: Any) -> int:
    """How many nodes `plain` is made of."""
    if isinstance(plain, list):
        return 1 + sum(_count(item) for item in plain)
    if isinstance(plain, dict):
        return 1 + sum(1 + _count(value) for value in plain.values())
    return 1
