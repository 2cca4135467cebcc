"""A bound on work in progress: who finds it full is told to come back, nobody queues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ml_service.domain.errors import Overloaded


class Permits:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0

    @property
    def taken(self) -> int:
        return self._taken

    @contextmanager
    def take(self) -> Iterator[None]:
        """Raises Overloaded at once when all permits are taken."""
        if self._taken >= self._limit:
            raise Overloaded
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
