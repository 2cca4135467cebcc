"""The career models that answer: loaded when first asked for, exchanged on promotion."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ml_service.career.model_card import ModelCard, card_of
from ml_service.career.model_files import read_manifest
from ml_service.career.model_shelf import ModelShelf, ShelfEntry
from ml_service.career.predictor import AnyPredictor
from ml_service.domain.errors import ModelChanged, ModelError, ModelNotFound, ModelUnavailable
from ml_service.domain.health import Part
from ml_service.domain.prediction import ModelRef

log = logging.getLogger(__name__)

LoadModel = Callable[[Path], AnyPredictor]

MOST_FORMER = 2
"""Former revisions held in memory, for explanations of what they predicted."""

RETRY_AFTER_S = 30.0
"""A promoted revision that cannot be loaded costs not every request an attempt."""

_MISPLACED = "The manifest names another model than its folder does."


@dataclass(frozen=True, slots=True)
class ListedRevision:
    """``trained_at`` is a date, None where the manifest does not say it."""

    revision: str
    champion: bool
    trained_at: str | None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """The card of the revision that answers, and all there are, the oldest first."""

    card: ModelCard
    state: Literal["ready", "registered"]
    revisions: tuple[ListedRevision, ...]


@dataclass(frozen=True, slots=True)
class ListedModels:
    models: tuple[ListedModel, ...]
    unreadable: tuple[str, ...]


class CareerModels:
    def __init__(
        self,
        shelf: ModelShelf,
        load: LoadModel,
        *,
        default: str,
        retry_after_s: float = RETRY_AFTER_S,
    ) -> None:
        self._shelf = shelf
        self._load = load
        self._default = default
        self._retry_after_s = retry_after_s
        self._answering: dict[str, AnyPredictor] = {}
        self._former: dict[ModelRef, AnyPredictor] = {}
        self._refusals: dict[str, tuple[str, float]] = {}
        self._loading = asyncio.Lock()

    async def start(self) -> None:
        """Load the default. Raises ModelNotFound, ModelUnavailable or WeightsMismatch."""
        await self.get(None)

    async def get(self, model_id: str | None) -> AnyPredictor:
        """The promoted revision; None asks for the default.

        Where a newly promoted one cannot be loaded, the one before goes on answering. Raises
        ModelNotFound, ModelUnavailable or WeightsMismatch.
        """
        name = model_id or self._default
        revision = await self._chosen(name)
        answering = self._answering.get(name)
        if answering is not None and revision in {answering.ref.revision, self._refused(name)}:
            return answering
        async with self._loading:
            return await self._promoted(name)

    async def exactly(self, ref: ModelRef) -> AnyPredictor:
        """The very revision that made a prediction. Raises ModelChanged where it is gone."""
        answering = self._answering.get(ref.model_id)
        if answering is not None and answering.ref.revision == ref.revision:
            return answering
        async with self._loading:
            return await self._former_one(ModelRef(ref.model_id, ref.revision))

    async def part(self) -> Part:
        """The default is loaded before anything is served, or the start fails."""
        loaded = {name: model.ref.revision for name, model in sorted(self._answering.items())}
        ready = self._default in loaded
        return Part("career_models", "ready" if ready else "not_ready", needed=True, detail=loaded)

    @property
    def default(self) -> AnyPredictor:
        """After ``start``."""
        return self._answering[self._default]

    async def listed(self) -> ListedModels:
        """Every model by name, loaded or not."""
        return await asyncio.to_thread(self._listed)

    async def find(self, model_id: str) -> ListedModel:
        """Raises ModelNotFound, or ModelUnavailable where its manifest cannot be read."""
        revision, folder = await asyncio.to_thread(self._shelf.champion, model_id)
        return await asyncio.to_thread(self._told, model_id, revision, folder)

    def _listed(self) -> ListedModels:
        models, unreadable = [], []
        for name in self._shelf.names():
            try:
                models.append(self._told(name, *self._shelf.champion(name)))
            except (ModelNotFound, ModelUnavailable):
                unreadable.append(name)
        return ListedModels(tuple(models), tuple(unreadable))

    def _told(self, model_id: str, revision: str, folder: Path) -> ListedModel:
        card = card_of(read_manifest(folder))
        if (card.model_id, card.revision) != (model_id, revision):
            raise ModelUnavailable(_MISPLACED)
        answering = self._answering.get(model_id)
        loaded = answering is not None and answering.ref.revision == revision
        return ListedModel(
            card=card,
            state="ready" if loaded else "registered",
            revisions=tuple(
                ListedRevision(entry.revision, entry.champion, _trained_at(entry))
                for entry in self._shelf.revisions(model_id)
            ),
        )

    async def _chosen(self, name: str) -> str:
        """The promoted revision; the one that answers where the pointer says nothing any more."""
        try:
            revision, _ = await asyncio.to_thread(self._shelf.champion, name)
        except ModelUnavailable:
            if name not in self._answering:
                raise
            return self._answering[name].ref.revision
        return revision

    async def _promoted(self, name: str) -> AnyPredictor:
        """What was promoted while others loaded counts: the pointer is read anew."""
        revision = await self._chosen(name)
        before = self._answering.get(name)
        if before is not None and revision in {before.ref.revision, self._refused(name)}:
            return before
        try:
            model = await asyncio.to_thread(self._loaded, ModelRef(name, revision))
        except (ModelNotFound, ModelError) as error:
            if before is None:
                raise
            log.error("model %s: revision %s cannot be loaded: %s", name, revision, error.message)
            self._refusals[name] = (revision, time.monotonic() + self._retry_after_s)
            return before
        log.info("model %s: revision %s answers", name, revision)
        self._answering[name] = model
        return model

    def _refused(self, name: str) -> str | None:
        """The revision that could not be loaded a moment ago."""
        revision, until = self._refusals.get(name, (None, 0.0))
        return revision if time.monotonic() < until else None

    def _loaded(self, ref: ModelRef) -> AnyPredictor:
        model = self._load(self._shelf.folder_of(ref.model_id, ref.revision))
        if model.ref != ref:
            raise ModelUnavailable(_MISPLACED)
        return model

    async def _former_one(self, ref: ModelRef) -> AnyPredictor:
        if ref not in self._former:
            try:
                model = await asyncio.to_thread(self._loaded, ref)
            except (ModelNotFound, ModelError) as error:
                raise ModelChanged from error
            while len(self._former) >= MOST_FORMER:
                del self._former[next(iter(self._former))]
            self._former[ref] = model
        return self._former[ref]


def _trained_at(entry: ShelfEntry) -> str | None:
    told = (entry.manifest or {}).get("trained_at")
    return told if isinstance(told, str) else None
