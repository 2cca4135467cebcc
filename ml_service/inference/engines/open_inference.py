"""Open Inference Protocol v2 over HTTP: MLServer, Triton, KServe and others.

The model takes texts (``BYTES``) and gives a vector each. Tensors travel in binary where the
server's metadata lists that extension, else as JSON.
Source: https://github.com/kserve/open-inference-protocol, rest/inference_rest.md and Triton's
extension_binary_data.md and extension_model_configuration.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from ml_service.inference.engines.open_inference_model import (
    ModelFace,
    configured_face,
    face_of,
)
from ml_service.inference.engines.open_inference_tensors import (
    JSON_BYTES_HEADER,
    binary_request,
    json_request,
    output_array,
)
from ml_service.inference.remote.engine import RemoteVectors, stated_precision
from ml_service.inference.remote.exchange import Answer, Exchange
from ml_service.inference.remote.failures import RemoteFailure, bad_answer, of_status
from ml_service.inference.remote.model_name import path_of
from ml_service.inference.remote.token import BearerToken
from ml_service.inference.remote.vectors import most_bytes, unit_vectors

BINARY_EXTENSION = "binary_tensor_data"
CONFIGURATION_EXTENSION = "model_configuration"
_REFUSED_TOKEN = frozenset({401, 403})
_MOST_DIGITS = 12


class OpenInferenceEngine:
    name = "open-inference"

    def __init__(self, base_url: str, *, model: str, token: BearerToken) -> None:
        self._exchange = Exchange(base_url)
        self._model = f"/v2/models/{path_of(model, versions='/versions/')}"
        self._token = token
        self._face = ModelFace()
        self._in_binary = False

    async def learn(self) -> None:
        stated = _stated(await self._get("/v2")).get("extensions")
        extensions = stated if isinstance(stated, list) else []
        self._in_binary = BINARY_EXTENSION in extensions
        self._face = face_of(_stated(await self._get(self._model)))
        if CONFIGURATION_EXTENSION in extensions:
            configured = _stated(await self._get(f"{self._model}/config"))
            self._face = configured_face(self._face, configured)

    async def is_ready(self) -> bool:
        return (await self._get(f"{self._model}/ready")).status == 200

    async def embed(self, texts: Sequence[str], *, n_dims: int) -> RemoteVectors:
        request_id = uuid4().hex
        content, headers = self._request(texts, request_id)
        answer = await self._token.used_in(
            lambda token: self._exchange.post(
                f"{self._model}/infer",
                content,
                headers={**headers, **token},
                max_bytes=most_bytes(len(texts), n_dims),
            ),
            refused=_refuses_token,
        )
        if answer.status != 200:
            raise _failure(answer)
        return self._vectors(answer, request_id, n_texts=len(texts), n_dims=n_dims)

    async def close(self) -> None:
        await self._exchange.close()

    def _request(self, texts: Sequence[str], request_id: str) -> tuple[bytes, Mapping[str, str]]:
        encode = binary_request if self._in_binary else json_request
        return encode(texts, request_id=request_id, face=self._face)

    def _vectors(
        self, answer: Answer, request_id: str, *, n_texts: int, n_dims: int
    ) -> RemoteVectors:
        n_json = _json_bytes(answer)
        stated = answer.object(n_json)
        if stated.get("id") != request_id:
            raise bad_answer("it belongs to another request")
        tensors = answer.body[n_json:] if n_json is not None else b""
        numbers = output_array(stated.get("outputs"), tensors, name=self._face.output)
        parameters = stated.get("parameters")
        precision = parameters.get("precision") if isinstance(parameters, dict) else None
        return RemoteVectors(
            unit_vectors(numbers, n_texts=n_texts, n_dims=n_dims),
            stated_precision(precision) or self._face.precision,
        )

    async def _get(self, path: str) -> Answer:
        return await self._token.used_in(
            lambda token: self._exchange.get(path, headers=token), refused=_refuses_token
        )


def _refuses_token(answer: Answer) -> bool:
    return answer.status in _REFUSED_TOKEN


def _stated(answer: Answer) -> Mapping[str, Any]:
    """A gateway may hide metadata: nothing is known then, and nothing taken for granted."""
    if answer.status == 404:
        return {}
    if answer.status != 200:
        raise _failure(answer)
    return answer.object()


def _json_bytes(answer: Answer) -> int | None:
    """How much of the body is JSON; None: all of it."""
    stated = answer.headers.get(JSON_BYTES_HEADER)
    if stated is None:
        return None
    is_number = stated.isascii() and stated.isdigit() and len(stated) <= _MOST_DIGITS
    if not is_number or int(stated) > len(answer.body):
        raise bad_answer("the length of its JSON is none")
    return int(stated)


def _failure(answer: Answer) -> RemoteFailure:
    return of_status(answer.status, retry_after=answer.headers.get("retry-after"))
