"""The folder of models, and what loads from it."""

from __future__ import annotations

from pathlib import Path

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.loading import load_model
from ml_service.career.model_shelf import ModelShelf
from ml_service.career.predictor import AnyPredictor
from ml_service.settings import Settings
from ml_service.use_cases.career_models import CareerModels


def model_shelf(settings: Settings) -> ModelShelf:
    """The folder of models, without loading one."""
    return ModelShelf(settings.models_dir)


def load_from_shelf(settings: Settings, folder: Path) -> AnyPredictor:
    """As the service would load it. Raises ModelUnavailable or WeightsMismatch."""
    return load_model(folder, Catalogue.load(settings.catalogue_dir))


def career_models(settings: Settings, catalogue: Catalogue) -> CareerModels:
    return CareerModels(
        model_shelf(settings),
        lambda folder: load_model(folder, catalogue),
        default=settings.default_model,
    )
