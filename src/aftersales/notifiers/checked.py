"""Replies checked before any is sent: what a template may not say, at its place in the file."""

import re
from collections.abc import Iterable, Mapping

from aftersales.domain.conditions import did_you_mean
from aftersales.domain.problem import NOWHERE, Place, Problem
from aftersales.domain.rulebook import ReplyTemplate
from aftersales.notifiers.allowed import UNKNOWN_NAME, check_template

_HELP = "what a reply may say is listed in docs/reference/replies.md"


def check_replies(replies: Iterable[Mapping[str, ReplyTemplate]]) -> list[Problem]:
    """The problems of all templates, those of every language, each once."""
    found = [problem for known in replies for reply in known.values() for problem in _check(reply)]
    return sorted(set(found), key=lambda problem: problem.place)


def _check(reply: ReplyTemplate) -> list[Problem]:
    parts = ((reply.subject, reply.subject_place), (reply.body, reply.body_place))
    return [
        Problem("R604", _at(place, text, line, message), message, _help(message, reply.needs))
        for text, place in parts
        for message, line in check_template(text, needs=reply.needs)
    ]


def _help(message: str, needs: Iterable[str]) -> str:
    if UNKNOWN_NAME not in message:
        return _HELP
    name = message.split("`")[1]
    add = f'add it to `needs`, or write `{{{{ {name} | if_known("...") }}}}` if it may be missing'
    return did_you_mean(name, needs) or add


def _at(place: Place | None, text: str, line: int, message: str) -> Place:
    """Where in the file it is: the word that the message names, or else where its line begins."""
    if place is None:
        return NOWHERE
    lines = text.splitlines() or [""]
    written = lines[line - 1] if line <= len(lines) else ""
    named = re.search(r"`\.?([^`]+)`", message)
    found = re.search(rf"(?<!\w){re.escape(named[1])}(?!\w)", written) if named else None
    column, length = (found.start(), len(found[0])) if found else (_first_mark(written), 1)
    return Place(place.file, place.line + line - 1, place.column + column, length)


def _first_mark(line: str) -> int:
    """Where the first `{{` or `{%` of a line begins; its beginning if there is none."""
    return max(0, min((at for at in map(line.find, ("{{", "{%")) if at >= 0), default=0))
