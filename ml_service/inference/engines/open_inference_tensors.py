"""Texts into a request and vectors out of an answer, as JSON or in binary."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ml_service.inference.engines.base import whole_characters
from ml_service.inference.engines.open_inference_model import FLOATS, ModelFace
from ml_service.inference.remote.failures import bad_answer
from ml_service.inference.remote.vectors import array_of

JSON_BYTES_HEADER = "Inference-Header-Content-Length"


def json_request(
    texts: Sequence[str], *, request_id: str, face: ModelFace
) -> tuple[bytes, Mapping[str, str]]:
    """Body and headers. MLServer reads ``content_type``, the others leave it alone."""
    tensor = {"parameters": {"content_type": "str"}, "data": whole_characters(texts)}
    stated = _stated(len(texts), tensor, {}, request_id=request_id, face=face)
    return _encoded(stated), {"Content-Type": "application/json"}


def binary_request(
    texts: Sequence[str], *, request_id: str, face: ModelFace
) -> tuple[bytes, Mapping[str, str]]:
    """JSON, then each text as its length in four bytes and its bytes."""
    encoded = [text.encode() for text in whole_characters(texts)]
    raw = b"".join(struct.pack("<I", len(one)) + one for one in encoded)
    tensor = {"parameters": {"binary_data_size": len(raw)}}
    wish = {"parameters": {"binary_data_output": True}}
    head = _encoded(_stated(len(texts), tensor, wish, request_id=request_id, face=face))
    headers = {"Content-Type": "application/octet-stream", JSON_BYTES_HEADER: str(len(head))}
    return head + raw, headers


def _stated(
    n_texts: int,
    tensor: Mapping[str, Any],
    wish: Mapping[str, Any],
    *,
    request_id: str,
    face: ModelFace,
) -> Mapping[str, Any]:
    shape = [n_texts, 1] if face.column else [n_texts]
    texts = {"name": face.input, "shape": shape, "datatype": "BYTES", **tensor}
    outputs = {} if face.output is None else {"outputs": [{"name": face.output}]}
    return {"id": request_id, **wish, "inputs": [texts], **outputs}


def _encoded(stated: Mapping[str, Any]) -> bytes:
    return json.dumps(stated, ensure_ascii=False).encode()


def output_array(outputs: object, tensors: bytes, *, name: str | None) -> npt.NDArray[Any]:
    """The named output, or the only one. ``tensors`` is what follows the JSON.

    Raises RemoteFailure unless it is there, of a float type, and all its numbers are.
    """
    if not isinstance(outputs, list) or not all(isinstance(one, dict) for one in outputs):
        raise bad_answer("it has no outputs")
    begin = 0
    for output in outputs:
        n_bytes = _binary_bytes(output)
        if name is None or output.get("name") == name:
            if name is None and len(outputs) != 1:
                raise bad_answer("it has several outputs")
            end = None if n_bytes is None else begin + n_bytes
            return _array(output, None if end is None else tensors[begin:end])
        begin += n_bytes or 0
    raise bad_answer(f"it has no output {name}")


def _binary_bytes(output: Mapping[str, Any]) -> int | None:
    parameters = output.get("parameters")
    size = parameters.get("binary_data_size") if isinstance(parameters, dict) else None
    if size is None:
        return None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise bad_answer("the size of an output is none")
    return size


def _array(output: Mapping[str, Any], raw: bytes | None) -> npt.NDArray[Any]:
    shape, datatype = output.get("shape"), FLOATS.get(str(output.get("datatype")))
    if datatype is None:
        raise bad_answer("its vectors are of no float type")
    if not isinstance(shape, list) or not all(type(side) is int and side >= 0 for side in shape):
        raise bad_answer("it states no shape")
    numbers = array_of(output.get("data")).ravel() if raw is None else _raw(raw, datatype)
    if numbers.size != math.prod(shape):
        raise bad_answer("its numbers are not as many as its shape says")
    try:
        return numbers.reshape(shape)
    except (ValueError, OverflowError) as error:
        raise bad_answer("its shape has too many sides") from error


def _raw(raw: bytes, datatype: str) -> npt.NDArray[Any]:
    if len(raw) % np.dtype(datatype).itemsize:
        raise bad_answer("a number of it is cut off")
    return np.frombuffer(raw, dtype=datatype)
