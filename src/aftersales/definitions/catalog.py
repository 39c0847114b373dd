"""The catalog: all definitions of a folder, and the rulebook of each kind on each day."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from aftersales.definitions.arming import not_simulated, policy_digests
from aftersales.definitions.calendars import Top
from aftersales.definitions.contents import Contents
from aftersales.definitions.documents import Document, Folder, read_contents, read_folder
from aftersales.definitions.inside import scalars_on
from aftersales.definitions.known import names_of, policies
from aftersales.definitions.notes import Notes
from aftersales.definitions.offers_begun import check_offers_begun
from aftersales.definitions.rulebooks import compile_rulebook
from aftersales.definitions.selection import binding, calendars_named
from aftersales.definitions.shipped import FOLDERS, shipped_folder
from aftersales.definitions.team import Team
from aftersales.definitions.text import Mapping as Node
from aftersales.definitions.text import plain
from aftersales.definitions.whole import Version, Whole, epochs, in_force, read_whole
from aftersales.domain.calendar import Calendar, local
from aftersales.domain.conditions import Rates, word_help
from aftersales.domain.errors import DefinitionsInvalid, KindNotInForce
from aftersales.domain.policy import RuleRef
from aftersales.domain.problem import Place, Problem
from aftersales.domain.rulebook import Rulebook

_DESK = "desk"  # the calendar in whose zone a day begins


class Catalog:
    """All definitions available, by name and version. Read whole or not at all, then unchanged."""

    def __init__(self, documents: Sequence[Document], whole: Whole) -> None:
        """Use `load` or `check`: they read a folder, and find its problems."""
        self._documents = documents
        self._whole = whole
        self._epochs = epochs(documents)
        self._rulebooks: dict[tuple[str, date], Rulebook | None] = {}
        self._by_digest: dict[str, Rulebook] = {}
        self._compiled: dict[tuple[str | int, ...], tuple[Rulebook | None, list[Problem]]] = {}

    def __reduce__(self) -> tuple[type["Catalog"], tuple[Sequence[Document], Whole]]:
        """What another process is handed: the documents. Rulebooks are compiled there."""
        return Catalog, (self._documents, self._whole)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> "Catalog":
        """The definitions of `folder`; without one, those shipped.

        DefinitionsInvalid, with all problems, if there is an error.
        """
        catalog, problems = cls.check(folder)
        if catalog is None:
            raise DefinitionsInvalid([p for p in problems if p.severity == "error"])
        return catalog

    @classmethod
    def check(
        cls, folder: str | Path | None = None, today: date | None = None
    ) -> tuple["Catalog | None", list[Problem]]:
        """The definitions of `folder` if they have no error, and all problems, by place.

        With `today`, also whether the holidays of each calendar reach so far, and whether each
        kind has a policy from then on.
        """
        root = shipped_folder() if folder is None else Path(folder)
        notes = Notes()
        if not any((root / name).is_dir() for name in FOLDERS):
            help = f"`aftersales init {root}` makes one to start from"
            message = f"there is no folder with {', '.join(FOLDERS)}: {root}"
            notes.error("F804", Place(str(root), 1, 1), message, help)
            return None, notes.problems
        return cls._checked(read_folder(root, notes), root, notes, today)

    @classmethod
    def check_contents(
        cls, contents: Contents, today: date | None = None
    ) -> tuple["Catalog | None", list[Problem]]:
        """As `check`, of files that were taken before: the folder itself is not looked at."""
        notes = Notes()
        return cls._checked(read_contents(contents, notes), contents, notes, today)

    @classmethod
    def _checked(
        cls, files: Folder, top: Top, notes: Notes, today: date | None
    ) -> tuple["Catalog | None", list[Problem]]:
        catalog = cls(files.documents, read_whole(files, notes, top=top, today=today))
        if not notes.has_errors:
            catalog._check_each_kind(notes)
        if today is not None and not notes.has_errors:
            by_kind = {kind: catalog._stretches(kind, today) for kind in catalog.kinds}
            check_offers_begun(by_kind, files.documents, notes)
        return (None if notes.has_errors else catalog), notes.problems

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of cases there are workflows for."""
        return tuple(sorted({d.name for d in self._documents if d.format == "workflow"}))

    @property
    def option_policies(self) -> frozenset[str]:
        """The names of the policies that say what may be offered, in force or not."""
        return names_of(policies(self._documents, "options"))

    @property
    def policy_digests(self) -> Mapping[str, str]:
        """The digest of what each policy that makes offers says, by name."""
        return policy_digests(self._documents)

    @property
    def has_policies_to_simulate(self) -> bool:
        """Whether some policy is to be armed only after a simulation."""
        return bool(not_simulated(self._documents, None))

    def not_simulated(self, recorded: Set[str] | None) -> list[Problem]:
        """The policies (P450) that wait for a simulation; `recorded` are the digests on record.

        None: there is no database that could hold one.
        """
        return not_simulated(self._documents, recorded)

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """All calendars by name. Live: a case keeps those of its rulebook."""
        return MappingProxyType(dict(self._whole.calendars))

    @property
    def facts(self) -> frozenset[str]:
        """The names of all facts that some version declares."""
        roots = [d.root.get("facts") for d in self._documents if d.format == "facts"]
        return frozenset(key.text for r in roots if isinstance(r, Node) for key, _ in r.items)

    @property
    def team(self) -> Team:
        """Who works here. Live: never pinned to a case."""
        return self._whole.team

    @property
    def versions(self) -> tuple[Version, ...]:
        """What decides, by stretches of days: one for each day on which something changes."""
        return self._whole.versions

    def documents_on(self, day: date) -> dict[str, object]:
        """What is written in each file in force on `day`, as texts, lists and mappings."""
        return {d.file: plain(d.root) for d in in_force(self._documents, day)}

    def place_of(self, rule: RuleRef) -> Place:
        """Where a rule is written, to the column of its id or name."""
        root = next((d.root for d in self._documents if d.file == rule.file), None)
        names = (rule.rule, rule.rule.rpartition("/")[2], rule.rule.rpartition(" ")[2])
        written = scalars_on(rule.line, root) if root else ()
        found = next((scalar.place for scalar in written if scalar.text in names), None)
        return found or next((s.place for s in written), Place(rule.file, rule.line, 1))

    @property
    def rates(self) -> Rates:
        """The newest rates of exchange. Live: an offer stores those it used."""
        return self.rates_on(date.max)

    def rates_on(self, day: date) -> Rates:
        """The rates of exchange in use on `day`: the newest that had begun."""
        begun = [r for r in self._whole.rates if (r.first or date.min) <= day]
        newest = max(begun, key=lambda dated: dated.first or date.min, default=None)
        return newest.rates if newest else Rates.none()

    def rulebook(self, kind: str, opened_at: datetime) -> Rulebook:
        """What binds a case of `kind` opened at that instant. KindNotInForce if nothing does."""
        day = self._day(opened_at)
        begun = self._epochs[bisect_right(self._epochs, day) - 1]
        if (kind, begun) not in self._rulebooks:
            self._rulebooks[kind, begun] = self._kept(self._compile(kind, begun, Notes()))
        rulebook = self._rulebooks[kind, begun]
        if rulebook is None:
            help = f"it has no complete rulebook for {day}"
            known = help if kind in self.kinds else word_help(kind, self.kinds)
            raise KindNotInForce(f"no cases of kind `{kind}` can be opened: {known}")
        return rulebook

    def rulebooks_at(self, instant: datetime) -> list[Rulebook]:
        """The rulebook of each kind of which a case can be opened at that instant."""
        found = []
        for kind in self.kinds:
            with suppress(KindNotInForce):
                found.append(self.rulebook(kind, instant))
        return found

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """Every rulebook of every kind, those still to begin with them."""
        return tuple(self._by_digest.values())

    @property
    def zone(self) -> str:
        """The zone in which a day begins: that of the desk's calendar."""
        desk = self._whole.calendars.get(_DESK)
        return desk.zone if desk else "UTC"

    def known_rulebook(self, digest: str) -> Rulebook | None:
        """The rulebook of that digest, if this catalog has compiled it."""
        return self._by_digest.get(digest)

    def _day(self, instant: datetime) -> date:
        """The desk's local date: a version begins at its midnight."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a zone: naive datetimes are refused")
        return local(instant, self.zone).date()

    def _compile(self, kind: str, day: date, notes: Notes) -> Rulebook | None:
        documents = binding(kind, in_force(self._documents, day))
        same: tuple[str | int, ...] = (
            kind,
            *map(id, documents),
        )  # an epoch may have changed nothing for this kind
        if same not in self._compiled:
            names = calendars_named(documents, self._whole.calendars)
            calendars = {name: self._whole.calendars[name] for name in names}
            own = Notes()
            self._compiled[same] = compile_rulebook(kind, documents, calendars, own), own.problems
        rulebook, problems = self._compiled[same]
        notes.extend(problems)
        return rulebook

    def _kept(self, rulebook: Rulebook | None) -> Rulebook | None:
        """One object for one digest."""
        return None if rulebook is None else self._by_digest.setdefault(rulebook.digest, rulebook)

    def _stretches(self, kind: str, today: date) -> list[tuple[date, Rulebook | None]]:
        """What binds a case opened today, and on each later day on which something changes."""
        days = [today, *(day for day in self._epochs if day > today)]
        begun = [self._epochs[bisect_right(self._epochs, day) - 1] for day in days]
        return [(d, self._rulebooks[kind, b]) for d, b in zip(days, begun, strict=True)]

    def _check_each_kind(self, notes: Notes) -> None:
        """That the versions of each day fit together, from the first day on which they do."""
        for kind in self.kinds:
            has_begun, last = False, Notes()
            for day in self._epochs:
                own = Notes()
                rulebook = self._kept(self._compile(kind, day, own))
                self._rulebooks[kind, day] = rulebook
                has_begun = has_begun or rulebook is not None
                last = own if own.problems else last
                if has_begun:
                    notes.extend(own.problems)
            if not has_begun:
                notes.extend(last.problems)
