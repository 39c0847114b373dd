"""Which of the shop's functions carries out which effects."""

from collections.abc import Callable
from typing import TypeVar

from aftersales.desk.answers import Answer
from aftersales.domain.case import Effect

Handler = Callable[[Effect], Answer]
H = TypeVar("H", bound=Callable[..., object])


class Handlers:
    """Handlers by sort of effect (`refund`, `message`, `call`), and by name within a sort."""

    def __init__(self) -> None:
        self._by_sort: dict[tuple[str, str], Handler] = {}

    def add(self, sort: str, name: str, handler: Handler) -> None:
        self._by_sort[sort, name] = handler

    def find(self, effect: Effect) -> Handler | None:
        """The handler for this very remedy, template or role, else the one for its sort."""
        return self._by_sort.get((effect.sort, effect.name)) or self._by_sort.get((effect.sort, ""))

    @property
    def sorts(self) -> frozenset[str]:
        """What some handler takes: `refund`, or `refund/NAME` where only that name is taken."""
        return frozenset(f"{sort}/{name}" if name else sort for sort, name in self._by_sort)
