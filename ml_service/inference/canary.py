"""Texts whose vectors are known: by them an engine proves whose vectors it gives."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.domain.ports import Float32Array
from ml_service.inference.encoder_files import read_manifest

CANARY_FILE = "canary.json"

LEAST_MEAN = 0.99
LEAST_WORST = 0.98
"""Cosines with the reference: the shipped encoder in eight bits has 0.997 at worst, another one
about 0."""


@dataclass(frozen=True, slots=True)
class Canary:
    """``vectors`` are the reference engine's, in the order of ``texts``.

    ``model_id`` and ``revision`` name the space that agreement proves.
    """

    model_id: str
    revision: str
    texts: tuple[str, ...]
    vectors: Float32Array

    @property
    def n_dims(self) -> int:
        return int(self.vectors.shape[1])

    def doubt(self, found: Float32Array) -> str | None:
        """Why ``found`` are not vectors of this space, unit and in the order of the texts."""
        if found.shape != self.vectors.shape:
            return f"its vectors have {found.shape[-1]} numbers, not {self.n_dims}"
        cosines = (found * self.vectors).sum(axis=1)
        mean, worst = float(cosines.mean()), float(cosines.min())
        if mean >= LEAST_MEAN and worst >= LEAST_WORST:
            return None
        return (
            f"its vectors of known texts are not those of {self.model_id} {self.revision} "
            f"(cosine {mean:.3f} on average, {worst:.3f} at worst)"
        )

    def doubt_one(self, at: int, found: Float32Array) -> str | None:
        """The same of the text ``at`` alone."""
        cosine = float(found @ self.vectors[at])
        if cosine >= LEAST_WORST:
            return None
        return (
            f"its vector of a known text is not that of {self.model_id} {self.revision} "
            f"(cosine {cosine:.3f})"
        )

    def vector_of(self, text: str) -> Float32Array | None:
        """The reference's vector of a text, shape (1, n_dims), where it is one of these."""
        if text not in self.texts:
            return None
        at = self.texts.index(text)
        return self.vectors[at : at + 1]


def has_canary(folder: Path) -> bool:
    """Raises ModelUnavailable where there is no encoder."""
    return read_manifest(folder).canary_sha256 is not None


def read_canary(folder: Path) -> Canary:
    """That of an encoder's folder. Raises ModelUnavailable or WeightsMismatch."""
    files = read_manifest(folder)
    if files.canary_sha256 is None or not (folder / CANARY_FILE).is_file():
        raise ModelUnavailable(
            f"The encoder {files.model_id} has no {CANARY_FILE}: scripts/write_canary.py makes it."
        )
    content = (folder / CANARY_FILE).read_bytes()
    if hashlib.sha256(content).hexdigest() != files.canary_sha256:
        raise WeightsMismatch
    stated = json.loads(content)
    vectors = np.asarray(stated["vectors"], dtype=np.float32)
    return Canary(
        model_id=files.model_id,
        revision=files.revision,
        texts=tuple(stated["texts"]),
        vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
    )
