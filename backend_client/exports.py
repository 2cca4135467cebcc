"""All that is held of one user, taken over piece by piece as the service reads it.

A document that ends early is no valid JSON: ``write_to`` leaves no file then.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

import anyio
import anyio.to_thread
import httpx

from backend_client._answers import Reply, typed
from backend_client._send import translated
from backend_client.errors import BadResponse
from backend_client.types import UserExport


class Export:
    """Each method asks the service once."""

    def __init__(self, ask: Callable[[], Reply]) -> None:
        self._ask = ask

    def chunks(self) -> Iterator[bytes]:
        """The JSON document in pieces. Raises ConnectionFailed where it ends early."""
        response = _response_of(self._ask())
        try:
            with translated():
                yield from response.iter_bytes()
        finally:
            response.close()

    def read(self) -> UserExport:
        """Whole, in memory."""
        reply = self._ask()
        response = _response_of(reply)
        try:
            with translated():
                return typed(UserExport, response.read(), reply)
        finally:
            response.close()

    def write_to(self, path: str | os.PathLike[str]) -> int:
        """Into a file that its owner alone can read, in place of a former one; its bytes."""
        target = _NewFile(Path(path))
        try:
            for chunk in self.chunks():
                target.write(chunk)
            return target.keep()
        finally:
            target.drop()


class AsyncExport:
    """The same for an event loop."""

    def __init__(self, ask: Callable[[], Awaitable[Reply]]) -> None:
        self._ask = ask

    async def chunks(self) -> AsyncIterator[bytes]:
        response = _response_of(await self._ask())
        try:
            with translated():
                async for chunk in response.aiter_bytes():
                    yield chunk
        finally:
            await response.aclose()

    async def read(self) -> UserExport:
        reply = await self._ask()
        response = _response_of(reply)
        try:
            with translated():
                return typed(UserExport, await response.aread(), reply)
        finally:
            await response.aclose()

    async def write_to(self, path: str | os.PathLike[str]) -> int:
        target = await anyio.to_thread.run_sync(lambda: _NewFile(Path(path)))
        try:
            async for chunk in self.chunks():
                await anyio.to_thread.run_sync(target.write, chunk)
            return await anyio.to_thread.run_sync(target.keep)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(target.drop)


class _NewFile:
    """Beside its place until it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun = path.with_name(f".{path.name}.{uuid4().hex}.part")
        descriptor = os.open(self._begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: IO[bytes] = os.fdopen(descriptor, "wb")

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def keep(self) -> int:
        n_bytes = self._file.tell()
        self._file.close()
        self._begun.replace(self._path)
        return n_bytes

    def drop(self) -> None:
        self._file.close()
        with suppress(FileNotFoundError):
            self._begun.unlink()


def _response_of(reply: Reply) -> httpx.Response:
    if not isinstance(reply.coming, httpx.Response):
        raise BadResponse("The export has no body.", request_id=reply.request_id)
    return reply.coming
