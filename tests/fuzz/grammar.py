"""Cells, values and templates made up at random: mostly nearly right, sometimes monstrous."""

from collections.abc import Callable
from random import Random

_WORDS = """
    any missing known or nor not to at least at most over under above below and between from -
    USD EUR 100 USD 20 0 -1 1,000.50 1.000 1e9 012 50% 0.2 2026-03-01 01.03.2026 22:30 NO DE US
    yes no YES minor major total photo none de en 2 business days 24 hours 1 week $ € >= <= != =
    .. [ ] ( ) { } { USD: 100 , EUR: 95 } ' " | & * ! % @ ` ¥ “major” severity affected_value of
    20% refund_all + send offer by policy days asked_at opened_at
"""
WORDS = (*_WORDS.split(), "\u00a0", "\u202e", "\ud7ff")
_MONSTERS: tuple[Callable[[Random], str], ...] = (
    lambda random: "9" * random.choice((20, 400, 5_000, 50_000)),
    lambda random: "not " * random.choice((3, 300, 5_000)) + "US",
    lambda random: " or ".join(["US"] * random.choice((50, 3_000))),
    lambda random: "(" * random.choice((30, 3_000)) + ")" * 3,
    lambda random: "{" * random.choice((3, 3_000)) + "USD: 1" + "}" * 3,
    lambda random: f"1e{random.choice((9, 999_999, 10**12))} USD",
    lambda random: f"0.{'0' * random.choice((40, 4_000))}1 USD",
    lambda random: " " * random.choice((100, 20_000)) + "to" + " " * 100,
    lambda random: "a" * random.choice((1_000, 30_000)),
    lambda random: "1" + ",000" * random.choice((3, 5_000)) + " USD",
    lambda random: "-".join(["1"] * random.choice((4, 3_000))),
)
_EXPRESSIONS = (
    "order_id", "name", "options", "option.text", "option.amount", "x", "_x", "self", "loop.index",
    "'a' * 10**9", "10**10**10", "order_id.__class__.__mro__", "order_id['a']", "order_id()",
    "range(10**9)", "options|list|list", "order_id|upper", "name|if_known(' {}')", "name|money",
    "name|date_time", "name|if_known('{}{}' * 9)", "cycler(1)", "lipsum(n=10**9)", "namespace()",
    "[order_id] * 10**8", "{'a': order_id}", "order_id ~ order_id", "not order_id", "x is known",
    "''.join(options)", "'%s' % order_id", "order_id if name else x", "'{0.a}'.format(name)",
    "1 + 1", "options[0]", "options|map('text')|join", "order_id|attr('__class__')",
)  # fmt: skip
_LOOP = "{%% for x in options %%}"
_TAGS = (
    "{%% for option in options %%}%s{%% endfor %%}", "{%% for x in name %%}%s{%% endfor %%}",
    "{%% for o in options recursive %%}%s{{ loop(options) }}{%% endfor %%}",
    "{%% if name %%}%s{%% endif %%}", "{%% if name is known %%}%s{%% else %%}-{%% endif %%}",
    "{%% if %s %%}", "{%% set x = %s %%}", "{%% macro m() %%}%s{{ m() }}{%% endmacro %%}{{ m() }}",
    "{%% include '%s' %%}", "{%% raw %%}%s{%% endraw %%}", "{%% filter list %%}%s{%% endfilter %%}",
    "{%% block b %%}%s{%% endblock %%}", "{%% with %%}%s{%% endwith %%}", "{# %s #}", "{%% %s",
    _LOOP * 2 + "%s" + "{%% endfor %%}" * 2, _LOOP * 3 + "%s" + "{%% endfor %%}" * 3,
)  # fmt: skip


def cell(random: Random) -> str:
    """The text of a cell, an amount, a duration: a few words, or one monster."""
    if random.random() < 0.05:
        return random.choice(_MONSTERS)(random)
    joint = random.choice((" ", " ", " ", "", ", ", "\n"))
    return joint.join(random.choice(WORDS) for _ in range(random.randint(1, 7)))


def template(random: Random) -> str:
    """The body of a reply: expressions, tags in tags, and bombs."""
    if random.random() < 0.04:
        count = random.choice((30, 500, 4_000))
        return random.choice(("{{ %s }}", "{%% if %s %%}", "%s", "{{ x%s }}")) % (
            random.choice(("(", "not ", "a.", "{% if a %}", "{{", "[", "-", "|list")) * count
        )
    return "".join(_part(random, depth=0) for _ in range(random.randint(1, 4)))


def _part(random: Random, *, depth: int) -> str:
    chance = random.random()
    if chance < 0.3 or depth > 4:
        return random.choice(("Dear customer,\n", "we are sorry. ", "{", "}}", "%", "ü\u2028", " "))
    if chance < 0.65:
        return "{{ " + random.choice(_EXPRESSIONS) + " }}"
    tag = random.choice(_TAGS)
    inner = "".join(_part(random, depth=depth + 1) for _ in range(random.randint(0, 3)))
    return tag % (inner if random.random() < 0.8 else random.choice(_EXPRESSIONS))
