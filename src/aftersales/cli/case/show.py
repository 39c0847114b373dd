"""`aftersales case show`: where a case stands, and what can be done."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from aftersales.cli.case import words
from aftersales.cli.case.find import find_case
from aftersales.cli.case.view import view_json
from aftersales.cli.options import json_option, settings_options, zone_of
from aftersales.cli.output import aligned, put, put_json
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import CaseView
    from aftersales.domain.rulebook import Rulebook


@click.command("show")
@click.argument("case_id")
@json_option
@settings_options
def command(chosen: "Settings", case_id: str, as_json: bool) -> None:
    """Where a case stands, who is waited on, until when, and what can be done."""
    desk = desk_from(chosen)
    view = find_case(desk, case_id)
    publication = desk.publication(view.id)
    if as_json:
        put_json(view_json(view) | {"publication": publication and publication.number})
        return
    rulebook = desk.rulebook(view.id)
    zone = zone_of(chosen, rulebook.calendar(of_case=view.case.calendar).zone)
    for line in shown(view, rulebook, desk.now(), zone):
        put(line)
    if publication is not None:
        put()
        put(words.opened_under(publication, view.case.rulebook, zone))


def shown(view: "CaseView", rulebook: "Rulebook", now: datetime, zone: str) -> list[str]:
    """The page, line by line."""
    case = view.case
    calendar = rulebook.calendar(of_case=case.calendar)
    page = [words.headline(case), words.standing(case, view.waiting_for)]
    if case.needs_person:
        page.append(f"a person must look: {case.needs_person}")
    dues = [words.until(timer, calendar, now, zone) for timer in words.armed(case.timers)]
    page += _section("Until", aligned(dues))
    possible = words.possible(rulebook.workflow, case.state, view.allowed_events)
    page += _section("What can be done", aligned(possible))
    if view.offer is not None:
        page += _section(words.offer_heading(view.offer, zone), aligned(words.offered(view.offer)))
    return page


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []
