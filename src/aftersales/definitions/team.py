"""Reads `team/1`: who works here, in which roles, on which shifts. Live, never pinned."""

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from aftersales.definitions.calendar_zones import known_zones, zone_help
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.definitions.workflow_names import STAFF
from aftersales.domain.conditions import word_help

_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_DAYS = re.compile(rf"{_DAY}(?:-{_DAY})?")
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_HOURS = re.compile(rf"{_CLOCK}-(?:{_CLOCK}|24:00)(?:, ?{_CLOCK}-(?:{_CLOCK}|24:00))*")
_OPEN = re.compile(r"([1-9]\d{0,4}) open")


_SOME_DAYS = ("mon", "mon-fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody works: hours by days of the week, in a zone."""

    zone: str
    hours: Map[str, str]


@dataclass(frozen=True, slots=True)
class Agent:
    """One person of the team. `at_most_open` None: as many cases as there are."""

    id: str
    roles: tuple[str, ...]
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    shift: Shift | None = None
    at_most_open: int | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """The people who handle cases, by id."""

    agents: Map[str, Agent] = field(default_factory=dict)

    def with_role(self, role: str) -> tuple[Agent, ...]:
        """Those who have `role`."""
        return tuple(agent for agent in self.agents.values() if role in agent.roles)


def read_team(root: Mapping, notes: Notes) -> Team:
    """The team written in `root`."""
    keys = Keys(root, notes, what="a team")
    for name in ("aftersales", "about", "because"):
        keys.node(name)
    found = [_agent(key, node, notes) for key, node in keys.pairs("agents", required=True)]
    keys.done()
    return Team({agent.id: agent for agent in found})


def _agent(key: Scalar, node: Node, notes: Notes) -> Agent:
    keys = Keys(node, notes, what=f"the agent `{key.text}`")
    roles = keys.scalars("roles", required=True)
    for role in roles:
        if role.text not in STAFF:
            help = word_help(role.text, STAFF)
            notes.error("F807", role, f"`{role.text}` is not a role of the team", help)
    skills = keys.list_of_texts("skills")
    languages = keys.list_of_texts("languages")
    shift = _shift(keys.node("shift"), notes)
    at_most = _at_most(keys.scalar("at_most"), notes)
    keys.done()
    return Agent(key.text, tuple(role.text for role in roles), skills, languages, shift, at_most)


def _shift(node: Node | None, notes: Notes) -> Shift | None:
    if node is None:
        return None
    keys = Keys(node, notes, what="a shift")
    zone = keys.scalar("zone", required=True)
    if zone and zone.text not in known_zones():
        help = zone_help(zone.text) or "write it like `Europe/Berlin`"
        notes.error("F807", zone, f"`{zone.text}` is not a time zone", help)
    hours = dict(_hours(node, notes))
    keys.done(also=[*hours, *_SOME_DAYS])
    return Shift(zone.text, hours) if zone else None


def _hours(node: Node, notes: Notes) -> list[tuple[str, str]]:
    found = []
    for key, value in node.items if isinstance(node, Mapping) else ():
        if not _DAYS.fullmatch(key.text):
            continue
        text = value.text if isinstance(value, Scalar) else ""
        if not _HOURS.fullmatch(text):
            help = "write them like `09:00-17:00` or `09:00-12:00, 13:00-17:00`"
            notes.error("F807", value, f"`{text}` are not working hours", help)
        found.append((key.text, text))
    return found


def _at_most(scalar: Scalar | None, notes: Notes) -> int | None:
    if scalar is None:
        return None
    match = _OPEN.fullmatch(scalar.text)
    if match is None:
        help = "write it like `40 open`"
        notes.error("F807", scalar, f"`{scalar.text}` is not a number of cases", help)
        return None
    return int(match[1])
