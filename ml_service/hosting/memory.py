"""The models in the memory of one process: loaded once, unloaded when there is no need."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from ml_service.domain.errors import ModelError, ModelNotFound, ModelUnavailable, ServiceError
from ml_service.domain.figures import Spread
from ml_service.domain.ports import Clock
from ml_service.domain.prediction import ModelRef
from ml_service.domain.unexpected import where_it_happened
from ml_service.hosting.loaded import HostedModel, LoadModel, RevisionState, Slot
from ml_service.hosting.shelf import ModelShelf

log = logging.getLogger(__name__)

HostEvent = Literal["load", "failure", "swap", "idle", "memory", "drained", "asked"]
"""The last four are reasons for which a model was unloaded."""

UNLOADED: tuple[HostEvent, ...] = ("idle", "memory", "drained", "asked")

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


@dataclass(slots=True)
class HostFigures:
    """Counts since the start, by model_id and revision and then by arm, error code or event."""

    requests: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)
    refusals: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    events: Counter[tuple[str, str, HostEvent]] = field(default_factory=Counter)
    predicted_s: dict[tuple[str, str, str | None], Spread] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HostBounds:
    """``memory_bytes`` of all weights together. A model that nobody asked for in ``idle_after``
    is unloaded; one that could not be loaded is not tried again before ``retry_after``.
    """

    memory_bytes: int = 1024**3
    idle_after: timedelta = timedelta(minutes=30)
    retry_after: timedelta = timedelta(seconds=30)


class ModelMemory:
    """``is_kept`` says of a revision whether it stays whatever happens."""

    def __init__(
        self,
        shelf: ModelShelf,
        load: LoadModel,
        *,
        clock: Clock,
        bounds: HostBounds,
        is_kept: Callable[[ModelRef], bool],
    ) -> None:
        self.figures = HostFigures()
        self.bounds = bounds
        self._shelf = shelf
        self._load = load
        self._clock = clock
        self._is_kept_ref = is_kept
        self._slots: dict[tuple[str, str], Slot] = {}
        self._one_load = asyncio.Lock()

    async def slot(self, ref: ModelRef) -> Slot:
        """Only for what is on the shelf, so that nobody fills memory with names. Raises
        ModelNotFound.
        """
        name = (ref.model_id, ref.revision)
        if name not in self._slots:
            await asyncio.to_thread(self._shelf.folder_of, *name)
            self._slots.setdefault(name, Slot(ModelRef(*name)))
        return self._slots[name]

    async def held(self, slot: Slot) -> HostedModel:
        """Loaded; those who ask while it loads wait for the same loading.

        Raises ModelNotFound, ModelUnavailable or WeightsMismatch.
        """
        if slot.model is not None:
            return slot.model
        if slot.loading is None:
            self._refuse_again(slot)
            slot.loading = asyncio.create_task(self._loaded(slot))
            slot.loading.add_done_callback(_look_at_it)
        return await asyncio.shield(slot.loading)

    def _refuse_again(self, slot: Slot) -> None:
        if slot.refusal is None or slot.refused_until is None:
            return
        if self._clock() < slot.refused_until:
            raise type(slot.refusal)(slot.refusal.message)

    async def _loaded(self, slot: Slot) -> HostedModel:
        try:
            async with self._one_load:
                model = await asyncio.to_thread(self._from_shelf, slot.ref)
                self._make_room(model)
        except (ModelNotFound, ModelError) as error:
            self._note_refusal(slot, error)
            raise
        finally:
            slot.loading = None
        slot.model, slot.was_loaded, slot.retires = model, True, False
        slot.refusal = slot.refused_until = None
        slot.last_used_at = self._clock()
        self.count("load", slot.ref.model_id, slot.ref.revision)
        return model

    def _note_refusal(self, slot: Slot, error: ServiceError) -> None:
        ref = slot.ref
        log.error(
            "model %s: revision %s cannot be loaded: %s", ref.model_id, ref.revision, error.message
        )
        slot.refusal = error
        slot.refused_until = self._clock() + self.bounds.retry_after
        self.count("failure", ref.model_id, ref.revision)

    def probe(self, folder: Path) -> HostedModel:
        """What lies there, loaded, its canary answered, and held by nobody. Blocking.

        Raises ModelUnavailable or WeightsMismatch.
        """
        try:
            model = self._load(folder)
            model.answer_canary()
        except ServiceError:
            raise
        except Exception as error:
            log.error("models: what was loaded failed with %s", where_it_happened(error))
            raise ModelUnavailable("The parts of the model do not belong together.") from error
        return model

    def _from_shelf(self, ref: ModelRef) -> HostedModel:
        model = self.probe(self._shelf.folder_of(ref.model_id, ref.revision))
        if (model.ref.model_id, model.ref.revision) != (ref.model_id, ref.revision):
            raise ModelUnavailable("The manifest names another model than its folder does.")
        return model

    def _make_room(self, model: HostedModel) -> None:
        """Unload what was asked for longest ago. Raises ModelUnavailable where that would not be
        enough, and then all stays.
        """
        free = self._loaded_and_free()
        bound = self.bounds.memory_bytes
        stays = self.memory_bytes - sum(_bytes_of(slot) for slot in free)
        if stays + model.memory_bytes > bound:
            raise ModelUnavailable(
                f"This model takes {model.memory_bytes:,} bytes, and {stays:,} of the {bound:,} "
                "that models may take are in use. Raise MODELS_MEMORY_BYTES."
            )
        for slot in free:
            if self.memory_bytes + model.memory_bytes <= bound:
                return
            self._unload(slot, because="memory")

    def _loaded_and_free(self) -> list[Slot]:
        """What may be unloaded, longest unused first."""
        free = [
            slot
            for slot in self._slots.values()
            if slot.model is not None and not slot.leases and not self._is_kept(slot)
        ]
        return sorted(
            free, key=lambda slot: (slot.last_used_at or self._clock(), slot.ref.revision)
        )

    def find(self, ref: ModelRef) -> Slot | None:
        """Where it was asked for before."""
        return self._slots.get((ref.model_id, ref.revision))

    def forget(self, slot: Slot) -> None:
        """What is not on the shelf any more."""
        self._slots.pop((slot.ref.model_id, slot.ref.revision), None)

    def release(self, slot: Slot) -> None:
        """A lease of it ended."""
        slot.leases -= 1
        slot.last_used_at = self._clock()
        self._end_if_retired(slot, because="drained")

    def retire(self, slot: Slot, *, because: HostEvent = "drained") -> None:
        """It ends what it has in work, and goes."""
        slot.retires = slot.model is not None
        self._end_if_retired(slot, because=because)

    def unload_idle(self) -> None:
        """What nobody asked for in a while."""
        before = self._clock() - self.bounds.idle_after
        for slot in self._loaded_and_free():
            if slot.last_used_at is None or slot.last_used_at < before:
                self._unload(slot, because="idle")

    def state_of(self, ref: ModelRef) -> RevisionState:
        """Of what was never asked for as well."""
        slot = self.find(ref)
        return RevisionState("registered") if slot is None else slot.told

    @property
    def memory_bytes(self) -> int:
        return sum(_bytes_of(slot) for slot in self._slots.values())

    @property
    def refs(self) -> tuple[ModelRef, ...]:
        """Of all that was asked for and is not forgotten."""
        return tuple(slot.ref for slot in self._slots.values())

    async def close(self) -> None:
        """Loadings that nobody waits for any more end here."""
        loading = [slot.loading for slot in self._slots.values() if slot.loading is not None]
        if loading:
            await asyncio.wait(loading)
        self._slots.clear()

    def count(self, event: HostEvent, model_id: str, revision: str) -> None:
        self.figures.events[model_id, revision, event] += 1

    def _is_kept(self, slot: Slot) -> bool:
        return self._is_kept_ref(slot.ref)

    def _end_if_retired(self, slot: Slot, *, because: HostEvent) -> None:
        if slot.retires and not slot.leases:
            self._unload(slot, because=because)

    def _unload(self, slot: Slot, *, because: HostEvent) -> None:
        slot.model, slot.retires = None, False
        self.count(because, slot.ref.model_id, slot.ref.revision)
        log.info("model %s: revision %s unloaded", slot.ref.model_id, slot.ref.revision)


def _bytes_of(slot: Slot) -> int:
    return 0 if slot.model is None else slot.model.memory_bytes


def _look_at_it(loading: asyncio.Task[HostedModel]) -> None:
    """Those who waited may all be gone: the failure is noted in the slot."""
    if not loading.cancelled():
        loading.exception()
