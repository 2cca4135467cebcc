"""One request to an inference server and its answer, bounded in bytes, over pooled connections."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from ml_service.inference.remote.failures import bad_answer, unreachable

CONNECT_S = 3.0
WRITE_S = 10.0
MOST_CONNECTIONS = 16
KEPT_ALIVE_S = 30.0
MOST_SMALL_BYTES = 64_000
"""Of a status, of metadata and of an error."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self, n_bytes: int | None = None) -> Any:
        """The first ``n_bytes`` of the body. Raises RemoteFailure; NaN and infinity are no JSON."""
        try:
            return json.loads(self.body[:n_bytes], parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise bad_answer("it is not JSON") from error

    def object(self, n_bytes: int | None = None) -> dict[str, Any]:
        """Raises RemoteFailure where it is anything else."""
        stated = self.json(n_bytes)
        if not isinstance(stated, dict):
            raise bad_answer("it is no JSON object")
        return stated


class Exchange:
    """The deadline is the caller's: cancelling a request closes its connection."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url,
            # An answer may take as long as the caller waits; silence on the way there may not.
            timeout=httpx.Timeout(None, connect=CONNECT_S, write=WRITE_S),
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=KEPT_ALIVE_S),
            headers={"Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises RemoteFailure when there is no answer, whatever its status."""
        return await self._send("GET", path, headers, None, MOST_SMALL_BYTES)

    async def post(
        self, path: str, content: bytes, *, headers: Mapping[str, str], max_bytes: int
    ) -> Answer:
        """As ``get``; the body of a success may have ``max_bytes``."""
        return await self._send("POST", path, headers, content, max_bytes)

    async def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        max_bytes: int,
    ) -> Answer:
        request = self._client.build_request(method, path, headers=headers, content=content)
        try:
            response = await self._client.send(request, stream=True)
            try:
                most = max_bytes if response.is_success else MOST_SMALL_BYTES
                body = await _read_at_most(response, most)
            finally:
                await response.aclose()
        except (httpx.ConnectTimeout, httpx.ConnectError) as error:
            raise unreachable("cannot be reached") from error
        except httpx.HTTPError as error:
            raise unreachable("broke the connection off") from error
        return Answer(status=response.status_code, headers=response.headers, body=body)

    async def close(self) -> None:
        await self._client.aclose()


async def _read_at_most(response: httpx.Response, max_bytes: int) -> bytes:
    """Raises RemoteFailure for a longer or packed body of a success; an error's is cut off."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise bad_answer("it is packed, which was not asked for")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk[: max_bytes + 1 - len(body)]
        if len(body) > max_bytes:
            if response.is_success:
                raise bad_answer("it is longer than vectors are")
            break
    return bytes(body[:max_bytes])


def _refuse(constant: str) -> float:
    raise ValueError(constant)
