"""Reads `replies/1`: the replies in one language. How a body is filled in is checked elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from aftersales.definitions.keys import Keys
from aftersales.definitions.labels import read_language
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.definitions.workflow_names import is_name
from aftersales.domain.problem import Place
from aftersales.domain.rulebook import ReplyTemplate

Replies = dict[str, dict[str, ReplyTemplate]]


def read_replies(roots: Sequence[Mapping], notes: Notes) -> Replies:
    """The replies by language and name. Several files of one language go together."""
    found: Replies = {}
    for root in roots:
        keys = Keys(root, notes, what="a file of replies")
        for name in ("aftersales", "manners", "about", "because", "from", "until"):
            keys.node(name)
        code = keys.scalar("language", required=True)
        language = read_language(code, notes) if code else None
        pairs = keys.pairs("replies", required=True)
        keys.done()
        if language:
            _collect(pairs, language, found.setdefault(language, {}), notes)
    return found


def _collect(
    pairs: Sequence[tuple[Scalar, Node]],
    language: str,
    known: dict[str, ReplyTemplate],
    notes: Notes,
) -> None:
    for key, node in pairs:
        if key.text in known:
            help = "keep one of them, or give this one another name"
            notes.error("R602", key, f"`{key.text}` is written twice in `{language}`", help)
            continue
        template = _template(key, node, language, notes)
        if template is not None:
            known[key.text] = template


def _template(key: Scalar, node: Node, language: str, notes: Notes) -> ReplyTemplate | None:
    if not is_name(key.text):
        help = "use small letters, digits and `_`, and begin with a letter"
        notes.error("R601", key, f"`{key.text}` cannot be the name of a reply", help)
    keys = Keys(node, notes, what=f"the reply `{key.text}`")
    needs = keys.scalars("needs", required=True)
    subject = keys.scalar("subject", required=True)
    body = keys.scalar("body", required=True)
    keys.done()
    for scalar in needs:
        if not is_name(scalar.text):
            help = "name a value as the body does, like `order_id`"
            notes.error("R601", scalar, f"`{scalar.text}` cannot be a value of a reply", help)
    if subject is None or body is None:
        return None
    return ReplyTemplate(
        key.text,
        language,
        subject.text,
        body.text,
        tuple(scalar.text for scalar in needs),
        subject_place=_first_letter(keys.place("subject"), subject),
        body_place=_first_letter(keys.place("body"), body),
    )


def _first_letter(key: Place, text: Scalar) -> Place:
    """Where a text begins. One of several lines stands below its key, a little further in."""
    if "\n" in text.text or text.place.line != key.line:
        return Place(key.file, key.line + 1, key.column + 2)
    shift = 1 if text.is_quoted and text.place.length > len(text.text) else 0
    return replace(text.place, column=text.place.column + shift, length=1)


def templates_in(root: Mapping) -> frozenset[str]:
    """The names of the replies written in `root`, whatever else is wrong with it."""
    node = root.get("replies")
    return (
        frozenset(key.text for key, _ in node.items) if isinstance(node, Mapping) else frozenset()
    )
