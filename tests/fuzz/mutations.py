"""Files of definitions, changed at random: bytes, lines, keys, values, and parts of other files."""

import re
from collections.abc import Callable, Sequence
from random import Random

from grammar import WORDS, cell, template

_BYTES = (b"\x00", b"\xff", b"\xfe\xff", b"\t", b"\r", b"\n", b"\xc2\xa0", b"\xe2\x80\xa8", b"\x85")
_SIGNS = (
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b": ",
    b",",
    b"#",
    b"&a ",
    b"*a",
    b"!",
    b"|\n",
    b">\n",
    b"'",
)
_SIGNS += (
    b'"',
    b"- ",
    b"? ",
    b"---\n",
    b"...\n",
    b"%YAML 1.1\n",
    b"<<: ",
    b"@",
    b"`",
    b"\xef\xbb\xbf",
)
_VALUE = re.compile(rb"(?<=: )[^\n,{}\[\]]+")
_KEY = re.compile(rb"\b[a-z_]+(?=:)")

Change = Callable[[bytes, Random], bytes]


def mutated(content: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """`content` after one change or a few; `others` are files that parts may come from."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        if random.random() < 0.1:
            content = _with_part(content, random.choice(others), random)
        else:
            content = random.choice(_CHANGES)(content, random)
    return content[:300_000]


def _at(content: bytes, random: Random) -> int:
    return random.randint(0, len(content))


def _insert(content: bytes, random: Random) -> bytes:
    at = _at(content, random)
    return content[:at] + random.choice(_BYTES + _SIGNS * 3) + content[at:]


def _delete(content: bytes, random: Random) -> bytes:
    at = _at(content, random)
    return content[:at] + content[at + random.choice((1, 1, 2, 5, 40)) :]


def _flip(content: bytes, random: Random) -> bytes:
    at = _at(content, random)
    return content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]


def _cut(content: bytes, random: Random) -> bytes:
    return content[: _at(content, random)]


def _lines(content: bytes, random: Random) -> bytes:
    """A line left out, written twice, moved, or indented otherwise."""
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    way = random.randrange(4)
    line = lines[at]
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(at, line)
    elif way == 2:
        lines.insert(random.randrange(len(lines)), lines.pop(at))
    else:
        lines[at] = b" " * random.randrange(9) + line.lstrip()
    return b"\n".join(lines)


def _value(content: bytes, random: Random) -> bytes:
    """One value replaced by a made-up one, by another of the file, or by a nest of brackets."""
    found = list(_VALUE.finditer(content))
    if not found:
        return content
    old = random.choice(found)
    new = random.choice(
        (
            lambda: cell(random).encode("utf-8", "replace"),
            lambda: random.choice(found)[0],
            lambda: b"[" * random.choice((1, 10, 400)) + old[0],
            lambda: b"{a: " * random.choice((1, 20)) + old[0] + b"}" * 20,
            lambda: old[0] * random.choice((2, 500)),
            lambda: b'"' + template(random).encode("utf-8", "replace").replace(b'"', b"'") + b'"',
            lambda: b"",
        )
    )()
    return content[: old.start()] + new + content[old.end() :]


def _key(content: bytes, random: Random) -> bytes:
    """One key misspelt, or replaced by another."""
    found = list(_KEY.finditer(content))
    if not found:
        return content
    old = random.choice(found)
    other = random.choice(found)[0] if random.random() < 0.6 else random.choice(WORDS).encode()
    new = other if random.random() < 0.7 else old[0][:-1]
    return content[: old.start()] + new + content[old.end() :]


def _many(content: bytes, random: Random) -> bytes:
    """One line of it hundreds of times."""
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    return b"\n".join([*lines[:at], *[lines[at]] * random.choice((50, 800)), *lines[at:]])


def _with_part(content: bytes, other: bytes, random: Random) -> bytes:
    start = _at(other, random)
    at = _at(content, random)
    return content[:at] + other[start : start + random.randint(1, 400)] + content[at:]


_CHANGES: tuple[Change, ...] = (
    *(_insert, _delete, _flip, _cut, _lines, _lines, _lines),
    *(_value, _value, _value, _value, _key, _key, _key, _many),
)
