"""What is kept beside the cases: answers to idempotency keys, refusals, definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from aftersales.domain.case import Actor, Case, Offer, OfferStatus
from aftersales.domain.errors import CaseChangedMeanwhile, IdempotencyKeyReused, InvariantBroken
from aftersales.store.columns import sha256
from aftersales.store.connected import Connected
from aftersales.store.plain import built, plain
from aftersales.store.tables import DEFINITION, EVENT_KEY, REFUSAL


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer given to a request that carried an idempotency key."""

    key: str
    request_digest: str
    case_id: str
    version: int
    answer: Mapping[str, Any]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """A definition in use: `canonical` is the exact text that was hashed, `places` is beside it."""

    digest: str
    kind_of: str
    canonical: str
    places: str


@dataclass(frozen=True, slots=True)
class StoredRefusal:
    """An event that was not permitted, by whom, and why."""

    case_id: str
    event: str
    actor: Actor
    code: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Stood:
    """What of an offer changes with time, as it stood when a request was answered."""

    status: OfferStatus
    case_version: int
    approved_by: Actor | None
    accepted_option: str | None


class RecordRows(Connected):
    """Reading and writing the records."""

    def answer(self, key: str) -> StoredAnswer | None:
        """What was answered to the request that carried this idempotency key."""
        row = self.row(select(EVENT_KEY).where(self.mine(EVENT_KEY, key=key)))
        if row is None:
            return None
        return StoredAnswer(**{name: row[name] for name in StoredAnswer.__dataclass_fields__})

    def case_as_answered(self, answer: StoredAnswer) -> Case:
        """The case as it stood when that answer was given: the same request gets the same."""
        return built(Case, answer.answer)

    def offer_as_answered(self, answer: StoredAnswer, offer: Offer | None) -> Offer | None:
        """The case's offer as it stood then."""
        stood = built(_Stood, answer.answer["offer"]) if "offer" in answer.answer else None
        if offer is None or stood is None:
            return offer
        return replace(
            offer,
            status=stood.status,
            case_version=stood.case_version,
            approved_by=stood.approved_by,
            accepted_option=stood.accepted_option,
        )

    def put_answer(
        self,
        key: str,
        request_digest: str,
        case: Case,
        at: datetime,
        offer: Offer | None = None,
    ) -> None:
        """Keep the answer to a request under its key.

        IdempotencyKeyReused if the key was used for another request; CaseChangedMeanwhile if the
        same request was answered at the same time elsewhere: read its answer.
        """
        row: dict[str, Any] = {"shop": self.shop, "key": key, "request_digest": request_digest}
        row |= {"case_id": case.id, "version": case.version, "answer": _answer(case, offer)}
        if self._insert_new(EVENT_KEY, {**row, "recorded_at": at}):
            return
        found = self.answer(key)
        if found is not None and found.request_digest != request_digest:
            raise IdempotencyKeyReused(f"the key `{key}` was used before, for something else")
        if found is None or (found.case_id, found.version) != (case.id, case.version):
            raise CaseChangedMeanwhile(f"the request `{key}` was answered meanwhile; read it again")

    def put_refusal(
        self, case_id: str, event: str, actor: Actor, code: str, reason: str, at: datetime
    ) -> None:
        """Log that an event was not permitted. `case_id` is empty where no case was opened."""
        row = {"shop": self.shop, "id": self.new_id(at), "case_id": case_id, "event": event}
        who = {"actor_id": actor.id, "actor_role": actor.role}
        self._insert(REFUSAL, [{**row, **who, "code": code, "reason": reason, "at": at}])

    def refusals(self, case_id: str) -> tuple[StoredRefusal, ...]:
        """The events that were refused on a case, oldest first."""
        query = select(REFUSAL).where(self.mine(REFUSAL, case_id=case_id)).order_by(REFUSAL.c.id)
        return tuple(
            StoredRefusal(
                case_id=row["case_id"],
                event=row["event"],
                actor=Actor(row["actor_id"], row["actor_role"]),
                code=row["code"],
                reason=row["reason"],
                at=row["at"],
            )
            for row in self.rows(query)
        )

    def put_definition(self, digest: str, kind_of: str, canonical: str, places: str = "{}") -> None:
        """Keep the canonical form of a rulebook or calendar. InvariantBroken if it is another's."""
        if self.has_definition(digest):
            return
        if sha256(canonical) != digest:
            raise InvariantBroken(
                f"the definition does not hash to its digest {digest}: is it canonical JSON?"
            )
        row = {"shop": self.shop, "digest": digest, "kind_of": kind_of}
        self._insert_new(DEFINITION, {**row, "canonical": canonical, "places": places})

    def has_definition(self, digest: str) -> bool:
        """Is the definition of this digest kept already?"""
        query = select(DEFINITION.c.digest).where(self.mine(DEFINITION, digest=digest))
        return self.row(query) is not None

    def definition(self, digest: str) -> StoredDefinition | None:
        """The definition of this digest, if any case ever used it."""
        row = self.row(select(DEFINITION).where(self.mine(DEFINITION, digest=digest)))
        if row is None:
            return None
        return StoredDefinition(
            **{name: row[name] for name in StoredDefinition.__dataclass_fields__}
        )


def _answer(case: Case, offer: Offer | None) -> dict[str, Any]:
    answer: dict[str, Any] = plain(case)
    if offer is not None:
        stood = _Stood(offer.status, offer.case_version, offer.approved_by, offer.accepted_option)
        answer["offer"] = plain(stood)
    return answer
