"""How models come to the shelf: uploaded, or put into its folder by hand."""

from __future__ import annotations

from ml_service.career.model_card import card_of
from ml_service.hosting.dropped import DroppedModels
from ml_service.hosting.host import ModelHost
from ml_service.hosting.intake import ModelIntake
from ml_service.hosting.model_files import Manifest, kind_of
from ml_service.inference.graph_trial import try_graph
from ml_service.settings import Settings
from ml_service.use_cases.career_models import CAREER
from ml_service.use_cases.upload_model import UploadModel


def model_intake(settings: Settings, host: ModelHost) -> ModelIntake:
    return ModelIntake(
        host.shelf,
        probe=host.probe,
        try_graph=try_graph,
        check_card=check_card,
        max_bytes=settings.max_model_bytes,
    )


def check_card(manifest: Manifest) -> None:
    """What a graph says of itself is written here. Raises ModelUnavailable."""
    if kind_of(manifest) == CAREER:
        card_of(manifest)


def dropped_models(settings: Settings, host: ModelHost) -> DroppedModels:
    return DroppedModels(model_intake(settings, host), probe=host.probe)


def upload_model_of(settings: Settings, host: ModelHost) -> UploadModel:
    return UploadModel(
        host=host, intake=model_intake(settings, host), allowed=settings.allow_model_upload
    )
