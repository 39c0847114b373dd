"""`aftersales test`: the stories and examples beside the definitions, run, counted, rewritten."""

from aftersales.cli.test.command import command

__all__ = ["command"]
