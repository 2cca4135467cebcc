"""Which models answer in one process: found on the shelf, exchanged under traffic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from ml_service.domain.errors import ModelInUse, ModelNotFound, ModelUnavailable, ServiceError
from ml_service.domain.figures import Spread
from ml_service.domain.ports import Clock
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.answering import Answering
from ml_service.hosting.choice import ALIASES, Alias, ModelChoice
from ml_service.hosting.loaded import HostedModel, LoadModel, RevisionState
from ml_service.hosting.memory import SECONDS, HostBounds, HostFigures, ModelMemory
from ml_service.hosting.shelf import ModelShelf
from ml_service.hosting.traffic import Traffic


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
        self._answering = Answering(shelf)
        self._kept: set[str] = set()

    def keep(self, model_id: str) -> None:
        """What answers for this name is never unloaded to make room, nor for being idle."""
        self._kept.add(model_id)

    async def refresh(self) -> None:
        """Follow the pointers on the shelf, whoever moved them."""
        await self._answering.refresh(self._memory)

    async def choose(self, choice: ModelChoice, *, who: str | None = None) -> ModelRef:
        """The revision, with the arm where traffic led there; the same for the same ``who``.

        Raises ModelNotFound, or ModelUnavailable where none is promoted.
        """
        model_id, version = choice.model_id, choice.version
        if model_id not in self._answering.aliases:
            await asyncio.to_thread(self.shelf.pointers, model_id)
            await self.refresh()
        if version is not None and version not in ALIASES:
            await self._memory.slot(ModelRef(model_id, version))
            return ModelRef(model_id, version)
        if version is not None:
            return ModelRef(model_id, self._answering.pointed(model_id, version))
        arm = self.traffic(model_id).arm_of(model_id, who or "")
        return ModelRef(model_id, self._answering.pointed(model_id, arm), arm)

    def traffic(self, model_id: str) -> Traffic:
        return self._answering.traffic(model_id)

    def shadow_of(self, model_id: str) -> ModelRef | None:
        """Which revision sees what the others answer."""
        shadow = self.traffic(model_id).shadow
        if shadow is None:
            return None
        try:
            return ModelRef(model_id, self._answering.pointed(model_id, shadow), shadow)
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
        """Share requests once all arms have been loaded beside each other and have answered their
        canaries.

        Raises ModelNotFound, also where an arm leads to no revision, ModelUnavailable or
        WeightsMismatch, and then nothing has changed.
        """
        revisions = await asyncio.to_thread(self.shelf.arms, model_id, traffic)
        async with AsyncExitStack() as held:
            for revision in sorted(revisions):
                await held.enter_async_context(self.hold(ModelRef(model_id, revision)))
            await asyncio.to_thread(self.shelf.share, model_id, traffic)
            await self.refresh()

    async def drop_challenger(self, model_id: str) -> None:
        """Raises ModelNotFound or ModelInUse."""
        await asyncio.to_thread(self.shelf.drop_challenger, model_id)
        await self.refresh()

    async def remove(self, ref: ModelRef) -> None:
        """From the shelf and from memory; the last one of a name that is not kept may go although
        it answers. Raises ModelNotFound or ModelInUse.
        """
        slot = await self._memory.slot(ref)
        if slot.leases:
            raise ModelInUse
        await asyncio.to_thread(self._remove, ref)
        self._memory.forget(slot)
        await self.refresh()

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
        return self._answering.aliases

    async def close(self) -> None:
        """Loadings that nobody waits for any more end here."""
        await self._memory.close()

    def _is_kept(self, ref: ModelRef) -> bool:
        champion = self.answering.get(ref.model_id, {}).get("champion")
        return ref.model_id in self._kept and champion == ref.revision

    def _remove(self, ref: ModelRef) -> None:
        is_only = len(self.shelf.revisions(ref.model_id)) == 1
        if is_only and ref.model_id not in self._kept:
            self.shelf.remove_only(ref.model_id, ref.revision)
        else:
            self.shelf.remove(ref.model_id, ref.revision)
