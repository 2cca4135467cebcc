"""A model of own labels as the files of ``model_files``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ml_service.career.calibration import Calibration
from ml_service.career.model_card import ModelCard, card_of
from ml_service.career.taxonomy.label_head import (
    MIN_LABELS,
    N_CLUES,
    VECTOR_VIEWS,
    VIEWS,
    WORD_VIEWS,
    LabelHead,
    LinearMap,
    View,
)
from ml_service.career.taxonomy.label_mentions import COUNTS, KINDS
from ml_service.career.taxonomy.label_model import LabelModel
from ml_service.career.taxonomy.vocabulary import Vocabulary
from ml_service.domain.errors import WeightsMismatch
from ml_service.hosting.model_files import (
    Arrays,
    Manifest,
    lines_of,
    read_arrays,
    text_array,
    write_model,
)

if TYPE_CHECKING:
    from ml_service.career.taxonomy.label_fitting import Fitted

OWN_LABELS = "own"
_OWN_ARRAYS = ("odds", "prior", "ranking")
FORM = "labels-1"
"""Of the arrays below: another form is another string."""
_TORN = "The parts of the model do not belong together."


def write_label_model(folder: Path, fitted: Fitted, card: ModelCard) -> Manifest:
    """Raises nothing of its own; ``card.revision`` is made from the weights."""
    manifest = {**asdict(card), "form": FORM}
    return write_model(folder, _arrays(fitted.head), manifest)


def read_label_model(folder: Path, manifest: Manifest) -> LabelModel:
    """Raises ModelUnavailable or WeightsMismatch."""
    if manifest.get("form") != FORM:
        raise WeightsMismatch("The model was made for another version of the service.")
    arrays = read_arrays(folder, manifest)
    try:
        head = _head(arrays)
        card = card_of(manifest)
        calibration = Calibration.of(manifest["calibration"])
        fits = _fits(head, calibration, card.labels)
    except (KeyError, ValueError, TypeError) as error:
        raise WeightsMismatch(_TORN) from error
    if not fits:
        raise WeightsMismatch(_TORN)
    return LabelModel(head, calibration, card)


def _arrays(head: LabelHead) -> Arrays:
    """Weights in float16: their rounding is far below the noise of their training."""
    arrays: dict[str, npt.NDArray[Any]] = {name: getattr(head, name) for name in _OWN_ARRAYS}
    for view in VIEWS:
        arrays[f"{view}_weights"] = head.maps[view].weights.astype(np.float16)
        arrays[f"{view}_bias"] = head.maps[view].bias
    for view in WORD_VIEWS:
        arrays[f"{view}_words"] = text_array(head.vocabularies[view].words)
        arrays[f"{view}_idf"] = head.vocabularies[view].idf
    return arrays


def _fits(head: LabelHead, calibration: Calibration, labels: Sequence[str]) -> bool:
    n_labels = len(set(labels))
    numbers = np.array([*calibration.weights, calibration.intercept], dtype=np.float64)
    shapes = [
        (head.odds, (2, n_labels, len(KINDS))),
        (head.prior, (n_labels,)),
        (head.ranking, (len(VIEWS) + 1 + len(COUNTS) + len(KINDS),)),
        *((head.maps[view].bias, (n_labels,)) for view in VIEWS),
        *((head.maps[view].weights, (_n_inputs(head, view), n_labels)) for view in VIEWS),
        *((known.idf, (len(known.words),)) for known in head.vocabularies.values()),
    ]
    return (
        len(labels) == n_labels >= MIN_LABELS
        and bool(np.isfinite(numbers).all())
        and len(numbers) == N_CLUES + 1
        and all(array.shape == shape for array, shape in shapes)
    )


def _n_inputs(head: LabelHead, view: View) -> int:
    """Of words as many as are known, of vectors as many as the other view of vectors takes."""
    if view in WORD_VIEWS:
        return len(head.vocabularies[view].words)
    return len(head.maps[VECTOR_VIEWS[0]].weights)


def _head(arrays: Mapping[str, npt.NDArray[Any]]) -> LabelHead:
    return LabelHead(
        vocabularies={
            view: Vocabulary(lines_of(arrays[f"{view}_words"]), arrays[f"{view}_idf"])
            for view in WORD_VIEWS
        },
        maps={
            view: LinearMap(arrays[f"{view}_weights"].astype(np.float32), arrays[f"{view}_bias"])
            for view in VIEWS
        },
        **{name: arrays[name] for name in _OWN_ARRAYS},
    )
