"""What `aftersales simulate` was asked: read, checked, and carried out."""

import os
from collections.abc import Generator, Iterable, Iterator, Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.authoring.simulate import (
    Asked,
    Batch,
    Region,
    Simulation,
    Takes,
    facts_known,
    simulate,
    unknown_columns,
    usual_currency,
)
from aftersales.cli.options import actor
from aftersales.cli.output import say
from aftersales.cli.simulate.files import read_past
from aftersales.cli.simulate.plain import as_record
from aftersales.cli.simulate.progress import shown_progress
from aftersales.cli.versions import Version, version_named, version_of
from aftersales.domain.conditions import did_you_mean
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import zero

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.domain.policy.compare import Changed

MOST_JOBS = 4  # unless more are asked for
STORE = "store"
USUAL_FACTS = ("platform", "country")


class SimulationAsked(AftersalesError):
    """What is asked of a simulation cannot be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options of the command, as they were given."""

    source: str
    against: str | None = None
    policy: str | None = None
    kind: str | None = None
    takes: Takes = "dearest"
    day: str | None = None
    by: tuple[str, ...] = ()
    currency: str | None = None
    limit: int = 10
    is_lenient: bool = False
    since: str | None = None
    is_recorded: bool = False
    acting: str | None = None
    jobs: int | None = None
    is_by_rule: bool = False

    def simulated(self, folder: Path | None, chosen: "Settings") -> Simulation:
        """Read the versions and the cases, try them, and put that on record if asked to."""
        new = version_of(folder)
        old = None if self.against is None else version_named(self.against, folder, chosen)
        found = self.tried(new, old, chosen)
        if self.is_recorded:
            self._record(found, new, chosen)
        return found

    def tried(
        self,
        new: Version,
        old: Version | None,
        chosen: "Settings",
        *,
        regions: Sequence[Region] | None = None,
    ) -> Simulation:
        """Read the cases and try them; `regions` are those that changed, if that is known."""
        self._check_names(new, old)
        with closing(self._batches(new, chosen)) as batches:
            first = next(batches, None)
            if first is None:
                raise SimulationAsked(f"there are no past cases in `{self.source}`")
            asked = self._asked(first, new, old)
            known = self._known(chain([first], batches), new, old)
            if regions is None:
                regions = self._regions(new, old) if old is not None else ()
            jobs = self.jobs or min(os.cpu_count() or 1, MOST_JOBS)
            with shown_progress() as progress:
                return simulate(
                    known,
                    (new.label, new.catalog),
                    old=(old.label, old.catalog) if old else None,
                    asked=asked,
                    regions=regions,
                    jobs=jobs,
                    progress=progress,
                )

    def _batches(self, new: Version, chosen: "Settings") -> Generator[Batch, None, None]:
        since = _day(self.since, "--since")
        if self.source != STORE:
            if since is not None:
                raise click.UsageError("--since is for `--cases store`")
            return read_past(Path(self.source))
        from aftersales.cli.simulate.stored import stored_past  # here: a file needs no database
        from aftersales.config import simulations_from

        zone = new.catalog.zone
        return stored_past(simulations_from(chosen), kind=self.kind or "", since=since, zone=zone)

    def _record(self, found: Simulation, new: Version, chosen: "Settings") -> None:
        """Keep the sums, with the digest of each policy that decided some case."""
        from aftersales.config import simulations_from  # here: see above

        if not found.policies:
            raise SimulationAsked("no past case was decided, so that there is nothing to record")
        digests = {name: new.catalog.policy_digests[name] for name in found.policies}
        record = as_record(found)
        by, asked = str(actor(self.acting)), record.pop("asked")
        simulations_from(chosen).record(digests, by=by, asked=asked, result=record)
        say(f"on record: a simulation of {_ticked(digests)}")

    def _asked(self, first: Batch, new: Version, old: Version | None) -> Asked:
        currency = self.currency or usual_currency(first, new.catalog)
        if not currency:
            raise SimulationAsked("there is no money in the first past cases; name --in CURRENCY")
        zero(currency)  # ValueUnreadable if it is none
        known = facts_known(version.catalog for version in (new, old) if version is not None)
        usual = tuple(name for name in USUAL_FACTS if name in known)
        return Asked(
            currency=currency,
            takes=self.takes,
            by=tuple(dict.fromkeys((*usual, *self.by))),
            kind=self.kind or "",
            policy=self.policy or "",
            day=_day(self.day, "--on"),
            most=self.limit,
            is_by_rule=self.is_by_rule,
        )

    def _regions(self, new: Version, old: Version) -> tuple[Region, ...]:
        """The cases that the newer version offers something else, by the policies that are asked.

        A policy of which that cannot be told is named.
        """
        from aftersales.authoring.diff import compare_offers_of  # here: only for two versions

        on = _day(self.day, "--on") or datetime.now(UTC).date()
        asked = {"policy": self.policy or "", "kind": self.kind or ""}
        found = compare_offers_of(old.catalog, new.catalog, on=on, **asked)
        for one in found.uncompared:
            what = "all cases that" if one.is_in_part else "which cases"
            say(f"{what} `{one.policy}` changes could not be told: {one.why}")
        return regions_of(found.changed)

    def _check_names(self, new: Version, old: Version | None) -> None:
        """That the kind and the facts that were named exist in some version."""
        catalogs = [version.catalog for version in (new, old) if version is not None]
        kinds = {kind for catalog in catalogs for kind in catalog.kinds}
        _require(self.kind, kinds, "a kind")
        _require(self.policy, {name for c in catalogs for name in c.option_policies}, "a policy")
        facts = facts_known(catalogs)
        for name in self.by:
            _require(name, facts, "a fact")

    def _known(
        self, batches: Iterator[Batch], new: Version, old: Version | None
    ) -> Iterator[Batch]:
        """The batches, once the columns of each are known; unknown ones are told once."""
        facts = facts_known(version.catalog for version in (new, old) if version is not None)
        told: set[str] = set()
        for batch in batches:
            unknown = [name for name in unknown_columns(batch.columns, facts) if name not in told]
            if unknown and not self.is_lenient:
                raise SimulationAsked(_unknown(unknown, facts))
            if unknown:
                say(f"passed over: {_ticked(unknown)}")
                told.update(unknown)
            yield batch


def regions_of(changed: "Iterable[Changed]") -> tuple[Region, ...]:
    """Changes of what is offered as regions in which past cases are looked for."""
    return tuple(
        Region(one.policy, one.regions, one, one.was, one.now, has_more=one.has_more)
        for one in changed
    )


def _require(name: str | None, known: Set[str], what: str) -> None:
    if name is not None and name not in known:
        near = did_you_mean(name, sorted(known))
        raise SimulationAsked(f"`{name}` is not {what}; {near or f'known are {_ticked(known)}'}")


def _unknown(names: list[str], facts: frozenset[str]) -> str:
    near = did_you_mean(names[0], sorted(facts)) if len(names) == 1 else ""
    many = "is no fact and no column" if len(names) == 1 else "are no facts and no columns"
    help = near or "rename them after facts, or pass over them with --ignore-unknown"
    return f"{_ticked(names)} {many} of ours; {help}"


def _ticked(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _day(text: str | None, flag: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"`{text}` is not a day, as 2026-03-01", param_hint=flag) from None
