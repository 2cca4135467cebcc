"""The models of this service for callers who speak in tensors: described, run, loaded, unloaded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

from ml_service.career.hosted import HostedCareerModel
from ml_service.domain.errors import InvalidRequest, ModelInUse, ModelNotFound, ModelUnavailable
from ml_service.domain.ports import Encoder
from ml_service.domain.prediction import ModelRef
from ml_service.domain.tensors import Tensor, TensorFunction, Tensors, TensorSpec
from ml_service.hosting.choice import ModelChoice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import HostedModel, RevisionState
from ml_service.hosting.model_files import kind_of
from ml_service.hosting.shelf import ShelfEntry
from ml_service.intents.files import INTENTS
from ml_service.intents.hosted import WHERE_TO_ASK
from ml_service.use_cases.caller import current_caller_name
from ml_service.use_cases.embed_texts import EmbedTexts
from ml_service.use_cases.graph_runs import GraphRuns
from ml_service.use_cases.predict_texts import PredictTexts
from ml_service.use_cases.tensor_models import CareerModel, EncoderModel, GraphModel, TensorModel

PROBE = "Registered nurse"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DescribedModel:
    """``versions`` are all revisions there are, the oldest first."""

    model_id: str
    versions: tuple[str, ...]
    platform: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


@dataclass(frozen=True, slots=True)
class Inferred:
    """``outputs`` in the order in which they were asked for."""

    model: ModelRef
    parameters: Mapping[str, str]
    outputs: Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class StandingRevision:
    model_id: str
    revision: str
    state: RevisionState


class ServeTensors:
    def __init__(
        self,
        *,
        encoder: Encoder,
        host: ModelHost,
        graphs: GraphRuns,
        predict_texts: PredictTexts,
    ) -> None:
        self._encoder = encoder
        self._embed = EmbedTexts(encoder)
        self._host = host
        self._graphs = graphs
        self._predict_texts = predict_texts
        self._n_dims: int | None = None

    async def names(self) -> tuple[str, ...]:
        """The encoder first."""
        entries = await asyncio.to_thread(self._entries)
        return (self._encoder.space.model_id, *dict.fromkeys(entry.model_id for entry in entries))

    async def describe(self, choice: ModelChoice) -> DescribedModel:
        """Where no version is named, the champion. Raises ModelNotFound, ModelUnavailable."""
        async with self._held(_champion_of(choice)) as (_, model):
            return DescribedModel(
                model_id=choice.model_id,
                versions=await self._versions(choice.model_id),
                platform=model.platform,
                inputs=model.inputs,
                outputs=model.outputs,
            )

    async def load(self, choice: ModelChoice) -> None:
        """Where no version is named, the champion; nothing happens where it is loaded.

        Raises ModelNotFound, ModelUnavailable or WeightsMismatch.
        """
        async with self._held(_champion_of(choice)) as (ref, _):
            log.info("models: %s %s is loaded", ref.model_id, ref.revision)

    async def infer(
        self, choice: ModelChoice, inputs: Tensors, *, wanted: tuple[str, ...], who: str
    ) -> Inferred:
        """``wanted`` names outputs; none for all. Where no version is named, the traffic of the
        model decides, the same for the same ``who``.

        Raises InvalidRequest, TooLarge, Overloaded, ModelNotFound, ModelUnavailable or
        WeightsMismatch.
        """
        async with self._held(choice, who=who) as (ref, model):
            names = wanted or tuple(spec.name for spec in model.outputs)
            _refuse_unknown(names, model)
            with self._counted(ref, model):
                outputs = await model.run(inputs)
            return Inferred(ref, model.parameters, {name: outputs[name] for name in names})

    async def index(self) -> tuple[StandingRevision, ...]:
        """The encoder, then every revision by name, the oldest first."""
        space = self._encoder.space
        entries = await asyncio.to_thread(self._entries)
        return (
            StandingRevision(space.model_id, space.revision, self._encoder_state()),
            *(
                StandingRevision(
                    entry.model_id,
                    entry.revision,
                    self._host.state_of(ModelRef(entry.model_id, entry.revision)),
                )
                for entry in entries
            ),
        )

    def _entries(self) -> list[ShelfEntry]:
        """Of all that takes tensors: models of intents take texts alone, on a route of theirs."""
        return [
            entry
            for entry in self._host.shelf.entries()
            if entry.manifest is None or kind_of(entry.manifest) != INTENTS
        ]

    def _encoder_state(self) -> RevisionState:
        """One on another machine may be away; whatever else there is answers all the same."""
        try:
            _ = self._encoder.ref
        except ModelUnavailable as error:
            return RevisionState("failed", reason=error.message)
        return RevisionState("ready")

    async def unload(self, model_id: str) -> None:
        """Every revision that is loaded; the next request loads what it needs again.

        Raises ModelNotFound, or ModelInUse for the encoder and the default model.
        """
        if self._embed.is_meant_by(model_id):
            raise ModelInUse("The encoder answers every request; it is never unloaded.")
        entries = await asyncio.to_thread(self._host.shelf.revisions, model_id)
        if not entries:
            raise ModelNotFound
        # The champion first: if that may not go, nothing goes.
        for entry in sorted(entries, key=lambda entry: not entry.champion):
            ref = ModelRef(model_id, entry.revision)
            if self._host.state_of(ref).memory_bytes is not None:
                await self._host.unload(ref)
        log.info("models: %s unloaded (by %s)", model_id, current_caller_name())

    @asynccontextmanager
    async def _held(
        self, choice: ModelChoice, *, who: str = ""
    ) -> AsyncIterator[tuple[ModelRef, TensorModel]]:
        if self._embed.is_meant_by(choice.model_id):
            yield await self._encoder_model(choice)
            return
        ref = await self._host.choose(choice, who=who)
        async with self._host.hold(ref) as hosted:
            yield ref, self._model(hosted, ref)

    def _counted(self, ref: ModelRef, model: TensorModel) -> AbstractContextManager[None]:
        """A model of career paths counts every text by itself."""
        return self._host.counted(ref) if isinstance(model, GraphModel) else nullcontext()

    async def _encoder_model(self, choice: ModelChoice) -> tuple[ModelRef, TensorModel]:
        if choice.version != "champion":
            self._embed.check(choice)
        ref = self._encoder.ref
        if self._n_dims is None:
            probe = await self._encoder.embed_documents([PROBE])
            self._n_dims = probe.vectors.shape[1]
        return ModelRef(ref.model_id, ref.revision), EncoderModel(
            self._encoder, n_dims=self._n_dims
        )

    def _model(self, hosted: HostedModel, ref: ModelRef) -> TensorModel:
        if isinstance(hosted, HostedCareerModel):
            return CareerModel(hosted.predictor, ref, predict_texts=self._predict_texts)
        if isinstance(hosted, TensorFunction):
            return GraphModel(
                hosted,
                ref,
                graphs=self._graphs,
                note=lambda seconds: self._host.note(ref, seconds=seconds),
            )
        raise ModelNotFound(f"{ref.model_id} takes no tensors: {WHERE_TO_ASK}")

    async def _versions(self, model_id: str) -> tuple[str, ...]:
        if self._embed.is_meant_by(model_id):
            return (self._encoder.space.revision,)
        entries = await asyncio.to_thread(self._host.shelf.revisions, model_id)
        return tuple(entry.revision for entry in entries)


def _champion_of(choice: ModelChoice) -> ModelChoice:
    return ModelChoice(choice.model_id, choice.version or "champion")


def _refuse_unknown(names: tuple[str, ...], model: TensorModel) -> None:
    known = [spec.name for spec in model.outputs]
    for name in names:
        if name not in known:
            raise InvalidRequest(
                f"There is no output {name!r}. The outputs are {', '.join(known)}.",
                field="outputs",
            )
