"""For the shop's own tests: a clock that stands still, a desk, adapters that only record.

```python
shop = desk_for_tests(tmp_path, at="2026-03-02T14:00:00Z")
case = shop.desk.open_case("damaged", facts={...})
shop.wait(timedelta(days=7))            # the clock moves on, then a tick
assert shop.recorder.names("message") == ["apology", "offer"]
```
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftersales.definitions import Catalog
from aftersales.desk import Desk, done
from aftersales.domain.calendar import parse_instant
from aftersales.store import Store

if TYPE_CHECKING:
    from aftersales.desk import TickReport
    from aftersales.domain.case import Effect

SORTS = (
    "message",
    "alert",
    "refund",
    "resend",
    "exchange",
    "repair",
    "coupon",
    "store_credit",
    "return_shipping",
    "tag",
    "call",
)


class FrozenClock:
    """A clock that shows what it was set to, until it is moved on."""

    def __init__(self, at: str | datetime) -> None:
        """`at` is an aware instant, or the text of one: `2026-03-02T14:00:00Z`."""
        self._at = _instant(at)

    def __call__(self) -> datetime:
        """The time, in UTC."""
        return self._at

    def set(self, at: str | datetime) -> datetime:
        """Show `at` from now on. It may be earlier: wall clocks do jump."""
        self._at = _instant(at)
        return self._at

    def advance(self, by: timedelta) -> datetime:
        """Move on by so much."""
        return self.set(self._at + by)


@dataclass(slots=True)
class Recorder:
    """Handlers that send nothing: each effect is kept, and answered with `answer` (done)."""

    answer: "Callable[[Effect], Any]" = field(default=lambda effect: done(reference=effect.key))
    effects: "list[Effect]" = field(default_factory=list)

    def attach(self, desk: Desk, sorts: Iterable[str] = SORTS) -> None:
        """Take all effects of these sorts."""
        for sort in sorts:
            desk.on(sort)(self._take)

    def of(self, sort: str) -> "list[Effect]":
        """The effects of one sort, in the order delivered."""
        return [effect for effect in self.effects if effect.sort == sort]

    def names(self, sort: str) -> list[str]:
        """Their names: templates of messages, roles of alerts, remedies."""
        return [effect.name for effect in self.of(sort)]

    def _take(self, effect: "Effect") -> Any:
        self.effects.append(effect)
        return self.answer(effect)


@dataclass(frozen=True, slots=True)
class ShopForTests:
    """A desk on a database of its own, its clock, and what it would have sent."""

    desk: Desk
    clock: FrozenClock
    recorder: Recorder

    def tick(self) -> "TickReport":
        """All that is due at the clock's time."""
        return self.desk.tick(until_idle=True)

    def wait(self, by: timedelta) -> "TickReport":
        """Move the clock on, then tick."""
        self.clock.advance(by)
        return self.tick()


def desk_for_tests(
    folder: str | Path,
    *,
    at: str | datetime,
    catalog: Catalog | None = None,
    shop: str = "shop",
    sorts: Iterable[str] = SORTS,
) -> ShopForTests:
    """A desk at a time, with a new SQLite database in `folder` and adapters that only record.

    Without a `catalog`, the shipped definitions. Twice on one folder is a restart: same cases.
    """
    clock, recorder = FrozenClock(at), Recorder()
    store = Store(f"sqlite:///{Path(folder) / 'aftersales.db'}")
    store.migrate()
    desk = Desk(store=store, catalog=catalog or Catalog.load(), shop=shop, clock=clock)
    recorder.attach(desk, sorts)
    return ShopForTests(desk, clock, recorder)


def _instant(at: str | datetime) -> datetime:
    if isinstance(at, str):
        return parse_instant(at)
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(UTC)
