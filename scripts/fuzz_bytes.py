"""Damage that knows nothing of formats: flipped, cut, doubled and swapped bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from random import Random

from fuzz_texts import odd_number

_MAX_BYTES = 3_000_000
_WORDS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutate_bytes(chance: Random, content: bytes) -> bytes:
    """One to four changes."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(_CHANGES)(chance, content or b"\x00")[:_MAX_BYTES]
    return content


def _flip(chance: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20, 200))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    word = struct.pack(chance.choice("<>") + "I", chance.choice(_WORDS))[: chance.choice((1, 2, 4))]
    return content[:at] + word + content[at + len(word) :]


def _cut(chance: Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:start] + content[end:]


def _truncate(chance: Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def _double(chance: Random, content: bytes) -> bytes:
    start, end = _span(chance, content)
    return content[:end] + content[start:end] * chance.choice((1, 2, 50)) + content[end:]


def _swap(chance: Random, content: bytes) -> bytes:
    edges = sorted(chance.randrange(len(content) + 1) for _ in range(3))
    one, two, three = edges
    return content[:one] + content[two:three] + content[one:two] + content[three:]


def _insert(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + _piece(chance) + content[at:]


def _change_number(chance: Random, content: bytes) -> bytes:
    """A number written in digits becomes another."""
    at = chance.randrange(len(content))
    while at < len(content) and not 48 <= content[at] <= 57:
        at += 1
    end = at
    while end < len(content) and 48 <= content[end] <= 57:
        end += 1
    return content[:at] + odd_number(chance).encode() + content[end:]


def _piece(chance: Random) -> bytes:
    if chance.random() < 0.5:
        return chance.randbytes(chance.choice((1, 4, 64, 1000)))
    piece = chance.choice((b"\x00", b"\xff", b"(", b"<<", b"[", b"<", b"PK\x03\x04", b"%PDF-1.7\n"))
    return piece * chance.choice((1, 10, 5_000))


def _span(chance: Random, content: bytes) -> tuple[int, int]:
    start = chance.randrange(len(content))
    return start, min(len(content), start + chance.choice((1, 4, 30, 300, 5_000)))


_CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flip, _overwrite, _cut, _truncate, _double, _swap, _insert, _change_number,
)  # fmt: skip
