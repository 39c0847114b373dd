"""What a thing is called for people, in one language or in several."""

from collections.abc import Sequence

Labels = tuple[tuple[str, str], ...]
"""Pairs of a language and a text; the language is empty where the author gave one text for all."""

FALLBACK = "en"


def label_in(labels: Sequence[tuple[str, str]], languages: Sequence[str] = ()) -> str:
    """The text in the first of `languages` that has one; of `de-AT`, that of `de` will do.

    Else English, else the first that was written; empty where there is none.
    """
    texts = dict(labels)
    for language in (*languages, FALLBACK):
        for wanted in (language, language.partition("-")[0]):
            if wanted in texts:
                return texts[wanted]
    return next(iter(texts.values()), "")
