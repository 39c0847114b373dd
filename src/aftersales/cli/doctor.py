"""`aftersales doctor`: every invariant of the database, and what to do."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import Desk


@click.command("doctor")
@json_option
@settings_options
def command(chosen: "Settings", as_json: bool) -> int:
    """Check every invariant of the database, and say what to do."""
    desk = desk_from(chosen)
    findings = desk.doctor()
    if as_json:
        put_json(findings)
    else:
        for finding in findings:
            put(str(finding))
            if finding.help:
                put(f"  = help: {finding.help}")
        say(f"definitions: {_used(desk, chosen)}")
        say("all is well" if not findings else f"{len(findings)} found")
    return Exit.REFUSED if any(f.severity == "error" for f in findings) else Exit.DONE


def _used(desk: "Desk", chosen: "Settings") -> str:
    """Which definitions bind new cases."""
    published = desk.publications.in_force()
    if published is not None:
        return f"publication {published.number} ({published.digest[:8]})"
    return f"{chosen.folder or 'those shipped'}, as they stand: nothing is published"
