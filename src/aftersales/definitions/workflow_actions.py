"""The actions of `do:`: a closed list of verbs, each with the sort of thing it is done to."""

from collections.abc import Iterable
from typing import Literal

from aftersales.definitions.keys import shape
from aftersales.definitions.text import Node, Scalar
from aftersales.definitions.workflow_names import STAFF, Reading, is_name
from aftersales.domain.conditions import did_you_mean, ticked
from aftersales.domain.workflow import Action

Sort = Literal[
    "nothing", "template", "policy or nothing", "remedy", "fact", "role", "kind", "deadline", "word"
]

VERBS: dict[str, Sort] = {
    "send": "template",
    "make offer": "policy or nothing",
    "approve offer": "nothing",
    "send offer": "nothing",
    "withdraw offer": "nothing",
    "accept option": "nothing",
    "decline offer": "nothing",
    "expire offer": "nothing",
    "grant accepted option": "nothing",
    "gift": "remedy",
    "record": "fact",
    "alert": "role",
    "open case": "kind",
    "hold order": "nothing",
    "release order": "nothing",
    "tag customer": "word",
    "call": "word",
    "pause": "deadline",
    "resume": "deadline",
}
ALERTED = (*STAFF, "assignee", "approvers")


def read_actions(nodes: Iterable[Node], reading: Reading) -> tuple[Action, ...]:
    """The actions written in `nodes`; those that cannot be read are noted and left out."""
    found = (read_action(node, reading) for node in nodes)
    return tuple(action for action in found if action is not None)


def read_action(node: Node, reading: Reading) -> Action | None:
    """One action, `send offer_reminder`, with what it names checked."""
    if not isinstance(node, Scalar):
        help = "write it in one text, like `send offer_reminder`"
        reading.notes.error("K104", node, f"an action is one text, not {shape(node)}", help)
        return None
    verb, argument = split(node.text)
    if not verb:
        help = _other_verb(node.text) or did_you_mean(node.text, VERBS) or _verb_help(node.text)
        reading.notes.error("W502", node, f"`{node.text}` is not an action", help)
        return None
    if not _has_its_argument(node, verb, argument, reading):
        return None
    _check(node, verb, argument, reading)
    return Action(verb, argument, node.place)


def split(text: str) -> tuple[str, str]:
    """The longest verb that `text` begins with, and what follows; no verb gives an empty one."""
    words = text.split()
    for count in range(min(3, len(words)), 0, -1):
        verb = " ".join(words[:count])
        if verb in VERBS:
            return verb, " ".join(words[count:])
    return "", text


_OTHER_VERBS = {
    **dict.fromkeys(("email", "mail", "message", "write", "reply"), "send TEMPLATE"),
    **dict.fromkeys(("notify", "inform", "tell", "escalate", "remind", "warn"), "alert ROLE"),
    **dict.fromkeys(("refund", "pay", "compensate", "give"), "grant accepted option"),
    **dict.fromkeys(("set", "save", "store", "note"), "record FACT"),
    **dict.fromkeys(("stop", "freeze", "suspend"), "pause DEADLINE"),
    **dict.fromkeys(("continue", "unpause", "restart"), "resume DEADLINE"),
    **dict.fromkeys(("create", "start"), "open case KIND"),
}


def _other_verb(text: str) -> str:
    """Our verb for what is called otherwise elsewhere."""
    verb = _OTHER_VERBS.get(text.split()[0].lower() if text.split() else "")
    return f"did you mean `{verb}`?" if verb else ""


def _verb_help(text: str) -> str:
    verb = text.split()[0] if text.split() else ""
    return (
        did_you_mean(verb, [v for v in VERBS if " " not in v])
        or f"the verbs are {ticked(VERBS, 20)}"
    )


def _has_its_argument(node: Scalar, verb: str, argument: str, reading: Reading) -> bool:
    sort = VERBS[verb]
    if sort == "nothing" and argument:
        help = did_you_mean(node.text, VERBS) or f"write `{verb}`"
        reading.notes.error("W503", node, f"nothing can follow `{verb}`", help)
        return False
    if sort not in ("nothing", "policy or nothing") and not argument:
        help = f"write `{verb} {sort.upper()}`"
        reading.notes.error("W503", node, f"`{verb}` needs a {sort} after it", help)
        return False
    return True


def _check(node: Scalar, verb: str, argument: str, reading: Reading) -> None:
    known = reading.known
    match VERBS[verb]:
        case "template":
            reading.refer_text(node, argument, known.templates, "W512", "template")
            reading.sent.add(argument)
        case "policy or nothing" if argument:
            reading.refer_text(node, argument, known.policies, "W513", "policy that makes offers")
        case "remedy":
            reading.refer_text(node, argument, known.remedies, "W513", "remedy")
        case "fact":
            reading.refer_fact(node, argument)
        case "role":
            reading.refer_text(node, argument, ALERTED, "W507", "role that can be alerted")
        case "kind":
            reading.refer_text(node, argument, known.kinds, "W513", "kind of case")
        case "deadline":
            reading.refer_text(node, argument, reading.outline.deadlines, "W515", "deadline")
        case "word" if not is_name(argument):
            help = "use small letters, digits and `_`, and begin with a letter"
            reading.notes.error("W500", node, f"`{argument}` cannot follow `{verb}`", help)
    if verb == "send offer":
        reading.refer_text(node, "offer", known.templates, "W512", "template")
        reading.sent.add("offer")
