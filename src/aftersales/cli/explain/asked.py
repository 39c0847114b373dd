"""What was asked on the command line: a policy, the facts of a case, and what is assumed."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from aftersales.authoring.explaining import Question
from aftersales.authoring.first_offer import GOODWILL
from aftersales.authoring.rules_named import rules_named
from aftersales.authoring.texts import canonical_texts
from aftersales.cli.exits import NotFound
from aftersales.cli.json_in import JsonMalformed, read_json
from aftersales.cli.options import pairs
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import FOLDERS, shipped_folder
from aftersales.definitions.story_files import TestsFile, read_tests_file
from aftersales.domain.calendar import parse_instant, speak
from aftersales.domain.conditions.words import word_help
from aftersales.domain.errors import FactMissing, ValueUnreadable
from aftersales.domain.money import Money
from aftersales.domain.policy import Policies, Undecided, with_answers
from aftersales.domain.policy.rows import why_not
from aftersales.domain.rulebook import Rulebook

_MIDNIGHT = "00:00"


@dataclass(frozen=True, slots=True)
class Given:
    """The options of the command that say what is known."""

    facts: tuple[str, ...] = ()
    file: str | None = None
    is_usual: bool = False
    at: str | None = None
    paid: Money | None = None
    earlier: Money | None = None
    goodwill: Money | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and in words what nobody said and was assumed."""

    question: Question
    assumed: tuple[str, ...]


def asked(folder: Path | None, name: str, given: Given, *, zone: str | None) -> Asked:
    """The question that was typed. NotFound for an unknown policy, BadParameter for a wrong fact.

    DefinitionsInvalid where the definitions have errors.
    """
    catalog = Catalog.load(folder)
    assumed: list[str] = []
    texts = dict(_of_file(given.file))
    texts |= pairs(given.facts, "--fact")
    if given.is_usual:
        _be_known(catalog, name)
        texts = _usual(folder or shipped_folder(), name, texts, assumed)
    kind = texts.pop("kind", None)
    at = _opened(catalog, given.at or texts.pop("opened_at", None), zone, assumed)
    rulebook = _rulebook(catalog, name, kind, at)
    if kind is None and (name == rulebook.kind or name not in rulebook.policies.rows):
        kind = rulebook.kind
        assumed += [] if name == kind else [f"the case is of the kind {kind}"]
    zone = zone or rulebook.calendar(rulebook.workflow.calendar or "desk").zone
    facts = _canonical(rulebook, {**({"kind": kind} if kind else {}), **texts}, zone)
    question = Question(
        rulebook=rulebook,
        policy=name,
        facts=facts,
        at=at,
        rates=catalog.rates_on(at.astimezone(UTC).date()),
        paid=given.paid,
        earlier=given.earlier,
        goodwill=given.goodwill,
    )
    question = _that_applies(question, assumed)
    assumed += _taken_for_granted(question, given, at)
    return Asked(question, tuple(assumed))


def _of_file(file: str | None) -> Mapping[str, str]:
    if file is None:
        return {}
    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        read = read_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise click.BadParameter(f"`{file}` is not UTF-8 text", param_hint="--facts") from None
    except JsonMalformed as error:
        raise click.BadParameter(f"`{file}`: {error}", param_hint="--facts") from None
    if not isinstance(read, dict):
        raise click.BadParameter(f"`{file}` must hold one object of facts", param_hint="--facts")
    return {str(key): _text(key, value) for key, value in read.items() if value is not None}


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    raise click.BadParameter(f"`{name}` must be a text, a number or true", param_hint="--facts")


def _usual(folder: Path, name: str, texts: dict[str, str], assumed: list[str]) -> dict[str, str]:
    """`texts` with the usual facts of the tests of `name` below them."""
    tests = _tests_of(folder, name)
    if tests is None:
        raise NotFound(f"no tests file for `{name}` in `{folder}` says what is `usual`")
    taken = {fact: text for fact, text in tests.usual.items() if fact not in texts}
    told = ", ".join(f"{fact} {text}" for fact, text in taken.items())
    assumed.append(f"as is usual by {tests.file}: {told}")
    return {**taken, **texts}


def _tests_of(folder: Path, name: str) -> TestsFile | None:
    """The tests of a policy before those of a workflow of the same name."""
    for part in sorted(FOLDERS):
        for path in sorted((folder / part).rglob("*.tests.yaml")):
            tests = read_tests_file(path, path.relative_to(folder).as_posix(), Notes())
            if tests is not None and tests.tests_of == name and tests.usual:
                return tests
    return None


def _opened(catalog: Catalog, text: str | None, zone: str | None, assumed: list[str]) -> datetime:
    desk = catalog.calendars.get("desk")
    zone = zone or (desk.zone if desk is not None else "UTC")
    if text is None:
        now = datetime.now(UTC).replace(microsecond=0)
        assumed.append(f"the case is opened now, {speak(now, zone)}")
        return now
    try:
        return parse_instant(
            f"{text} {_MIDNIGHT}" if len(text) == len("2026-01-01") else text, zone
        )
    except ValueUnreadable as error:
        raise click.BadParameter(f"{error}; {error.help}", param_hint="--at") from None


def _rulebook(catalog: Catalog, name: str, kind: str | None, at: datetime) -> Rulebook:
    """The rulebook that holds the policy: that of `kind`, else the first that does."""
    rulebooks = {k: catalog.rulebook(k, at) for k in catalog.kinds}
    if kind is not None and kind not in rulebooks:
        raise click.BadParameter(
            f"`{kind}` is not a kind; {word_help(kind, rulebooks)}", param_hint="--fact"
        )
    holding = [k for k, rulebook in rulebooks.items() if name in _policies(rulebook)]
    if kind is not None and (kind in holding or name == kind):
        return rulebooks[kind]
    if name in rulebooks and (name in holding or not holding):
        return rulebooks[name]
    if not holding:
        known = {*rulebooks, *(p for rulebook in rulebooks.values() for p in _policies(rulebook))}
        raise _unknown(name, known, [rulebook.policies for rulebook in rulebooks.values()])
    if kind is not None:
        raise click.BadParameter(
            f"no case of `{kind}` asks `{name}`; {', '.join(holding)} do", param_hint="--fact"
        )
    return rulebooks[holding[0]]


def _be_known(catalog: Catalog, name: str) -> None:
    """NotFound for what is no name of a policy or a kind in any version."""
    versions = [version.policies for version in catalog.versions]
    known = {*catalog.kinds, *(n for found in versions for n in (*found.compensation, *found.rows))}
    if name not in known:
        raise _unknown(name, known, versions)


def _unknown(name: str, known: Iterable[str], policies: Iterable[Policies]) -> NotFound:
    """What is said of what is no policy: of a rule, where it stands, and how to see it."""
    rules = dict.fromkeys(ref for some in policies for ref in rules_named(some, name))
    if not rules:
        help = word_help(name, sorted(known))
        return NotFound(f"there is no policy, kind or case `{name}`; {help}")
    told = ", ".join(f"`{ref.policy}` ({ref.file}:{ref.line})" for ref in rules)
    policy = next(iter(rules)).policy
    return NotFound(
        f"`{name}` is a rule of {told}; `aftersales show {policy}` shows what it says, "
        f"`aftersales explain {policy} --usual` which rule decides a case"
    )


def _policies(rulebook: Rulebook) -> frozenset[str]:
    return frozenset(rulebook.policies.compensation) | frozenset(rulebook.policies.rows)


def _canonical(rulebook: Rulebook, texts: Mapping[str, str], zone: str) -> dict[str, str]:
    known = rulebook.schema.all
    for fact in texts:
        if fact not in known:
            help = word_help(fact, known)
            raise click.BadParameter(f"`{fact}` is not a fact; {help}", param_hint="--fact")
    try:
        return canonical_texts(rulebook.schema, texts, zone)
    except ValueUnreadable as error:
        raise click.BadParameter(f"{error}; {error.help}", param_hint="--fact") from None


def _that_applies(question: Question, assumed: list[str]) -> Question:
    """Of a kind, the compensation policy that applies to the case.

    One that only a policy is called by is asked all the same, and that it does not apply is told.
    """
    name, rulebook = question.policy, question.rulebook
    why = _why_it_does_not_apply(question)
    if name in _policies(rulebook) and not why:
        return question
    told = f"the policy `{name}` does not apply to this case: {why}" if why else ""
    if why:
        assumed.append(told)
    if name != rulebook.kind:
        return question
    try:
        found = rulebook.policies.for_kind(question.known())
    except FactMissing as missing:
        raise click.BadParameter(f"{missing}; give it with --fact", param_hint="--fact") from None
    if isinstance(found, Undecided):
        raise NotFound("; ".join(filter(None, (found.why, told))))
    return replace(question, policy=found)


def _why_it_does_not_apply(question: Question) -> str:
    """The first fact that `applies_to` rules out; empty if it holds, or that cannot be said."""
    policies = question.rulebook.policies
    policy = policies.compensation.get(question.policy)
    if policy is None:
        return ""
    facts = with_answers(policies.rows, question.known(), policy.applies_to.reads)
    try:
        return "" if policy.applies_to.holds(facts) else why_not(policy.applies_to, facts)
    except FactMissing:
        return ""


def _taken_for_granted(question: Question, given: Given, at: datetime) -> Iterable[str]:
    if question.policy in question.rulebook.policies.compensation:
        is_told = GOODWILL in question.facts
        if given.earlier is None and given.goodwill is None and not is_told:
            yield "nothing was given before, neither on this order nor to this customer"
        if given.paid is None:
            yield "what was paid covers the affected value; no more than that is refunded"
    if question.rates.per_base:
        yield f"rates of exchange as of {at.astimezone(UTC).date()}"
