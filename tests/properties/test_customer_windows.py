"""P4: an outage lengthens a customer's wait; it never shortens one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.properties.edited import edited
from tests.properties.played import Flaky, Played
from tests.properties.scripts import CATALOG, EXAMPLES, START, Script, scripts
from tests.properties.windows import Windows, each_change

from aftersales.definitions import Catalog
from aftersales.store import Store

# Minutes from each move to the next tick: some at once, some after an outage.
delays = st.lists(st.sampled_from([0, 0, 1, 30, 240, 1440, 4320, 20000]), min_size=1, max_size=4)
WAITING = [kind for kind in CATALOG.kinds if kind not in ("bad_review", "chargeback")] * 2
WAITING += CATALOG.kinds  # those in which the customer is waited for most, more often
seen: list[int] = []


def late_ticks(script: Script, delays: list[int]) -> list[datetime]:
    """A tick after each move, and once a week: each late by the next delay."""
    weeks = [START + timedelta(days=7 * week) for week in range(10)]
    moments = sorted([START, *weeks, *(move.at for move in script.moves)])
    return [at + timedelta(minutes=delays[n % len(delays)]) for n, at in enumerate(moments)]


@pytest.fixture(scope="module")
def catalogs(tmp_path_factory: pytest.TempPathFactory) -> list[Catalog]:
    """The shipped definitions, and the same where no wait starts with a message."""
    folder = tmp_path_factory.mktemp("definitions")
    starts_when = r"( +starts_when: .*\n)|(, starts_when: [^,}]*)"
    return [CATALOG, edited(folder, where="workflows/*.yaml", pattern=starts_when, by="")]


@EXAMPLES
@given(
    script=scripts(WAITING),
    delays=delays,
    late=st.sampled_from([0, 0, 45, 2000]),
    which=st.integers(0, 1),
    seed=st.integers(0, 9),
)
def test_every_window_has_its_full_length_from_when_the_customer_was_told(
    store: Store,
    shops: Iterator[str],
    catalogs: list[Catalog],
    script: Script,
    delays: list[int],
    late: int,
    which: int,
    seed: int,
) -> None:
    """Or reaches the inner due time that it names by `at_latest`; whatever outages there are.

    Ticks come late, the receiver of messages is often down, and what others than the customer do
    may be recorded `late` minutes after it occurred.
    """
    flaky = Flaky(seed, lambda: played.now)
    catalog = catalogs[which]
    played = Played(store, next(shops), is_told=True, message=flaky, catalog=catalog)
    windows = Windows(catalog.rulebook(script.kind, START), flaky.told_at)
    with each_change(windows.judge):
        played.play(script, late_ticks(script, delays), late=timedelta(minutes=late))
    assert windows.wrong == []
    seen.append(windows.seen)


def test_and_such_windows_were_seen_indeed() -> None:
    assert sum(seen) > len(seen) / 2
