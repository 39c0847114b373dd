"""YAML as an editor's language server reads it: scalars typed by the core schema of YAML 1.2."""

import re
from typing import Any

from aftersales.definitions import text
from aftersales.definitions.text import Listing, Mapping, Node

_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = ("", "~", "null", "Null", "NULL")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def edited(content: str) -> Any:
    """The content as JSON values."""
    root, problems = text.read(content, "edited.yaml")
    assert root is not None, problems
    return value(root)


def value(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key.text: value(item) for key, item in node.items}
    if isinstance(node, Listing):
        return [value(item) for item in node.items]
    return node.text if node.is_quoted else scalar(node.text)


def scalar(plain: str) -> Any:
    """What an unquoted scalar is taken for: `NO` is a text, `1.10` a number, a date a text."""
    if plain in _NULLS:
        return None
    if plain in _WORDS:
        return _WORDS[plain]
    if _INTEGER.fullmatch(plain):
        return int(plain, 0) if plain[:2] in ("0o", "0x") else int(plain)
    return float(plain) if _FLOAT.fullmatch(plain) else plain
