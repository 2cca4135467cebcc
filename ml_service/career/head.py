"""The learned part of a career model: plain arrays beside a manifest, nothing that executes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ml_service.career.calibration import Calibration, Expert
from ml_service.career.signals import Projections
from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.domain.ports import Float32Array

MANIFEST_FILE = "manifest.json"
WEIGHTS_FILE = "weights.npz"

_PROJECTIONS = ("header_weights", "header_bias", "body_weights", "body_bias")
_VECTORS = ("prior", "with_position", "without_position")

Metrics = dict[str, Any]  # a nested table of figures that is only printed and served as it is


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model is. ``trained_at`` is a date, ``threshold`` the confidence below which it
    abstains, ``features`` the columns that ``weights`` were fitted to, ``labels`` O*NET-SOC codes.
    """

    model_id: str
    revision: str
    encoder_id: str
    encoder_revision: str
    labels: tuple[str, ...]
    features: tuple[str, ...]
    calibration: dict[Expert, Calibration]
    threshold: float
    metrics: Metrics
    weights_sha256: str
    trained_at: str
    seed: int
    trained_on: str


@dataclass(frozen=True, slots=True)
class Head:
    """``prior`` (n_codes,) log probabilities; weights (n_features,) apply to raw features.

    Two experts: one for resumes in which a position is a title of the catalogue, one for those
    that have to be judged by what else they tell.
    """

    projections: Projections
    prior: Float32Array
    with_position: Float32Array
    without_position: Float32Array

    def weights(self, expert: Expert) -> Float32Array:
        return self.with_position if expert == "with_position" else self.without_position


def save_head(head: Head, manifest: Manifest, folder: Path) -> Manifest:
    """Write both files; returns the manifest with the sum and the revision that follows from it.

    Projections are kept in float16: their rounding is far below the noise of their training.
    """
    folder.mkdir(parents=True, exist_ok=True)
    projections = (getattr(head.projections, name).astype(np.float16) for name in _PROJECTIONS)
    arrays = dict(zip(_PROJECTIONS, projections, strict=True))
    arrays |= {name: getattr(head, name) for name in _VECTORS}
    with (folder / WEIGHTS_FILE).open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    digest = sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()
    named = {**asdict(manifest), "weights_sha256": digest, "revision": digest[:12]}
    text = json.dumps(named, indent=2, ensure_ascii=False)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")
    return _manifest(named)


def load_head(folder: Path) -> tuple[Head, Manifest]:
    """Raises ModelUnavailable when a file is missing, WeightsMismatch when the sum is another."""
    try:
        manifest = _manifest(json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8")))
        content = (folder / WEIGHTS_FILE).read_bytes()
    except FileNotFoundError as missing:
        raise ModelUnavailable("The folder of the career model is not complete.") from missing
    if sha256(content).hexdigest() != manifest.weights_sha256:
        raise WeightsMismatch
    with np.load(folder / WEIGHTS_FILE, allow_pickle=False) as arrays:
        projections = Projections(
            **{name: arrays[name].astype(np.float32) for name in _PROJECTIONS}
        )
        head = Head(projections=projections, **{name: arrays[name] for name in _VECTORS})
    return head, manifest


def _manifest(named: dict[str, Any]) -> Manifest:
    return Manifest(
        **{
            **named,
            "labels": tuple(named["labels"]),
            "features": tuple(named["features"]),
            "calibration": {
                expert: Calibration.of(fitted) for expert, fitted in named["calibration"].items()
            },
        }
    )
