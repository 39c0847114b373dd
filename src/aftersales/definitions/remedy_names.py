"""The remedies that channels and floors of law name: by name or by sort, over all policies."""

from collections.abc import Iterable, Iterator

from aftersales.definitions.documents import Document
from aftersales.definitions.inside import scalars_at
from aftersales.definitions.known import policies, remedies
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_remedies import GOODS_SORTS, VALUE_SORTS
from aftersales.definitions.text import Mapping, Scalar
from aftersales.domain.conditions import word_help


def check_remedies_named(documents: Iterable[Document], notes: Notes) -> None:
    """Note each word of a channel's `can` or a floor that is neither a remedy nor a sort of one."""
    all_documents = list(documents)
    known = {*VALUE_SORTS, *GOODS_SORTS, *remedies(all_documents), *_own_sorts(all_documents)}
    for scalar in _named(all_documents):
        if scalar.text not in known:
            help = word_help(scalar.text, sorted(known))
            message = f"`{scalar.text}` is neither a remedy nor a sort of remedy"
            notes.error("P404", scalar, message, help)


def _named(documents: list[Document]) -> Iterator[Scalar]:
    for document in policies(documents, "channels"):
        yield from scalars_at("can", document.root)
    for document in policies(documents, "floors"):
        yield from scalars_at("must_offer_one_of", document.root)


def _own_sorts(documents: list[Document]) -> Iterator[str]:
    """The keys of remedies: a sort that the shop handles itself stands among them."""
    for document in policies(documents, "options"):
        found = document.root.get("remedies")
        for _, remedy in found.items if isinstance(found, Mapping) else ():
            yield from (key.text for key, _ in remedy.items) if isinstance(remedy, Mapping) else ()
