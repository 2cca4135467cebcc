"""Folders that appear whole, and go whole."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from ml_service.domain.errors import ModelNotFound

UNFINISHED = ".unfinished-"
"""What files and folders are called until they are whole, and while they are removed."""

_ABANDONED_AFTER_S = 24 * 60 * 60


def unfinished(home: Path) -> Path:
    """A name in ``home`` that nobody else takes."""
    return home / f"{UNFINISHED}{uuid4().hex}"


def put_in_place(made: Path, folder: Path) -> None:
    """The same weights again have the same revision: file by file, so that it never is away."""
    if not folder.exists():
        made.rename(folder)
        return
    for file in made.iterdir():
        file.replace(folder / file.name)


@contextmanager
def away(folder: Path) -> Iterator[None]:
    """Out of sight, then gone for good; back in its place where the body raises. Raises
    ModelNotFound where another was faster.
    """
    gone = unfinished(folder.parent)
    try:
        folder.rename(gone)
    except FileNotFoundError as error:
        raise ModelNotFound from error
    try:
        yield
    except BaseException:
        put_in_place(gone, folder)
        raise
    finally:
        shutil.rmtree(gone, ignore_errors=True)


def remove_abandoned(home: Path) -> None:
    """What a process left half made when it was killed; whatever is younger may be in work."""
    for left in home.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_AFTER_S:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
