"""Publishing: definitions are made valid for new cases from an instant on. Nothing is taken away.

The history is append-only: to go back is to publish once more, to withdraw is an entry of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftersales.definitions import Catalog, Contents
from aftersales.desk.context import aware, utc_now
from aftersales.desk.timeline import Timeline
from aftersales.domain.errors import (
    CaseChangedMeanwhile,
    DefinitionsInvalid,
    PublicationNotFound,
    PublicationRefused,
)
from aftersales.store import Store, StoredPublication, Transaction

_TRIES = 5
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Publication:
    """Definitions made valid for new cases, or, where `withdraws` is set, one of them taken back.

    `number` counts the entries of the shop. `valid_until` is when another takes its place.
    """

    number: int
    digest: str
    valid_from: datetime
    valid_until: datetime | None
    published_at: datetime
    published_by: str
    note: str
    withdraws: int | None
    has_begun: bool
    is_withdrawn: bool
    is_in_force: bool
    is_new: bool = False
    """Whether this call made it. The same contents are not made valid twice."""


class Publications:
    """What is published for a shop."""

    def __init__(
        self, *, store: Store, shop: str = "shop", clock: Callable[[], datetime] = utc_now
    ) -> None:
        """`clock` gives aware instants."""
        self._store = store
        self._shop = shop
        self._clock = clock

    def publish(
        self,
        contents: Contents,
        *,
        by: str,
        note: str = "",
        valid_from: datetime | None = None,
    ) -> Publication:
        """Make `contents` valid for cases opened from an instant on; without one, at once.

        Where the same contents are in force then already, nothing is done. DefinitionsInvalid if
        they have an error, or a policy that waits for a simulation; PublicationRefused if the
        instant is past.
        """
        self._check(contents)
        return self._made(contents, by=by, note=note, valid_from=valid_from)

    def back(
        self, *, to: int | None = None, by: str, note: str = "", valid_from: datetime | None = None
    ) -> Publication:
        """Publish an earlier publication once more: without a number, the one before this one.

        What held then need not hold today: its contents are checked as `publish` does, and nothing
        is done where they have an error. PublicationNotFound if there is none of that number;
        PublicationRefused if there was none before.
        """
        contents = self.contents(self.earlier(to, valid_from=valid_from).number)
        self._check(contents)
        return self._made(contents, by=by, note=note, valid_from=valid_from)

    def earlier(
        self, number: int | None = None, *, valid_from: datetime | None = None
    ) -> Publication:
        """What `back` would make valid again: of that number, else the one before this one.

        Errors as of `back`.
        """
        with self._store.reading(self._shop) as tx:
            line = Timeline(tx.publications())
        now = self._now(line)
        at = aware(valid_from) if valid_from is not None else now
        found = _one(line, number) if number is not None else _before(line, at)
        return _told(line, found, now)

    def withdraw(self, number: int, *, by: str, note: str = "") -> Publication:
        """Take back a publication that has not begun. PublicationRefused if it has."""

        def attempt(tx: Transaction) -> Publication | None:
            line = Timeline(tx.publications())
            now = self._now(line)
            entry = _one(line, number)
            if entry not in line.standing:
                raise PublicationRefused(f"publication {number} was withdrawn before")
            if entry.valid_from <= now:
                raise PublicationRefused(
                    f"publication {number} has begun, and cases may rest on it; "
                    "`back` makes an earlier one valid again"
                )
            made = StoredPublication(
                number=len(line.entries) + 1,
                digest="",
                valid_from=now,
                published_at=now,
                published_by=by,
                note=note,
                withdraws=number,
            )
            return _put(tx, line, made, {}, now)

        return self._tried(attempt)

    def history(self) -> tuple[Publication, ...]:
        """All entries, the oldest first."""
        with self._store.reading(self._shop) as tx:
            line = Timeline(tx.publications())
        now = self._now(line)
        return tuple(_told(line, entry, now) for entry in line.entries)

    def get(self, number: int) -> Publication:
        """The publication of that number. PublicationNotFound if there is none."""
        with self._store.reading(self._shop) as tx:
            line = Timeline(tx.publications())
        return _told(line, _one(line, number), self._now(line))

    def in_force(self, at: datetime | None = None) -> Publication | None:
        """The publication in force at an instant; without one, now. None before the first."""
        with self._store.reading(self._shop) as tx:
            line = Timeline(tx.publications())
        now = self._now(line)
        found = line.in_force(aware(at) if at is not None else now)
        return None if found is None else _told(line, found, now)

    def binding(self, opened_at: datetime, recorded_at: datetime) -> Publication | None:
        """The publication that binds a case opened, and told to us, at these instants."""
        with self._store.reading(self._shop) as tx:
            line = Timeline(tx.publications())
        found = line.binding(aware(opened_at), now=aware(recorded_at))
        return None if found is None else _told(line, found, self._now(line))

    def contents(self, number: int) -> Contents:
        """The files of a publication. PublicationNotFound if there is none of that number."""
        with self._store.reading(self._shop) as tx:
            _one(Timeline(tx.publications()), number)
            return _contents(tx, number)

    def open_cases(self) -> int:
        """How many cases are open: they keep the rulebook they have."""
        return sum(self.open_by_kind().values())

    def open_by_kind(self) -> dict[str, int]:
        """How many cases of each kind are open."""
        with self._store.reading(self._shop) as tx:
            return tx.count_open()

    def _check(self, contents: Contents) -> None:
        """DefinitionsInvalid if they have an error, or a policy that waits for a simulation."""
        catalog, problems = Catalog.check_contents(contents)
        if catalog is None:
            raise DefinitionsInvalid([p for p in problems if p.severity == "error"])
        with self._store.reading(self._shop) as tx:
            waiting = catalog.not_simulated(tx.simulated_policies())
        if waiting:
            raise DefinitionsInvalid(waiting)

    def _made(
        self, contents: Contents, *, by: str, note: str, valid_from: datetime | None
    ) -> Publication:
        def attempt(tx: Transaction) -> Publication | None:
            line = Timeline(tx.publications())
            now = self._now(line)
            at = aware(valid_from) if valid_from is not None else now
            if at < now:
                raise PublicationRefused(
                    "definitions cannot be made valid in the past: cases may have been opened since"
                )
            digest = contents.digest
            already = line.in_force(at)
            if already is not None and already.digest == digest:
                return _told(line, already, now)
            entry = StoredPublication(
                number=len(line.entries) + 1,
                digest=digest,
                valid_from=at,
                published_at=now,
                published_by=by,
                note=note,
            )
            return _put(tx, line, entry, contents.to_plain(), now)

        return self._tried(attempt)

    def _tried(self, attempt: Callable[[Transaction], Publication | None]) -> Publication:
        """Once more where another process has published meanwhile: each entry has its number."""
        for _ in range(_TRIES):
            with self._store.transaction(self._shop) as tx:
                made = attempt(tx)
            if made is not None:
                return made
        raise CaseChangedMeanwhile("others publish at the same time; look at the history first")

    def _now(self, line: Timeline) -> datetime:
        """What time it is; never before the newest entry, whatever the clock of its machine."""
        return max([aware(self._clock()), *(entry.published_at for entry in line.entries)])


def _put(
    tx: Transaction,
    line: Timeline,
    entry: StoredPublication,
    plain: dict[str, object],
    now: datetime,
) -> Publication | None:
    if not tx.put_publication(entry, plain):
        return None
    return _told(Timeline([*line.entries, entry]), entry, now, is_new=True)


def _told(
    line: Timeline, entry: StoredPublication, now: datetime, *, is_new: bool = False
) -> Publication:
    return Publication(
        number=entry.number,
        digest=entry.digest,
        valid_from=entry.valid_from,
        valid_until=None if entry.withdraws else line.until(entry),
        published_at=entry.published_at,
        published_by=entry.published_by,
        note=entry.note,
        withdraws=entry.withdraws,
        has_begun=entry.valid_from <= now,
        is_withdrawn=entry.withdraws is None and entry not in line.standing,
        is_in_force=entry == line.in_force(now),
        is_new=is_new,
    )


def _one(line: Timeline, number: int) -> StoredPublication:
    found = next((entry for entry in line.entries if entry.number == number), None)
    if found is None or found.withdraws is not None:
        what = "there is no publication" if found is None else "a withdrawal is no publication:"
        raise PublicationNotFound(f"{what} {number}")
    return found


def _before(line: Timeline, at: datetime) -> StoredPublication:
    current = line.in_force(at)
    before = line.in_force(current.valid_from - _MOMENT) if current is not None else None
    if before is None:
        raise PublicationRefused("there is no earlier publication to go back to")
    return before


def _contents(tx: Transaction, number: int) -> Contents:
    return Contents.from_plain(tx.publication_contents(number) or {})
