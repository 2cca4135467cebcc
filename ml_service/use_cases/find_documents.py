"""The resumes of a folder, and an account of what else lies there."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

READ_ENDINGS = frozenset({".pdf", ".docx"})

LINKED_FOLDER = "folder behind a link, not entered"
CLOSED_FOLDER = "folder that may not be opened"
HIDDEN = "hidden, or a side file of another program"
NO_ENDING = "no ending"
NO_FILE = "a pipe, socket or device"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """``name`` is the way from the folder, with / between; bytes that are no UTF-8 as \\xNN."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """``files`` in the order of their names; ``left_out`` counts the rest by reason."""

    files: tuple[FoundFile, ...]
    left_out: Counter[str] = field(default_factory=Counter)


def find_documents(folder: Path, *, endings: Collection[str] = READ_ENDINGS) -> FoundDocuments:
    """Every PDF and DOCX (or what else ends in ``endings``) at any depth, told by its ending.

    Links to files are followed, links to folders are not: no loop, and nothing from elsewhere.
    """
    left_out: Counter[str] = Counter()
    paths = _files(folder, endings, left_out)
    found = [FoundFile(path, _name(path.relative_to(folder))) for path in paths]
    return FoundDocuments(tuple(sorted(found, key=lambda file: file.name)), left_out)


def _files(folder: Path, endings: Collection[str], left_out: Counter[str]) -> Iterator[Path]:
    def note(_: OSError) -> None:
        left_out[CLOSED_FOLDER] += 1

    for root, folders, names in os.walk(folder, onerror=note, followlinks=False):
        linked = [name for name in folders if (Path(root) / name).is_symlink()]
        if linked:
            left_out[LINKED_FOLDER] += len(linked)
        for name in names:
            path = Path(root) / name
            reason = _left_out_because(path, endings)
            if reason is None:
                yield path
            else:
                left_out[reason] += 1


def _left_out_because(path: Path, endings: Collection[str]) -> str | None:
    if path.name.startswith((".", "~$")):
        return HIDDEN
    ending = path.suffix.lower()
    if ending not in endings:
        return f"ends in {_name(Path(ending))}" if ending else NO_ENDING
    return NO_FILE if _is_special(path) else None


def _is_special(path: Path) -> bool:
    """Reading a pipe might wait for ever. What cannot be looked at is left to the reading."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode)


def _name(path: Path) -> str:
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
