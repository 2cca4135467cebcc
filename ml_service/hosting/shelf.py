"""The folder of models: a folder for each name, in it one for each revision, one of them chosen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ml_service.domain.errors import ModelInUse, ModelNotFound, ModelUnavailable, ServiceError
from ml_service.hosting.choice import Alias, check_name, is_name, is_revision
from ml_service.hosting.folders import (
    away,
    put_in_place,
    remove_abandoned,
    remove_if_empty,
    unfinished,
)
from ml_service.hosting.model_files import MANIFEST_FILE, Manifest, read_manifest
from ml_service.hosting.pointers import TRAFFIC_FILE, PointerFiles, Pointers
from ml_service.hosting.traffic import Traffic


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """``manifest`` is None where it cannot be read."""

    model_id: str
    revision: str
    champion: bool
    folder: Path
    manifest: Manifest | None


class ModelShelf:
    """``FOLDER/NAME/REVISION/{manifest.json, weights}``; ``FOLDER/NAME/champion`` and
    ``challenger`` each hold a revision, ``traffic.json`` how requests are shared between them. All
    are changed by a rename, so that a reader never sees half of one. Who makes a revision answer
    and who removes it each look once more afterwards: of the two at least one gives way.
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
        chosen = self._files(model_id).pointed("champion")
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
        revision = self._files(model_id).pointed("champion")
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
        if not is_revision(revision) or not _is_complete(folder):
            raise ModelNotFound(f"There is no revision {revision[:64]!r} of {model_id}.")
        return folder

    def holds(self, model_id: str, revision: str) -> bool:
        try:
            self.folder_of(model_id, revision)
        except ModelNotFound:
            return False
        return True

    def add(self, model_id: str, write: Callable[[Path], Manifest]) -> str:
        """The new revision. What ``write`` leaves in its folder appears whole or not at all.

        Where nothing was chosen yet, the new one is. Raises InvalidRequest for a bad name.
        """
        check_name(model_id)
        home = self._folder / model_id
        remove_abandoned(home)
        made = unfinished(home)
        try:
            revision = str(write(made)["revision"])
            put_in_place(made, home / revision)
        finally:
            shutil.rmtree(made, ignore_errors=True)
            remove_if_empty(home)
        if self._files(model_id).pointed("champion") is None:
            self.promote(model_id, revision)
        return revision

    def promote(self, model_id: str, revision: str) -> None:
        """Raises ModelNotFound."""
        self.point(model_id, "champion", revision)

    def point(self, model_id: str, alias: Alias, revision: str) -> None:
        """Raises ModelNotFound, and then what it pointed at before it points at again."""
        there = partial(self.folder_of, model_id, revision)
        self._lead(model_id, alias, f"{revision}\n", unless=there)

    def drop_challenger(self, model_id: str) -> None:
        """Nothing happens where there is none. Raises ModelNotFound, or ModelInUse while traffic
        goes to it.
        """
        self._lead(model_id, "challenger", None, unless=partial(self._refuse_shared, model_id))

    def share(self, model_id: str, traffic: Traffic) -> None:
        """Raises ModelNotFound, also where an arm leads to no revision."""
        said = json.dumps(traffic.as_json())
        self._lead(model_id, TRAFFIC_FILE, said, unless=partial(self.arms, model_id, traffic))

    def arms(self, model_id: str, traffic: Traffic) -> frozenset[str]:
        """The revisions that they lead to. Raises ModelNotFound, also where one leads to none."""
        pointers = self.pointers(model_id)
        revisions = {arm: pointers.revision_of(arm) for arm in sorted(traffic.arms)}
        for arm, revision in revisions.items():
            if revision is None:
                raise ModelNotFound(f"{model_id} has no {arm}.")
            self.folder_of(model_id, revision)
        return frozenset(revision for revision in revisions.values() if revision is not None)

    def pointers(self, model_id: str) -> Pointers:
        """Raises ModelNotFound."""
        check_name(model_id, otherwise=ModelNotFound())
        if not any(self._revision_folders(model_id)):
            raise ModelNotFound
        return self._files(model_id).read()

    def remove(self, model_id: str, revision: str) -> None:
        """For good. Raises ModelNotFound, or ModelInUse while an alias or traffic leads to it."""
        folder = self.folder_of(model_id, revision)
        self._refuse_led_to(model_id, revision)
        with away(folder):
            self._refuse_led_to(model_id, revision)

    def remove_only(self, model_id: str, revision: str) -> None:
        """With the name and all that leads to it. Raises ModelNotFound, or ModelInUse where there
        are others of the name.
        """
        folder = self.folder_of(model_id, revision)
        self._refuse_others(model_id, revision)
        with away(folder):
            self._refuse_others(model_id, revision)
            self._files(model_id).remove()
        remove_if_empty(folder.parent)

    def _refuse_shared(self, model_id: str) -> None:
        if "challenger" in self.pointers(model_id).traffic.arms:
            raise ModelInUse("Traffic goes to the challenger: change the traffic first.")

    def _refuse_led_to(self, model_id: str, revision: str) -> None:
        if self._files(model_id).read().lead_to(revision):
            raise ModelInUse(
                f"Revision {revision} of {model_id} answers requests: let another do it first."
            )

    def _refuse_others(self, model_id: str, revision: str) -> None:
        if any(folder.name != revision for folder in self._revision_folders(model_id)):
            raise ModelInUse(f"{model_id} has other revisions: let one of them answer first.")

    def size_bytes(self, model_id: str, revision: str) -> int:
        """Of its files. Raises ModelNotFound."""
        folder = self.folder_of(model_id, revision)
        return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())

    def _lead(
        self, model_id: str, name: str, text: str | None, *, unless: Callable[[], object]
    ) -> None:
        """Change a pointer, ``unless`` that raises; undone where it does so afterwards, because
        another changed something meanwhile. Raises what it raises, or ModelNotFound.
        """
        unless()
        files = self._files(model_id)
        before = files.text(name)
        try:
            files.put(name, text)
            unless()
        except FileNotFoundError as error:
            raise ModelNotFound from error
        except ServiceError:
            files.put(name, before)
            raise

    def _files(self, model_id: str) -> PointerFiles:
        return PointerFiles(self._folder / model_id)

    def _revision_folders(self, model_id: str) -> Iterator[Path]:
        try:
            folders = list((self._folder / model_id).iterdir())
        except OSError:
            return  # Gone meanwhile, or somebody else's: the others are there all the same.
        for folder in folders:
            if is_revision(folder.name) and _is_complete(folder):
                yield folder


def _is_complete(folder: Path) -> bool:
    try:
        return (folder / MANIFEST_FILE).is_file()
    except OSError:
        return False


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
