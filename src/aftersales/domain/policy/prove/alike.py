"""Numbers for values that are long to compare: the same number for equal ones."""


class Alike:
    """Numbers values as they come. What was numbered is kept, so that its id stays its own."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._by_id: dict[int, tuple[object, int]] = {}

    def number(self, value: object) -> int:
        """The number of all values that equal this one."""
        found = self._by_id.get(id(value))
        if found is None:
            number = self._numbers.setdefault(value, len(self._numbers))
            found = self._by_id[id(value)] = value, number
        return found[1]
