"""The strict reading of a mapping: nothing that an author wrote is passed over."""

from collections.abc import Container, Iterable, Sequence

from aftersales.definitions.notes import Notes
from aftersales.definitions.other_words import other_value, other_word
from aftersales.definitions.pairs import pairs
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import closest, did_you_mean, ticked, word_help
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.problem import Place


class Keys:
    """Strict reading of a mapping: each key is asked for once, then `done` reports the rest.

    K101 unknown key, K102 missing key, K103 key without a value, K104 wrong shape of a value,
    K105 a word that is not one of those allowed.
    """

    def __init__(self, node: Node | None, notes: Notes, *, what: str) -> None:
        """`what` names the thing in messages, as in "a deadline"."""
        self.notes = notes
        self.what = what
        self.is_mapping = isinstance(node, Mapping)
        if node is not None and not isinstance(node, Mapping):
            notes.error("K104", node, f"{what} is written as `key: value` pairs", shape_help(node))
        self.mapping = node if isinstance(node, Mapping) else None
        self._asked: list[str] = []
        self._missing: list[str] = []
        self._given = dict(pairs(self.mapping, notes)) if self.mapping else {}
        self._by_text = {key.text: (key, value) for key, value in self._given.items()}
        self._written = {key.text for key, _ in self.mapping.items} if self.mapping else set()

    def __contains__(self, name: str) -> bool:
        return name in self._written

    def lacks(self, name: str) -> bool:
        """Whether nothing stands under `name`, and no other key was meant by it."""
        if name in self._by_text:
            node = self._by_text[name][1]
            return isinstance(node, Mapping) and not node.items
        return name not in self._written and not any(
            closest(other, [name]) or other_word(other, [name]) for other in self._written
        )

    def place(self, name: str | None = None) -> Place:
        """Where the key is written; without a name, or if it is not there, where the mapping is."""
        if name in self._by_text:
            return self._by_text[name][0].place
        return self.mapping.place if self.mapping else Place("", 1, 1)

    def node(self, name: str, *, required: bool = False) -> Node | None:
        """The value of `name`, whatever its shape."""
        self._asked.append(name)
        if name in self._by_text:
            return self._by_text[name][1]
        if required and self.mapping is not None and name not in self._written:
            self._missing.append(name)
        return None

    def scalar(self, name: str, *, required: bool = False) -> Scalar | None:
        """The single text of `name`, with its place."""
        node = self.node(name, required=required)
        return None if node is None else self._single(name, node)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """The single text of `name`."""
        scalar = self.scalar(name, required=required)
        return None if scalar is None else scalar.text

    def choice(self, name: str, of: Sequence[str], *, required: bool = False) -> str | None:
        """One of the words `of`."""
        scalar = self.scalar(name, required=required)
        if scalar is None or scalar.text in of:
            return None if scalar is None else scalar.text
        other = other_value(scalar.text, of)
        help = did_you_mean(other or scalar.text, of) or f"one of {ticked(of, 20)}"
        self.notes.error("K105", scalar, f"`{name}` cannot be `{scalar.text}`", help)
        return None

    def yes_no(self, name: str, *, default: bool = False) -> bool:
        """`true`, `yes` or `false`, `no`."""
        scalar = self.scalar(name)
        if scalar is None:
            return default
        if scalar.text in _YES_NO:
            return _YES_NO[scalar.text]
        self.notes.error(
            "K105", scalar, f"`{name}` is `yes` or `no`, not `{scalar.text}`", "write `yes` or `no`"
        )
        return default

    def whole_number(self, name: str, *, required: bool = False) -> int | None:
        """A whole number from 0 to 999,999."""
        scalar = self.scalar(name, required=required)
        if scalar is None:
            return None
        text = scalar.text
        if text.isascii() and text.isdecimal() and len(text) < 7 and str(int(text)) == text:
            return int(text)
        self.notes.error(
            "K104", scalar, f"`{name}` is a whole number, not `{text}`", "write it like `3`"
        )
        return None

    def duration(self, name: str, *, required: bool = False) -> Duration | None:
        """An amount and a unit: `2 business days`."""
        scalar = self.scalar(name, required=required)
        if scalar is None:
            return None
        try:
            return Duration.parse(scalar.text)
        except ValueUnreadable as slip:
            self.notes.unreadable("K104", scalar, slip)
            return None

    def scalars(self, name: str, *, required: bool = False) -> tuple[Scalar, ...]:
        """The texts of `name` with their places; one text counts as a list of one."""
        node = self.node(name, required=required)
        if node is None:
            return ()
        if isinstance(node, Listing):
            found = (self._single(name, item) for item in node.items)
            return tuple(item for item in found if item is not None)
        single = self._single(name, node)
        return () if single is None else (single,)

    def list_of_texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """The texts of `name`; one text counts as a list of one."""
        return tuple(scalar.text for scalar in self.scalars(name, required=required))

    def nodes(
        self, name: str, *, required: bool = False, with_ids: bool = False
    ) -> tuple[Node, ...]:
        """The items of the list `name`; a single value counts as a list of one.

        `with_ids`: they are mappings that have an `id`, which is no key of its own.
        """
        node = self.node(name, required=required)
        if node is None:
            return ()
        if with_ids and isinstance(node, Mapping) and _is_by_name(node):
            help = f"write each as an item with its id: `- id: {node.items[0][0].text}`"
            self.notes.error("K104", node, f"`{name}` of {self.what} is a list", help)
            return ()
        return node.items if isinstance(node, Listing) else (node,)

    def pairs(self, name: str, *, required: bool = False) -> tuple[tuple[Scalar, Node], ...]:
        """The `name: thing` pairs of a mapping whose keys the author chooses."""
        node = self.node(name, required=required)
        if node is None:
            return ()
        if not isinstance(node, Mapping):
            message = f"`{name}` of {self.what} is written as `name: value` pairs"
            self.notes.error("K104", node, message, shape_help(node))
            return ()
        return tuple(pairs(node, self.notes))

    def keys(self, name: str, *, what: str, required: bool = False) -> "Keys | None":
        """The mapping `name`, to be read strictly; call its `done` too."""
        node = self.node(name, required=required)
        return None if node is None else Keys(node, self.notes, what=what)

    def done(self, *, also: Iterable[str] = (), facts: Container[str] = ()) -> None:
        """Report unknown keys and missing ones.

        `also` are keys that others read; `facts` belong into the condition of this thing.
        """
        known = [*self._asked, *also]
        meant: set[str | None] = set()
        for key in self._given:
            if key.text not in known:
                unused = [name for name in known if name not in self._by_text]
                is_alone = key.text in _OTHER_FILES
                other = other_word(key.text, unused)
                near = None if is_alone else other or closest(key.text, unused)
                meant.add(near)
                help = f"did you mean `{near}`?" if near else word_help(key.text, known)
                help = _STAND_ALONE if is_alone else help
                if key.text in facts:
                    help = f"a fact stands in the condition: `when: {{{key.text}: ...}}`"
                self.notes.error("K101", key, f"`{key.text}` is not a key of {self.what}", help)
        missing = [name for name in self._missing if name not in meant]
        if missing and self.mapping is not None:
            help = f"add {', '.join(f'`{name}: ...`' for name in missing)}"
            message = f"{self.what} needs {ticked(missing)}"
            self.notes.error("K102", self.mapping.place, message, help)

    def _single(self, name: str, node: Node) -> Scalar | None:
        if isinstance(node, Scalar):
            return node
        message = f"`{name}` of {self.what} is one text, not {shape(node)}"
        self.notes.error("K104", node, message, f"write it like `{name}: ...`")
        return None


# What other formats call another file into this one by.
_OTHER_FILES = frozenset(
    ["include", "includes", "import", "imports", "extend", "extends", "inherit", "inherits", "$ref"]
)
_STAND_ALONE = (
    "a file stands alone: write it out here. All files of the folder are read together, "
    "and those with the same `policy:` form one table"
)
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def _is_by_name(node: Mapping) -> bool:
    return bool(node.items) and all(isinstance(value, Mapping) for _, value in node.items)


def shape(node: Node) -> str:
    """The shape of a node in words."""
    return {Scalar: "one text", Listing: "a list", Mapping: "a mapping"}[type(node)]


def shape_help(node: Node) -> str:
    """What to write where pairs were expected."""
    if isinstance(node, Listing):
        return "this is a list; write `name: ...` on lines of their own, without `-`"
    return f"this is {shape(node)}; write it like `{{key: value}}` or one pair a line"
