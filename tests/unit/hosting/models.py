"""Models of nothing, for what hosts do with any kind of model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.choice import read_choice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.model_files import MANIFEST_FILE, WEIGHTS_FILE, Manifest
from ml_service.hosting.shelf import ModelShelf

FIRST, SECOND, THIRD, FOURTH = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc", "dddddddddddd"


@dataclass
class Weights:
    """A hosted model: its weights are its size; ``fits`` is whether it answers its canary."""

    ref: ModelRef
    memory_bytes: int
    fits: bool = True

    def answer_canary(self) -> None:
        if not self.fits:
            raise ModelUnavailable("The canary found it out.")


@dataclass
class Loader:
    """Reads the size that the weights name, counting; ``before`` runs before each loading."""

    loaded: list[str] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def __call__(self, folder: Path) -> Weights:
        self.before()
        self.loaded.append(folder.name)
        said = (folder / WEIGHTS_FILE).read_text()
        if said == "broken":
            raise ModelUnavailable("The weights are broken.")
        ref = ModelRef(folder.parent.name, folder.name)
        return Weights(ref, memory_bytes=int(said.split()[0]), fits="lame" not in said)


@dataclass
class Hands:
    """A clock that is set by hand."""

    now: datetime = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def put(shelf: ModelShelf, name: str, revision: str, weights: str = "100") -> ModelRef:
    def write(folder: Path) -> Manifest:
        folder.mkdir(parents=True)
        (folder / WEIGHTS_FILE).write_text(weights)
        (folder / MANIFEST_FILE).write_text("{}")
        return {"revision": revision}

    shelf.add(name, write)
    return ModelRef(name, revision)


async def add(shelf: ModelShelf, revision: str, weights: str = "100") -> ModelRef:
    return await asyncio.to_thread(put, shelf, "trades", revision, weights)


async def answers(host: ModelHost, said: str = "trades", *, who: str = "x") -> str:
    """The revision that was chosen and answered."""
    ref = await host.choose(read_choice(said), who=who)
    async with host.lease(ref) as model:
        assert model.ref.revision == ref.revision
        return ref.revision
