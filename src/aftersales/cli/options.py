"""Options that several commands share, and the values they are read into."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from datetime import datetime

    from aftersales.config import Settings
    from aftersales.domain.case import Actor
    from aftersales.domain.money import Money

F = TypeVar("F", bound=Callable[..., Any])

ROLES = ("customer", "agent", "supervisor", "manager", "platform", "bank", "system")
_SETTINGS = (
    ("config", "FILE", "The configuration, instead of ./aftersales.toml."),
    ("database", "URL", "Where the cases are: sqlite:///aftersales.db"),
    ("folder", "DIR", "The definitions, instead of the shipped ones."),
    ("shop", "NAME", "Whose cases."),
    ("handlers", "MODULE:FUNCTION", "A function that gets the desk and attaches handlers."),
    ("deliver_to", "DIR", "Write each effect as a file into this folder."),
    ("zone", "ZONE", "The time zone to speak in, as Europe/Berlin."),
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def settings_options(command: F) -> F:
    """Add the options of the settings; the command gets `chosen`, its Settings."""

    @wraps(command)
    def with_settings(**values: Any) -> Any:
        from aftersales.config import settings  # here: `--help` reads no settings

        flags = {key: values.pop(key) for key, _, _ in _SETTINGS}
        file = flags.pop("config")
        return command(chosen=settings(flags, file=file), **values)

    decorated: Any = with_settings
    for key, metavar, help in reversed(_SETTINGS):
        flag = "--" + key.replace("_", "-")
        decorated = click.option(flag, key, metavar=metavar, help=help)(decorated)
    return decorated  # type: ignore[no-any-return]


def pairs(texts: Iterable[str], flag: str) -> dict[str, str]:
    """Read `NAME=VALUE` texts. BadParameter names the one that is not."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"`{text}` must be NAME=VALUE", param_hint=flag)
        if name.strip() in found:
            raise click.BadParameter(f"`{name.strip()}` is given twice", param_hint=flag)
        found[name.strip()] = value.strip()
    return found


def actor(text: str | None) -> "Actor":
    """Read `agent:ann`. Nothing means the system itself."""
    from aftersales.domain.case import Actor  # here: `--help` needs no domain

    if text is None:
        return Actor.system()
    role, sign, id = text.partition(":")
    if role not in ROLES or (not id and role != "system") or (sign and not id):
        raise click.BadParameter(
            f"`{text}` must be ROLE:ID, as `agent:ann`; roles are {', '.join(ROLES)}",
            param_hint="--as",
        )
    named: Actor = getattr(Actor, role)(id) if id else Actor.system()
    return named


def money(text: str | None, flag: str) -> "Money | None":
    """Read `39.90 EUR`. BadParameter says what to write."""
    from aftersales.domain.errors import ValueUnreadable  # here: see actor
    from aftersales.domain.money import Money

    if text is None:
        return None
    try:
        return Money.parse(text)
    except ValueUnreadable as error:
        raise click.BadParameter(f"{error}; {error.help}", param_hint=flag) from None


def instant(text: str | None, flag: str, *, zone: str | None = None) -> "datetime | None":
    """Read an instant. One without a zone is read in `zone`, and refused where there is none."""
    from aftersales.domain.calendar import parse_instant  # here: see actor
    from aftersales.domain.errors import ValueUnreadable

    if text is None:
        return None
    try:
        return parse_instant(text, zone)
    except ValueUnreadable as error:
        raise click.BadParameter(f"{error}; {error.help}", param_hint=flag) from None


def zone_of(chosen: "Settings", calendar_zone: str) -> str:
    """The zone to speak in: the one chosen, else that of the case's calendar."""
    return chosen.zone or calendar_zone
