"""The folder of models: a folder for each name, in it one for each revision, one of them chosen."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ml_service.career.model_files import MANIFEST_FILE, Manifest, read_manifest
from ml_service.domain.errors import InvalidRequest, ModelNotFound, ModelUnavailable

CHAMPION_FILE = "champion"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_REVISION = re.compile(r"[0-9a-f]{6,64}")
_UNFINISHED = ".unfinished-"
_ABANDONED_AFTER_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """``manifest`` is None where it cannot be read."""

    model_id: str
    revision: str
    champion: bool
    folder: Path
    manifest: Manifest | None


class ModelShelf:
    """``FOLDER/NAME/REVISION/{manifest.json, weights.npz}``; ``FOLDER/NAME/champion`` holds the
    revision that answers. Both are changed by a rename, so that a reader never sees half of one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> tuple[ShelfEntry, ...]:
        """By name, the oldest revision of each first."""
        return tuple(entry for name in self.names() for entry in self.revisions(name))

    def names(self) -> tuple[str, ...]:
        if not self._folder.is_dir():
            return ()
        folders = (entry for entry in self._folder.iterdir() if entry.is_dir())
        named = (folder.name for folder in folders if _NAME.fullmatch(folder.name))
        return tuple(sorted(name for name in named if any(self._revision_folders(name))))

    def revisions(self, model_id: str) -> tuple[ShelfEntry, ...]:
        """The oldest first; empty for a name that is not there, or that is none."""
        if not _NAME.fullmatch(model_id):
            return ()
        chosen = self._champion_of(model_id)
        entries = [
            ShelfEntry(model_id, folder.name, folder.name == chosen, folder, _manifest(folder))
            for folder in self._revision_folders(model_id)
        ]
        entries.sort(key=lambda entry: (_age(entry), entry.revision))
        return tuple(entries)

    def champion(self, model_id: str) -> tuple[str, Path]:
        """Revision and folder of the one that answers. Raises ModelNotFound, ModelUnavailable."""
        check_name(model_id, otherwise=ModelNotFound())
        if not any(self._revision_folders(model_id)):
            raise ModelNotFound
        revision = self._champion_of(model_id)
        if revision is None:
            raise ModelUnavailable(f"No revision of {model_id} is promoted. Promote one.")
        try:
            return revision, self.folder_of(model_id, revision)
        except ModelNotFound as error:
            raise ModelUnavailable(f"{error.message} Promote another.") from error

    def folder_of(self, model_id: str, revision: str) -> Path:
        """Raises ModelNotFound."""
        check_name(model_id, otherwise=ModelNotFound())
        folder = self._folder / model_id / revision
        if not _REVISION.fullmatch(revision) or not (folder / MANIFEST_FILE).is_file():
            raise ModelNotFound(f"There is no revision {revision[:64]!r} of {model_id}.")
        return folder

    def add(self, model_id: str, write: Callable[[Path], Manifest]) -> str:
        """The new revision. What ``write`` leaves in its folder appears whole or not at all.

        Where nothing was chosen yet, the new one is. Raises InvalidRequest for a bad name.
        """
        check_name(model_id)
        home = self._folder / model_id
        _remove_abandoned(home)
        unfinished = home / f"{_UNFINISHED}{uuid4().hex}"
        try:
            revision = str(write(unfinished)["revision"])
            _put_in_place(unfinished, home / revision)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            _remove_if_empty(home)
        if self._champion_of(model_id) is None:
            self.promote(model_id, revision)
        return revision

    def promote(self, model_id: str, revision: str) -> None:
        """Raises ModelNotFound."""
        folder = self.folder_of(model_id, revision)
        pointer = folder.parent / f"{_UNFINISHED}{uuid4().hex}"
        try:
            pointer.write_text(f"{revision}\n", encoding="ascii")
            pointer.replace(folder.parent / CHAMPION_FILE)
        finally:
            pointer.unlink(missing_ok=True)

    def _champion_of(self, model_id: str) -> str | None:
        try:
            chosen = (self._folder / model_id / CHAMPION_FILE).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
        return chosen if _REVISION.fullmatch(chosen) else None

    def _revision_folders(self, model_id: str) -> Iterator[Path]:
        home = self._folder / model_id
        if not home.is_dir():
            return
        for folder in home.iterdir():
            if _REVISION.fullmatch(folder.name) and (folder / MANIFEST_FILE).is_file():
                yield folder


def check_name(model_id: str, *, otherwise: Exception | None = None) -> None:
    """Raises ``otherwise``, or InvalidRequest."""
    if not _NAME.fullmatch(model_id):
        raise otherwise or InvalidRequest(
            "A model's name has up to 64 small letters, digits, dots, dashes or underscores and "
            "begins with a letter or digit.",
            field="name",
        )


def _put_in_place(unfinished: Path, folder: Path) -> None:
    """The same weights again have the same revision: file by file, so that it never is away."""
    if not folder.exists():
        unfinished.rename(folder)
        return
    for file in unfinished.iterdir():
        file.replace(folder / file.name)


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except ModelUnavailable:
        return None


def _age(entry: ShelfEntry) -> float:
    try:
        return (entry.folder / MANIFEST_FILE).stat().st_mtime
    except OSError:
        return 0.0


def _remove_abandoned(home: Path) -> None:
    """What a process left half made when it was killed; whatever is younger may be in work."""
    for left in home.glob(f"{_UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_AFTER_S:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
