"""A difference between two offers in words: other options, other amounts, approval or return."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftersales.domain.policy.decision import Option, OptionsDecision, Undecided

NOBODY = "nothing, so that a person decides"
NOT_ASKED = "nothing by this policy"
Outcome = OptionsDecision | Undecided | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was and what is now; differences with the same `key` are of the same sort."""

    key: tuple[object, ...]
    was: str
    now: str


def told(was: Outcome, now: Outcome) -> Told | None:
    """How two offers differ: in the first thing that a customer would see. None if they do not."""
    before, after = _options(was), _options(now)
    ids = [[option.id for option in options] for options in (before, after)]
    if set(ids[0]) != set(ids[1]) or (was is None) != (now is None):
        return _other_options(was, now, ids)
    by_id = {option.id: option for option in after}
    pairs = [(option, by_id[option.id]) for option in before]
    worth = [(a, b) for a, b in pairs if _worth(a) != _worth(b)]
    if worth:
        names = tuple(a.id for a, _ in worth)
        return Told(("worth", names), _worths(a for a, _ in worth), _worths(b for _, b in worth))
    for what, asked in (("approval", _approval), ("return", _returned)):
        differing = [(asked(a), asked(b)) for a, b in pairs if asked(a) != asked(b)]
        if differing:
            return Told((what, differing[0]), *(f"{what} {answer}" for answer in differing[0]))
    return None


def _other_options(was: Outcome, now: Outcome, ids: Sequence[Sequence[str]]) -> Told:
    gone = [id for id in ids[0] if id not in ids[1]]
    more = [id for id in ids[1] if id not in ids[0]]
    before = " or ".join(gone) if ids[0] else _none(was)
    after = " or ".join(more) if ids[1] else _none(now)
    if ids[0] and not gone:
        before = f"without {after}"
    if ids[1] and not more:
        after = f"without {before}"
    return Told((tuple(gone), tuple(more), before, after), before, after)


def _none(outcome: Outcome) -> str:
    return NOT_ASKED if outcome is None else NOBODY


def _approval(option: Option) -> str:
    return option.approval


def _options(outcome: Outcome) -> tuple[Option, ...]:
    return outcome.options if isinstance(outcome, OptionsDecision) else ()


def _worth(option: Option) -> tuple[object, ...]:
    return tuple((remedy.name, remedy.amount, remedy.cost) for remedy in option.remedies)


def _worths(options: Iterable[Option]) -> str:
    return ", ".join(f"{option.id} of {_amounts(option)}" for option in options)


def _amounts(option: Option) -> str:
    """What the customer gets; of goods, what they cost us."""
    return " + ".join(str(r.amount if r.amount is not None else r.cost) for r in option.remedies)


def _returned(option: Option) -> str:
    return str(option.returns)
