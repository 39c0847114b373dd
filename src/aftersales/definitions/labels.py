"""Words for people, given once, or once a language."""

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, Scalar
from aftersales.domain.conditions import LANGUAGE_NAMES, Labels


def read_label(keys: Keys, name: str = "label") -> Labels:
    """`label: how bad it is`, or `label: {en: how bad it is, de: wie schlimm es ist}`."""
    node = keys.node(name)
    if not isinstance(node, Mapping):
        text = keys.text(name)
        return (("", text),) if text else ()
    return labels_in(keys, name)


def labels_in(keys: Keys, name: str) -> Labels:
    """The texts of `name` by language."""
    found = []
    for language, node in keys.pairs(name):
        known = read_language(language, keys.notes)
        if isinstance(node, Scalar):
            found.append((known or "", node.text))
        else:
            help = "write one text a language, like `{en: how bad it is}`"
            keys.notes.error("K104", node, f"`{name}` in `{language.text}` is one text", help)
    return tuple(found)


def read_language(scalar: Scalar, notes: Notes) -> str | None:
    """The code of a language; None, with the slip noted, for any other text (R603)."""
    language, _, region = scalar.text.partition("-")
    is_code = language.isascii() and language.isalpha() and language.islower()
    if is_code and len(language) in (2, 3) and (not region or len(region) in (2, 4)):
        return scalar.text
    meant = LANGUAGE_NAMES.get(scalar.text.lower()) or scalar.text.replace("_", "-")
    help = "write the code of a language, like `en`, `de` or `pt-BR`"
    help = f"did you mean `{meant}`?" if meant != scalar.text else help
    notes.error("R603", scalar, f"`{scalar.text}` is not a language", help)
    return None
