"""The command: what is shown, and how."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import NotFound
from aftersales.cli.options import json_option, pairs, settings_options
from aftersales.cli.output import put, put_json, say

if TYPE_CHECKING:
    from aftersales.authoring.show import Shown
    from aftersales.config import Settings


@click.command("show")
@click.argument("name", required=False)
@click.option(
    "--for", "facts", metavar="NAME=VALUE", multiple=True, help="What such a customer can get."
)
@click.option("--at", metavar="DATE", help="As it holds on this day, instead of now.")
@click.option("--markdown", "as_markdown", is_flag=True, help="As Markdown.")
@click.option(
    "--html",
    "as_html",
    is_flag=True,
    help="Print a page in one file, cells by cost: > damaged.html",
)
@click.option("--workflow", is_flag=True, help="The workflow, where a policy has its name too.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    name: str | None,
    facts: tuple[str, ...],
    at: str | None,
    as_markdown: bool,
    as_html: bool,
    workflow: bool,
    as_json: bool,
) -> None:
    """Show a policy, a table or a workflow as grids; without NAME, the list of all.

    With --for: what a customer in FR with an order of 60 EUR can get, and what would change that.
    """
    if name is None and facts:
        raise click.UsageError("name the policy or the kind of case, as in `show NAME --for ...`")
    pages = _chosen(_pages(chosen, name, facts, at), workflow=workflow)
    if as_json:
        from aftersales.authoring.show import as_mapping  # here: see _pages

        put_json([as_mapping(page) for page in pages])
    elif as_html:
        from aftersales.reports import shown_page  # here: templates take time to load

        title = f"{pages[0].name}: {pages[0].sort}" if len(pages) == 1 else pages[0].name
        put(shown_page(title, pages).rstrip("\n"))
    else:
        _draw(pages, as_markdown=as_markdown)


def _chosen(pages: "list[Shown]", *, workflow: bool) -> "list[Shown]":
    """Of a policy and a workflow with one name the policy, unless the other was asked for."""
    workflows = [page for page in pages if page.sort == "a workflow"]
    others = [page for page in pages if page.sort != "a workflow"]
    if not (workflows and others):
        return pages
    if not workflow:
        say(f"there is a workflow of this name, too: aftersales show {pages[0].name} --workflow")
    return workflows if workflow else others


def _pages(
    chosen: "Settings", name: str | None, facts: tuple[str, ...], at: str | None
) -> "list[Shown]":
    from aftersales.cli.show.found import listed, shown  # here: `--help` reads no definitions

    if chosen.folder is not None and not chosen.folder.is_dir():
        raise NotFound(f"there is no folder `{chosen.folder}`")
    if name is None:
        return [listed(chosen.folder)]
    if facts:
        return [_offers(chosen.folder, name, facts, at, chosen.zone)]
    return shown(chosen.folder, name, _moment(at))


def _offers(
    folder: Path | None, name: str, facts: tuple[str, ...], at: str | None, zone: str | None
) -> "Shown":
    from dataclasses import replace  # here: see _pages

    from aftersales.authoring.show import shown_offers
    from aftersales.cli.explain.asked import Given, asked

    given = Given(facts=facts, at=at, is_usual=True)
    try:
        found = asked(folder, name, given, zone=zone)
    except NotFound:
        found = asked(folder, name, replace(given, is_usual=False), zone=zone)
    except click.BadParameter as error:
        error.param_hint = "--for" if error.param_hint == "--fact" else error.param_hint
        raise
    question = found.question
    if question.policy not in question.rulebook.policies.compensation:
        raise click.UsageError(f"`{name}` offers nothing: ask `aftersales explain {name}`")
    shown = shown_offers(question, pairs(facts, "--for"))
    return replace(shown, assumed=(*found.assumed, *shown.assumed))


def _moment(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(at).replace(hour=12, tzinfo=UTC)
    except ValueError:
        raise click.BadParameter(
            f"`{at}` is not a day, like 2026-03-01", param_hint="--at"
        ) from None


def _draw(pages: "list[Shown]", *, as_markdown: bool) -> None:
    from aftersales.cli.show.drawing import draw, markdown  # here: see _pages

    for number, page in enumerate(pages):
        if number:
            put()
        if as_markdown:
            for line in markdown(page):
                put(line)
        else:
            draw(page)
