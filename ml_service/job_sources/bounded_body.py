"""Read the body of an answer without ever holding more of it than was agreed."""

from __future__ import annotations

import zlib

import httpx

GZIP_WINDOW = 16 + zlib.MAX_WBITS


class BodyTooLarge(Exception):
    """The answer is longer than the reader was told to take."""


class BodyUnreadable(Exception):
    """The answer is packed in a way that was not asked for, or its packing is broken."""


async def read_at_most(response: httpx.Response, max_bytes: int) -> bytes:
    """The unpacked body of a streamed answer.

    The limit counts unpacked bytes, and unpacking stops there: a few packed kilobytes cannot
    fill the memory. Raises BodyTooLarge, BodyUnreadable, or an httpx.TransportError.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip"}:
        raise BodyUnreadable
    unpack = zlib.decompressobj(GZIP_WINDOW) if packing == "gzip" else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += _unpacked(chunk, unpack, max_bytes + 1 - len(body))
        if len(body) > max_bytes:
            raise BodyTooLarge
    if unpack is not None and not unpack.eof:
        raise BodyUnreadable
    return bytes(body)


def _unpacked(chunk: bytes, unpack: zlib._Decompress | None, room: int) -> bytes:
    if unpack is None:
        return chunk[:room]
    try:
        return unpack.decompress(chunk, room)
    except zlib.error as error:
        raise BodyUnreadable from error
