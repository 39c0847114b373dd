"""Transactions: ours, a host's, raced, killed, and refused by the disk."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Field, Session, SQLModel
from store_values import NOON, SHOP, account, case, effect, euros, next_change, offer, opening

from aftersales.domain.errors import CaseChangedMeanwhile, StoreUnavailable
from aftersales.store import Store, integrity, is_transient


class Purchase(SQLModel, table=True):
    """A table of the host, in the host's own metadata."""

    id: int = Field(primary_key=True)


def ids(store: Store) -> list[str]:
    with store.reading(SHOP) as tx:
        return [each.id for each in tx.find_cases()]


def errors(store: Store) -> list[str]:
    with store.reading(SHOP) as tx:
        return [str(finding) for finding in integrity(tx)]


# -- a host's transaction


@pytest.fixture
def host(file: Path, store: Store) -> Session:
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    return Session(engine)


def test_what_a_host_rolls_back_leaves_nothing(store: Store, host: Session) -> None:
    with host:
        host.add(Purchase(id=1))
        with store.transaction(SHOP, session=host) as tx:
            tx.save(opening(effects=(effect(case()),), offers=(offer(),), account=account()))
            assert tx.case("case-1").version == 1
        host.rollback()
        assert host.get(Purchase, 1) is None
    assert ids(store) == []
    with store.reading(SHOP) as tx:
        assert (tx.account("order:1001"), tx.effects("case-1")) == (None, ())


def test_what_a_host_commits_stays_with_its_own_rows(store: Store, host: Session) -> None:
    with host:
        host.add(Purchase(id=1))
        with store.transaction(SHOP, session=host) as tx:
            tx.save(opening())
        assert ids(store) == [], "nothing is committed before the host commits"
        host.commit()
        assert host.get(Purchase, 1) is not None
    assert ids(store) == ["case-1"]


def test_a_failure_of_ours_takes_back_ours_and_leaves_the_hosts(
    store: Store, host: Session
) -> None:
    stale = opening(account=account(version=7))
    with host:
        host.add(Purchase(id=1))
        host.flush()
        with pytest.raises(CaseChangedMeanwhile), store.transaction(SHOP, session=host) as tx:
            tx.save(stale)
        host.commit()
        assert host.get(Purchase, 1) is not None
    assert ids(store) == []


def test_a_host_holds_the_write_lock_from_its_first_use_of_the_store(
    store: Store, host: Session
) -> None:
    with host:
        with store.transaction(SHOP, session=host) as tx:
            tx.find_cases()
        other = create_engine(store._engine.url, connect_args={"timeout": 0.05})
        with pytest.raises(Exception, match="locked"), other.begin() as connection:
            connection.execute(text("DELETE FROM purchase"))
        host.commit()


def test_a_host_reads_what_it_wrote(store: Store, host: Session) -> None:
    with host:
        with store.transaction(SHOP, session=host) as tx:
            tx.save(opening())
        with store.reading(SHOP, session=host) as tx:
            assert tx.case("case-1").id == "case-1"
        host.rollback()


# -- races


def test_an_exception_rolls_back_all_of_a_transaction(store: Store) -> None:
    with suppress(RuntimeError), store.transaction(SHOP) as tx:
        tx.save(opening())
        raise RuntimeError
    assert ids(store) == []


def test_threads_racing_for_each_version_get_it_once(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.save(opening())
    rounds, workers = 20, 4
    won: list[int] = []
    start = threading.Barrier(workers)

    def race() -> None:
        for _ in range(rounds):
            with store.reading(SHOP) as tx:
                read = tx.case("case-1")
            start.wait()
            try:
                with store.transaction(SHOP) as tx:
                    tx.save(next_change(read))
                won.append(read.version)
            except CaseChangedMeanwhile:
                pass
            start.wait()

    threads = [threading.Thread(target=race) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(1, rounds + 1))
    assert errors(store) == []


ADDING = """
import sys
sys.path.insert(0, {tests!r})
from dataclasses import replace
from store_values import SHOP, account, euros
from aftersales.store import Store
store = Store({url!r})
for _ in range({times}):
    with store.transaction(SHOP) as tx:
        read = tx.account("order:1001")
        tx.put_account(replace(read, reserved=read.reserved + euros("0.01")))
"""


def script(source: str, file: Path, **more: object) -> list[str]:
    tests = str(Path(__file__).parent)
    filled = source.format(tests=tests, url=f"sqlite:///{file}", **more)
    return [sys.executable, "-c", filled]


def test_processes_that_read_and_write_lose_no_update(store: Store, file: Path) -> None:
    with store.transaction(SHOP) as tx:
        tx.put_account(account())
    started = [subprocess.Popen(script(ADDING, file, times=50)) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    with store.reading(SHOP) as tx:
        found = tx.account("order:1001")
    assert found is not None
    assert (found.reserved, found.version) == (euros("1.50"), 151)


# -- kill -9

KILLED = """
import os, sys, signal
sys.path.insert(0, {tests!r})
from sqlalchemy import event
from store_values import SHOP, account, case, effect, euros, ledger_entry, next_change, offer
from aftersales.store import Store
store = Store({url!r})
seen = 0

def count(*_):
    global seen
    seen += 1
    if seen == {kill_at}:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(store._engine, "after_cursor_execute", count)
with store.transaction(SHOP) as tx:
    before = tx.case("case-1")
    after = next_change(before).case
    tx.save(next_change(
        before, effects=(effect(after),), offers=(offer(),), ledger=(ledger_entry(),),
        account=account(version=1, reserved=euros("7.98")),
    ))
print(seen)
"""


def test_a_kill_after_any_statement_leaves_all_or_nothing(store: Store, file: Path) -> None:
    with store.transaction(SHOP) as tx:
        tx.save(opening(account=account()))
    kill_at, finished = 1, False
    while not finished:
        done = subprocess.run(script(KILLED, file, kill_at=kill_at), capture_output=True)
        finished = done.returncode == 0
        assert finished or done.returncode == -signal.SIGKILL, done.stderr.decode()
        with store.reading(SHOP) as tx:
            version = tx.case("case-1").version
            ledger = len(tx.ledger_of_case("case-1"))
        assert (version, ledger) == ((2, 1) if finished else (1, 0)), f"killed at {kill_at}"
        assert [e for e in errors(store) if "remedy-unsaid" not in e] == []
        kill_at += 3
    assert kill_at > 10, "it was never killed"


# -- what a database may refuse


def test_a_lock_held_too_long_is_told_and_is_worth_trying_again(
    file: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftersales.store.dialect.BUSY_SECONDS", 0.05)
    impatient = Store(f"sqlite:///{file}")
    with (
        store.transaction(SHOP),
        pytest.raises(StoreUnavailable, match="locked") as caught,
        impatient.transaction(SHOP),
    ):
        pass
    assert is_transient(caught.value)
    assert not is_transient(ValueError())


def test_reading_waits_for_no_writer(store: Store) -> None:
    with store.transaction(SHOP) as tx:
        tx.save(opening())
        assert ids(store) == []


def test_a_full_disk_is_told_and_leaves_nothing(store: Store, file: Path) -> None:
    def fill() -> None:
        with store.transaction(SHOP) as tx:
            pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            for number in range(500):
                tx.save(opening(f"case-{number}"))

    with pytest.raises(StoreUnavailable, match="full"):
        fill()
    store.close()
    assert ids(store) == []


@pytest.mark.parametrize("url", ["mysql://host/db", "cases.db", "sqlite"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="sqlite:///cases"):
        Store(url)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="folder"):
        Store(f"sqlite:///{tmp_path}/nowhere/cases.db").migrate()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases.db").write_text("no database at all, but long enough to look at" * 99)
    with pytest.raises(StoreUnavailable, match="not a database"):
        Store(f"sqlite:///{tmp_path}/cases.db").check_ready()


def test_a_password_is_shown_nowhere() -> None:
    """Nor where the driver is missing, nor where nobody answers."""
    with pytest.raises(StoreUnavailable) as caught:  # noqa: PT012 - either step may tell
        store = Store("postgresql+psycopg://shop:secret@localhost:1/cases")
        assert "secret" not in repr(store)
        store.check_ready()
    assert "secret" not in str(caught.value)


def test_the_settings_lose_nothing(store: Store, file: Path) -> None:
    with store.transaction(SHOP) as tx:
        settings = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }
    assert os.path.exists(file)
    with sqlite3.connect(file) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_ids_sort_as_they_were_made(store: Store) -> None:
    made = [store.new_id(NOON) for _ in range(5000)]
    assert made == sorted(set(made))
    assert {each[14] for each in made} == {"7"}
    assert store.new_id(NOON.replace(year=2020)) > made[-1], (
        "a clock that goes back changes nothing"
    )
