"""A click group that imports a command's module only when the command is run."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands are named with their help: `{"tick": ("aftersales.cli.tick", "...")}`.

    The help stands here, so that `--help` imports no command. The command is the attribute
    `command` of its module.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order in which a newcomer needs them."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module. None if there is no such command."""
        if cmd_name not in self._lazy:
            return None
        command = import_module(self._lazy[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands for `--help`, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in self._lazy.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed. UsageError with the one that was probably meant."""
        near = get_close_matches(args[0], self._lazy, n=1) if args else []
        if near and args[0] not in self._lazy and not args[0].startswith("-"):
            ctx.fail(f"there is no command `{args[0]}`; did you mean `{near[0]}`?")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """The commands that begin with what was typed, without importing any."""
        from click.shell_completion import CompletionItem  # here: needed by no other command

        named = [name for name in self._lazy if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=self._lazy[name][1]) for name in named]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]
