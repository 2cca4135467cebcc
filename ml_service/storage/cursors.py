"""Opaque cursors: base64url of JSON, believed only as far as it can be checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ml_service.domain.errors import InvalidRequest

MAX_CURSOR_CHARACTERS = 512
MAX_ROW = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ListCursor:
    """The last row of the page before: a prediction or an interview."""

    created_at: datetime
    record_id: UUID

    def encode(self) -> str:
        return _encode(["list", self.created_at.isoformat(), str(self.record_id)])


@dataclass(frozen=True, slots=True)
class RankedCursor:
    """How many results were seen, of which question, and the newest entry that took part.

    A place and not the last relevance, because every relevance shifts when an entry is added.
    ``question`` is a digest: what people search for does not stand in an address.
    """

    question: str
    newest_entry: int
    n_seen: int

    def encode(self) -> str:
        return _encode(["ranked", self.question, self.newest_entry, self.n_seen])


@dataclass(frozen=True, slots=True)
class SearchCursor:
    """The last result of the page before, and the block of entries that it was ranked with.

    ``bottom`` is 0 where no older block follows. ``question`` as in RankedCursor.
    """

    question: str
    top: int
    bottom: int
    rank: int
    entry: int

    def encode(self) -> str:
        return _encode(["search", self.question, self.top, self.bottom, self.rank, self.entry])


def list_cursor(cursor: str) -> ListCursor:
    """Raises InvalidRequest for all that ``ListCursor.encode`` did not make."""
    match _decode(cursor):
        case ["list", str(created_at), str(record_id)]:
            return _list_cursor(created_at, record_id)
        case _:
            raise _invalid()


def ranked_cursor(cursor: str, *, question: str) -> RankedCursor:
    """Raises InvalidRequest for another question's cursor, a list's or a made-up one."""
    match _decode(cursor):
        case ["ranked", str(asked), int(newest), int(seen)] if asked == question and (
            0 <= newest <= MAX_ROW and 0 <= seen <= MAX_ROW
        ):
            return RankedCursor(asked, newest, seen)
        case _:
            raise _invalid()


def search_cursor(cursor: str, *, question: str) -> SearchCursor:
    """Raises InvalidRequest for another question's cursor, a list's or a made-up one."""
    match _decode(cursor):
        case ["search", str(asked), *numbers] if asked == question and (
            len(numbers) == 4 and all(type(n) is int and 0 <= n <= MAX_ROW for n in numbers)
        ):
            return SearchCursor(asked, *numbers)
        case _:
            raise _invalid()


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _encode(values: list[Any]) -> str:
    plain = json.dumps(values, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _decode(cursor: str) -> Any:
    if len(cursor) > MAX_CURSOR_CHARACTERS:
        raise _invalid()
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return json.loads(plain)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _invalid() from error


def _list_cursor(created_at: str, record_id: str) -> ListCursor:
    try:
        moment, identity = datetime.fromisoformat(created_at), UUID(record_id)
    except ValueError as error:
        raise _invalid() from error
    if moment.utcoffset() != timedelta(0):
        raise _invalid()
    return ListCursor(moment, identity)


def _invalid() -> InvalidRequest:
    message = "This cursor is not one of this list. Take next_cursor from its last page."
    return InvalidRequest(message, field="cursor")
