"""Batches tried one after the other, or by several processes; the sums are the same."""

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from threading import current_thread, main_thread

from aftersales.authoring.simulate.past import Batch, Region
from aftersales.authoring.simulate.sums import Tally
from aftersales.authoring.simulate.trying import Asked, Trial
from aftersales.definitions import Catalog

Progress = Callable[[int, float], None]  # rows so far, and the part of the file that is read
_AHEAD = 3  # batches a process has waiting: enough to be busy, few enough to bound the memory


def tally_of(
    batches: Iterable[Batch],
    trial: Trial,
    catalogs: tuple[Catalog | None, Catalog],
    *,
    regions: Sequence[Region] = (),
    jobs: int = 1,
    progress: Progress | None = None,
    start_method: str | None = None,
) -> Tally:
    """What all batches come to, added up in their order, however many processes share them.

    `start_method` is that of multiprocessing; without one, the platform's.
    """
    whole = Tally()
    tallies = (
        ((trial.tally(batch), batch.read) for batch in batches)
        if jobs <= 1
        else _shared_out(batches, catalogs, trial.asked, regions, jobs, start_method)
    )
    for tally, read in tallies:
        whole.add(tally, most=trial.asked.most)
        if progress is not None:
            progress(whole.rows, read)
    return whole


def _shared_out(
    batches: Iterable[Batch],
    catalogs: tuple[Catalog | None, Catalog],
    asked: Asked,
    regions: Sequence[Region],
    jobs: int,
    start_method: str | None,
) -> Iterator[tuple[Tally, float]]:
    """The tally of each batch, in their order; only so many batches are read ahead."""
    pool = ProcessPoolExecutor(
        jobs,
        mp_context=get_context(start_method),
        initializer=_begin,
        initargs=(*catalogs, asked, regions),
    )
    waiting: deque[tuple[Future[Tally], float]] = deque()
    try:
        for batch in batches:
            with _interruption_waits():  # the first batches start the processes
                waiting.append((pool.submit(_tally, batch), batch.read))
            if len(waiting) >= jobs * _AHEAD:
                done, read = waiting.popleft()
                yield done.result(), read
        while waiting:
            done, read = waiting.popleft()
            yield done.result(), read
    finally:  # an interruption too: what runs ends with its batch, what waits is dropped
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interruption_waits() -> Iterator[None]:
    """Ctrl-C is answered at the end: one that meets the start of a process would be lost in it."""
    is_ours = current_thread() is main_thread()
    if not is_ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if came:
        raise KeyboardInterrupt


_trial: Trial | None = None  # of this process, where it is one of several


def _begin(old: Catalog | None, new: Catalog, asked: Asked, regions: Sequence[Region]) -> None:
    """Make a process ready. An interruption is the first process's to answer."""
    global _trial
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what is loaded stays to the end: nobody need look whether it can go
    _trial = Trial(old, new, asked, regions=regions)


def _tally(batch: Batch) -> Tally:
    assert _trial is not None
    return _trial.tally(batch)
