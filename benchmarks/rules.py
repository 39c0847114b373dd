"""A table of 50 rules by 8 facts, drawn; and the same table for others: as code, and for zen."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_rows_table
from aftersales.domain.conditions import FactSchema
from aftersales.domain.policy import RowsTable

RULES = 50
FACTS = """
aftersales: facts/1
facts:
  severity: {type: choice, of: [minor, major, total], in_order: true}
  value: {type: money}
  country: {type: country}
  tier: {type: choice, of: [new, regular, vip]}
  platform: {type: choice, of: [own_shop, shopify, amazon, ebay, etsy, walmart]}
  in_stock: {type: yes_no}
  days_late: {type: number, whole: true}
  stars: {type: number, whole: true}
"""
WORDS: Mapping[str, Sequence[str]] = {
    "severity": ("minor", "major", "total"),
    "country": ("US", "CA", "MX", "DE", "FR", "ES", "IT", "GB", "NO", "JP"),
    "tier": ("new", "regular", "vip"),
    "platform": ("own_shop", "shopify", "amazon", "ebay", "etsy", "walmart"),
    "in_stock": ("yes", "no"),
}
MOST = {"value": 500, "days_late": 40, "stars": 6}  # dollars, days, stars
NAMES = (*WORDS, *MOST)


@dataclass(frozen=True)
class Test:
    """What one rule asks of one fact: one of some words, or from `low` to under `high`."""

    fact: str
    words: tuple[str, ...] = ()
    low: int = 0
    high: int = 0

    @property
    def cell(self) -> str:
        """As an author writes it."""
        if self.words:
            return " or ".join(self.words)
        unit = " USD" if self.fact == "value" else ""
        return f"{self.low}{unit} to under {self.high}{unit}"

    @property
    def code(self) -> str:
        """As a programmer writes it. Money is in cents."""
        if self.fact == "in_stock":
            return "in_stock" if self.words == ("yes",) else "not in_stock"
        if len(self.words) == 1:
            return f"{self.fact} == {self.words[0]!r}"
        if self.words:
            return f"{self.fact} in {self.words!r}"
        return f"{self.low * self._parts} <= {self.fact} < {self.high * self._parts}"

    @property
    def zen(self) -> str:
        """As a decision table of zen-engine has it."""
        if self.fact == "in_stock":
            return "true" if self.words == ("yes",) else "false"
        if self.words:
            return ", ".join(json.dumps(word) for word in self.words)
        return f"[{self.low * self._parts}..{self.high * self._parts})"

    @property
    def _parts(self) -> int:
        return 100 if self.fact == "value" else 1


Rule = tuple[Test, ...]


def rules() -> list[Rule]:
    """The same ones in each run: the seed is fixed. Some ask of all facts, some of few."""
    chance = random.Random(20261126)
    drawn = []
    for _ in range(RULES):
        asked = chance.uniform(0.3, 0.9)
        names = [name for name in NAMES if chance.random() < asked]
        drawn.append(tuple(_test(name, chance) for name in names))
    return drawn


def _test(name: str, chance: random.Random) -> Test:
    if name == "in_stock":
        return Test(name, (chance.choice(WORDS[name]),))
    if name in WORDS:
        known = WORDS[name]
        some = chance.sample(known, chance.randrange(1, len(known)))
        return Test(name, tuple(word for word in known if word in some))
    low = chance.randrange(MOST[name] - 1)
    return Test(name, low=low, high=chance.randrange(low + 1, MOST[name] + 1))


def cases(many: int) -> list[dict[str, Any]]:
    """Facts as plain values: texts, whole numbers, money in cents."""
    chance = random.Random(20260302)
    return [
        {name: chance.choice(words) for name, words in WORDS.items()}
        | {"in_stock": chance.random() < 0.5, "value": chance.randrange(50_000)}
        | {name: chance.randrange(MOST[name]) for name in ("days_late", "stars")}
        for _ in range(many)
    ]


def texts(case: Mapping[str, Any]) -> dict[str, str]:
    """The same facts as a form or a file gives them."""
    cents, stock = case["value"], "yes" if case["in_stock"] else "no"
    money = f"{cents // 100}.{cents % 100:02} USD"
    return {name: str(case[name]) for name in NAMES} | {"value": money, "in_stock": stock}


def table(drawn: Sequence[Rule]) -> tuple[RowsTable, FactSchema]:
    """The rules as a policy of ours, written in YAML and read from it."""
    lines = ["aftersales: policy/1", "policy: drawn", "choose: first", "answers: {answer: text}"]
    lines.append("rows:")
    for n, rule in enumerate(drawn):
        when = ", ".join(f"{test.fact}: {test.cell}" for test in rule)
        lines.append(f"  - {{id: r{n}, when: {{{when}}}, answer: a{n}}}")
    lines.append("otherwise: {answer: none}")
    notes = Notes()
    schema = read_facts(_mapping(FACTS), notes)
    read = read_rows_table([_mapping("\n".join(lines))], schema, notes)
    assert not notes.problems, notes.problems
    assert read is not None
    return read, schema


def _mapping(source: str) -> text.Mapping:
    root, problems = text.read(source, "drawn.yaml")
    assert not problems, problems
    assert isinstance(root, text.Mapping)
    return root


def chain(drawn: Sequence[Rule]) -> Callable[[Mapping[str, Any]], str]:
    """A function with an `if` for each rule, generated."""
    lines = ["def decide(facts):"]
    lines += [f"    {name} = facts[{name!r}]" for name in NAMES]
    for n, rule in enumerate(drawn):
        asked = " and ".join(test.code for test in rule) or "True"
        lines += [f"    if {asked}:", f"        return 'a{n}'"]
    lines.append("    return 'none'")
    made: dict[str, Any] = {}
    exec(compile("\n".join(lines), "chain", "exec"), made)
    decide: Callable[[Mapping[str, Any]], str] = made["decide"]
    return decide


def zen_model(drawn: Sequence[Rule]) -> dict[str, Any]:
    """The rules as a model of zen-engine: one decision table, the first rule that fits."""
    rows = [
        {"_id": f"r{n}", "answer": f'"a{n}"'} | {test.fact: test.zen for test in rule}
        for n, rule in enumerate(drawn)
    ]
    rows.append({"_id": "otherwise", "answer": '"none"'})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in NAMES],
        "outputs": [{"id": "answer", "name": "answer", "field": "answer"}],
        "rules": [dict.fromkeys(NAMES, "") | row for row in rows],
    }
    nodes = [
        _node("in", "inputNode"),
        _node("table", "decisionTableNode") | {"content": content},
        _node("out", "outputNode"),
    ]
    edges = [("in", "table"), ("table", "out")]
    return {
        "nodes": nodes,
        "edges": [
            {"id": f"{one}-{other}", "sourceId": one, "targetId": other, "type": "edge"}
            for one, other in edges
        ],
    }


def _node(name: str, type: str) -> dict[str, Any]:
    return {"id": name, "name": name, "type": type, "position": {"x": 0, "y": 0}}
