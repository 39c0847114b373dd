"""Adapters to the platforms on which orders are made: their payloads in, our values out."""

from aftersales.platforms.errors import PayloadUnreadable

__all__ = ["PayloadUnreadable"]
