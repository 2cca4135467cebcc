"""The bearer token of an inference server, from a file that others write anew."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ml_service.inference.remote.failures import RemoteFailure

if TYPE_CHECKING:
    from ml_service.inference.remote.exchange import Answer

MOST_BYTES = 16_000
_TOKEN = re.compile(r"[\x21-\x7e]{1,8000}")


class BearerToken:
    """The file holds the token alone, or is TorchServe's ``key_file.json``."""

    def __init__(self, file: Path | None) -> None:
        """None: nothing is sent."""
        self._file = file
        self._token: str | None = None

    async def used_in(
        self,
        send: Callable[[Mapping[str, str]], Awaitable[Answer]],
        *,
        refused: Callable[[Answer], bool],
    ) -> Answer:
        """The answer to ``send``, which gets the headers; one that refuses the token makes the
        file be read again, once, and a token that is new be tried, once.

        Raises RemoteFailure.
        """
        if self._file is None:
            return await send({})
        used = self._token or await self._read(self._file)
        answer = await send(_headers(used))
        if not refused(answer):
            return answer
        newer = await self._read(self._file)
        return answer if newer == used else await send(_headers(newer))

    async def _read(self, file: Path) -> str:
        self._token = await asyncio.to_thread(_token_in, file)
        return self._token


def _headers(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _token_in(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as stream:
            content = stream.read(MOST_BYTES).strip()
        token = str(json.loads(content)["inference"]["key"]) if content[:1] == "{" else content
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unusable("cannot be read") from error
    if not _TOKEN.fullmatch(token):
        raise _unusable("holds no token")
    return token


def _unusable(how: str) -> RemoteFailure:
    return RemoteFailure("unavailable", f"The file of INFERENCE_TOKEN_FILE {how}.")
