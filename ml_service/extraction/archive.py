"""Zip members, counted and measured before anything is unpacked."""

from __future__ import annotations

import lzma
import zipfile
import zlib

from ml_service.domain.errors import Corrupt, ParseMemory

_MAX_MEMBERS = 2_000
_MAX_MEMBER_BYTES = 40_000_000
_MAX_TOTAL_BYTES = 120_000_000
_MAX_RATIO = 300
_RATIO_MATTERS_FROM = 5_000_000
_UNPACKING_FAILS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
                    RuntimeError)  # fmt: skip


def list_members(archive: zipfile.ZipFile) -> frozenset[str]:
    """Names in the central directory. Raises Corrupt where there are more than 2,000."""
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise Corrupt
    return frozenset(member.filename for member in members)


def measure_archive(archive: zipfile.ZipFile) -> None:
    """Raises ParseMemory for sizes or ratios that no resume has, Corrupt for too many members.

    Looks at the directory only; ``read_member`` holds the sizes to their word.
    """
    list_members(archive)
    members = archive.infolist()
    if sum(member.file_size for member in members) > _MAX_TOTAL_BYTES:
        raise ParseMemory
    for member in members:
        squeezed = member.file_size > _MAX_RATIO * max(member.compress_size, 1)
        if member.file_size > _MAX_MEMBER_BYTES:
            raise ParseMemory
        if squeezed and member.file_size > _RATIO_MATTERS_FROM:
            raise ParseMemory


def read_member(archive: zipfile.ZipFile, name: str, *, max_bytes: int) -> bytes | None:
    """A member's bytes, None where there is none of this name.

    Raises ParseMemory when it unpacks to more than ``max_bytes``, whatever the directory says,
    and Corrupt when it cannot be unpacked. Nothing is ever written to disk.
    """
    try:
        with archive.open(name) as member:
            content = member.read(max_bytes + 1)
    except KeyError:
        return None
    except _UNPACKING_FAILS as error:
        raise Corrupt from error
    if len(content) > max_bytes:
        raise ParseMemory
    return content
