"""An inference answer, as JSON or as JSON with bytes behind it."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from ml_service.app.open_inference.binary_tensors import bytes_of_tensor
from ml_service.app.open_inference.json_tensors import json_of_tensor
from ml_service.app.open_inference.requests import JSON_BYTES_HEADER, ReadRequest
from ml_service.domain.tensors import DTYPES, Datatype, Tensor
from ml_service.use_cases.serve_tensors import Inferred

_DATATYPES: dict[Any, Datatype] = {dtype: datatype for datatype, dtype in DTYPES.items()}


def write_answer(inferred: Inferred, asked: ReadRequest) -> Response:
    """Blocking for milliseconds. Raises InvalidRequest for values that JSON cannot say."""
    outputs: list[dict[str, Any]] = []
    raw: list[bytes] = []
    for name, tensor in inferred.outputs.items():
        described = _described(name, tensor)
        if asked.is_binary(name):
            values = bytes_of_tensor(tensor)
            outputs.append({**described, "parameters": {"binary_data_size": len(values)}})
            raw.append(values)
        else:
            outputs.append({**described, "data": json_of_tensor(tensor, name=name)})
    head = to_json(_head(inferred, asked) | {"outputs": outputs})
    if not raw:
        return Response(head, media_type="application/json")
    return Response(
        b"".join([head, *raw]),
        media_type="application/octet-stream",
        headers={JSON_BYTES_HEADER: str(len(head))},
    )


def _head(inferred: Inferred, asked: ReadRequest) -> dict[str, Any]:
    named = {"model_name": inferred.model.model_id, "model_version": inferred.model.revision}
    echoed = {} if asked.id is None else {"id": asked.id}
    return named | echoed | {"parameters": dict(inferred.parameters)}


def _described(name: str, tensor: Tensor) -> dict[str, Any]:
    return {"name": name, "shape": list(tensor.shape), "datatype": _DATATYPES[tensor.dtype]}
