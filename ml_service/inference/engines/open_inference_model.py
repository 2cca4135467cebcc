"""What a model says of its inputs and outputs, as far as an encoder needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ml_service.inference.remote.engine import stated_precision
from ml_service.inference.remote.failures import bad_answer

FLOATS = {"FP16": "<f2", "FP32": "<f4", "FP64": "<f8"}
VECTOR_NAMES = ("vectors", "embeddings", "embedding", "sentence_embedding")
_STATED = ("name", "datatype")


@dataclass(frozen=True, slots=True)
class ModelFace:
    """``column``: texts go as a tensor of shape (n, 1), not (n,). ``output`` None: the only one."""

    input: str = "text"
    column: bool = False
    output: str | None = None
    precision: str | None = None


def face_of(stated: Mapping[str, Any]) -> ModelFace:
    """Of a model's metadata; a server may say nothing of tensors.

    Raises RemoteFailure where it says that it takes no texts or gives no vectors.
    """
    texts = [one for one in _tensors(stated, "inputs") if one["datatype"] == "BYTES"]
    floats = [one for one in _tensors(stated, "outputs") if one["datatype"] in FLOATS]
    if stated.get("inputs") and len(texts) != 1:
        raise bad_answer("its model takes no texts")
    if stated.get("outputs") and not floats:
        raise bad_answer("its model gives no vectors")
    parameters = stated.get("parameters")
    named = parameters if isinstance(parameters, dict) else {}
    return ModelFace(
        input=texts[0]["name"] if texts else "text",
        column=bool(texts) and _n_sides(texts[0]) == 2,
        output=_vectors_among(floats),
        precision=stated_precision(named.get("precision")),
    )


def configured_face(face: ModelFace, configured: Mapping[str, Any]) -> ModelFace:
    """With the precision that Triton's configuration of a model may state as a parameter."""
    parameters = configured.get("parameters")
    stated = parameters.get("precision") if isinstance(parameters, dict) else None
    value = stated.get("string_value") if isinstance(stated, dict) else None
    return replace(face, precision=stated_precision(value) or face.precision)


def _tensors(stated: Mapping[str, Any], side: str) -> Iterator[Mapping[str, Any]]:
    listed = stated.get(side)
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and all(isinstance(one.get(name), str) for name in _STATED):
            yield one


def _n_sides(tensor: Mapping[str, Any]) -> int:
    shape = tensor.get("shape")
    return len(shape) if isinstance(shape, list) else 0


def _vectors_among(floats: list[Mapping[str, Any]]) -> str | None:
    names = [str(one["name"]) for one in floats]
    known = (name for name in VECTOR_NAMES if name in names)
    return next(known, names[0] if names else None)
