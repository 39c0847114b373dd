"""`aftersales publish [DIRECTORY]`, and the commands about what was published."""

from typing import Any

import click

from aftersales.cli.lazy import LazyGroup

_COMMANDS = {
    "history": ("aftersales.cli.publish.history", "What was published, and what is in force."),
    "show": ("aftersales.cli.publish.show", "One publication: who, why, and its files."),
    "back": ("aftersales.cli.publish.back", "Make an earlier publication valid again."),
    "withdraw": ("aftersales.cli.publish.withdraw", "Take back one that has not begun."),
}


class _Publish(LazyGroup):
    """A group in which everything that is not the name of a command is for `publish` itself."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command of that name, else the one that publishes a folder."""
        return super().get_command(ctx, cmd_name) or self._itself()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`history` and the others by their names; a folder and options go to `publish`."""
        if args and args[0] in _COMMANDS:
            return super().resolve_command(ctx, args)
        return "", self._itself(), args

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of `publish` itself, then the other commands."""
        self._itself().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def _itself(self) -> click.Command:
        from aftersales.cli.publish.folder import command  # here: the others do not need it

        return command


@click.group(
    "publish",
    cls=_Publish,
    lazy=_COMMANDS,
    subcommand_metavar="[DIRECTORY] --from DATE|now",
    context_settings={"ignore_unknown_options": True},
)
def command(**_: Any) -> None:
    """Make the definitions of DIRECTORY valid for new cases, from a day on or at once.

    They are checked and their tests are run first. Cases that are open keep what they have. From
    the first publication on, nothing that is edited in a folder reaches a tick or a desk.
    """
