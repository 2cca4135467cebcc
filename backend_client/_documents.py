"""A document as callers hand it over: a path, bytes, or an open file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TypeAlias

from backend_client._calls import Upload
from backend_client.errors import ConfigurationError

FileInput: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]

LARGEST_BYTES = 200_000_000
"""Far beyond what a service accepts; it keeps a mistaken path from filling the memory."""


def read_document(file: FileInput, filename: str | None = None) -> Upload:
    """Raises OSError for a file that cannot be read, ConfigurationError for what is no document."""
    if isinstance(file, bytes | bytearray | memoryview):
        return Upload(_sendable(filename or "resume"), bytes(file))
    if isinstance(file, str | os.PathLike):
        path = Path(file)
        with path.open("rb") as opened:
            return Upload(_sendable(filename or path.name), _bounded(opened))
    if not hasattr(file, "read"):
        raise ConfigurationError("file must be a path, bytes or a file opened for reading.")
    return Upload(_sendable(filename or _name_of(file)), _bounded(file))


def _sendable(filename: str) -> str:
    """A name on disk may hold bytes that are no UTF-8; the document is sent all the same."""
    return filename.encode("utf-8", "replace").decode()


def _bounded(opened: IO[bytes]) -> bytes:
    content = opened.read(LARGEST_BYTES + 1)
    if not isinstance(content, bytes):
        raise ConfigurationError(
            "The file must be opened in binary mode, and its read() not async."
        )
    if len(content) > LARGEST_BYTES:
        raise ConfigurationError(f"The file is larger than {LARGEST_BYTES:,} bytes.")
    return content


def _name_of(opened: IO[bytes]) -> str:
    """An open file may have a number for a name."""
    name = getattr(opened, "name", None)
    return Path(name).name if isinstance(name, str) and name else "resume"
