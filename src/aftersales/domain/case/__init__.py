"""Cases: what is known of one, and the pure functions that decide what becomes of it."""

from aftersales.domain.case.change import Change, Refusal
from aftersales.domain.case.choose import allowed_events
from aftersales.domain.case.decide import (
    MAY_BACKDATE,
    fire_timers,
    handle_event,
    message_told,
    open_case,
    settle,
)
from aftersales.domain.case.foreseeing import if_resumed
from aftersales.domain.case.model import (
    Account,
    Actor,
    Case,
    Effect,
    EffectStatus,
    HistoryEntry,
    Lane,
    LedgerEntry,
    LedgerStatus,
    Line,
    Offer,
    OfferStatus,
    Pause,
    Role,
    Timer,
)
from aftersales.domain.case.move import Moved, TimerMove, is_overdue, is_provisional, move
from aftersales.domain.case.person import call_person
from aftersales.domain.case.situation import Event, Opening, Surroundings

__all__ = [
    "MAY_BACKDATE",
    "Account",
    "Actor",
    "Case",
    "Change",
    "Effect",
    "EffectStatus",
    "Event",
    "HistoryEntry",
    "Lane",
    "LedgerEntry",
    "LedgerStatus",
    "Line",
    "Moved",
    "Offer",
    "OfferStatus",
    "Opening",
    "Pause",
    "Refusal",
    "Role",
    "Surroundings",
    "Timer",
    "TimerMove",
    "allowed_events",
    "call_person",
    "fire_timers",
    "handle_event",
    "if_resumed",
    "is_overdue",
    "is_provisional",
    "message_told",
    "move",
    "open_case",
    "settle",
]
