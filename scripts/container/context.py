"""What a build may copy: the project's files that ``.dockerignore`` lets through."""

from __future__ import annotations

import fnmatch
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath


class BuildContext:
    """Patterns in order, the last that matches decides; ``!`` lets in again.

    Source: Docker's "Build context", .dockerignore files. Understood are plain paths, ``*``, and
    ``**/`` in front.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        lines = (project / ".dockerignore").read_text(encoding="utf-8").splitlines()
        self._patterns = [line.strip() for line in lines if line.strip() and line[0] != "#"]

    def copy(self, source: str, target: Path) -> list[Path]:
        """A file or a folder's content, without what is ignored; what was written.

        Raises FileNotFoundError when nothing of it is in the context.
        """
        origin = self._project / source
        files = (
            [origin] if origin.is_file() else sorted(p for p in origin.rglob("*") if p.is_file())
        )
        wanted = [file for file in files if self._is_in(file.relative_to(self._project))]
        if not wanted:
            raise FileNotFoundError(f"{source} is not in the build context")
        return list(_copied(wanted, origin, target))

    def _is_in(self, path: Path) -> bool:
        ignored = False
        for pattern in self._patterns:
            if _matches(PurePosixPath(path), pattern.removeprefix("!")):
                ignored = not pattern.startswith("!")
        return not ignored


def _matches(path: PurePosixPath, pattern: str) -> bool:
    """A pattern that matches a folder matches what is below it."""
    ways = [path, *path.parents][:-1]
    if pattern.startswith("**/"):
        return any(fnmatch.fnmatch(part.name, pattern[3:]) for part in ways)
    return any(
        len(way.parts) == len(PurePosixPath(pattern).parts) and fnmatch.fnmatch(str(way), pattern)
        for way in ways
    )


def _copied(files: Iterable[Path], origin: Path, target: Path) -> Iterable[Path]:
    for file in files:
        place = target / file.relative_to(origin) if origin.is_dir() else target
        place.parent.mkdir(parents=True, exist_ok=True)
        yield Path(shutil.copy2(file, place))
