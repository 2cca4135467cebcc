"""What learns from labelled resumes, over an engine that runs."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.engine import TextEngine
from ml_service.bootstrap.models import model_shelf
from ml_service.domain.errors import ModelUnavailable
from ml_service.settings import Settings
from ml_service.use_cases.gather_evidence import GatherEvidence

if TYPE_CHECKING:
    from ml_service.use_cases.train_intents import TrainIntents
    from ml_service.use_cases.train_model import TrainModel

NEEDED = {"sklearn": "scikit-learn", "scipy": "scipy"}
"""Modules that training alone imports, by what they are installed as."""


def check_training_installed() -> None:
    """Raises ModelUnavailable, saying what to install."""
    missing = [name for module, name in NEEDED.items() if not importlib.util.find_spec(module)]
    if missing:
        raise ModelUnavailable(
            f"Training needs {', '.join(missing)}, which the light install leaves out. Install "
            "everything: pip install -r requirements.txt, or scripts/start --full; this alone: "
            f"pip install {' '.join(missing)}."
        )


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
    """Raises ModelUnavailable where what it needs is not installed."""
    check_training_installed()
    from ml_service.use_cases.train_model import TrainModel  # noqa: PLC0415 - scikit-learn with it

    return TrainModel(
        gather=gathering(engine, settings),
        shelf=model_shelf(settings),
        encoder=engine.encoder.ref,
        today=utc_now().date(),
    )


def intents_training(engine: TextEngine, settings: Settings) -> TrainIntents:
    """Raises ModelUnavailable where what it needs is not installed."""
    check_training_installed()
    from ml_service.use_cases.train_intents import TrainIntents  # noqa: PLC0415 - as above

    return TrainIntents(encoder=engine.encoder, shelf=model_shelf(settings), today=utc_now().date())
