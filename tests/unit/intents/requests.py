"""Requests that one of three things is wanted in, and an encoder that tells words apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.hosting.model_files import Manifest
from ml_service.intents.files import write_intent_model
from ml_service.intents.training import Examples, Fitted, fit_intents

ENCODER = EncoderRef(model_id="tiny", revision="r1", precision="fp32", engine="test")
INTENTS = ("book_table", "order_pizza", "play_music")
OUT_OF_SCOPE = "out_of_scope"
N_DIMS = 64
_SUBJECTS = {
    "book_table": ("table", "reservation", "seats", "booking"),
    "order_pizza": ("pizza", "margherita", "pepperoni", "calzone"),
    "play_music": ("song", "album", "playlist", "jazz"),
    OUT_OF_SCOPE: ("weather", "engine", "homework", "planet", "tiger", "cheque"),
}
_FRAMES = (
    "please get me a {}", "i would like the {} now", "{} for two people tonight",
    "can somebody see to the {} quickly", "we need one more {} at nine", "how about some {}",
    "start with a {} in the kitchen", "tell them about the {} again",
)  # fmt: skip


def requests_of(label: str) -> list[str]:
    return [frame.format(word) for word in _SUBJECTS[label] for frame in _FRAMES]


def vectors_of(texts: Sequence[str]) -> Float32Array:
    """A sum of one fixed random vector a word."""
    rows = [np.sum([_word(word) for word in f"{text} .".split()], axis=0) for text in texts]
    made = np.array(rows, dtype=np.float32)
    unit: Float32Array = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


def _word(word: str) -> Float32Array:
    seed = int.from_bytes(word.encode(), "big") % 2**32
    drawn: Float32Array = np.random.default_rng(seed).normal(size=N_DIMS).astype(np.float32)
    return drawn


def embedded(texts: Sequence[str], encoder: EncoderRef = ENCODER) -> Embeddings:
    return Embeddings(vectors=vectors_of(texts), encoder=encoder)


class TinyEncoder:
    """Satisfies ``Encoder``."""

    def __init__(self, ref: EncoderRef = ENCODER) -> None:
        self.ref = ref

    @property
    def space(self) -> ModelRef:
        return ModelRef(self.ref.model_id, self.ref.revision)

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        return embedded(texts, self.ref)


def examples_of(*labels: str) -> Examples:
    texts, places = [], []
    for label in labels:
        found = requests_of(label)
        texts += found
        places += [INTENTS.index(label) if label in INTENTS else len(INTENTS)] * len(found)
    return Examples(tuple(texts), vectors_of(texts), np.array(places), len(INTENTS))


def fitted_requests(*, out_of_scope: bool = True) -> Fitted:
    return fit_intents(examples_of(*INTENTS, *((OUT_OF_SCOPE,) if out_of_scope else ())))


def write_requests_model(folder: Path, fitted: Fitted, model_id: str = "requests") -> Manifest:
    manifest = {
        "model_id": model_id,
        "encoder_id": ENCODER.model_id,
        "encoder_revision": ENCODER.revision,
        "labels": list(INTENTS),
    }
    return write_intent_model(folder, fitted.head, manifest)
