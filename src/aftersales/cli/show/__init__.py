"""`aftersales show`: tables as grids, and what a customer can get by them."""

from aftersales.cli.show.command import command

__all__ = ["command"]
