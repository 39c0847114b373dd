"""Errors for callers. One tree; the first line of each docstring is the default message."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftersales.domain.problem import Problem


class AftersalesError(Exception):
    """Something went wrong in aftersales."""

    def __init__(self, message: str | None = None) -> None:
        """`message` replaces the default, the first line of the class's docstring."""
        super().__init__(message or (type(self).__doc__ or "").splitlines()[0])


class CurrencyMismatch(AftersalesError, ValueError):
    """Two amounts of different currencies cannot be added or compared."""


class ValueUnreadable(AftersalesError, ValueError):
    """A text could not be read as the value it should be."""

    def __init__(self, message: str | None = None, *, help: str = "") -> None:
        super().__init__(message)
        self.help = help


class FactMissing(AftersalesError):
    """A fact that a reached rule reads is not known."""

    def __init__(self, fact: str) -> None:
        super().__init__(f"the fact `{fact}` is not known")
        self.fact = fact


class RateMissing(FactMissing):
    """A rate of exchange that a reached rule needs is in no file of rates that has begun."""

    def __init__(self, given: str, wanted: str) -> None:
        super().__init__(f"rate {given}->{wanted}")
        self.args = (f"the {self.fact} is not known",)


class DefinitionsInvalid(AftersalesError):
    """The definitions have problems."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class CaseNotFound(AftersalesError, LookupError):
    """No such case in this shop."""


class KindNotInForce(AftersalesError, LookupError):
    """No workflow of this kind is in force on that day."""


class NothingPublished(AftersalesError):
    """Nothing is published for this shop; run `aftersales publish`, or give the desk a catalog."""


class PublicationNotFound(AftersalesError, LookupError):
    """No such publication in this shop."""


class PublicationRefused(AftersalesError):
    """The definitions cannot be published like this."""


class EventRefused(AftersalesError):
    """The event is not permitted now."""

    def __init__(self, reason: str, *, code: str = "", allowed: Sequence[str] = ()) -> None:
        possible = f"; possible now: {', '.join(allowed)}" if allowed else ""
        super().__init__(f"{reason}{possible}")
        self.reason = reason
        self.code = code
        self.allowed = tuple(allowed)


class CaseChangedMeanwhile(AftersalesError):
    """The case has moved on since it was read; read it again."""


class IdempotencyKeyReused(AftersalesError):
    """This idempotency key was used before, for something else."""


class StoreNotReady(AftersalesError):
    """The database is not at the schema this version needs; run `aftersales migrate`."""


class StoreUnavailable(AftersalesError):
    """The database cannot be used now."""


class InvariantBroken(AftersalesError):
    """An invariant of the engine does not hold; nothing was saved."""


class DeliveryFailed(AftersalesError):
    """A delivery failed for now and is to be tried again."""

    def __init__(
        self, message: str | None = None, *, retry_after_seconds: int | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
