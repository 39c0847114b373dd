"""`aftersales publish [DIRECTORY] --from DATE|now`: checked, tested, then valid for new cases."""

from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put_json, put_words, say
from aftersales.cli.publish.asked import begins, by_option, note_option, publications, who

if TYPE_CHECKING:
    from aftersales.config import Settings

_COMMANDS = ("history", "show", "back", "withdraw")


class _Nameless(click.Context):
    """The context of a command that goes by the name of its group."""

    @property
    def command_path(self) -> str:
        """What was typed so far, without a blank for a name that there is not."""
        return super().command_path.rstrip()


class _Itself(click.Command):
    context_class = _Nameless


@click.command("publish", cls=_Itself)
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--from", "from_day", metavar="DATE|now", required=True,
              help="The day on which they begin, at the desk's midnight; or at once.")  # fmt: skip
@note_option
@by_option
@json_option
@settings_options
def command(
    chosen: "Settings",
    directory: Path | None,
    from_day: str,
    note: str,
    by: str | None,
    as_json: bool,
) -> int:
    """Make the definitions of DIRECTORY valid for new cases, from a day on or at once."""
    from aftersales.cli.publish.ready import ready  # here: help reads no definitions
    from aftersales.cli.publish.refusing import refuse, show_found
    from aftersales.cli.publish.words import told
    from aftersales.definitions import Contents
    from aftersales.definitions.shipped import shipped_folder

    root = _folder(directory or chosen.folder) or shipped_folder()
    published, name = publications(chosen), who(by)
    contents = Contents.of_folder(root)
    found = ready(contents, chosen, today=datetime.now(UTC).date())
    if not found.is_ready or found.catalog is None:
        refuse(found, contents, as_json=as_json)
        return Exit.REFUSED
    zone = found.catalog.zone
    at = begins(from_day, zone)
    made = published.publish(contents, valid_from=at, by=name, note=note)
    if as_json:
        put_json({"publication": made, "zone": zone, "open_cases": published.open_cases()})
        return Exit.DONE
    show_found(found, contents)
    spoken = chosen.zone or zone
    put_words(told(made, published.history(), spoken, published.open_cases()))
    if made.is_new:
        say("to see all that was published: aftersales publish history")
    return Exit.DONE


def _folder(folder: Path | None) -> Path | None:
    """The folder, which must be there. NotFound, with the command that may have been meant."""
    if folder is None or folder.is_dir():
        return folder
    near = get_close_matches(str(folder), _COMMANDS, n=1)
    hint = f"; did you mean `aftersales publish {near[0]}`?" if near else ""
    raise NotFound(f"there is no folder `{folder}`{hint}")
