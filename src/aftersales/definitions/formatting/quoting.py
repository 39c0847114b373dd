"""Quotes: which a text needs, and how it is written without those it does not need."""

import re

import yaml

from aftersales.definitions.text import Loader

# Words of letters, digits and harmless signs read back as they are, wherever they stand.
_HARMLESS = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_ %.+/()-]*[A-Za-z0-9_%.+/()-])?")
_PROBES = {
    (True, True): "[{{{0}: v, k: v}}]",
    (True, False): "{{k: {0}, z: [{0}, z]}}",
    (False, True): "{0}: v\nz: v",
    (False, False): "k: {0}\nz:\n- {0}\n- z",
}
_SEEN = {(True, True): (0,), (True, False): (1, 3), (False, True): (0,), (False, False): (1, 3)}


def is_plain(text: str, *, in_flow: bool, is_key: bool) -> bool:
    """Whether `text` needs no quotes where it stands: YAML reads it back the same."""
    if _HARMLESS.fullmatch(text):
        return True
    if not text or text != text.strip() or len(text.splitlines()) != 1 or text == "<<":
        return False
    where = (in_flow, is_key)
    bare = yaml.parse(_PROBES[where].format("x"), Loader=Loader)
    try:
        probed = list(yaml.parse(_PROBES[where].format(text), Loader=Loader))
    except yaml.YAMLError:
        return False
    texts = [event.value for event in probed if isinstance(event, yaml.ScalarEvent)]
    is_same_shape = [type(event) for event in probed] == [type(event) for event in bare]
    return is_same_shape and all(texts[place] == text for place in _SEEN[where])


def written(text: str, *, style: str, in_flow: bool, is_key: bool) -> str:
    """`text` as it is written: without quotes if it needs none, else in the author's own."""
    if is_plain(text, in_flow=in_flow, is_key=is_key):
        return text
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
