"""`aftersales explain`: why an offer, a priority, a deadline; why a case; what a problem means."""

from aftersales.cli.explain.command import command

__all__ = ["command"]
