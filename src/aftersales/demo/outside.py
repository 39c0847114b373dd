"""The outside world of the demo: a folder for all that is sent, and payments that take a while."""

from pathlib import Path

from aftersales.desk import Desk
from aftersales.domain.case import Effect
from aftersales.notifiers import Message, compose, deliver_to_folder


def attach(desk: Desk, outbox: Path) -> None:
    """Have all effects written into `outbox`. Remedies are taken; their outcome comes later."""

    def render(effect: Effect) -> Message:
        told = desk.content(effect)
        return compose(effect, told.reply, told.values, language=told.language, zone=told.zone)

    deliver_to_folder(desk.on, outbox, render=render)
