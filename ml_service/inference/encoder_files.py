"""A folder with an encoder that needs no torch: graph, tokenizer and what both must be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch

GRAPH_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cosines between this encoder's vectors and the reference's, over ``n`` real passages."""

    n: int
    mean: float
    first_percentile: float


@dataclass(frozen=True, slots=True)
class EncoderFiles:
    """The manifest. ``revision`` is that of the weights that were rounded to ``precision``.

    ``canary_sha256`` is that of ``canary.json``, where there is one.
    """

    model_id: str
    revision: str
    precision: str
    max_tokens: int
    n_dims: int
    graph_sha256: str
    tokenizer_sha256: str
    licence: str
    source: str
    agreement: Agreement | None = None
    canary_sha256: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_checked(folder: Path) -> EncoderFiles:
    """The manifest of a folder whose files were hashed just now.

    Raises ModelUnavailable where a file is missing or the manifest cannot be read,
    WeightsMismatch where the bytes differ from it.
    """
    files = read_manifest(folder)
    for name, expected in (
        (GRAPH_FILE, files.graph_sha256),
        (TOKENIZER_FILE, files.tokenizer_sha256),
    ):
        if not (folder / name).is_file():
            raise ModelUnavailable(f"{name} of the encoder {files.model_id} is missing.")
        with (folder / name).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != expected:
                raise WeightsMismatch
    return files


def read_manifest(folder: Path) -> EncoderFiles:
    """Raises ModelUnavailable."""
    try:
        stated = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        agreement = stated.pop("agreement", None)
        known = {field.name for field in fields(EncoderFiles)}
        return EncoderFiles(
            **{name: value for name, value in stated.items() if name in known},
            agreement=None if agreement is None else Agreement(**agreement),
        )
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelUnavailable(
            f"There is no encoder in the folder {folder.name}: its {MANIFEST_FILE} is missing or "
            "cannot be read."
        ) from error
