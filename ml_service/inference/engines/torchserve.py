"""TorchServe's own inference API, with a handler that takes and gives JSON.

    POST /predictions/MODEL   {"texts": [...]}  ->  {"vectors": [[...], ...], "precision": "..."}

``docs/engines/torchserve`` has such a handler. A list of vectors alone is understood too. Token
authorization is on by default and refuses with 400; a reply that comes too late is dropped and
the connection hangs: the deadline is the caller's. Source: TorchServe 0.12, docs/inference_api.md
and docs/token_authorization_api.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ml_service.inference.engines.base import whole_characters
from ml_service.inference.remote.engine import RemoteVectors, stated_precision
from ml_service.inference.remote.exchange import Answer, Exchange
from ml_service.inference.remote.failures import RemoteFailure, of_status
from ml_service.inference.remote.model_name import path_of
from ml_service.inference.remote.token import BearerToken
from ml_service.inference.remote.vectors import array_of, most_bytes, unit_vectors

REFUSED_TOKEN = "InvalidKeyException"  # noqa: S105 - the name of an error
_ERROR_TYPE = re.compile(r"[A-Za-z]{1,60}")


class TorchServeEngine:
    name = "torchserve"

    def __init__(self, base_url: str, *, model: str, token: BearerToken) -> None:
        self._exchange = Exchange(base_url)
        self._path = f"/predictions/{path_of(model, versions='/')}"
        self._token = token

    async def learn(self) -> None:
        """The inference API says nothing of a model: the handler's answer does."""

    async def is_ready(self) -> bool:
        answer = await self._token.used_in(
            lambda token: self._exchange.get("/ping", headers=token), refused=_refuses_token
        )
        return answer.status == 200

    async def embed(self, texts: Sequence[str], *, n_dims: int) -> RemoteVectors:
        content = json.dumps({"texts": whole_characters(texts)}, ensure_ascii=False).encode()
        answer = await self._token.used_in(
            lambda token: self._exchange.post(
                self._path,
                content,
                headers={"Content-Type": "application/json", **token},
                max_bytes=most_bytes(len(texts), n_dims),
            ),
            refused=_refuses_token,
        )
        if answer.status != 200:
            raise _failure(answer)
        stated = answer.json()
        named: Mapping[str, object] = stated if isinstance(stated, dict) else {"vectors": stated}
        return RemoteVectors(
            unit_vectors(array_of(named.get("vectors")), n_texts=len(texts), n_dims=n_dims),
            stated_precision(named.get("precision")),
        )

    async def close(self) -> None:
        await self._exchange.close()


def _refuses_token(answer: Answer) -> bool:
    return answer.status == 400 and _error_type(answer) == REFUSED_TOKEN


def _failure(answer: Answer) -> RemoteFailure:
    failure = of_status(
        answer.status, retry_after=answer.headers.get("retry-after"), said=_error_type(answer)
    )
    if _refuses_token(answer):
        return RemoteFailure("unavailable", failure.message)
    return failure


def _error_type(answer: Answer) -> str:
    """Its name, which is one of TorchServe's classes; a message may quote what was sent."""
    try:
        stated = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    name = stated.get("type") if isinstance(stated, dict) else None
    return name if isinstance(name, str) and _ERROR_TYPE.fullmatch(name) else ""
