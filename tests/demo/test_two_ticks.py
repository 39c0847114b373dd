"""Two ticks at once, ten times over, on the demo's database: nothing fires twice."""

import multiprocessing
import os
from datetime import timedelta
from pathlib import Path

from tests.demo.demo_results import CATALOG

from aftersales.demo import Script, attach, play, ticks_every
from aftersales.desk import Answer, Desk, TickReport, done
from aftersales.domain.case import Effect
from aftersales.store import Store
from aftersales.testing import FrozenClock

FORK = multiprocessing.get_context("fork")
TIMES = 10


class TwoAtOnce(Desk):
    """A desk whose every tick is two ticks, in two processes that start together."""

    ticked = 0

    def tick(self, *, limit: int = 1000, until_idle: bool = False) -> TickReport:
        self.store.close()  # a connection must not be shared by a fork
        self.ticked += 1
        together = FORK.Barrier(2)

        def one() -> None:
            together.wait()
            report = Desk.tick(self, limit=limit, until_idle=until_idle)
            assert report.errors == []
            assert report.failed == report.parked == 0

        ticks = [FORK.Process(target=one) for _ in range(2)]
        for tick in ticks:
            tick.start()
        for tick in ticks:
            tick.join(60)
        assert [tick.exitcode for tick in ticks] == [0, 0]
        return TickReport()


def test_two_ticks_at_once_ten_times_over_fire_nothing_twice(
    tmp_path: Path, script: Script
) -> None:
    def carried_out(effect: Effect) -> Answer:
        """A receiver that knows no keys: it writes down each time it is asked."""
        file = os.open(tmp_path / "carried_out", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{effect.key}\n".encode())
        os.close(file)
        return done()

    store = Store(f"sqlite:///{tmp_path / 'demo.db'}")
    store.migrate()
    clock = FrozenClock(script.begins_at)
    desk = TwoAtOnce(store=store, catalog=CATALOG, clock=clock, waits_start_when_told=False)
    attach(desk, tmp_path / "outbox")
    desk.on("message")(carried_out)
    desk.on("alert")(carried_out)
    play(desk, clock, script, ticks_every(script, timedelta(days=script.days / TIMES)))
    assert desk.ticked == TIMES
    assert desk.doctor() == []
    keys = (tmp_path / "carried_out").read_text().splitlines()
    assert len(keys) > 200
    assert len(keys) == len(set(keys))
