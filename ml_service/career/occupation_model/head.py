"""The learned part of a career model: plain arrays beside a manifest, nothing that executes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml_service.career.calibration import Calibration
from ml_service.career.occupation_model.experts import EXPERTS, Expert
from ml_service.career.occupation_model.reranking import Reranker
from ml_service.career.occupation_model.signals import Projections
from ml_service.career.occupation_model.title_words import TitleWords
from ml_service.domain.errors import WeightsMismatch
from ml_service.domain.ports import Float32Array
from ml_service.hosting.model_files import read_arrays, read_manifest, write_model

ONET_SOC = "onet-soc"
LANGUAGES = ("en",)

_PROJECTIONS = ("header_weights", "header_bias", "body_weights", "body_bias")
_RERANKER = ("mean", "scale", "hidden_weights", "hidden_bias", "output_weights")
_MOST_BYTE, _LEAST_SCALE = 127, 1e-6

Metrics = dict[str, Any]  # a nested table of figures that is only printed and served as it is


@dataclass(frozen=True, slots=True)
class OccupationManifest:
    """What a model is, with the fields of a ``ModelCard``. ``features`` are the columns that
    ``weights`` were fitted to, ``labels`` O*NET-SOC codes.
    """

    model_id: str
    revision: str
    encoder_id: str
    encoder_revision: str
    labels: tuple[str, ...]
    features: tuple[str, ...]
    calibration: dict[Expert, Calibration]
    abstains_below: float
    metrics: Metrics
    trained_at: str
    seed: int
    trained_on: str
    about: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    taxonomy: str = ONET_SOC
    languages: tuple[str, ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class Head:
    """``prior`` (n_codes,) log probabilities; ``weights`` (n_features,) of an expert apply to raw
    features, what the ``reranker`` adds to the best of them comes after.
    """

    projections: Projections
    words: TitleWords
    prior: Float32Array
    weights: Mapping[Expert, Float32Array]
    reranker: Reranker


def save_head(head: Head, manifest: OccupationManifest, folder: Path) -> OccupationManifest:
    """Write both files; returns the manifest with the revision that follows from the weights.

    Projections are kept in float16 and word vectors in eight bits: the rounding is far below the
    noise of their training.
    """
    return _manifest(write_model(folder, _arrays(head), asdict(manifest)))


def load_head(folder: Path) -> tuple[Head, OccupationManifest]:
    """Raises ModelUnavailable when a file is missing, WeightsMismatch when the sum is another or
    the parts do not belong together.
    """
    named = read_manifest(folder)
    arrays = read_arrays(folder, named)
    try:
        return _head(arrays), _manifest(named)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsMismatch("The parts of the model do not belong together.") from error


def _arrays(head: Head) -> dict[str, npt.NDArray[Any]]:
    scales = np.abs(head.words.vectors).max(axis=1, initial=_LEAST_SCALE) / _MOST_BYTE
    return {
        **{name: getattr(head.projections, name).astype(np.float16) for name in _PROJECTIONS},
        **{f"reranker_{name}": getattr(head.reranker, name) for name in _RERANKER},
        **{f"weights_{expert}": head.weights[expert] for expert in EXPERTS},
        "prior": head.prior,
        "words": np.array(head.words.words, dtype=np.str_),
        "word_vectors": np.round(head.words.vectors / scales[:, None]).astype(np.int8),
        "word_scales": scales.astype(np.float32),
    }


def _head(arrays: Mapping[str, npt.NDArray[Any]]) -> Head:
    vectors = arrays["word_vectors"].astype(np.float32) * arrays["word_scales"][:, None]
    return Head(
        projections=Projections(**{name: arrays[name].astype(np.float32) for name in _PROJECTIONS}),
        words=TitleWords(words=tuple(arrays["words"].tolist()), vectors=vectors),
        prior=arrays["prior"],
        weights={expert: arrays[f"weights_{expert}"] for expert in EXPERTS},
        reranker=Reranker(**{name: arrays[f"reranker_{name}"] for name in _RERANKER}),
    )


def _manifest(named: Mapping[str, Any]) -> OccupationManifest:
    names = {entry.name for entry in fields(OccupationManifest)}
    told = {name: value for name, value in named.items() if name in names}
    calibration = {expert: Calibration.of(fitted) for expert, fitted in told["calibration"].items()}
    lists = {name: tuple(told[name]) for name in ("labels", "features", "languages")}
    return OccupationManifest(**{**told, **lists, "calibration": calibration})
