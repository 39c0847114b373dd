"""What a handler answers about an effect it was given."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """Carried out; `reference` is what the outside calls it."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken by the outside; whether it succeeds is told later, with `desk.settle`."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Failed for good. A failure that may pass is an exception: it is tried again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be told whether it was carried out."""

    reason: str = ""


Answer = Done | Accepted | Failed | Unknown


def done(reference: str = "") -> Done:
    """The effect was carried out."""
    return Done(reference)


def accepted(reference: str = "") -> Accepted:
    """The effect was taken; its outcome will be told with `desk.settle`."""
    return Accepted(reference)


def failed(reason: str) -> Failed:
    """The effect failed for good; the case is told, and nothing is tried again."""
    return Failed(reason)


def unknown(reason: str = "") -> Unknown:
    """Whether the effect was carried out cannot be told; the policy says what follows."""
    return Unknown(reason)
