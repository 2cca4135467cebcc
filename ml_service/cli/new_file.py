"""A file that is there as a whole or not at all, for its owner alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ml_service.domain.errors import InvalidRequest


@contextmanager
def new_file(file: Path, *, field: str) -> Iterator[Path]:
    """Yields an empty file beside ``file`` that takes its place when the block ends.

    An error in the block, or the end of the process, leaves ``file`` as it was. Raises
    InvalidRequest naming ``field`` where nothing can be written, or somebody else writes it.
    """
    part = file.with_name(f".{file.name}.part")
    with _written(file, field=field):
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(descriptor, file, field=field)
            try:
                yield part
                _keep(part, file)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        finally:
            os.close(descriptor)


def _take(descriptor: int, file: Path, *, field: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as busy:
        message = f"Another command is writing {file.name} at this moment."
        raise InvalidRequest(message, field=field) from busy
    os.fchmod(descriptor, 0o600)
    os.ftruncate(descriptor, 0)


def _keep(part: Path, file: Path) -> None:
    """On disk before it gets its name, and its name on disk before anybody is told."""
    _sync(part)
    part.replace(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _written(file: Path, *, field: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidRequest(f"{file} cannot be written: {reason}.", field=field) from error
