"""A built-in fact is read where it is known, and refused elsewhere: it would never fit."""

import pytest
from small_definitions import TORN, WORKFLOW, schema_of, workflow_of

from aftersales.definitions import text
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_option_policy, read_rows_table
from aftersales.domain.conditions import BUILT_IN, Where, known_in

TABLE = """aftersales: policy/1
policy: colour
choose: first
answers: {colour: [red, blue]}
rows:
  - {id: one, when: WHEN, colour: red}
otherwise: {colour: blue}
"""
RULE = TORN.replace("{severity: any}", "WHEN")
RETURNS = TORN.replace(
    "rows: [], otherwise", "rows: [{id: x, when: WHEN, answer: back}], otherwise"
)


def slips(where: Where, written: str) -> list[str]:
    """The codes of what is wrong with a condition that stands there."""
    notes = Notes()
    match where:
        case "a guard":
            guard = WORKFLOW.replace("if: {approval: none_needed}", f"if: {written}")
            return [problem.code for problem in workflow_of(guard)[1].problems]
        case "a rows table":
            root, _ = text.read(TABLE.replace("WHEN", written), "a.yaml")
            assert isinstance(root, text.Mapping)
            read_rows_table([root], schema_of(), notes)
        case _:
            source = RULE if where == "a rule" else RETURNS
            root, _ = text.read(source.replace("WHEN", written), "a.yaml")
            assert isinstance(root, text.Mapping)
            read_option_policy(root, schema_of(), notes)
    return [problem.code for problem in notes.problems]


@pytest.mark.parametrize("where", ["a guard", "a rule", "a rows table", "`return_required`"])
@pytest.mark.parametrize("fact", sorted(BUILT_IN))
def test_a_built_in_fact_is_read_where_it_is_known_only(fact: str, where: Where) -> None:
    places = known_in(fact)
    found = slips(where, f"{{{fact}: known}}")
    if places is None or where in places:
        assert found == []
    else:
        assert found in (["C206"], ["P421"])


def test_the_place_where_it_is_known_is_told() -> None:
    notes = Notes()
    root, _ = text.read(TABLE.replace("WHEN", "{cost_share: over 20%}"), "a.yaml")
    assert isinstance(root, text.Mapping)
    read_rows_table([root], schema_of(), notes)
    (slip,) = notes.problems
    assert slip.message == "`cost_share` is not known in a rows table"
    assert slip.help == "it is known in `return_required` and a law"
