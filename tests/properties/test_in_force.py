"""The publication in force: found as by walking through time, and never changed afterwards."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aftersales.desk.timeline import Timeline
from aftersales.store import StoredPublication

START = datetime(2026, 3, 2, tzinfo=UTC)
LAST = 60  # hours


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


@st.composite
def histories(draw: st.DrawFn) -> list[StoredPublication]:
    """What people may have published and withdrawn, in order: what the desk permits, no more."""
    entries: list[StoredPublication] = []
    hour = 0
    for number in range(1, draw(st.integers(1, 8)) + 1):
        hour += draw(st.integers(0, 8))
        open_ones = [
            e
            for e in entries
            if e.withdraws is None
            and e.valid_from > at(hour)
            and e.number not in {other.withdraws for other in entries}
        ]
        withdrawn = draw(st.sampled_from([None, *open_ones]))
        ahead = 0 if withdrawn else draw(st.sampled_from([0, 0, 3, 8, 8, 20]))
        entries.append(
            StoredPublication(
                number=number,
                digest="" if withdrawn else f"digest {number}",
                valid_from=at(hour + ahead),
                published_at=at(hour),
                published_by="lea",
                note="",
                withdraws=withdrawn.number if withdrawn else None,
            )
        )
    return entries


def walked(entries: Sequence[StoredPublication]) -> list[int | None]:
    """Which is in force at each hour, by an hour-by-hour walk that knows only what was known."""
    found: list[int | None] = []
    current: int | None = None
    for hour in range(LAST):
        known = [e for e in entries if e.published_at <= at(hour)]
        taken_back = {e.withdraws for e in known}
        for entry in known:
            if (
                entry.withdraws is None
                and entry.number not in taken_back
                and entry.valid_from == at(hour)
            ):
                current = entry.number  # of two that begin together, the one published last
        found.append(current)
    return found


@given(histories())
def test_it_is_the_one_that_began_last(entries: list[StoredPublication]) -> None:
    line = Timeline(entries)
    found = [line.in_force(at(hour)) for hour in range(LAST)]
    assert [e and e.number for e in found] == walked(entries)


@given(histories(), st.data())
def test_nothing_published_later_changes_what_was_in_force(
    entries: list[StoredPublication], data: st.DataObject
) -> None:
    known = entries[: data.draw(st.integers(1, len(entries)))]
    later = entries[len(known) :]
    until = later[0].published_at if later else at(LAST)
    hour = data.draw(st.integers(0, LAST))
    if at(hour) < until:
        assert Timeline(known).in_force(at(hour)) == Timeline(entries).in_force(at(hour))


@given(histories(), st.integers(0, LAST), st.integers(0, LAST))
def test_a_case_is_bound_by_what_was_in_force_or_by_the_first_that_was(
    entries: list[StoredPublication], opened: int, age: int
) -> None:
    line, now = Timeline(entries), at(opened + age)
    bound, in_force = line.binding(at(opened), now=now), line.in_force(at(opened))
    if in_force is not None:
        assert bound == in_force
    elif line.in_force(now) is None:
        assert bound is None
    else:
        first = min(entry.valid_from for entry in line.standing)
        assert bound == line.in_force(first)


@given(histories())
def test_a_publication_is_in_force_until_the_next_one_begins(
    entries: list[StoredPublication],
) -> None:
    line = Timeline(entries)
    for entry in line.standing:
        until = line.until(entry)
        hours = [h for h in range(LAST) if line.in_force(at(h)) == entry]
        if until is not None and until <= entry.valid_from:
            assert hours == []
        else:
            assert at(hours[0]) == entry.valid_from
            assert until is None or at(hours[-1] + 1) == until
