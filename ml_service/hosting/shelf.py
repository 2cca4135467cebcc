"""The folder of models: a folder for each name, in it one for each revision, one of them chosen."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ml_service.domain.errors import InvalidRequest, ModelInUse, ModelNotFound, ModelUnavailable
from ml_service.hosting.choice import ALIASES, Alias, check_name, is_name, is_revision
from ml_service.hosting.model_files import MANIFEST_FILE, Manifest, read_manifest
from ml_service.hosting.traffic import PLAIN, Traffic, read_traffic

CHAMPION_FILE = "champion"
TRAFFIC_FILE = "traffic.json"
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


@dataclass(frozen=True, slots=True)
class Pointers:
    """Which revisions answer for a model. An alias that points at nothing readable is not there."""

    aliases: Mapping[Alias, str]
    traffic: Traffic


class ModelShelf:
    """``FOLDER/NAME/REVISION/{manifest.json, weights}``; ``FOLDER/NAME/champion`` and
    ``challenger`` each hold a revision, ``traffic.json`` how requests are shared between them. All
    are changed by a rename, so that a reader never sees half of one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        return self._folder

    def entries(self) -> tuple[ShelfEntry, ...]:
        """By name, the oldest revision of each first."""
        return tuple(entry for name in self.names() for entry in self.revisions(name))

    def names(self) -> tuple[str, ...]:
        if not self._folder.is_dir():
            return ()
        folders = (entry for entry in self._folder.iterdir() if entry.is_dir())
        named = (folder.name for folder in folders if is_name(folder.name))
        return tuple(sorted(name for name in named if any(self._revision_folders(name))))

    def revisions(self, model_id: str) -> tuple[ShelfEntry, ...]:
        """The oldest first; empty for a name that is not there, or that is none."""
        if not is_name(model_id):
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
        if not is_revision(revision) or not (folder / MANIFEST_FILE).is_file():
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
        self.point(model_id, "champion", revision)

    def point(self, model_id: str, alias: Alias, revision: str) -> None:
        """Raises ModelNotFound."""
        self.folder_of(model_id, revision)
        self._put(model_id, alias, f"{revision}\n")

    def drop_challenger(self, model_id: str) -> None:
        """Nothing happens where there is none. Raises ModelNotFound, or ModelInUse while traffic
        goes to it.
        """
        if "challenger" in self._arms_of(self.pointers(model_id).traffic):
            raise ModelInUse("Traffic goes to the challenger: change the traffic first.")
        (self._folder / model_id / "challenger").unlink(missing_ok=True)

    def share(self, model_id: str, traffic: Traffic) -> None:
        """Raises ModelNotFound, also where an arm leads to no revision."""
        pointers = self.pointers(model_id)
        for arm in self._arms_of(traffic):
            revision = pointers.aliases.get(arm) if arm in ALIASES else arm
            if revision is None:
                raise ModelNotFound(f"{model_id} has no {arm}.")
            self.folder_of(model_id, revision)
        self._put(model_id, TRAFFIC_FILE, json.dumps(traffic.as_json()))

    def pointers(self, model_id: str) -> Pointers:
        """Raises ModelNotFound."""
        check_name(model_id, otherwise=ModelNotFound())
        if not any(self._revision_folders(model_id)):
            raise ModelNotFound
        found = {alias: self._pointed(model_id, alias) for alias in ALIASES}
        aliases = {alias: revision for alias, revision in found.items() if revision is not None}
        return Pointers(aliases, self._traffic_of(model_id))

    def remove(self, model_id: str, revision: str) -> None:
        """For good. Raises ModelNotFound, or ModelInUse while an alias or traffic leads to it."""
        folder = self.folder_of(model_id, revision)
        pointers = self.pointers(model_id)
        named = [alias for alias, pointed in pointers.aliases.items() if pointed == revision]
        if named or revision in self._arms_of(pointers.traffic):
            raise ModelInUse(
                f"Revision {revision} of {model_id} answers requests: let another do it first."
            )
        gone = folder.with_name(f"{_UNFINISHED}{uuid4().hex}")
        folder.rename(gone)
        shutil.rmtree(gone)

    def size_bytes(self, model_id: str, revision: str) -> int:
        """Of its files. Raises ModelNotFound."""
        folder = self.folder_of(model_id, revision)
        return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())

    def _put(self, model_id: str, name: str, text: str) -> None:
        home = self._folder / model_id
        written = home / f"{_UNFINISHED}{uuid4().hex}"
        try:
            written.write_text(text, encoding="ascii")
            written.replace(home / name)
        finally:
            written.unlink(missing_ok=True)

    @staticmethod
    def _arms_of(traffic: Traffic) -> set[str]:
        return {*traffic.weights, *([] if traffic.shadow is None else [traffic.shadow])}

    def _champion_of(self, model_id: str) -> str | None:
        return self._pointed(model_id, "champion")

    def _pointed(self, model_id: str, alias: Alias) -> str | None:
        try:
            chosen = (self._folder / model_id / alias).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
        return chosen if is_revision(chosen) else None

    def _traffic_of(self, model_id: str) -> Traffic:
        """Where the file says nothing readable, all goes to the champion."""
        try:
            text = (self._folder / model_id / TRAFFIC_FILE).read_text(encoding="ascii")
            return read_traffic(json.loads(text))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, InvalidRequest):
            return PLAIN

    def _revision_folders(self, model_id: str) -> Iterator[Path]:
        home = self._folder / model_id
        if not home.is_dir():
            return
        for folder in home.iterdir():
            if is_revision(folder.name) and (folder / MANIFEST_FILE).is_file():
                yield folder


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
