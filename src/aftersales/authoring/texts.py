"""Facts as people write them, to the texts a case keeps."""

from collections.abc import Mapping

from aftersales.domain.calendar import iso, parse_instant
from aftersales.domain.conditions import FactSchema, FactType


def canonical_texts(schema: FactSchema, facts: Mapping[str, str], zone: str) -> dict[str, str]:
    """Each fact as a case keeps it; times without a zone are those of `zone`.

    ValueUnreadable if one cannot be read. Names that are no facts are kept as they are.
    """
    texts = {}
    for name, text in facts.items():
        declared = schema.declared(name)
        if declared is None or name == "option":
            texts[name] = text
        elif declared.type is FactType.INSTANT:
            texts[name] = iso(parse_instant(text, zone))
        else:
            texts[name] = schema.canonical_text(name, text)
    return texts
