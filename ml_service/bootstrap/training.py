"""What learns from labelled resumes, over an engine that runs."""

from __future__ import annotations

from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.engine import TextEngine
from ml_service.bootstrap.models import model_shelf
from ml_service.settings import Settings
from ml_service.use_cases.gather_evidence import GatherEvidence
from ml_service.use_cases.train_model import TrainModel


def gathering(engine: TextEngine, settings: Settings) -> GatherEvidence:
    """Labelled resumes into evidence, over an engine that runs."""
    return GatherEvidence(
        reader=engine.reader,
        encoder=engine.encoder,
        vocabulary=engine.vocabulary,
        today=utc_now().date(),
        documents_at_once=settings.parse_workers,
    )


def training(engine: TextEngine, settings: Settings) -> TrainModel:
    return TrainModel(
        gather=gathering(engine, settings),
        shelf=model_shelf(settings),
        encoder=engine.encoder.ref,
        today=utc_now().date(),
    )
