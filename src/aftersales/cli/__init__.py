"""Floor 6. The command line: one file per command, loaded when it is run. Home of click."""

from aftersales.cli.main import main as main

__all__ = ["main"]
