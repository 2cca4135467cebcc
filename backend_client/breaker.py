"""A service that did not answer several times in a row is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from backend_client.errors import ConnectionFailed, ResumeClientError, TimedOut, UnavailableError


class Breaker:
    """Closed until ``opens_after`` tries in a row fail; then open for ``open_s``; then one try is
    let through, and decides. Shared by threads.

    Tries of every call count; ``predict`` with ``fallback="local"`` alone asks it for leave.
    """

    def __init__(
        self,
        *,
        opens_after: int = 5,
        open_s: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._opens_after = opens_after
        self._open_s = open_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._asks_again_at_s = 0.0

    @property
    def is_open(self) -> bool:
        with self._lock:
            return self._failures >= self._opens_after

    def admits(self) -> bool:
        """True while closed; once in ``open_s`` for the try that decides."""
        with self._lock:
            if self._failures < self._opens_after:
                return True
            now_s = self._clock()
            if now_s < self._asks_again_at_s:
                return False
            self._asks_again_at_s = now_s + self._open_s
            return True

    def note_answer(self) -> None:
        with self._lock:
            self._failures = 0

    def note(self, failure: ResumeClientError) -> None:
        """Any answer of the service closes it; a gateway that finds none is no answer."""
        if not _is_silence(failure):
            self.note_answer()
            return
        with self._lock:
            self._failures += 1
            if self._failures >= self._opens_after:
                self._asks_again_at_s = self._clock() + self._open_s


def _is_silence(failure: ResumeClientError) -> bool:
    if isinstance(failure, UnavailableError):
        return failure.status != 503
    return isinstance(failure, ConnectionFailed | TimedOut)
