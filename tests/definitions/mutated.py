"""Right files written in other ways: other quotes, spaces, comments, symbols, line breaks.

Each mutation keeps the meaning. `mutated` draws some from a seed; what it returns reads as the
original does, but for cells in symbols.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from random import Random

from aftersales.definitions.formatting.tokens import Sort, Token, tokens_of

Edit = tuple[int, int, str]  # from, to, instead
_SYMBOLS = (
    (r"at least (\S+( [A-Z]{3})?)", r">= \1"),
    (r"at most (\S+( [A-Z]{3})?)", r"<= \1"),
    (r"over (\S+( [A-Z]{3})?)", r"> \1"),
    (r"under (\S+( [A-Z]{3})?)", r"< \1"),
    (r"(\S+ [A-Z]{3}) to under (\S+ [A-Z]{3})", r"[\1..\2)"),
    (r"(\S+) to (\S+)", r"[\1..\2]"),
    (r"not (\w+)", r"!= \1"),
    (r"not (\w+) nor (\w+)", r"not(\1, \2)"),
    (r"any", "-"),
)


def mutated(written: str, seed: int) -> str:
    """`written` with up to eight mutations drawn from `seed`."""
    random = Random(seed)
    for _ in range(random.randint(1, 8)):
        written = random.choice(_MUTATIONS)(written, random)
    return random.choice(_ENDS)(written)


def comments_in(written: str) -> list[str]:
    """The marks that `mutated` has put into comments, in order."""
    return re.findall(r"# mark \d+", written)


def _edited(written: str, edits: list[Edit]) -> str:
    for start, end, instead in sorted(edits, reverse=True):
        written = written[:start] + instead + written[end:]
    return written


def _tokens(written: str) -> list[Token]:
    return [token for token in tokens_of(written) if not token.is_structure]


def _some(random: Random, found: list[Token], most: int = 6) -> list[Token]:
    return random.sample(found, min(len(found), random.randint(1, most)))


def _in_quotes(written: str, random: Random) -> str:
    """Some texts put into quotes, and some cells written in symbols."""
    plain = [
        t for t in _tokens(written) if t.sort is Sort.SCALAR and not t.style and t.end > t.start
    ]
    edits = []
    for token in _some(random, plain):
        text = written[token.start : token.end]
        if "\n" not in text and "\\" not in text and '"' not in text:
            edits.append((token.start, token.end, f'"{text}"'))
        elif "\n" not in text:
            edits.append((token.start, token.end, "'" + text.replace("'", "''") + "'"))
    return _edited(written, edits)


def in_symbols(text: str) -> str:
    """A cell in symbols, if it can be written so."""
    for words, symbols in _SYMBOLS:
        if re.fullmatch(words, text):
            return re.sub(words, symbols, text)
    return text


def _in_symbols(written: str, random: Random) -> str:
    """Values of facts under `when` and `if` in symbols."""
    tokens = _tokens(written)
    edits = []
    for before, token in pairwise(tokens):
        text = written[token.start : token.end]
        is_value = before.sort is Sort.VALUE and token.in_flow and not token.style
        line = written[written.rfind("\n", 0, token.start) + 1 : token.start]
        is_cell = re.search(r"\b(when|if|only_if|applies_to): \{[^{}]*$", line)
        if is_value and is_cell and random.random() < 0.4 and in_symbols(text) != text:
            edits.append((token.start, token.end, f'"{in_symbols(text)}"'))
    return _edited(written, edits)


def _spaced(written: str, random: Random) -> str:
    """More space, or a tab, in flow collections and after the colons of lines."""
    tokens = _tokens(written)
    edits: list[Edit] = []
    for before, token in pairwise(tokens):
        gap = written[before.end : token.start]
        is_free = before.sort in (Sort.OPEN, Sort.COMMA, Sort.VALUE) or token.sort in (
            Sort.CLOSE,
            Sort.COMMA,
        )
        if "\n" not in gap and is_free and random.random() < 0.05:
            more = random.choice(["  ", " ", "    ", "\t"])
            edits.append((before.end, token.start, gap + more))
    return _edited(written, edits)


def _free_lines(written: str) -> list[int]:
    """Where lines end that are not inside a text of several lines."""
    inside = [range(t.start, t.end) for t in _tokens(written) if "\n" in written[t.start : t.end]]
    return [
        found.start()
        for found in re.finditer(r"\n", written)
        if not any(found.start() in part or found.start() == part.stop for part in inside)
    ]


def _commented(written: str, random: Random) -> str:
    """Comments on lines of their own and behind others, blank lines, spaces at ends of lines."""
    edits: list[Edit] = []
    ends = _free_lines(written)
    for end in random.sample(ends, min(len(ends), random.randint(1, 5))):
        mark = f"# mark {random.randint(0, 999)}"
        line = written[written.rfind("\n", 0, end) + 1 : end]
        behind = [f"{' ' * random.randint(1, 9)}{mark}"] if "#" not in line and line.strip() else []
        own = f"\n{' ' * random.randint(0, 8)}{mark}"
        edits.append((end, end, random.choice([*behind, own, "\n", "   "])))
    return _edited(written, edits)


def _broken(written: str, random: Random) -> str:
    """A flow collection over several lines."""
    commas = [t for t in _tokens(written) if t.sort in (Sort.COMMA, Sort.OPEN)]
    edits = []
    for token in _some(random, commas, 4):
        line = written[written.rfind("\n", 0, token.start) + 1 : token.start]
        deeper = len(line) - len(line.lstrip(" -")) + random.randint(2, 5)
        rest = written[token.end :].partition("\n")[0]
        if token.end < len(written) and rest.strip() and not rest.lstrip().startswith("#"):
            edits.append((token.end, token.end, "\n" + " " * deeper))
    return _edited(written, edits)


def _in_block_style(written: str, random: Random) -> str:
    """The one pair of a flow mapping at the end of a line, on a line of its own."""
    found = list(re.finditer(r"^( *)(\w+):( +)\{(\w+): ([\w %]+)\}$", written, re.MULTILINE))
    for match in random.sample(found, min(len(found), 1)):
        indent = match[1] + " " * random.randint(1, 6)
        new = f"{match[1]}{match[2]}:\n{indent}{match[4]}: {match[5]}"
        return written[: match.start()] + new + written[match.end() :]
    return written


def _deeper(written: str, random: Random) -> str:
    """Twice the indentation, where no text of several lines would change by it."""
    if any("\n" in written[t.start : t.end] for t in _tokens(written)) or random.random() < 0.5:
        return written
    dashes = re.compile(r"^( *)-( +)", re.MULTILINE)
    written = dashes.sub(lambda found: f"{found[1]}-{found[2] * 2} ", written)
    return re.sub(r"^ +", lambda found: found[0] * 2, written, flags=re.MULTILINE)


_MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    _in_quotes,
    _in_symbols,
    _spaced,
    _commented,
    _broken,
    _in_block_style,
    _deeper,
)


def _without_its_end(written: str) -> str:
    """Without the last line break, unless it belongs to a text of several lines."""
    last = _tokens(written)[-1]
    return written if last.is_block_text else written.rstrip("\n")


_ENDS: tuple[Callable[[str], str], ...] = (
    lambda written: written,
    lambda written: written.replace("\n", "\r\n"),
    _without_its_end,
    lambda written: written + "\n\n",
)
