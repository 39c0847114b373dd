"""The page of an explanation: pure functions from values to lines of text."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aftersales.cli.output import aligned
from aftersales.domain.policy import (
    LeftOut,
    Option,
    OptionsDecision,
    RowsDecision,
    RuleRef,
    Step,
    Undecided,
)

if TYPE_CHECKING:
    from aftersales.authoring.explaining import Answer, Explained, Missing
    from aftersales.authoring.why_not import WhyNot

_KEEPS = "customer_keeps"


def page(explained: "Explained", assumed: Sequence[str]) -> list[str]:
    """The page, line by line: what is decided, from which facts, how, why not otherwise."""
    decision = explained.decision
    sections = [_head(explained)]
    if isinstance(decision, OptionsDecision):
        sections += [
            _offered(decision),
            _facts(explained),
            _worked_out(decision, explained.because),
            _not_offered(explained.not_offered),
            _left_out("Rules that do not fit", _of_rules(explained)),
        ]
    elif isinstance(decision, RowsDecision):
        sections += [
            _answered(decision, explained.because),
            _facts(explained),
            _left_out("Rows that do not fit", explained.left_out),
        ]
    else:
        sections += [
            ["Nobody can say", f"  {decision.why}"],
            _missing(explained.missing),
            _facts(explained),
            _left_out("Rows that do not fit", explained.left_out),
        ]
    sections.append(_titled("Taken for granted", assumed))
    written = [section for section in sections if section]
    return [line for section in written for line in (*section, "")][:-1]


def why_lines(why: "WhyNot") -> list[str]:
    """Why one option is not the answer."""
    if why.is_offered:
        return [f"{why.option}: {why.why}{_at(why.rule)}"]
    page = [f"{why.option}: {why.why}{_at(why.rule)}"]
    page += [f"  also named by {_named(other.rule)}: {other.why}" for other in why.others]
    return page


def _head(explained: "Explained") -> list[str]:
    about = f": {explained.about}" if explained.about else ""
    return [f"{explained.policy}{about} ({explained.place})"]


def _offered(decision: OptionsDecision) -> list[str]:
    if not decision.options:
        return ["Nothing can be offered; a person must look"]
    return ["Offered", *aligned([_option(option) for option in decision.options])]


def _option(option: Option) -> tuple[str, ...]:
    amounts = ", ".join(str(r.amount) if r.amount else r.sort for r in option.remedies)
    cost = sum(remedy.cost.minor for remedy in option.remedies)
    first = option.remedies[0].cost
    total = type(first).from_minor(cost, first.currency)
    answer, within = option.returns.answer, option.returns.within
    back = "the customer keeps the goods" if answer == _KEEPS else answer
    approval = "no approval" if option.approval == "none_needed" else f"{option.approval} approves"
    return (
        f"  {option.id}",
        amounts,
        f"costs us {total}",
        approval,
        f"{back} within {within}" if within else back,
    )


def _facts(explained: "Explained") -> list[str]:
    by_policy = {answer.fact: answer for answer in explained.answers}
    rows = [(f"  {fact}", text, "") for fact, text in explained.facts.items()
            if fact not in by_policy]  # fmt: skip
    rows += [(f"  {a.fact}", a.value or "not known", _by_policy(a)) for a in by_policy.values()]
    return ["Facts", *aligned(rows)]


def _by_policy(answer: "Answer") -> str:
    decision = answer.decision
    if isinstance(decision, Undecided):
        return f"by policy {answer.policy}: {decision.why}"
    because = f", because {answer.because}" if answer.because else ""
    return f"by policy {answer.policy}: {_named(decision.rule)}{because}"


def _worked_out(decision: OptionsDecision, because: Mapping[str, str]) -> list[str]:
    page = ["How it was worked out", f"  rule {_named(decision.rule)}"]
    if reason := because.get(decision.rule.rule):
        page.append(f"    because {reason}")
    page += [_step(step, "  ") for step in decision.steps]
    for option in decision.options:
        page += [f"  {option.id}", *(_step(step, "    ") for step in option.steps)]
    return page


def _step(step: Step, margin: str) -> str:
    return f"{margin}{step.what}: {step.result}{_at(step.rule, step.what)}"


def _not_offered(whys: "Sequence[WhyNot]") -> list[str]:
    return _titled("Not offered", [f"{w.option}: {w.why}{_at(w.rule)}" for w in whys])


def _of_rules(explained: "Explained") -> list[LeftOut]:
    """What was left out besides the options, which are told of already."""
    options = {why.option for why in explained.not_offered}
    reasons = {(why.rule, why.why) for why in explained.not_offered}
    decision = explained.decision
    left_out = decision.left_out if isinstance(decision, OptionsDecision) else ()
    return [
        out for out in left_out if out.what not in options and (out.rule, out.why) not in reasons
    ]


def _left_out(title: str, left_out: Sequence[LeftOut]) -> list[str]:
    return _titled(title, [f"{out.what}: {out.why}{_at(out.rule, out.what)}" for out in left_out])


def _answered(decision: RowsDecision, because: Mapping[str, str]) -> list[str]:
    rows = [(f"  {column}", text) for column, text in decision.answers.items() if text != "[]"]
    page = ["Answer", *aligned(rows), f"  by rule {_named(decision.rule)}"]
    if reason := because.get(decision.rule.rule):
        page.append(f"    because {reason}")
    page += [f"  {_named(other)} fits too" for other in decision.others]
    return page


def _missing(missing: "Sequence[Missing]") -> list[str]:
    page = []
    for fact in missing:
        label = f", {fact.label}" if fact.label else ""
        page.append(f"  {fact.fact}{label}: {fact.may_be or 'in no file of rates that has begun'}")
        page += [f"    {_named(reader.rule)} asks for {reader.asks}" for reader in fact.readers]
    return ["What is needed and not known, and who reads it", *page] if page else []


def _titled(title: str, lines: Sequence[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines)] if lines else []


def _named(rule: RuleRef | None) -> str:
    return "" if rule is None else f"{rule.rule} ({rule.file}:{rule.line})"


def _at(rule: RuleRef | None, told: str = "") -> str:
    """The rule and where it is written; its id only if the line has not said it."""
    if rule is None:
        return ""
    id = "" if told.startswith(rule.rule) else f"{rule.rule}, "
    return f" ({id}{rule.file}:{rule.line})"
