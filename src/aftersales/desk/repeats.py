"""The same request twice: it acts once, and gets the answer it was given."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from aftersales.desk.context import Context
from aftersales.desk.view import CaseView
from aftersales.domain.errors import IdempotencyKeyReused
from aftersales.store import Transaction


def answered_before(context: Context, tx: Transaction, key: str, asked: str) -> CaseView | None:
    """The answer given to this key before; IdempotencyKeyReused if it was for something else."""
    known = tx.answer(key)
    if known is None:
        return None
    if known.request_digest != asked:
        used = key.partition("/")[2]
        raise IdempotencyKeyReused(f"the key `{used}` was used before, for something else")
    view = context.view(tx, tx.case_as_answered(known), is_repeat=True)
    return replace(view, offer=tx.offer_as_answered(known, view.offer))


def answer_now(
    context: Context,
    tx: Transaction,
    case_id: str,
    within: str,
    key: str | None,
    asked: str,
    now: datetime,
) -> CaseView:
    """The case as it stands now; kept, where the request had a key."""
    # Read again: what was said to the order's cases may have come back to this one.
    view = context.view(tx, tx.case(case_id))
    if key is not None:
        tx.put_answer(f"{within}/{key}", asked, view.case, now, view.offer)
    return view


def digest(*parts: object) -> str:
    """What tells one request from another."""
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def as_texts(facts: Mapping[str, object]) -> dict[str, str]:
    """The facts of a request, as `digest` compares them."""
    return {name: str(value) for name, value in facts.items()}
