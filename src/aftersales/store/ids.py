"""Ids made by us: UUIDv7 as text, in order of making. No database sequence is involved."""

import secrets
import threading
from datetime import datetime

from aftersales.store.columns import utc

_COUNTER_BITS = 12
_RANDOM_BITS = 62


class Ids:
    """A maker of UUIDv7s that never go back, whatever its clock does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._count = 0

    def new(self, at: datetime) -> str:
        """The next id, of the millisecond `at` or of the last one made, if that was later."""
        milliseconds = int(utc(at).timestamp() * 1000)
        with self._lock:
            self._advance(milliseconds)
            return _text(self._milliseconds, self._count)

    def _advance(self, milliseconds: int) -> None:
        if milliseconds > self._milliseconds:
            self._milliseconds, self._count = milliseconds, 0
            return
        self._count += 1
        if self._count >> _COUNTER_BITS:
            self._milliseconds, self._count = self._milliseconds + 1, 0


_IDS = Ids()


def uuid7(at: datetime) -> str:
    """A UUIDv7 of the instant `at`, as text; ids of one process sort as they were made."""
    return _IDS.new(at)


def _text(milliseconds: int, count: int) -> str:
    # RFC 9562, 5.7: 48 bits of time, version, 12 bits of counter, variant, 62 random bits.
    number = milliseconds << 80 | 0x7 << 76 | count << 64 | 0b10 << _RANDOM_BITS
    text = f"{number | secrets.randbits(_RANDOM_BITS):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
