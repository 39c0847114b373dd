"""The command: what NAME is, and the page that tells it."""

import re
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit
from aftersales.cli.options import json_option, money, settings_options
from aftersales.cli.output import put, put_json

if TYPE_CHECKING:
    from aftersales.authoring.explaining import Explained
    from aftersales.authoring.why_not import WhyNot
    from aftersales.cli.explain.asked import Asked
    from aftersales.config import Settings

_CODE = re.compile(r"[A-Za-z]\d{3}")
_CASE = re.compile(r"(?=.*\d)[0-9a-f-]{4,36}")


@click.command("explain")
@click.argument("name")
@click.option("--fact", "facts", metavar="NAME=VALUE", multiple=True, help="A fact; repeatable.")
@click.option("--facts", "file", metavar="FILE", help="Facts as one JSON object; `-`: stdin.")
@click.option("--usual", is_flag=True, help="Take the `usual:` facts of the policy's tests file.")
@click.option("--at", metavar="DATE", help="When the case was opened; now if not given.")
@click.option("--paid", metavar="MONEY", help="What the customer paid for the order.")
@click.option("--earlier", metavar="MONEY", help="What remedies on the order have cost so far.")
@click.option("--goodwill", metavar="MONEY", help="What this customer was given lately.")
@click.option("--why-not", metavar="OPTION", help="Why this option, or row, is not the answer.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    name: str,
    facts: tuple[str, ...],
    file: str | None,
    usual: bool,
    at: str | None,
    paid: str | None,
    earlier: str | None,
    goodwill: str | None,
    why_not: str | None,
    as_json: bool,
) -> int:
    """Why a policy decides as it does, rule by rule.

    NAME is a policy or a kind of case, for facts given here; the id of a stored case; or the code
    of a problem, such as C203.
    """
    if _CODE.fullmatch(name):
        return _problem(name, as_json=as_json)
    if _CASE.fullmatch(name):
        return _case(chosen, name, why_not, as_json=as_json)

    from aftersales.cli.explain.asked import Given, asked  # here: reads all definitions

    given = Given(
        facts=facts,
        file=file,
        is_usual=usual,
        at=at,
        paid=money(paid, "--paid"),
        earlier=money(earlier, "--earlier"),
        goodwill=money(goodwill, "--goodwill"),
    )
    return _policy(asked(chosen.folder, name, given, zone=chosen.zone), why_not, as_json=as_json)


def _problem(code: str, *, as_json: bool) -> int:
    from aftersales.cli.explain.problem import page  # here: needed by this sort only

    text = page(code)
    if as_json:
        put_json({"code": code.upper(), "page": text})
    else:
        put(text.rstrip("\n"))
    return Exit.DONE


def _case(chosen: "Settings", id: str, why_not: str | None, *, as_json: bool) -> int:
    from aftersales.cli.explain.stored import explained, page, why_no  # here: the database

    desk, view = explained(chosen, id)
    if why_not is None:
        page(desk, view.id, chosen, as_json=as_json)
        return Exit.DONE
    return _told(why_no(desk, view, why_not), as_json=as_json)


def _policy(asked: "Asked", why_not: str | None, *, as_json: bool) -> int:
    from aftersales.authoring.explaining import explain  # here: help needs none of it
    from aftersales.cli.explain.drawing import page
    from aftersales.cli.pages import put_page
    from aftersales.domain.policy import Undecided

    explained = explain(asked.question)
    is_undecided = isinstance(explained.decision, Undecided)
    if why_not is not None and not is_undecided:
        return _told(_why_not(explained, asked, why_not), as_json=as_json)
    if as_json:
        put_json({**_as_data(explained), "at": asked.question.at, "assumed": asked.assumed})
    else:
        put_page(page(explained, asked.assumed))
    return Exit.REFUSED if is_undecided else Exit.DONE


def _as_data(explained: "Explained") -> dict[str, object]:
    """The explanation by field, and of which sort the decision is."""
    sorts = {"OptionsDecision": "options", "RowsDecision": "rows", "Undecided": "undecided"}
    fields = {name: getattr(explained, name) for name in explained.__slots__}
    return {"decided": sorts[type(explained.decision).__name__], **fields}


def _why_not(explained: "Explained", asked: "Asked", wanted: str) -> "WhyNot":
    from aftersales.cli.explain.why import of_options, of_rows  # here: see _policy
    from aftersales.domain.policy import OptionsDecision, RowsDecision

    policies = asked.question.rulebook.policies
    if isinstance(explained.decision, OptionsDecision):
        policy = policies.compensation[explained.policy]
        facts = asked.question.rulebook.facts(
            explained.facts, rates=asked.question.rates, builtins={"opened_at": asked.question.at}
        )
        return of_options(policy, facts, explained.decision, wanted)
    assert isinstance(explained.decision, RowsDecision)
    table = policies.rows[explained.policy]
    return of_rows(table, explained.decision, explained.left_out, wanted)


def _told(why: "WhyNot", *, as_json: bool) -> int:
    from aftersales.cli.explain.drawing import why_lines  # here: see _policy
    from aftersales.cli.pages import wrapped

    if as_json:
        put_json(why)
    else:
        for line in wrapped(why_lines(why)):
            put(line)
    return Exit.DONE
