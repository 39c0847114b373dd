"""What no single file shows: that an offer does not hang on a review by way of another table."""

from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import FactSchema
from aftersales.domain.policy import OptionPolicy, Policies
from aftersales.domain.problem import Place


def check_reviews(policies: Policies, schema: FactSchema, notes: Notes) -> None:
    """Note each policy that offers remedies and reads of a review through a table (P420)."""
    for policy in policies.compensation.values():
        for fact in sorted(policy.reads & schema.derived_by_policy.keys()):
            about = sorted(_reads_of(fact, policies, schema, frozenset()))
            if about:
                _note(policy, fact, about[0], schema, notes)


def _reads_of(
    fact: str, policies: Policies, schema: FactSchema, seen: frozenset[str]
) -> frozenset[str]:
    """The facts about a review that `fact` comes from."""
    declared = schema.declared(fact)
    own = frozenset({fact}) if declared is not None and declared.about_review else frozenset()
    table = policies.rows.get(schema.derived_by_policy.get(fact, ""))
    if table is None or fact in seen:
        return own
    below = (_reads_of(name, policies, schema, seen | {fact}) for name in table.reads)
    return own.union(*below)


def _note(policy: OptionPolicy, fact: str, about: str, schema: FactSchema, notes: Notes) -> None:
    table = schema.derived_by_policy[fact]
    message = (
        f"`{policy.name}` reads `{fact}`, which the policy `{table}` takes from `{about}`: "
        "what is offered may not hang on a review"
    )
    help = f"take `{about}` out of `{table}`, or do not read `{fact}` here"
    notes.error("P420", Place(policy.ref.file, policy.ref.line, 1), message, help)
