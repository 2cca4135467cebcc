from __future__ import annotations

import gzip
import zlib

import pytest

from ml_service.app.open_inference.content_encoding import unpacked
from ml_service.domain.errors import InvalidRequest, TooLarge, UnsupportedType

BODY = b"a body, a body, a body" * 100


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (BODY, None),
        (BODY, "identity"),
        (gzip.compress(BODY), "gzip"),
        (gzip.compress(BODY), " X-GZIP "),
        (zlib.compress(BODY), "deflate"),
    ],
)
def test_a_body_comes_as_it_is_or_packed(packed: bytes, encoding: str | None) -> None:
    assert unpacked(packed, encoding, most_bytes=len(BODY)) == BODY


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "rot13"])
def test_another_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(UnsupportedType, match="gzip or deflate"):
        unpacked(BODY, encoding, most_bytes=10_000)


def test_what_unpacks_to_more_than_the_bound_is_refused_without_unpacking_it() -> None:
    bomb = gzip.compress(bytes(50_000_000))

    with pytest.raises(TooLarge):
        unpacked(bomb, "gzip", most_bytes=1_000)


@pytest.mark.parametrize(
    "packed",
    [b"", b"no gzip", gzip.compress(BODY)[:-1], gzip.compress(BODY) + b"more", zlib.compress(BODY)],
)
def test_a_broken_body_is_refused(packed: bytes) -> None:
    with pytest.raises(InvalidRequest):
        unpacked(packed, "gzip", most_bytes=10_000)
