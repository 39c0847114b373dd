"""Facts that the engine knows of every case, without a declaration."""

from collections.abc import Mapping
from typing import Literal

from aftersales.domain.conditions.cell import Bound, Cell, CellKind, Interval
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.money import zero

APPROVAL_BANDS = ("none_needed", "agent", "supervisor", "manager")


def _declared(
    name: str,
    type: FactType,
    label: str,
    *,
    choices: tuple[str, ...] = (),
    range: Cell | None = None,
    is_set: bool = False,
    may_be_missing: bool = True,
) -> FactDeclaration:
    return FactDeclaration(
        name,
        type,
        choices=choices,
        in_order=bool(choices),
        range=range,
        may_be_missing=may_be_missing,
        set_by=("system",),
        is_set=is_set,
        is_built_in=True,
        labels=(("en", label),),
    )


_NOT_NEGATIVE = Cell(
    CellKind.MATCHES,
    (Interval(Bound("0 USD", is_included=True, amounts={"USD": zero("USD")}), None),),
)

_NAME, _MONEY = FactType.NAME, FactType.MONEY

BUILT_IN: Mapping[str, FactDeclaration] = {
    declaration.name: declaration
    for declaration in (
        _declared("kind", _NAME, "what the case is about", may_be_missing=False),
        _declared("state", _NAME, "where the case stands", may_be_missing=False),
        _declared("priority", _NAME, "how urgent the case is"),
        _declared("opened_at", FactType.INSTANT, "when the case was opened", may_be_missing=False),
        _declared("outcome", _NAME, "how the case ended"),
        _declared(
            "order_held", FactType.YES_NO, "whether the order is held, so that nothing is paid"
        ),
        _declared("option", _NAME, "the option given with an event, or accepted"),
        _declared(
            "remedy", _NAME, "the remedies of the option; it fits if one of them does", is_set=True
        ),
        _declared(
            "approval", FactType.CHOICE, "who must approve the offer", choices=APPROVAL_BANDS
        ),
        _declared("cost", _MONEY, "what the option costs us", range=_NOT_NEGATIVE),
        _declared("cost_share", FactType.PERCENT, "the option's cost over the affected value"),
        _declared("return_required", _NAME, "whether the goods must come back"),
        _declared("deadline", _NAME, "the deadline that is asked about"),
        _declared(
            "best_value_to_customer",
            _MONEY,
            "the most that an option is worth to the customer",
            range=_NOT_NEGATIVE,
        ),
    )
}

Where = Literal["a guard", "a rule", "`approval`", "`return_required`", "a rows table", "a law"]
"""The sorts of places where a condition may stand. A law is what an author states of all cases."""

_ONLY_IN: Mapping[str, tuple[Where, ...]] = {
    "deadline": ("a rows table",),
    "approval": ("a guard", "a law"),
    "return_required": ("a guard", "a law"),
    "option": ("a guard", "`return_required`", "a law"),
    "remedy": ("a guard", "`return_required`", "a law"),
    "cost": ("`approval`", "`return_required`", "a law"),
    "cost_share": ("`return_required`", "a law"),
    "best_value_to_customer": ("a law",),
}


def known_in(name: str) -> tuple[Where, ...] | None:
    """The places where a built-in fact is known; None: everywhere, as any declared fact."""
    return _ONLY_IN.get(name)
