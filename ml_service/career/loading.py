"""Any model of the shelf from its folder, whichever labels it knows."""

from __future__ import annotations

from pathlib import Path

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.predictor import AnyPredictor
from ml_service.career.taxonomy.label_files import OWN_LABELS, read_label_model
from ml_service.hosting.model_files import read_manifest


def load_model(folder: Path, catalogue: Catalogue) -> AnyPredictor:
    """Raises ModelUnavailable or WeightsMismatch."""
    manifest = read_manifest(folder)
    if manifest.get("taxonomy") == OWN_LABELS:
        return read_label_model(folder, manifest)
    return OccupationModel.load(folder, catalogue)
