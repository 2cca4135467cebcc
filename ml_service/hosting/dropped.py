"""Models that somebody put into the folder of models by hand."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ml_service.domain.errors import ModelError, ModelNotFound, ModelRefused, ServiceError
from ml_service.domain.unexpected import where_it_happened
from ml_service.hosting.choice import is_name
from ml_service.hosting.intake import ModelIntake, Probe
from ml_service.hosting.shelf import ModelShelf

log = logging.getLogger(__name__)

ENDINGS = frozenset({".onnx", ".zip"})
FOREIGN_ENDINGS = frozenset(
    {".pkl", ".pickle", ".joblib", ".pt", ".pth", ".mar", ".h5", ".keras", ".npz", ".safetensors"}
)
"""What people put there as well; it is refused, and told with what to do instead."""

AT_REST_S = 2.0
"""A file that changed a moment ago is still being copied."""

_UNEXPECTED = "It cannot be taken: the log of the service says what happened."


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or revision that lies in the folder and is no model; ``reason`` is for people."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was looked at: a file that changes is looked at again."""

    size: int
    changed_ns: int


class DroppedModels:
    """``NAME.onnx`` and ``NAME.zip`` at the top of the folder are taken as an upload would be; a
    revision that somebody laid out himself answers if it is the only one of its name and nobody
    said which one does.
    """

    def __init__(self, intake: ModelIntake, *, probe: Probe) -> None:
        self._intake = intake
        self._probe = probe
        self._refused: dict[Path, tuple[_Seen, Unreadable]] = {}

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """As of the last look, by name."""
        found = [said for _, said in self._refused.values()]
        return tuple(sorted(found, key=lambda said: said.name))

    def look(self) -> tuple[str, ...]:
        """The names that got a revision or a champion. Blocking, seconds where there is one."""
        there = dict(_at_rest(self._intake.shelf))
        for gone in set(self._refused) - set(there):
            del self._refused[gone]
        names = []
        for path, seen in there.items():
            if path in self._refused and self._refused[path][0] == seen:
                continue
            self._refused.pop(path, None)
            try:
                names.append(self._settled(path))
            except ServiceError as refused:
                log.warning("models: %s is not taken: %s", path.name, refused.message)
                self._refused[path] = seen, _unreadable(path, refused.message)
            except Exception as error:  # noqa: BLE001 - the others are looked at all the same
                log.error("models: %s: unexpected %s", path.name, where_it_happened(error))
                self._refused[path] = seen, _unreadable(path, _UNEXPECTED)
        return tuple(names)

    def _settled(self, path: Path) -> str:
        """Raises a ServiceError."""
        if path.is_dir():
            return self._promoted(path)
        if not is_name(path.stem):
            raise ModelRefused("The file's name is none that a model can have.")
        try:
            if path.stat().st_size > self._intake.max_bytes:
                raise ModelRefused(f"The file has more than {self._intake.max_bytes:,} bytes.")
            content = path.read_bytes()
        except OSError as error:
            raise ModelRefused("The file cannot be read.") from error
        taken = self._intake.take(content, path.stem)
        try:
            path.unlink(missing_ok=True)  # another process may have taken it as well
        except OSError as error:
            raise ModelRefused("It was taken, and the file cannot be removed.") from error
        log.info("models: %s was put there, revision %s", taken.model_id, taken.revision)
        return taken.model_id

    def _promoted(self, folder: Path) -> str:
        name, revision = folder.parent.name, folder.name
        model = self._probe(folder)
        if (model.ref.model_id, model.ref.revision) != (name, revision):
            raise ModelRefused("The manifest names another model than its folder does.")
        self._intake.shelf.promote(name, revision)
        log.info("models: %s was put there, revision %s answers", name, revision)
        return name


def _unreadable(path: Path, reason: str) -> Unreadable:
    name = path.name if path.is_file() else f"{path.parent.name}/{path.name}"
    return Unreadable(name, reason)


def _at_rest(shelf: ModelShelf) -> Iterator[tuple[Path, _Seen]]:
    for path in (*_files(shelf.folder), *_without_champion(shelf)):
        with suppress(OSError):
            stat = path.stat()
            if time.time() - stat.st_mtime >= AT_REST_S:
                yield path, _Seen(stat.st_size, stat.st_mtime_ns)


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in ENDINGS | FOREIGN_ENDINGS and path.is_file():
                yield path


def _without_champion(shelf: ModelShelf) -> Iterator[Path]:
    for name in shelf.names():
        with suppress(ModelNotFound, ModelError):
            if "champion" in shelf.pointers(name).aliases:
                continue
            revisions = shelf.revisions(name)
            if len(revisions) == 1:
                yield revisions[0].folder
