"""The script of the demo: which orders there are, and what happens to them when. Read from data.

Times are wall times in the zone of the order, else of its file. What a payment provider or a
warehouse answers is part of the script too, so that the result does not hang on when it was asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from aftersales.definitions.text import plain, read
from aftersales.domain.calendar import parse_instant
from aftersales.domain.case import Actor, Line
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import Money

SHOP = "shop.yaml"
_ELAPSED = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
_ELAPSED |= {Unit.DAYS: timedelta(days=1)}


class ScriptUnreadable(AftersalesError):
    """The data of the demo cannot be read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: a case of kind `opens`, or the event `does`.

    `case` names which case of the order is meant, by kind; the first one if empty. `is_twice`: it
    arrives twice, as web hooks do. `is_refused`: the desk is expected to refuse.
    """

    at: datetime
    by: Actor
    opens: str = ""
    does: str = ""
    case: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    is_twice: bool = False
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a remedy, and how long after it was granted. `fails` is why it fails."""

    after: timedelta
    fails: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One order: who bought what, and the steps of its cases."""

    id: str
    customer: str
    paid: Money
    lines: tuple[Line, ...]
    facts: Mapping[str, str]
    steps: tuple[Step, ...]
    remedies: Mapping[str, tuple[Outcome, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outage:
    """From when to when nothing of ours runs."""

    begins_at: datetime
    ends_at: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.begins_at < at < self.ends_at


@dataclass(frozen=True, slots=True)
class Script:
    """All of it: the orders, the days, the outage, and how remedies usually turn out."""

    begins_at: datetime
    ends_at: datetime
    outage: Outage
    remedies: Mapping[str, Outcome]
    orders: tuple[Order, ...]
    told: tuple[str, ...]  # the orders whose stories are told at the end

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.ends_at - self.begins_at).days

    def outcome(self, order: Order, sort: str, number: int) -> Outcome:
        """What becomes of the order's remedy of this sort, the `number`th from 0."""
        own = order.remedies.get(sort, ())
        return own[number] if number < len(own) else self.remedies[sort]


def shipped_script() -> Script:
    """The script that comes with the package."""
    return read_script(files("aftersales.demo") / "data")


def read_script(folder: Traversable) -> Script:
    """Read `shop.yaml`, and the orders in all the other files. ScriptUnreadable says where."""
    shop = _content(folder / SHOP)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    orders = [o for name in names if name != SHOP for o in _orders(_content(folder / name), name)]
    zone = shop["zone"]
    begins_at, ends_at = parse_instant(shop["begins"], zone), parse_instant(shop["ends"], zone)
    outage = Outage(*(parse_instant(shop["outage"][key], zone) for key in ("begins", "ends")))
    remedies = {sort: _outcome(told) for sort, told in shop["remedies"].items()}
    return Script(begins_at, ends_at, outage, remedies, tuple(orders), tuple(shop["told"]))


def _content(file: Traversable) -> Any:
    node, problems = read(file.read_text(encoding="utf-8"), file.name)
    if node is None or problems:
        raise ScriptUnreadable("\n".join(map(str, problems)))
    return plain(node)


def _orders(content: Mapping[str, Any], file: str) -> Iterable[Order]:
    for entry in content["orders"]:
        try:
            yield _order(entry, content)
        except (AftersalesError, KeyError, ValueError) as error:
            raise ScriptUnreadable(f"{file}, order {entry.get('order')}: {error!r}") from error


def _order(entry: Mapping[str, Any], file: Mapping[str, Any]) -> Order:
    _require_known(
        entry, {"order", "customer", "paid", "items", "facts", "steps", "zone"}, {"remedies"}
    )
    zone = entry.get("zone", file["zone"])
    customer = entry["customer"]
    return Order(
        id=entry["order"],
        customer=customer,
        paid=Money.parse(entry["paid"]),
        lines=tuple(_line(item) for item in entry["items"]),
        facts={**file.get("facts", {}), **entry.get("facts", {})},
        steps=tuple(_step(step, zone, customer) for step in entry["steps"]),
        remedies={
            sort: tuple(_outcome(told) for told in outcomes)
            for sort, outcomes in entry.get("remedies", {}).items()
        },
    )


def _line(item: Mapping[str, str]) -> Line:
    _require_known(item, {"sku", "title", "value"}, {"quantity"})
    quantity = int(item.get("quantity", "1"))
    return Line(item["sku"], quantity, Money.parse(item["value"]), item["title"])


def _step(entry: Mapping[str, Any], zone: str, customer: str) -> Step:
    _require_known(entry, {"at", "by", "open", "do"}, {"case", "facts", "twice", "refused"})
    return Step(
        at=parse_instant(entry["at"], zone),
        by=_actor(entry["by"], customer),
        opens=entry.get("open", ""),
        does=entry.get("do", ""),
        case=entry.get("case", ""),
        facts={name: _fact(text, zone) for name, text in entry.get("facts", {}).items()},
        is_twice=entry.get("twice") == "yes",
        is_refused=entry.get("refused") == "yes",
    )


def _fact(text: str, zone: str) -> str:
    """The fact as the desk reads it: a wall time gets the zone of its order."""
    is_wall_time = len(text) == 16 and text[10] == " " and text[:4].isdigit()
    return parse_instant(text, zone).isoformat() if is_wall_time else text


def _actor(text: str, customer: str) -> Actor:
    """`agent ann`; `customer` alone is the one who ordered."""
    role, _, id = text.partition(" ")
    if role == "customer":
        return Actor.customer(id or customer)
    actor: Actor = getattr(Actor, role)(id) if id else Actor.system()
    return actor


def _outcome(told: Mapping[str, str]) -> Outcome:
    _require_known(told, {"after"}, {"fails"})
    after = Duration.parse(told["after"])
    return Outcome(after.amount * _ELAPSED[after.unit], told.get("fails", ""))


def _require_known(entry: Mapping[str, Any], usual: set[str], more: set[str]) -> None:
    unknown = sorted(entry.keys() - usual - more)
    if unknown:
        raise ScriptUnreadable(f"`{unknown[0]}` is not known here")
