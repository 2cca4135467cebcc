"""Which of the forms that a route offers a caller wants. RFC 9110, 12.4.2 and 12.5.1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class _Range:
    """``text/*;q=0.5``: what it covers, and how welcome that is."""

    kind: str
    subkind: str
    quality: float

    def precision(self, media_type: str) -> int:
        """0 where it does not cover the type, else the more the closer it names it."""
        kind, _, subkind = media_type.partition("/")
        if (self.kind, self.subkind) == (kind, subkind):
            return 3
        if (self.kind, self.subkind) == (kind, "*"):
            return 2
        return int((self.kind, self.subkind) == ("*", "*"))


def most_welcome(accept: str | None, offered: Sequence[str]) -> str | None:
    """One of ``offered``, the first of equals; None when the caller takes none of them.

    Without a header everything is welcome. What cannot be read in one names nothing.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [found for part in accept.split(",") if (found := _read(part)) is not None]
    best = max(offered, key=lambda media_type: _quality(media_type, ranges))
    return best if _quality(best, ranges) > 0 else None


def _read(part: str) -> _Range | None:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    kind, slash, subkind = media_type.partition("/")
    if not slash:
        return None
    quality = "1"
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            quality = value.strip()
    return _Range(kind, subkind, float(quality)) if _QUALITY.fullmatch(quality) else None


def _quality(media_type: str, ranges: Sequence[_Range]) -> float:
    """That of the range that names the type most closely."""
    covering = [found for found in ranges if found.precision(media_type)]
    if not covering:
        return 0.0
    closest = max(found.precision(media_type) for found in covering)
    return max(found.quality for found in covering if found.precision(media_type) == closest)
