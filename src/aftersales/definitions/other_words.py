"""What our words are called in other tools: `timeout` is our `within`, `boolean` our `yes_no`."""

from collections.abc import Iterable, Mapping

# Words that people take for some of ours, the more specific first.
_OTHER_WORDS = {
    **dict.fromkeys(("if", "condition", "conditions"), ("when", "if")),
    **dict.fromkeys(("when", "guard", "only_if"), ("if", "when", "only_if")),
    **dict.fromkeys(("then", "result", "offer", "offers", "remedy"), ("options", "use", "add")),
    **dict.fromkeys(("goto", "to", "next", "next_state", "target"), ("go_to",)),
    **dict.fromkeys(("action", "actions", "does", "effects"), ("do",)),
    **dict.fromkeys(("role", "roles", "who", "actor"), ("by", "roles")),
    **dict.fromkeys(("timeout", "duration", "after", "due", "time"), ("within",)),
    **dict.fromkeys(("on_timeout", "then_do", "when_due", "on_over"), ("when_over",)),
    **dict.fromkeys(("else", "default", "fallback"), ("otherwise",)),
    **dict.fromkeys(("reason", "why", "comment", "note"), ("because", "about")),
    **dict.fromkeys(("description", "title", "summary"), ("about", "subject", "label")),
    **dict.fromkeys(("text", "message", "content"), ("body",)),
    **dict.fromkeys(("start", "valid_from", "begins"), ("from", "starts_in")),
    **dict.fromkeys(("end", "to", "valid_to", "valid_until", "ends"), ("until",)),
    **dict.fromkeys(("values", "choices", "enum", "options"), ("of",)),
    **dict.fromkeys(("max", "maximum", "cap", "limit", "up_to"), ("at_most",)),
    **dict.fromkeys(("min", "minimum", "floor"), ("at_least",)),
    **dict.fromkeys(("name", "key", "rule"), ("id",)),
    **dict.fromkeys(("timezone", "time_zone", "tz"), ("zone",)),
    **dict.fromkeys(("initial", "initial_state", "first_state"), ("starts_in",)),
    **dict.fromkeys(("end_state", "is_final", "terminal"), ("final",)),
    **dict.fromkeys(("variables", "params", "requires"), ("needs",)),
    **dict.fromkeys(("lang", "locale"), ("language",)),
}


_OTHER_VALUES = {
    **dict.fromkeys(("bool", "boolean", "checkbox", "flag"), ("yes_no",)),
    **dict.fromkeys(("string", "str", "varchar", "free_text"), ("text",)),
    **dict.fromkeys(("int", "integer", "float", "decimal", "count"), ("number",)),
    **dict.fromkeys(("amount", "currency", "price", "usd", "eur"), ("money",)),
    **dict.fromkeys(("datetime", "timestamp", "date_time", "time"), ("instant",)),
    **dict.fromkeys(("enum", "select", "dropdown", "list", "words"), ("choice",)),
    **dict.fromkeys(("percentage", "share", "ratio"), ("percent",)),
    **dict.fromkeys(("shop", "us", "agent", "team", "staff", "support"), ("desk",)),
    **dict.fromkeys(("buyer", "client", "user"), ("customer",)),
    **dict.fromkeys(("ok", "success", "paid"), ("done",)),
    **dict.fromkeys(("error", "failure"), ("failed",)),
    **dict.fromkeys(("single", "unique", "only_one"), ("one",)),
    **dict.fromkeys(("every", "each", "collect"), ("all",)),
    **dict.fromkeys(("priority", "urgent", "most_important"), ("most_urgent",)),
}


def other_word(text: str, known: Iterable[str]) -> str | None:
    """Our word for what `text` is called elsewhere, if it may stand here."""
    return _first(_OTHER_WORDS, text, known)


def other_value(text: str, known: Iterable[str]) -> str | None:
    """Our word for what the value `text` is called elsewhere, if it may stand here."""
    return _first(_OTHER_VALUES, text, known)


def _first(words: Mapping[str, tuple[str, ...]], text: str, known: Iterable[str]) -> str | None:
    allowed = set(known)
    return next((word for word in words.get(text.lower(), ()) if word in allowed), None)
