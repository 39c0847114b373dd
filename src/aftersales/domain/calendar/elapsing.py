"""Time that elapses whether open or not, but for stretches in which the clock stands still."""

from collections.abc import Iterable

Stops = tuple[tuple[int, int], ...]
"""When a clock stands still: intervals in order and apart, in microseconds since 1970."""


def merged(*many: Iterable[tuple[int, int]]) -> Stops:
    """All of these intervals, in order, those that touch made one; empty ones left out."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(stop for stops in many for stop in stops if stop[0] < stop[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def add(at: int, amount: int, stops: Stops) -> int:
    """The earliest instant by which so much time has run since `at`."""
    for begin, end in stops if amount else ():
        if end <= at:
            continue
        running = begin - at
        if running >= amount:
            break
        amount -= max(running, 0)
        at = end
    return at + amount


def back(at: int, amount: int, stops: Stops) -> int:
    """The latest instant from which so much time has run by `at`."""
    for begin, end in reversed(stops) if amount else ():
        if begin >= at:
            continue
        running = at - end
        if running >= amount:
            break
        amount -= max(running, 0)
        at = begin
    return at - amount


def elapsed(start: int, end: int, stops: Stops) -> int:
    """How long the clock ran between two instants in order."""
    stood = (min(stop, end) - max(begin, start) for begin, stop in stops)
    return end - start - sum(span for span in stood if span > 0)


def nth_date(day: int, number: int, frozen: Iterable[int]) -> int:
    """The n-th date after `day` that is not among the frozen ones, which are in order."""
    found = day + number
    for stop in frozen:
        if day < stop <= found:
            found += 1
    return found


def dates_between(day: int, until: int, frozen: Iterable[int]) -> int:
    """The dates after `day` up to and with `until` that are not frozen."""
    return until - day - sum(1 for stop in frozen if day < stop <= until)
