"""All policies of a set of documents; the files of one rows table form one table."""

from collections.abc import Collection, Sequence
from itertools import groupby

from aftersales.definitions.documents import Document
from aftersales.definitions.known import policies
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import (
    read_channels,
    read_floors,
    read_option_policy,
    read_rows_table,
)
from aftersales.definitions.policy_handling import read_handling
from aftersales.definitions.policy_review import check_reviews
from aftersales.domain.conditions import FactSchema
from aftersales.domain.policy import Channels, Floors, Handling, OptionPolicy, Policies, RowsTable


def read_policies(
    documents: Sequence[Document],
    schema: FactSchema,
    notes: Notes,
    *,
    calendars: Collection[str] | None = None,
    other_days: Sequence[Document] = (),
) -> Policies:
    """The policies that `documents` define; what cannot be read is noted and left out.

    `other_days` are documents of other days, where one may say what is missed here.
    """
    read = Policies(
        compensation=_compensation(documents, schema, notes),
        rows=_rows(documents, schema, notes, calendars, other_days),
        channels=_channels(documents, schema, notes),
        floors=_floors(documents, schema, notes),
        handling=_handling(documents, schema, notes),
    )
    check_reviews(read, schema, notes)
    return read


def _compensation(
    documents: Sequence[Document], schema: FactSchema, notes: Notes
) -> dict[str, OptionPolicy]:
    read = [read_option_policy(d.root, schema, notes) for d in policies(documents, "options")]
    return {policy.name: policy for policy in read if policy is not None}


def _rows(
    documents: Sequence[Document],
    schema: FactSchema,
    notes: Notes,
    calendars: Collection[str] | None,
    other_days: Sequence[Document],
) -> dict[str, RowsTable]:
    answered = {d.name: f"{d.file} ({d.period})" for d in other_days if d.root.get("answers")}
    tables = {}
    ordered = sorted(policies(documents, "rows"), key=lambda d: (d.name, d.file))
    for name, files in groupby(ordered, key=lambda document: document.name):
        roots = [document.root for document in files]
        table = read_rows_table(
            roots, schema, notes, calendars=calendars, answered_in=answered.get(name, "")
        )
        if table is not None:
            tables[name] = table
    return tables


def _channels(documents: Sequence[Document], schema: FactSchema, notes: Notes) -> Channels:
    read = [read_channels(d.root, schema, notes) for d in policies(documents, "channels")]
    return Channels(tuple(rule for channels in read if channels for rule in channels.rules))


def _floors(documents: Sequence[Document], schema: FactSchema, notes: Notes) -> Floors:
    read = [read_floors(d.root, schema, notes) for d in policies(documents, "floors")]
    return Floors(tuple(floor for floors in read if floors for floor in floors.floors))


def _handling(documents: Sequence[Document], schema: FactSchema, notes: Notes) -> Handling:
    read = [read_handling(d.root, schema, notes) for d in policies(documents, "handling")]
    return Handling(tuple(rule for handling in read if handling for rule in handling.rules))
