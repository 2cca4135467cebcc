"""The folder of models, and what loads from it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ml_service.bootstrap.clock import utc_now
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.hosted import HostedCareerModel, canary_evidence
from ml_service.career.loading import load_model
from ml_service.career.predictor import AnyPredictor
from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.ports import Embeddings
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import HostedModel
from ml_service.hosting.memory import HostBounds
from ml_service.hosting.model_files import kind_of, read_manifest, unpacked_bytes
from ml_service.hosting.onnx_manifest import ONNX
from ml_service.hosting.shelf import ModelShelf
from ml_service.inference.engines.plain_onnx import HostedOnnxModel
from ml_service.intents.files import INTENTS, read_intent_model
from ml_service.intents.hosted import HostedIntentModel
from ml_service.intents.model import IntentModel
from ml_service.settings import Settings
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.career_models import CAREER
from ml_service.use_cases.graph_runs import GraphRuns
from ml_service.use_cases.predict_rows import PredictRows
from ml_service.use_cases.predict_texts import PredictTexts


def model_shelf(settings: Settings) -> ModelShelf:
    """The folder of models, without loading one."""
    return ModelShelf(settings.models_dir)


AnyLoaded = AnyPredictor | HostedOnnxModel | IntentModel


def load_from_shelf(settings: Settings, folder: Path) -> AnyLoaded:
    """As the service would load it, without an encoder; a graph has answered its canary.

    Raises ModelUnavailable or WeightsMismatch.
    """
    loaded = _loaded(folder, Catalogue.load(settings.catalogue_dir))
    if isinstance(loaded, HostedOnnxModel):
        loaded.answer_canary()
    return loaded


def model_host(settings: Settings, catalogue: Catalogue, canary: Embeddings) -> ModelHost:
    """Empty. ``canary`` is the vector of ``CANARY``, by the encoder that runs."""
    evidence = canary_evidence(canary)

    def load(folder: Path) -> HostedModel:
        loaded = _loaded(folder, catalogue)
        if isinstance(loaded, HostedOnnxModel):
            return loaded
        if isinstance(loaded, IntentModel):
            return HostedIntentModel(loaded, unpacked_bytes(folder), canary)
        return HostedCareerModel(loaded, unpacked_bytes(folder), evidence)

    bounds = HostBounds(
        memory_bytes=settings.models_memory_bytes,
        idle_after=timedelta(seconds=settings.model_idle_s),
    )
    return ModelHost(model_shelf(settings), load, clock=utc_now, bounds=bounds)


def _loaded(folder: Path, catalogue: Catalogue) -> AnyLoaded:
    """By the kind that its manifest names. Raises ModelUnavailable or WeightsMismatch."""
    manifest = read_manifest(folder)
    kind = kind_of(manifest)
    if kind == ONNX:
        return HostedOnnxModel(folder)
    if kind == INTENTS:
        return read_intent_model(folder, manifest)
    if kind != CAREER:
        raise ModelUnavailable(f"This service hosts no models of the kind {kind[:64]!r}.")
    return load_model(folder, catalogue)


def predict_rows_of(
    settings: Settings, host: ModelHost, analyse: AnalyseResume, graphs: GraphRuns
) -> PredictRows:
    return PredictRows(
        host=host,
        graphs=graphs,
        predict_texts=PredictTexts(analyse, utc_now),
        default_model=settings.default_model,
    )
