"""Adapters that tell people and machines: replies rendered, effects handed out."""

from aftersales.notifiers.allowed import check_template
from aftersales.notifiers.checked import check_replies
from aftersales.notifiers.folder import deliver_to_folder
from aftersales.notifiers.render import (
    Message,
    Rendered,
    ReplyNotRenderable,
    ReplyText,
    compose,
    render,
)

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
