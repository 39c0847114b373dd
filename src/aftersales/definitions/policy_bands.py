"""Bands of a policy's own: named slices that hold in its file, in place of those declared."""

from aftersales.definitions.facts import read_bands
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import FactSchema, word_help


def with_own_bands(keys: Keys, schema: FactSchema, notes: Notes) -> FactSchema:
    """`schema` with what the file writes under `bands`."""
    for fact, node in keys.pairs("bands"):
        if schema.declared(fact.text) is None:
            help = word_help(fact.text, schema.declarations)
            notes.error("C203", fact, f"`{fact.text}` is not a fact", help)
        else:
            bands = read_bands(node, fact.text, schema, notes)
            schema = schema.with_bands(fact.text, bands)
    return schema
