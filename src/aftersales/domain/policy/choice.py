"""Where the working-out starts: the cell or row that fits, or the exception that replaces it."""

from collections.abc import Sequence
from typing import Literal

from aftersales.domain.errors import FactMissing
from aftersales.domain.policy.decision import LeftOut, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.rows import two_fit
from aftersales.domain.policy.table import Label, Matrix, OptionsRule


def chosen(work: Work) -> OptionsRule | Undecided:
    """The rule to start from, noted with what was not used. FactMissing if it cannot be told."""
    exception = _exception(work)
    if isinstance(exception, Undecided):
        return exception
    if exception is not None:
        if work.is_told:
            _note_replaced(exception, work)
        work.note("exception", _options(exception), exception.ref)
        return exception
    rule = _base(work)
    if isinstance(rule, OptionsRule):
        work.note("start", _options(rule), rule.ref)
    return rule


def _options(rule: OptionsRule) -> str:
    return ", ".join(" + ".join(names) for names in rule.options)


def _exception(work: Work) -> OptionsRule | Undecided | None:
    fitting = work.fits(work.policy.exceptions)
    beaten = {id for rule in fitting for id in rule.wins_over}
    winners = [rule for rule in fitting if rule.ref.rule not in beaten]
    for rule in fitting:
        if rule not in winners:
            over = next(r.ref.rule for r in fitting if rule.ref.rule in r.wins_over)
            work.leave_out(rule.ref.rule, f"`{over}` wins over it", rule.ref)
    if len(winners) > 1 or (fitting and not winners):
        return two_fit(work.policy.name, winners or fitting)
    return winners[0] if winners else None


def _note_replaced(exception: OptionsRule, work: Work) -> None:
    """Say which rule would have held, if that can be told."""
    matrix = work.policy.base
    if matrix is None:
        return
    # A fact, or a rate, that only the replaced cell needs is not needed.
    try:
        cell = _cell(matrix, work)
    except FactMissing:
        return
    if isinstance(cell, OptionsRule):
        why = f"the exception `{exception.ref.rule}` replaces it"
        work.left_out.append(LeftOut(cell.ref.rule, why, cell.ref))


def _base(work: Work) -> OptionsRule | Undecided:
    policy = work.policy
    if policy.base is not None:
        return _cell(policy.base, work)
    fitting = work.fits(policy.rows, first_only=policy.rows_choose_first)
    if len(fitting) > 1:
        return two_fit(policy.name, fitting)
    if fitting:
        return fitting[0]
    return policy.otherwise or Undecided(policy.name, "no row fits", (policy.ref,))


def _cell(matrix: Matrix, work: Work) -> OptionsRule | Undecided:
    line = _label(matrix.lines, matrix.down, "line", work)
    if isinstance(line, Undecided):
        return line
    column = _label(matrix.columns, matrix.across, "column", work) if matrix.across else ""
    if isinstance(column, Undecided):
        return column
    cell = matrix.cells.get((line, column))
    return cell or Undecided(work.policy.name, f"no cell for {line}, {column}", (work.policy.ref,))


def _label(
    labels: Sequence[Label], fact: str, what: Literal["line", "column"], work: Work
) -> str | Undecided:
    fitting = [label.name for label in labels if work.holds(label.when)]
    if len(fitting) == 1:
        return fitting[0]
    value = f"{fact} {work.facts.get(fact)}"
    why = f"{' and '.join(fitting)} both fit {value}" if fitting else f"no {what} fits {value}"
    return Undecided(work.policy.name, why, (work.policy.ref,))
