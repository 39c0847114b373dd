"""A simulation: what past cases would have cost under one version of the rules, or under two."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aftersales.authoring.simulate.explaining import Explained, explained
from aftersales.authoring.simulate.past import Batch, Region
from aftersales.authoring.simulate.running import Progress, tally_of
from aftersales.authoring.simulate.sums import Changes, Side, Sum, Tally
from aftersales.authoring.simulate.trying import Asked, Trial
from aftersales.definitions import Catalog
from aftersales.domain.errors import AftersalesError


class PastCasesUnreadable(AftersalesError):
    """More than half of the past cases cannot be read."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a simulation came to. Money is in minor units of `asked.currency`.

    `then` and `now` are what people call the two versions; `then` is empty where there is one
    only. `policies` are those of the new version that decided cases, with how many. `less` are
    the dearest of the differences by which a case costs us less. `unseen` are the regions changed
    by the policy in which there was no past case. `answered` are facts that tables answer, and that
    cases which changed were given with: in which region such a case lies is not known.
    """

    now: str
    then: str
    asked: Asked
    rows: int
    passed_over: int
    unreadable: int
    slips: tuple[str, ...]
    compared: Sum
    where_given: Sum
    changes: Changes
    parts: Mapping[str, Mapping[str, Sum]]
    undecided: Mapping[Side, Sum]
    differences: tuple[Explained, ...]
    policies: Mapping[str, int]
    unseen: tuple[Region, ...] = field(default=())
    less: tuple[Explained, ...] = field(default=())
    answered: tuple[str, ...] = field(default=())

    @property
    def apart(self) -> Sum:
        """The sum of all cases that could not be decided under both versions."""
        whole = Sum()
        for found in self.undecided.values():
            whole.add(found)
        return whole


def simulate(
    batches: Iterable[Batch],
    new: tuple[str, Catalog],
    *,
    old: tuple[str, Catalog] | None = None,
    asked: Asked,
    regions: Sequence[Region] = (),
    jobs: int = 1,
    progress: Progress | None = None,
    start_method: str | None = None,
) -> Simulation:
    """Put past cases to `new`, and to `old` if given; each is a name for people and a catalog.

    `regions` are those that a comparison of both found changed; the result says in which of them
    there was no past case. PastCasesUnreadable if more than half of the rows cannot be read. What
    is kept does not grow with the number of cases; of the dearest differences both explanations
    are worked out.
    """
    catalogs = (old[1] if old else None), new[1]
    trial = Trial(*catalogs, asked, regions=regions)
    tally = tally_of(
        batches,
        trial,
        catalogs,
        regions=regions,
        jobs=jobs,
        progress=progress,
        start_method=start_method,
    )
    _require_readable(tally)
    names = old[0] if old else "", new[0]
    return _told(tally, trial, names, tuple(regions))


def _require_readable(tally: Tally) -> None:
    looked_at = tally.rows - tally.passed_over
    if 2 * tally.unreadable > looked_at:
        first = "\n".join(map(str, tally.slips))
        many = f"{tally.unreadable} of {looked_at} past cases cannot be read"
        raise PastCasesUnreadable(f"{many}, the first of them:\n{first}")


def _told(
    tally: Tally, trial: Trial, names: tuple[str, str], regions: tuple[Region, ...]
) -> Simulation:
    """What was counted, with the dearest differences explained. `names`: of the old, the new."""
    then, now = names
    return Simulation(
        now=now,
        then=then,
        asked=trial.asked,
        rows=tally.rows,
        passed_over=tally.passed_over,
        unreadable=tally.unreadable,
        slips=tuple(map(str, tally.slips)),
        compared=tally.compared,
        where_given=tally.where_given,
        changes=tally.changes,
        parts={name: dict(values) for name, values in tally.parts.items()},
        undecided=tally.undecided,
        policies=tally.policies,
        unseen=tuple(one for n, one in enumerate(regions) if n not in tally.seen),
        differences=tuple(explained(found, trial) for found in tally.differences),
        less=tuple(explained(found, trial) for found in tally.less),
        answered=tuple(sorted(tally.columns & trial.answered_facts)),
    )
