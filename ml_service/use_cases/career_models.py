"""The career models that answer, as the host of models holds them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

from ml_service.career.hosted import HostedCareerModel
from ml_service.career.model_card import ModelCard, card_of, precisions_validated
from ml_service.career.predictor import AnyPredictor
from ml_service.domain.errors import ModelChanged, ModelError, ModelNotFound, ModelUnavailable
from ml_service.domain.health import Part
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.hosting.choice import ModelChoice, read_choice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import HostedModel, RevisionState
from ml_service.hosting.model_files import kind_of, read_manifest
from ml_service.hosting.shelf import ShelfEntry
from ml_service.hosting.traffic import Traffic

CAREER = "career"
"""The kind of these models, as their manifests say it."""


@dataclass(frozen=True, slots=True)
class ListedRevision:
    """``trained_at`` is a date, None where the manifest does not say it."""

    revision: str
    champion: bool
    trained_at: str | None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """The card of the revision that answers, how it stands in this process, and all there are,
    the oldest first.
    """

    card: ModelCard
    state: RevisionState
    revisions: tuple[ListedRevision, ...]


@dataclass(frozen=True, slots=True)
class ListedModels:
    models: tuple[ListedModel, ...]
    unreadable: tuple[str, ...]


class CareerModels:
    def __init__(self, host: ModelHost, *, default: str) -> None:
        self._host = host
        self._default = default
        host.keep(default)

    async def start(self, *, also: Sequence[str] = ()) -> None:
        """Load the default, and what of any kind is asked for ``also`` as NAME or NAME@VERSION;
        the champion where no version is named, however traffic is shared.

        Raises ModelNotFound, ModelUnavailable or WeightsMismatch.
        """
        await self._host.refresh()
        with _named("DEFAULT_MODEL", self._default):
            await self._champion()
        for said in also:
            with _named("PRELOAD_MODELS", said):
                ref = await self._host.choose(_champion_of(read_choice(said)))
                async with self._host.hold(ref):
                    pass

    async def choose(self, said: str | None, *, who: str | None = None) -> ModelRef:
        """What answers for ``NAME`` or ``NAME@VERSION``, None being the default.

        The same for the same ``who``, as long as the traffic is the same. Raises ModelNotFound,
        or ModelUnavailable where none is promoted.
        """
        choice = ModelChoice(self._default) if said is None else read_choice(said)
        return await self._host.choose(choice, who=who)

    @asynccontextmanager
    async def lease(self, ref: ModelRef) -> AsyncIterator[AnyPredictor]:
        """The very revision. Raises ModelNotFound, ModelUnavailable or WeightsMismatch."""
        async with self._host.lease(ref) as model:
            yield _predictor_of(model)

    @asynccontextmanager
    async def lease_former(self, ref: ModelRef) -> AsyncIterator[AnyPredictor]:
        """What made a prediction. Raises ModelChanged where it is gone or broken."""
        async with AsyncExitStack() as stack:
            try:
                model = await stack.enter_async_context(self.lease(ref))
            except (ModelNotFound, ModelError) as error:
                raise ModelChanged from error
            yield model

    async def get(self, said: str | None) -> AnyPredictor:
        """As ``choose`` and ``lease`` for who keeps what he got: commands do."""
        async with self.lease(await self.choose(said)) as model:
            return model

    async def doubt(self, encoder: EncoderRef) -> str | None:
        """Why the default's figures may not hold with this encoder, None where they do."""
        validated = precisions_validated((await self._champion()).card)
        if not validated or encoder.precision in validated:
            return None
        return (
            f"{self._default} was measured with vectors in {', '.join(sorted(validated))}, not in "
            f"{encoder.precision}"
        )

    def note(self, ref: ModelRef, *, seconds: float) -> None:
        """What one answer took the model itself."""
        self._host.note(ref, seconds=seconds)

    def traffic(self, model_id: str) -> Traffic:
        return self._host.traffic(model_id)

    def shadow_of(self, model_id: str) -> ModelRef | None:
        """The revision that answers for itself alone."""
        return self._host.shadow_of(model_id)

    async def part(self) -> Part:
        """The default is loaded before anything is served, or the start fails."""
        answering = {
            model_id: aliases["champion"]
            for model_id, aliases in sorted(self._host.answering.items())
            if "champion" in aliases
            and self._state(model_id, aliases["champion"]).state in {"ready", "draining"}
        }
        ready = self._default in answering
        return Part(
            "career_models", "ready" if ready else "not_ready", needed=True, detail=answering
        )

    @property
    def default(self) -> ModelRef:
        """What is the default's champion at the moment; after ``start``."""
        return ModelRef(self._default, self._host.answering[self._default]["champion"])

    async def listed(self) -> ListedModels:
        """Every career model by name, loaded or not."""
        return await asyncio.to_thread(self._listed)

    async def find(self, model_id: str) -> ListedModel:
        """Raises ModelNotFound, or ModelUnavailable where its manifest cannot be read."""
        return await asyncio.to_thread(self._told, model_id)

    async def _champion(self) -> AnyPredictor:
        """Of the default."""
        ref = await self._host.choose(_champion_of(ModelChoice(self._default)))
        async with self._host.hold(ref) as model:
            return _predictor_of(model)

    def _listed(self) -> ListedModels:
        models, unreadable = [], []
        for name in self._host.shelf.names():
            try:
                models.append(self._told(name))
            except ModelNotFound:
                continue
            except ModelUnavailable:
                unreadable.append(name)
        return ListedModels(tuple(models), tuple(unreadable))

    def _told(self, model_id: str) -> ListedModel:
        shelf = self._host.shelf
        revision, folder = shelf.champion(model_id)
        manifest = read_manifest(folder)
        if kind_of(manifest) != CAREER:
            raise ModelNotFound
        card = card_of(manifest)
        if (card.model_id, card.revision) != (model_id, revision):
            raise ModelUnavailable("The manifest names another model than its folder does.")
        return ListedModel(
            card=card,
            state=self._state(model_id, revision),
            revisions=tuple(
                ListedRevision(entry.revision, entry.champion, _trained_at(entry))
                for entry in shelf.revisions(model_id)
            ),
        )

    def _state(self, model_id: str, revision: str) -> RevisionState:
        return self._host.state_of(ModelRef(model_id, revision))


def _champion_of(choice: ModelChoice) -> ModelChoice:
    """What has to be there is loaded, not what one caller would be led to."""
    return ModelChoice(choice.model_id, choice.version or "champion")


def _predictor_of(model: HostedModel) -> AnyPredictor:
    """Raises ModelNotFound."""
    if not isinstance(model, HostedCareerModel):
        raise ModelNotFound(f"{model.ref.model_id} is not a model of career paths.")
    return model.predictor


def _trained_at(entry: ShelfEntry) -> str | None:
    told = (entry.manifest or {}).get("trained_at")
    return told if isinstance(told, str) else None


@contextmanager
def _named(setting: str, said: str) -> Iterator[None]:
    """Nobody can be asked yet which models there are: the setting is told instead."""
    try:
        yield
    except ModelNotFound:
        message = f"{setting} names {said}, which is not in MODELS_DIR."
        raise ModelNotFound(message) from None
