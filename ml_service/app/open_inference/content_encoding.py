"""Bodies that come compressed, unpacked within a bound."""

from __future__ import annotations

import zlib

from ml_service.domain.errors import InvalidRequest, TooLarge, UnsupportedType

_WINDOWS = {
    "gzip": 16 + zlib.MAX_WBITS,
    "x-gzip": 16 + zlib.MAX_WBITS,
    "deflate": zlib.MAX_WBITS,  # the zlib format: RFC 9110, 8.4.1.2
}


def unpacked(body: bytes, encoding: str | None, *, most_bytes: int) -> bytes:
    """Raises UnsupportedType, InvalidRequest where it is broken, or TooLarge."""
    named = (encoding or "identity").strip().lower()
    if named == "identity":
        return body
    if named not in _WINDOWS:
        raise UnsupportedType("A body may be compressed with gzip or deflate, or not at all.")
    unpacking = zlib.decompressobj(_WINDOWS[named])
    try:
        content = unpacking.decompress(body, most_bytes + 1)
    except zlib.error as error:
        raise _broken() from error
    if len(content) > most_bytes:
        raise TooLarge(
            f"The body has more than {most_bytes:,} bytes when unpacked. Send fewer at once."
        )
    if not unpacking.eof or unpacking.unused_data:
        raise _broken()
    return content


def _broken() -> InvalidRequest:
    return InvalidRequest("The body is not what its Content-Encoding says.", field="body")
