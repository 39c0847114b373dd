"""A first look at past cases: which columns nobody knows, and in which currency to add up."""

import re
from collections import Counter
from collections.abc import Iterable

from aftersales.authoring.simulate.past import CURRENCY, OWN_COLUMNS, Batch
from aftersales.authoring.simulate.reading import BUILT_IN_COLUMNS
from aftersales.definitions import Catalog

_AMOUNT = re.compile(r"-?\d+(?:\.\d+)? ([A-Z]{3})", re.ASCII)


def facts_known(catalogs: Iterable[Catalog | None]) -> frozenset[str]:
    """The facts that some of these versions declare, and the built-in ones that may be given."""
    declared = (catalog.facts for catalog in catalogs if catalog is not None)
    return frozenset(BUILT_IN_COLUMNS).union(*declared)


def unknown_columns(columns: Iterable[str], facts: frozenset[str]) -> tuple[str, ...]:
    """The columns that are neither ours nor a fact."""
    return tuple(name for name in columns if name not in OWN_COLUMNS and name not in facts)


def usual_currency(batch: Batch, catalog: Catalog) -> str:
    """The currency to add up in: the only one seen; of several, the one that rates start from.

    Without rates, that which is seen most often; without any money, the base of the rates.
    """
    seen = Counter(_currencies(batch))
    base = catalog.rates.base
    if len(seen) == 1 or (seen and not base):
        return seen.most_common(1)[0][0]
    return base


def _currencies(batch: Batch) -> Iterable[str]:
    is_currency = [name == CURRENCY for name in batch.columns]
    for row in batch.rows:
        for text, is_one in zip(row, is_currency, strict=True):
            if is_one and text:
                yield text
            elif amount := _AMOUNT.fullmatch(text):
                yield amount[1]
