"""A PDF as its objects, with streams unpacked, and written anew with a right table of them.

Reads what our makers and common producers write; whatever it does not understand stays as it is.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass, field

_OBJECT = re.compile(rb"(?<!\d)(\d{1,7})\s+\d{1,5}\s+obj\b")
_STREAM = re.compile(rb"stream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
_STREAM_KEYS = re.compile(
    rb"/(?:Filter|DecodeParms)\s*(?:\[[^\]]*\]|<<.*?>>|/\w+)|/Length\s+\d+(?:\s+\d+\s+R)?",
    re.DOTALL,
)
_ROOT = re.compile(rb"/Root\s+(\d+)\s+\d+\s+R")
_PAIR = re.compile(rb"(\d+)\s+(\d+)")
_MAX_STREAM = 3_000_000
_READ_FILTERS = frozenset({b"FlateDecode", b"ASCII85Decode", b"ASCIIHexDecode"})


@dataclass
class Part:
    """``head`` is all before the stream; ``is_plain`` says that its stream was unpacked."""

    head: bytes
    stream: bytes | None = None
    is_plain: bool = False


@dataclass
class PdfParts:
    """``damage`` names what is to be written wrong around the objects."""

    parts: dict[int, Part]
    root: int
    damage: set[str] = field(default_factory=set)

    def of(self, mark: bytes) -> list[int]:
        return [number for number, part in self.parts.items() if mark in part.head]

    def add(self, part: Part) -> int:
        number = max(self.parts, default=0) + 1
        self.parts[number] = part
        return number


def parse_pdf(content: bytes) -> PdfParts | None:
    """None where no objects or no root are found, and for encrypted files."""
    roots = _ROOT.findall(content)
    parts: dict[int, Part] = {}
    at = 0
    while (start := _OBJECT.search(content, at)) is not None:
        part, at = _read_part(content, start.end())
        parts[int(start[1])] = part
    if b"/Encrypt" in content or not parts:
        return None
    roots += [root for part in parts.values() for root in _ROOT.findall(part.head)]
    for part in list(parts.values()):
        if b"/ObjStm" in part.head and part.is_plain:
            _lift(part, parts)
    kept = {n: p for n, p in parts.items() if b"/ObjStm" not in p.head and b"/XRef" not in p.head}
    return PdfParts(kept, int(roots[-1])) if roots and kept else None


def write_pdf(document: PdfParts) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places: dict[int, int] = {}
    for number, part in document.parts.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, _written(part, document.damage))
    size = max(places, default=0) + 1
    table = len(out)
    if "no_table" not in document.damage:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        for number in range(1, size):
            out += b"%010d 00000 n \n" % (places.get(number, 0) % 10**10)
    before = b"/Prev %d" % table if "circle" in document.damage else b""
    out += b"trailer\n<</Size %d/Root %d 0 R%b>>\n" % (size, document.root, before)
    table = 7 if "wrong_start" in document.damage else table
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % table


def _read_part(content: bytes, start: int) -> tuple[Part, int]:
    """The object that begins at ``start`` and where it ends."""
    end = content.find(b"endobj", start)
    end = len(content) if end < 0 else end
    opened = _STREAM.search(content, start, end)
    if opened is None:
        return Part(content[start:end].strip()), end
    head = content[start : opened.start()].strip()
    length = _LENGTH.search(head)
    stop = opened.end() + int(length[1]) if length else -1
    if stop < 0 or b"endstream" not in content[stop : stop + 20]:
        stop = content.find(b"endstream", opened.end())
        stop = len(content) if stop < 0 else stop
    end = content.find(b"endobj", stop)
    return _unpacked(head, content[opened.end() : stop]), len(content) if end < 0 else end


def _unpacked(head: bytes, stream: bytes) -> Part:
    """As it was, where a filter is not known or does not open."""
    found = _FILTER.search(head)
    filters = re.findall(rb"/(\w+)", found[1]) if found else []
    if not set(filters) <= _READ_FILTERS or b"/Predictor" in head:
        return Part(head, stream)
    try:
        for name in filters:
            stream = _decoded(name, stream)
    except (ValueError, zlib.error, binascii.Error):
        return Part(head, stream)
    return Part(_STREAM_KEYS.sub(b"", head), stream, is_plain=True)


def _decoded(name: bytes, stream: bytes) -> bytes:
    if name == b"FlateDecode":
        return zlib.decompressobj().decompress(stream, _MAX_STREAM)
    if name == b"ASCIIHexDecode":
        return bytes.fromhex(stream.strip().rstrip(b">").decode("ascii"))
    return base64.a85decode(stream.strip().removeprefix(b"<~").removesuffix(b"~>"))


def _lift(holder: Part, parts: dict[int, Part]) -> None:
    """Objects out of an object stream."""
    first = re.search(rb"/First\s+(\d+)", holder.head)
    if first is None or holder.stream is None:
        return
    begin = int(first[1])
    pairs = [(int(n), int(at)) for n, at in _PAIR.findall(holder.stream[:begin])]
    ends = [at for _, at in pairs[1:]] + [len(holder.stream) - begin]
    for (number, at), end in zip(pairs, ends, strict=True):
        parts.setdefault(number, Part(holder.stream[begin + at : begin + end].strip()))


def _written(part: Part, damage: set[str]) -> bytes:
    if part.stream is None:
        return part.head
    stream, keys = part.stream, b""
    if part.is_plain and "plain" not in damage:
        stream, keys = zlib.compress(stream, 1), b"/Filter/FlateDecode"
    length = 1 if "wrong_length" in damage else len(stream)
    head, end, rest = part.head.rpartition(b">>")
    kept = head if part.is_plain else _LENGTH.sub(b"", head)
    return (
        kept + b"/Length %d" % length + keys + end + rest + b"\nstream\n" + stream + b"\nendstream"
    )
