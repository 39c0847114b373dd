"""What a reply may contain: an allow-list on the syntax tree, checked before it is compiled."""

import re
from collections.abc import Collection, Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from aftersales.notifiers.speech import FILTERS

MAX_TEMPLATE_LENGTH = 20_000
MAX_LOOP_DEPTH = 2
MAX_NESTING = 30
UNKNOWN_NAME = "is used but not among what the reply needs"

_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Keyword,
)
_HELP = "a reply holds text, `{{ name }}`, `{% if name %}` and `{% for x in list %}` only"
_PARSER = Environment(autoescape=False)  # noqa: S701  plain text, not HTML; and it only parses


def check_template(text: str, *, needs: Collection[str] | None = None) -> list[tuple[str, int]]:
    """What is wrong in the subject or body of a reply: messages with lines, counted from 1.

    With `needs` given, a name that is neither needed nor guarded is wrong too.
    """
    if len(text) > MAX_TEMPLATE_LENGTH:
        return [(f"the text is longer than {MAX_TEMPLATE_LENGTH} characters", 1)]
    try:
        tree = _PARSER.parse(text)
    except TemplateSyntaxError as error:
        return [(_in_words(error.message or ""), error.lineno)]
    except RecursionError:
        return [("the template is nested too deep", 1)]
    found = list(_walk(tree, loops=0, depth=0))
    if not found and needs is not None:
        found.extend(_unknown_names(tree, needs))
    return sorted(set(found), key=lambda problem: (problem[1], problem[0]))


def _walk(node: nodes.Node, *, loops: int, depth: int) -> Iterator[tuple[str, int]]:
    if depth > MAX_NESTING:
        yield "the template is nested too deep", node.lineno or 1
        return
    complaint = _complaint(node, loops)
    if complaint:
        yield complaint, node.lineno or 1
        return
    inner = loops + isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        yield from _walk(child, loops=inner, depth=depth + 1)


def _complaint(node: nodes.Node, loops: int) -> str:
    """Why this node is not allowed; empty if it is."""
    if isinstance(node, nodes.Filter):
        return _of_filter(node)
    if isinstance(node, nodes.Test):
        return "" if node.name == "known" else f"`is {node.name}` is not known; write `is known`"
    if isinstance(node, nodes.Getattr):
        of_name = isinstance(node.node, nodes.Name) and not node.attr.startswith("_")
        return "" if of_name else f"`.{node.attr}` is not allowed here; {_HELP}"
    if isinstance(node, nodes.For):
        return _of_loop(node, loops)
    if isinstance(node, nodes.Name) and node.name.startswith("_"):
        return f"`{node.name}` is not a name that a reply may use"
    if isinstance(node, _PLAIN):
        return ""
    name = type(node).__name__
    return f"{_CALLED.get(name, f'`{name.lower()}`')} is not allowed; {_HELP}"


_CALLED = {
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow", "Neg"), "arithmetic"),
    "Assign": "`set`",
    "AssignBlock": "`set`",
    "Call": "a call",
    "Compare": "a comparison",
    "Getitem": "`[ ]`",
    "List": "a list",
    "Dict": "a dictionary",
    "Concat": "joining by `~`",
    "CondExpr": "`if` inside `{{ }}`",
    "Macro": "`macro`",
    "Include": "`include`",
}


def _in_words(message: str) -> str:
    """What Jinja says of a text that it cannot read, as our messages read."""
    ended = re.search(r"innermost block that needs to be closed is '(\w+)'", message)
    if ended:
        return f"`{{% {ended[1]} %}}` has no `{{% end{ended[1]} %}}`"
    told = message.strip().rstrip(".").replace("'", "`") or "the template cannot be read"
    return " ".join((told[:1].lower() + told[1:]).split())


def _of_filter(node: nodes.Filter) -> str:
    if node.node is None or node.name not in FILTERS:
        return f"`{node.name}` is not a filter; there are {', '.join(sorted(FILTERS))}"
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return f"`{node.name}` takes no named arguments"
    if not all(isinstance(arg, nodes.Const) and isinstance(arg.value, str) for arg in node.args):
        return f"`{node.name}` takes quoted texts only"
    if len(node.args) != FILTERS[node.name]:
        return f"`{node.name}` takes {FILTERS[node.name] or 'no'} text"
    return ""


def _of_loop(node: nodes.For, loops: int) -> str:
    if not isinstance(node.iter, nodes.Name | nodes.Getattr) or not isinstance(
        node.target, nodes.Name
    ):
        return "a loop runs over one list, by name: `{% for option in options %}`"
    if node.recursive or node.test is not None:
        return "a loop may neither recurse nor filter"
    return "" if loops < MAX_LOOP_DEPTH else f"loops nest at most {MAX_LOOP_DEPTH} deep"


def names_used(text: str) -> frozenset[str]:
    """The names that a fine template reads, its loops' own left out."""
    names = list(_PARSER.parse(text).find_all(nodes.Name))
    own = {name.name for name in names if name.ctx == "store"}
    return frozenset(name.name for name in names) - own


def _unknown_names(tree: nodes.Template, needs: Collection[str]) -> Iterator[tuple[str, int]]:
    names = list(tree.find_all(nodes.Name))
    known = {name.name for name in names if name.ctx == "store"} | set(needs)
    known |= {name.name for name in _guarded(tree)}
    for name in names:
        if name.name not in known:
            known.add(name.name)
            yield f"`{name.name}` {UNKNOWN_NAME}", name.lineno


def _guarded(tree: nodes.Template) -> Iterator[nodes.Name]:
    """Names that may be missing, because the text says what is written then."""
    tests = [test.node for test in tree.find_all(nodes.Test)]
    filters = [each.node for each in tree.find_all(nodes.Filter) if each.name == "if_known"]
    return (node for node in (*tests, *filters) if isinstance(node, nodes.Name))
