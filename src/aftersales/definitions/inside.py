"""What is written in a node, however deep; and what sort of policy that makes it."""

from collections.abc import Iterator

from aftersales.definitions.text import Listing, Mapping, Node, Scalar

OF_OPTIONS = {"remedies", "base", "exceptions", "swaps", "extras", "limits", "approval"}


def policy_sort(root: Mapping) -> str:
    """What sort of policy `root` is: `options`, `channels`, `floors`, `handling` or `rows`.

    Told by several keys, so that one misspelt key is a slip and not another sort of policy.
    """
    name = root.get("policy")
    keys = {key.text for key, _ in root.items}
    if isinstance(name, Scalar) and name.text == "channels":
        return "channels"
    if "floors" in keys or "must_offer_one_of" in keys_in(root):
        return "floors"
    if "handled_by" in keys:
        return "handling"
    return "options" if keys & OF_OPTIONS else "rows"


def keys_in(node: Node) -> Iterator[str]:
    """Every key written in `node`, however deep."""
    if isinstance(node, Mapping):
        for key, value in node.items:
            yield key.text
            yield from keys_in(value)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from keys_in(item)


def texts_in(node: Node) -> Iterator[str]:
    """Every text written in `node` as a value, however deep."""
    yield from (scalar.text for scalar in scalars_in(node))


def scalars_at(key: str, node: Node) -> Iterator[Scalar]:
    """Each text written under `key`, however deep."""
    if isinstance(node, Mapping):
        for name, value in node.items:
            yield from scalars_in(value) if name.text == key else scalars_at(key, value)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from scalars_at(key, item)


def scalars_in(node: Node) -> Iterator[Scalar]:
    """Each text written in `node`, however deep."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from scalars_in(item)
    else:
        for _, value in node.items:
            yield from scalars_in(value)


def scalars_on(line: int, node: Node) -> tuple[Scalar, ...]:
    """Each word that is written on a line, keys too, in reading order."""
    return tuple(scalar for scalar in _words(node) if scalar.place.line == line)


def _words(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _words(item)
    else:
        for key, value in node.items:
            yield key
            yield from _words(value)
