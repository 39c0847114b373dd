"""The later steps of a story, moved along when a deadline that they rest on is due at another time.

A story says when things happen: `at: 2026-03-10 00:01`, a minute after an answer was due. If the
answer is due three days later now, that step is meant three days later, too, and so are those
after it. Only wall times are moved, by as many days and minutes as the deadline.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from aftersales.authoring.results import Difference
from aftersales.definitions.text import Listing, Mapping, Node, Scalar

_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")


def moved(root: Node | None, differences: Sequence[Difference]) -> Iterator[tuple[Scalar, str]]:
    """Each time of a story that is to be another, with what is to stand there.

    `differences` are of the steps where something was due at another time than expected.
    """
    tests = root.get("tests") if isinstance(root, Mapping) else None
    for entry in tests.items if isinstance(tests, Listing) else ():
        story = entry.get("story") if isinstance(entry, Mapping) else None
        if isinstance(story, Listing):
            yield from _moved_in(story, differences)


def _moved_in(story: Listing, differences: Iterable[Difference]) -> Iterator[tuple[Scalar, str]]:
    steps = [step for step in story.items if isinstance(step, Mapping)]
    moves = [move for found in differences if (move := _move(found)) is not None]
    for number, step in enumerate(steps):
        due = [(was, by) for place, was, by in moves if place == step.place]
        if due:
            yield from _along(steps[number + 1 :], *max(due))
            return


def _along(steps: Iterable[Mapping], was: datetime, by: timedelta) -> Iterator[tuple[Scalar, str]]:
    """The times of the steps after one at which what `was` due is due `by` so much later."""
    has_moved = False
    for step in steps:
        for node in _times(step):
            at = _read(node.text)
            is_a_step = node is step.get("at")
            if at is None or not (has_moved or at == was or (is_a_step and at > was)):
                continue
            has_moved = has_moved or is_a_step
            yield node, _written(at + by, node.text)


def _times(step: Mapping) -> Iterator[Scalar]:
    expect = step.get("expect")
    pairs = expect.items if isinstance(expect, Mapping) else ()
    dues = [node for key, node in pairs if key.text.partition(" ")[0] == "due"]
    inner = [n for due in dues if isinstance(due, Mapping) for _, n in due.items]
    yield from (node for node in (step.get("at"), *dues, *inner) if isinstance(node, Scalar))


def _move(found: Difference) -> tuple[object, datetime, timedelta] | None:
    """Where something is due, when it was, and by how much that is later now."""
    is_due = found.what.partition(" ")[0] == "due" and found.is_rewritable
    if not (is_due and found.expected and found.found):
        return None
    was, now = _read(found.expected[0]), _read(found.found[0])
    return None if was is None or now is None else (found.place, was, now - was)


def _read(text: str) -> datetime | None:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - a wall time, whatever the zone
        except ValueError:
            continue
    return None


def _written(at: datetime, like: str) -> str:
    return at.strftime(_FORMS[like.count(":") - 1])
