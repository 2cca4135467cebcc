"""Which models answer in one process: found on the shelf, exchanged under traffic."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from ml_service.domain.errors import (
    ModelError,
    ModelInUse,
    ModelNotFound,
    ModelUnavailable,
    ServiceError,
)
from ml_service.domain.figures import Spread
from ml_service.domain.ports import Clock
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.choice import ALIASES, Alias, ModelChoice
from ml_service.hosting.loaded import HostedModel, LoadModel, RevisionState
from ml_service.hosting.memory import SECONDS, HostBounds, HostFigures, ModelMemory
from ml_service.hosting.shelf import ModelShelf, Pointers
from ml_service.hosting.traffic import PLAIN, Traffic

log = logging.getLogger(__name__)


class ModelHost:
    """The shelf says which revisions answer; ``refresh`` looks there, nothing else does.

    What answers moves on only when the next one is loaded and has answered its canary.
    """

    def __init__(
        self,
        shelf: ModelShelf,
        load: LoadModel,
        *,
        clock: Clock,
        bounds: HostBounds | None = None,
    ) -> None:
        self.shelf = shelf
        self._memory = ModelMemory(
            shelf, load, clock=clock, bounds=bounds or HostBounds(), is_kept=self._is_kept
        )
        self._answering: dict[str, dict[Alias, str]] = {}
        self._traffic: dict[str, Traffic] = {}
        self._kept: set[str] = set()
        self._one_refresh = asyncio.Lock()

    def keep(self, model_id: str) -> None:
        """What answers for this name is never unloaded to make room, nor for being idle."""
        self._kept.add(model_id)

    async def refresh(self) -> None:
        """Follow the pointers on the shelf, whoever moved them."""
        async with self._one_refresh:
            seen = await asyncio.to_thread(self._seen)
            for gone in set(self._answering) - set(seen):
                del self._answering[gone]
            for model_id, pointers in seen.items():
                self._traffic[model_id] = pointers.traffic
                await self._follow(model_id, pointers.aliases)

    async def choose(self, choice: ModelChoice, *, who: str | None = None) -> ModelRef:
        """The revision, with the arm where traffic led there; the same for the same ``who``.

        Raises ModelNotFound, or ModelUnavailable where none is promoted.
        """
        model_id, version = choice.model_id, choice.version
        if model_id not in self._answering:
            await asyncio.to_thread(self.shelf.pointers, model_id)
            await self.refresh()
        if version is not None and version not in ALIASES:
            await self._memory.slot(ModelRef(model_id, version))
            return ModelRef(model_id, version)
        if version is not None:
            return ModelRef(model_id, self._pointed(model_id, version))
        arm = self.traffic(model_id).arm_of(model_id, who or "")
        return ModelRef(model_id, self._pointed(model_id, arm), arm)

    def traffic(self, model_id: str) -> Traffic:
        return self._traffic.get(model_id, PLAIN)

    def shadow_of(self, model_id: str) -> ModelRef | None:
        """Which revision sees what the others answer."""
        shadow = self.traffic(model_id).shadow
        if shadow is None:
            return None
        try:
            return ModelRef(model_id, self._pointed(model_id, shadow), shadow)
        except (ModelNotFound, ModelUnavailable):
            return None

    @asynccontextmanager
    async def lease(self, ref: ModelRef) -> AsyncIterator[HostedModel]:
        """The very revision, loaded, which stays until the lease ends; counted as a request.

        Raises ModelNotFound, ModelUnavailable or WeightsMismatch.
        """
        async with self.hold(ref) as model:
            with self.counted(ref):
                yield model

    @contextmanager
    def counted(self, ref: ModelRef) -> Iterator[None]:
        """One request of a revision that is held, and the error in which it ends."""
        self.figures.requests[ref.model_id, ref.revision, ref.arm] += 1
        try:
            yield
        except ServiceError as error:
            self.figures.refusals[ref.model_id, ref.revision, error.code] += 1
            raise

    @asynccontextmanager
    async def hold(self, ref: ModelRef) -> AsyncIterator[HostedModel]:
        """As ``lease``, uncounted: for who only looks at the model, or asks it several times."""
        slot = await self._memory.slot(ref)
        model = await self._memory.held(slot)
        slot.leases += 1
        try:
            yield model
        finally:
            self._memory.release(slot)

    def note(self, ref: ModelRef, *, seconds: float) -> None:
        """What one answer took the model itself."""
        name = (ref.model_id, ref.revision, ref.arm)
        self.figures.predicted_s.setdefault(name, Spread(SECONDS)).note(seconds)

    def probe(self, folder: Path) -> HostedModel:
        """What lies there, loaded, its canary answered, and held by nobody. Blocking.

        Raises ModelUnavailable or WeightsMismatch.
        """
        return self._memory.probe(folder)

    async def point(self, model_id: str, alias: Alias, revision: str) -> None:
        """Move an alias once its revision has been loaded and has answered its canary.

        Raises ModelNotFound, ModelUnavailable or WeightsMismatch, and then nothing has moved.
        """
        await self._memory.held(await self._memory.slot(ModelRef(model_id, revision)))
        await asyncio.to_thread(self.shelf.point, model_id, alias, revision)
        await self.refresh()

    async def share(self, model_id: str, traffic: Traffic) -> None:
        """Raises ModelNotFound, also where an arm leads to no revision."""
        await asyncio.to_thread(self.shelf.share, model_id, traffic)
        await self.refresh()

    async def drop_challenger(self, model_id: str) -> None:
        """Raises ModelNotFound or ModelInUse."""
        await asyncio.to_thread(self.shelf.drop_challenger, model_id)
        await self.refresh()

    async def remove(self, ref: ModelRef) -> None:
        """From the shelf and from memory. Raises ModelNotFound or ModelInUse."""
        slot = await self._memory.slot(ref)
        if slot.leases:
            raise ModelInUse
        await asyncio.to_thread(self.shelf.remove, ref.model_id, ref.revision)
        self._memory.forget(slot)

    async def unload(self, ref: ModelRef) -> None:
        """Now, or when what it has in work is done. Raises ModelNotFound, ModelInUse."""
        slot = await self._memory.slot(ref)
        if self._is_kept(ref):
            raise ModelInUse
        self._memory.retire(slot, because="asked")

    def unload_idle(self) -> None:
        """What nobody asked for in a while."""
        self._memory.unload_idle()

    def state_of(self, ref: ModelRef) -> RevisionState:
        """Of what was never asked for as well."""
        return self._memory.state_of(ref)

    @property
    def figures(self) -> HostFigures:
        return self._memory.figures

    @property
    def bounds(self) -> HostBounds:
        return self._memory.bounds

    @property
    def memory_bytes(self) -> int:
        """Of the weights of all that is loaded."""
        return self._memory.memory_bytes

    @property
    def answering(self) -> Mapping[str, Mapping[Alias, str]]:
        """Revision by alias by name, as this process answers at the moment."""
        return self._answering

    async def close(self) -> None:
        """Loadings that nobody waits for any more end here."""
        await self._memory.close()

    def _is_kept(self, ref: ModelRef) -> bool:
        champion = self._answering.get(ref.model_id, {}).get("champion")
        return ref.model_id in self._kept and champion == ref.revision

    def _seen(self) -> dict[str, Pointers]:
        seen = {}
        for model_id in self.shelf.names():
            with suppress(ModelNotFound):
                seen[model_id] = self.shelf.pointers(model_id)
        return seen

    async def _follow(self, model_id: str, pointed: Mapping[Alias, str]) -> None:
        """A pointer that says nothing readable leaves the former champion answering."""
        answering = self._answering.setdefault(model_id, {})
        if "challenger" not in pointed:
            answering.pop("challenger", None)
        for alias, revision in pointed.items():
            before = answering.get(alias)
            if before == revision:
                continue
            if before is None:
                answering[alias] = revision
            elif await self._comes_up(ModelRef(model_id, revision)):
                answering[alias] = revision
                log.info("model %s: revision %s is the %s", model_id, revision, alias)
                self._memory.count("swap", model_id, revision)
                self._retire(ModelRef(model_id, before))

    async def _comes_up(self, ref: ModelRef) -> bool:
        try:
            slot = await self._memory.slot(ref)
            await self._memory.held(slot)
        except (ModelNotFound, ModelError):
            return False
        slot.retires = False
        return True

    def _pointed(self, model_id: str, arm: str) -> str:
        """Raises ModelUnavailable."""
        if arm not in ALIASES:
            return arm
        found = [
            revision
            for alias, revision in self._answering.get(model_id, {}).items()
            if alias == arm
        ]
        if not found:
            raise ModelUnavailable(f"No revision of {model_id} is the {arm}. Promote one.")
        return found[0]

    def _retire(self, ref: ModelRef) -> None:
        """What no alias leads to any more ends what it has in work, and goes."""
        slot = self._memory.find(ref)
        if slot is not None and ref.revision not in self._answering[ref.model_id].values():
            self._memory.retire(slot)
