"""What every protocol to a remote encoder implements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ml_service.domain.ports import Float32Array

_PRECISION = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class RemoteVectors:
    """Unit vectors in the order of the texts; ``precision`` None where the server says none."""

    vectors: Float32Array
    precision: str | None


class RemoteEngine(Protocol):
    """One try a call; who calls owns deadline, retries and proof."""

    @property
    def name(self) -> str: ...

    async def learn(self) -> None:
        """Ask the server what it takes and gives, before the first texts and after a failure.

        Raises RemoteFailure.
        """
        ...

    async def embed(self, texts: Sequence[str], *, n_dims: int) -> RemoteVectors:
        """Raises RemoteFailure."""
        ...

    async def is_ready(self) -> bool:
        """By the server's own word, without texts. Raises RemoteFailure."""
        ...

    async def close(self) -> None: ...


def stated_precision(stated: object) -> str | None:
    """Of a server's own parameters; anything else than a short name says nothing."""
    if isinstance(stated, str) and _PRECISION.fullmatch(stated.lower()):
        return stated.lower()
    return None
