"""The outside world of the demo: a folder for all that is sent, and payments that take a while."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from aftersales.definitions import Catalog
from aftersales.desk import Desk
from aftersales.domain.case import Effect
from aftersales.domain.workflow import Action, Workflow
from aftersales.notifiers import Message, compose, deliver_to_folder


def attach(desk: Desk, outbox: Path, *, at: datetime) -> None:
    """Have all effects written into `outbox`. Remedies are taken; their outcome comes later."""

    def render(effect: Effect) -> Message:
        told = desk.content(effect)
        return compose(effect, told.reply, told.values, language=told.language, zone=told.zone)

    deliver_to_folder(desk.on, outbox, render=render, calls=calls_of(desk.catalog, at))


def calls_of(catalog: Catalog, at: datetime) -> list[str]:
    """What the workflows call the shop by: `call NAME`."""
    workflows = (catalog.rulebook(kind, at).workflow for kind in catalog.kinds)
    actions = (action for workflow in workflows for action in _actions(workflow))
    return sorted({action.argument for action in actions if action.verb == "call"})


def _actions(workflow: Workflow) -> Iterator[Action]:
    yield from workflow.when_opened
    for ways in workflow.anywhere.values():
        for way in ways:
            yield from way.do
    for state in workflow.states.values():
        for ways in state.events.values():
            for way in ways:
                yield from way.do
