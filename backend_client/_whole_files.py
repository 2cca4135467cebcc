"""Files that are there as a whole or not at all, and locks that end with their process."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # not on this system: keys alone then keep two senders from recording twice
    fcntl = None

_LEFT_BEHIND_S = 3600.0


def write_whole(file: Path, content: bytes) -> None:
    """There as a whole after a crash, or not at all."""
    begun = file.with_name(f".{file.name}.part")
    descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    begun.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """A rename is kept through a loss of power once its folder is."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    oldest = time.time() - _LEFT_BEHIND_S
    for part in folder.glob(".*.part"):
        with suppress(OSError):
            if part.stat().st_mtime < oldest:
                part.unlink()


def locked(file: Path, *, wait: bool) -> int | None:
    """The open lock, given up when it is closed or its process ends; None while another has it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    if fcntl is None:
        return descriptor
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
