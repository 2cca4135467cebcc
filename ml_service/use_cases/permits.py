"""A bound on work in progress: who finds it full is told to come back, nobody queues."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ml_service.domain.errors import Overloaded

REMEMBERED = 32
"""So many pieces of work that ended tell how fast it goes."""

RETRY_AFTER_S = 2
MOST_RETRY_AFTER_S = 30


class Permits:
    """``clock`` counts seconds and never goes back. ``full`` is the sentence of a refusal."""

    def __init__(
        self,
        limit: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        full: str | None = None,
    ) -> None:
        self._limit = limit
        self._full = full
        self._clock = clock
        self._taken = 0
        # A piece that took 4 s among three others had a share of 1 s of the machine.
        self._shares_s: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def limit(self) -> int:
        return self._limit

    @property
    def taken(self) -> int:
        return self._taken

    @contextmanager
    def take(self) -> Iterator[None]:
        """Raises Overloaded at once when all permits are taken."""
        if self._taken >= self._limit:
            raise Overloaded(self._full, retry_after_s=self.retry_after_s)
        self._taken += 1
        n_at_once, begin = self._taken, self._clock()
        try:
            yield
        finally:
            self._taken -= 1
            self._shares_s.append((self._clock() - begin) / n_at_once)

    @property
    def retry_after_s(self) -> int:
        """How long what is in work will take, at the pace of late; 1 to 30 seconds."""
        if not self._shares_s:
            return RETRY_AFTER_S
        share_s = sum(self._shares_s) / len(self._shares_s)
        return min(MOST_RETRY_AFTER_S, max(1, math.ceil(share_s * self._taken)))
