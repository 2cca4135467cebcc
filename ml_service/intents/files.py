"""A model of intents as the files of ``model_files``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.model_files import Arrays, Manifest, read_arrays, write_model
from ml_service.intents.head import N_CLUES, IntentHead, Judgement, LinearMap, OutOfScope
from ml_service.intents.model import IntentModel
from ml_service.intents.word_marks import N_PLACES

INTENTS = "intents"
"""The kind of these models, as their manifests say it."""

FORM = "intents-1"
"""Of the arrays and of the judgement: another form is another string."""

_TORN = "The parts of the model do not belong together."
_TEXTS = ("model_id", "revision", "encoder_id", "encoder_revision")


def write_intent_model(folder: Path, head: IntentHead, manifest: Mapping[str, Any]) -> Manifest:
    """``manifest`` names the intents as ``labels`` and what the card says; kind, form, judgement
    and revision are added.
    """
    whole = {
        **manifest,
        "kind": INTENTS,
        "form": FORM,
        "judgement": asdict(head.judgement),
    }
    return write_model(folder, _arrays(head), whole)


def read_intent_model(folder: Path, manifest: Manifest) -> IntentModel:
    """Raises ModelUnavailable or WeightsMismatch."""
    if manifest.get("form") != FORM:
        raise WeightsMismatch("The model was made for another version of the service.")
    ref, made_in, labels = _named(manifest)
    arrays = read_arrays(folder, manifest)
    try:
        head = _head(arrays, _judgement(manifest["judgement"]))
    except (KeyError, ValueError, TypeError) as error:
        raise WeightsMismatch(_TORN) from error
    if not _fits(head, labels):
        raise WeightsMismatch(_TORN)
    return IntentModel(ref, labels, *made_in, head)


def _named(manifest: Manifest) -> tuple[ModelRef, tuple[str, str], tuple[str, ...]]:
    """Model, encoder and revision, intents. Raises ModelUnavailable."""
    told, labels = [manifest.get(name) for name in _TEXTS], manifest.get("labels")
    if not isinstance(labels, list) or not all(isinstance(name, str) for name in (*told, *labels)):
        raise ModelUnavailable("The manifest of the model of intents is not complete.")
    model_id, revision, encoder_id, encoder_revision = map(str, told)
    return ModelRef(model_id, revision), (encoder_id, encoder_revision), tuple(labels)


def _arrays(head: IntentHead) -> Arrays:
    """Weights in float16: their rounding is far below the noise of their training."""
    return {
        "meaning_weights": head.meaning.weights.astype(np.float16),
        "meaning_bias": head.meaning.bias,
        "words_weights": head.words.weights.astype(np.float16),
        "words_bias": head.words.bias,
        "telling": head.telling,
    }


def _head(arrays: Arrays, judgement: Judgement) -> IntentHead:
    return IntentHead(
        meaning=_map(arrays, "meaning"),
        words=_map(arrays, "words"),
        telling=arrays["telling"].astype(np.float32),
        judgement=judgement,
    )


def _map(arrays: Arrays, name: str) -> LinearMap:
    weights, bias = arrays[f"{name}_weights"], arrays[f"{name}_bias"]
    return LinearMap(weights.astype(np.float32), bias.astype(np.float32))


def _judgement(told: Mapping[str, Any]) -> Judgement:
    scope = told["out_of_scope"]
    return Judgement(
        words_share=float(told["words_share"]),
        temperature=float(told["temperature"]),
        out_of_scope=OutOfScope(
            weights=tuple(map(float, scope["weights"])),
            intercept=float(scope["intercept"]),
            threshold=float(scope["threshold"]),
        ),
    )


def _fits(head: IntentHead, labels: Sequence[str]) -> bool:
    judgement, scope = head.judgement, head.judgement.out_of_scope
    n_outputs = len(labels) + bool(scope.weights)
    numbers = [
        judgement.words_share, judgement.temperature, *scope.weights, scope.intercept,
        scope.threshold,
    ]  # fmt: skip
    n_dims = head.meaning.weights.shape[0]
    return (
        len(set(labels)) == len(labels) >= 1
        and len(scope.weights) in {0, N_CLUES}
        and bool(np.isfinite(numbers).all())
        and judgement.temperature > 0
        and 0 <= judgement.words_share <= 1
        and head.meaning.weights.shape == (n_dims, n_outputs)
        and head.words.weights.shape == (N_PLACES, n_outputs)
        and head.meaning.bias.shape == head.words.bias.shape == (n_outputs,)
        and head.telling.shape == (N_PLACES,)
    )
