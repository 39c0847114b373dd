"""Adapters that tell people and machines: replies rendered, effects handed out."""

from typing import TYPE_CHECKING, Any

from aftersales.notifiers.allowed import check_template
from aftersales.notifiers.checked import check_replies
from aftersales.notifiers.render import (
    Message,
    Rendered,
    ReplyNotRenderable,
    ReplyText,
    compose,
    render,
)

if TYPE_CHECKING:
    from aftersales.notifiers.folder import deliver_to_folder as deliver_to_folder

__all__ = [
    "Message",
    "Rendered",
    "ReplyNotRenderable",
    "ReplyText",
    "check_replies",
    "check_template",
    "compose",
    "deliver_to_folder",
    "render",
]


def __getattr__(name: str) -> Any:
    """Load `deliver_to_folder` when it is used: replies are checked without a desk or a store."""
    if name != "deliver_to_folder":
        raise AttributeError(f"module 'aftersales.notifiers' has no attribute {name!r}")
    from aftersales.notifiers.folder import deliver_to_folder  # here: see above

    return deliver_to_folder
