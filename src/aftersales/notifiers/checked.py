"""Replies checked before any is sent: what a template may not say, at its place in the file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aftersales.domain.problem import NOWHERE, Place, Problem
from aftersales.domain.rulebook import ReplyTemplate
from aftersales.notifiers.allowed import check_template

_HELP = "what a reply may say is listed in docs/reference/replies.md"


def check_replies(replies: Iterable[Mapping[str, ReplyTemplate]]) -> list[Problem]:
    """The problems of all templates, those of every language, each once."""
    found = [problem for known in replies for reply in known.values() for problem in _check(reply)]
    return sorted(set(found), key=lambda problem: problem.place)


def _check(reply: ReplyTemplate) -> list[Problem]:
    subject = [
        Problem("R604", _at(reply.subject_place, reply.subject, line), message, _HELP)
        for message, line in check_template(reply.subject, needs=reply.needs)
    ]
    return subject + [
        Problem("R604", _at(reply.body_place, reply.body, line), message, _HELP)
        for message, line in check_template(reply.body, needs=reply.needs)
    ]


def _at(place: Place | None, text: str, line: int) -> Place:
    """The line of the file. A text of several lines begins below its key."""
    if place is None:
        return NOWHERE
    first = place.line if "\n" in text else place.line - 1
    return replace(place, line=first + line, length=1)
