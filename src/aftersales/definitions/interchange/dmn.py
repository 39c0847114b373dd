"""Decision tables of DMN as rows tables: hit policies unique, first and collect."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aftersales.definitions.formatting.quoting import written
from aftersales.definitions.interchange.dmn_xml import Element
from aftersales.definitions.interchange.sfeel import cell_of, literal, split
from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import (
    RESERVED,
    FactDeclaration,
    FactSchema,
    FactType,
    parse_cell,
    ticked,
)
from aftersales.domain.errors import ValueUnreadable

_CHOOSE = {
    "UNIQUE": "one",
    "U": "one",
    "FIRST": "first",
    "F": "first",
    "COLLECT": "all",
    "C": "all",
}
_TYPES = {
    "string": FactType.TEXT,
    "number": FactType.NUMBER,
    "integer": FactType.NUMBER,
    "long": FactType.NUMBER,
    "double": FactType.NUMBER,
    "boolean": FactType.YES_NO,
    "date": FactType.DATE,
    "dateTime": FactType.INSTANT,
    "date and time": FactType.INSTANT,
}
_OWN_KEYS = ("id", "when", "because", "source", "read_on", "in_force_from")  # of a row
_ANSWERS = {FactType.NUMBER: "number", FactType.YES_NO: "yes_no"}
_FACTS_HEAD = re.compile(r"^(facts:[ \t]*(?:#[^\n]*)?\n)(?:[ \t]*(?:#[^\n]*)?\n)*( +)", re.M)
_EXPRESSION = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]*")


@dataclass(frozen=True, slots=True)
class FromDmn:
    """A rows table as YAML, and the facts that are to be declared for it, as YAML too."""

    policy: str
    table: str
    facts: str


@dataclass(frozen=True, slots=True)
class _Input:
    declaration: FactDeclaration
    schema: FactSchema

    def say(self, text: str) -> str:
        """The text of a literal as this fact has it."""
        if self.declaration.type is FactType.TEXT:
            return f"'{text}'" if "'" not in text else f'"{text}"'
        if any(word in RESERVED for word in (*text.split(), named(text))):
            help = "give it another word in the modeler"
            raise ValueUnreadable(f"the value `{text}` means something else in a cell", help=help)
        is_choice = self.declaration.type is FactType.CHOICE
        return named(text) if is_choice and text not in self.declaration.choices else text

    def cell(self, text: str) -> str:
        """A unary test as a cell that can be read."""
        cell = parse_cell(cell_of(text, self.say), self.declaration, self.schema)
        return str(cell)


@dataclass(frozen=True, slots=True)
class _Output:
    name: str
    type: FactType
    words: tuple[str, ...]


def decisions_in(root: Element) -> dict[str, Element]:
    """The decisions of a DMN file that are tables, by name."""
    return {d.called: d for d in root.all("decision") if d.first("decisionTable")}


def named(text: str) -> str:
    """A text as one of our names: `Customer Tier` and `customerTier` are `customer_tier`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text.strip())
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_") or "unnamed"


def declared_too(content: str, facts: str) -> str | None:
    """A file of facts with those that a decision needs; None if it is clearer to do it by hand."""
    head = _FACTS_HEAD.search(content)
    if head is None:
        return None
    lines = [f"{head[2]}{line.lstrip()}" for line in facts.splitlines()[1:]]
    return content[: head.end(1)] + "".join(f"{line}\n" for line in lines) + content[head.end(1) :]


def from_dmn(decision: Element, schema: FactSchema, notes: Notes) -> FromDmn | None:
    """The decision as a rows table, or None with what cannot be expressed noted."""
    table = decision.first("decisionTable")
    assert table is not None
    before = len(notes.problems)
    choose = _choose(decision, table, notes)
    inputs = [_input(node, decision, schema, notes) for node in table.all("input")]
    outputs = [_output(node, decision) for node in table.all("output")]
    _check_outputs(outputs, decision, table, notes)
    reader = _Rules(decision, inputs, outputs, notes)
    rows = [reader.row(number, rule) for number, rule in enumerate(table.all("rule"), 1)]
    otherwise = reader.otherwise(list(table.all("output")))
    if not (outputs and rows):
        missing = "rules" if outputs else "output"
        message = f"decision `{decision.called}` has no {missing}"
        notes.error("I914", table.place, message, f"add {missing} to the table in your modeler")
    if len(notes.problems) > before:
        return None
    name = named(decision.called)
    head = ["aftersales: policy/1", f"policy: {name}", f"choose: {choose}", "answers:"]
    head += [f"  {o.name}: {_answer(o, reader.left_out)}" for o in outputs]
    body = ["rows:", *(f"  - {row}" for row in rows), *otherwise]
    text = "\n".join([*head, *body]) + "\n"
    new = {i.declaration.name: i.declaration for i in inputs if i}
    return FromDmn(name, text, _facts([d for n, d in new.items() if schema.declared(n) is None]))


def _choose(decision: Element, table: Element, notes: Notes) -> str:
    policy = table.attributes.get("hitPolicy", "UNIQUE")
    aggregation = table.attributes.get("aggregation", "")
    if policy not in _CHOOSE or aggregation:
        what = f"{policy} {aggregation}".strip()
        help = "unique, first and collect can be read"
        message = f"decision `{decision.called}`: the hit policy `{what}` cannot be expressed"
        notes.error("I912", table.place, message, help)
    return _CHOOSE.get(policy, "one")


def _input(node: Element, decision: Element, schema: FactSchema, notes: Notes) -> _Input | None:
    expression = node.first("inputExpression")
    text = node.said("inputExpression", "text")
    name = named(text)
    if not _EXPRESSION.fullmatch(text):
        help = "let the input name one fact, and work the value out before"
        message = f"decision `{decision.called}`: the input `{text}` cannot be expressed"
        notes.error("I914", (expression or node).place, message, help)
        return None
    if declared := schema.declared(name):
        return _Input(declared, schema)
    type_name = (expression.attributes.get("typeRef", "string") if expression else "").split(":")[
        -1
    ]
    if type_name not in _TYPES:
        message = f"decision `{decision.called}`: no fact is of the type `{type_name}`"
        notes.error("I914", (expression or node).place, message, f"known are {ticked(_TYPES)}")
        return None
    words = _words(node.said("inputValues", "text"))
    is_choice = bool(words) and _TYPES[type_name] is FactType.TEXT
    if is_choice and (slip := _unnamable(words)):
        message = f"decision `{decision.called}`, `{name}`: {slip}"
        help = "give it another word in the modeler"
        notes.error("I914", (node.first("inputValues") or node).place, message, help)
        return None
    declaration = FactDeclaration(
        name,
        FactType.CHOICE if is_choice else _TYPES[type_name],
        choices=tuple(map(named, words)) if is_choice else (),
        whole=type_name in ("integer", "long"),
        labels=(("", label),) if (label := node.attributes.get("label", "")) else (),
        may_be_missing=_asks_null(decision, node),
    )
    return _Input(declaration, FactSchema({name: declaration}))


def _asks_null(decision: Element, node: Element) -> bool:
    """Whether some rule asks that the input be missing."""
    table = decision.first("decisionTable")
    assert table is not None
    number = list(table.all("input")).index(node)
    entries = (list(rule.all("inputEntry")) for rule in table.all("rule"))
    return any(re.search(r"\bnull\b", e[number].said("text")) for e in entries if number < len(e))


def _unnamable(words: Sequence[str]) -> str:
    """Why the values of a string cannot be words of a choice; empty if they can."""
    names = [named(word) for word in words]
    for number, (word, name) in enumerate(zip(words, names, strict=True)):
        if name in RESERVED:
            return f"the value `{word}` means something else in a cell"
        if name in names[:number]:
            other = words[names.index(name)]
            return f"the values `{other}` and `{word}` would both be called `{name}`"
    return ""


def _check_outputs(
    outputs: Sequence[_Output], decision: Element, table: Element, notes: Notes
) -> None:
    """Each output becomes a key of the rows, so that it needs a name of its own."""
    taken = list(_OWN_KEYS)
    for output, node in zip(outputs, table.all("output"), strict=True):
        if output.name in taken:
            message = (
                f"decision `{decision.called}`: the output `{output.name}` cannot be expressed"
            )
            help = "a row says something else by it, or another output has it; rename it"
            notes.error("I914", node.place, message, help)
        taken.append(output.name)


def _output(node: Element, decision: Element) -> _Output:
    name = node.attributes.get("name") or node.attributes.get("label") or decision.called
    type_name = node.attributes.get("typeRef", "string").split(":")[-1]
    words = _words(node.said("outputValues", "text"))
    return _Output(named(name), _TYPES.get(type_name, FactType.TEXT), tuple(words))


def _words(text: str) -> list[str]:
    if not text or not all(part.startswith('"') for part in split(text)):
        return []
    return [literal(part, str) for part in split(text)]


class _Rules:
    """Reads rules; the slip of a cell is told with decision, rule and column."""

    def __init__(
        self,
        decision: Element,
        inputs: Sequence[_Input | None],
        outputs: Sequence[_Output],
        notes: Notes,
    ) -> None:
        self.decision = decision
        self.inputs = inputs
        self.outputs = outputs
        self.notes = notes
        self.left_out: set[str] = set()

    def row(self, number: int, rule: Element) -> str:
        """One rule as a row in brackets."""
        when = self._conditions(number, rule)
        answers = self._answers(number, rule)
        because = rule.said("description") or "; ".join(
            note.said("text") for note in rule.all("annotationEntry") if note.said("text")
        )
        pairs = {"id": f"rule_{number}", "when": "{" + _pairs(when) + "}"}
        pairs |= {name: _flow(text) for name, text in answers.items()}
        pairs |= {"because": _flow(" ".join(because.split()))} if because else {}
        return "{" + ", ".join(f"{key}: {text}" for key, text in pairs.items()) + "}"

    def otherwise(self, outputs: Sequence[Element]) -> list[str]:
        """What is answered where no rule fits, as a line of the policy, if the outputs say it."""
        entries = [node.first("defaultOutputEntry") for node in outputs]
        if not any(entries):
            return []
        answers = {}
        for output, entry in zip(self.outputs, entries, strict=True):
            if text := self._literal("the default output", output, entry):
                answers[output.name] = text
        return ["otherwise: {" + _pairs(answers) + "}"] if answers else []

    def _conditions(self, number: int, rule: Element) -> dict[str, str]:
        found: dict[str, str] = {}
        self._count(number, rule, "input", len(self.inputs))
        for input, entry in zip(self.inputs, rule.all("inputEntry"), strict=False):
            if input is None:
                continue
            name = input.declaration.name
            try:
                cell = input.cell(entry.said("text"))
            except ValueUnreadable as slip:
                self._note(f"rule {number}", name, entry, slip)
                continue
            if cell != "any" and name in found:
                again = ValueUnreadable("the same fact is asked twice", help="join the two inputs")
                self._note(f"rule {number}", name, entry, again)
            found |= {name: cell} if cell != "any" else {}
        return found

    def _answers(self, number: int, rule: Element) -> dict[str, str]:
        found = {}
        self._count(number, rule, "output", len(self.outputs))
        for output, entry in zip(self.outputs, rule.all("outputEntry"), strict=False):
            if (text := self._literal(f"rule {number}", output, entry)) is not None:
                found[output.name] = text
        return found

    def _literal(self, rule: str, output: _Output, entry: Element | None) -> str | None:
        """What an entry answers; None, and noted that it may be left out, if it says nothing."""
        text = entry.said("text") if entry else ""
        if entry is None or text in ("", "-", "null"):
            self.left_out.add(output.name)
            return None
        try:
            return literal(text, str)
        except ValueUnreadable as slip:
            self._note(rule, output.name, entry, slip)
        return None

    def _count(self, number: int, rule: Element, sort: str, wanted: int) -> None:
        found = sum(1 for _ in rule.all(f"{sort}Entry"))
        if found != wanted:
            help = "give each rule one for each column; `-` asks nothing"
            slip = ValueUnreadable(f"{found} of {wanted} cells are there", help=help)
            self._note(f"rule {number}", f"{sort}s", rule, slip)

    def _note(self, rule: str, column: str, entry: Element, slip: ValueUnreadable) -> None:
        place = (entry.first("text") or entry).place
        message = f"decision `{self.decision.called}`, {rule}, `{column}`: {slip}"
        self.notes.error("I913", place, message, slip.help or "write it with literals only")


def _answer(output: _Output, left_out: set[str]) -> str:
    type = _ANSWERS.get(output.type, "text")
    said = f"of: {_listed(output.words)}" if output.words else f"type: {type}"
    if output.name in left_out:
        return f"{{{said}, optional: yes}}"
    return _listed(output.words) if output.words else type


def _facts(declarations: Sequence[FactDeclaration]) -> str:
    lines = []
    for one in declarations:
        said = [f"type: {one.type}"]
        said += [f"of: {_listed(one.choices)}"] if one.choices else []
        said += ["whole: true"] if one.whole else []
        said += ["may_be_missing: true"] if one.may_be_missing else []
        said += [f"label: {_flow(one.label)}"] if one.label else []
        lines.append(f"  {one.name}: {{{', '.join(said)}}}\n")
    return "facts:\n" + "".join(lines) if lines else ""


def _listed(words: Sequence[str]) -> str:
    return "[" + ", ".join(_flow(word) for word in words) + "]"


def _pairs(cells: dict[str, str]) -> str:
    return ", ".join(f"{fact}: {_flow(cell)}" for fact, cell in cells.items())


def _flow(text: str) -> str:
    return written(text, style="", in_flow=True, is_key=False) if text else '""'
