"""What ends a run in another thread: its time is over, or nobody waits for it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from ml_service.domain.errors import ModelUnavailable

LONGEST_RUN_S = 10.0


class RunLimit:
    """One for all that a request runs. The time begins where it is entered."""

    def __init__(self, longest_s: float = LONGEST_RUN_S) -> None:
        self._longest_s = longest_s
        self._timer = threading.Timer(longest_s, self._late)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []
        self._reason: str | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()

    @property
    def reason(self) -> str | None:
        """Why it is over; None while it is not."""
        return self._reason

    def end(self) -> None:
        """Nobody waits any more. From any thread, also before it is entered."""
        self._end("Nobody waits for this answer any more.")

    def check(self) -> None:
        """Raises ModelUnavailable where it is over."""
        if self._reason is not None:
            raise ModelUnavailable(self._reason)

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """``stop`` is called once it is over, from another thread; at once if it is already."""
        with self._lock:
            is_over = self._reason is not None
            if not is_over:
                self._stops.append(stop)
        if is_over:
            stop()
        try:
            yield
        finally:
            with self._lock:
                if stop in self._stops:
                    self._stops.remove(stop)

    def _late(self) -> None:
        self._end(f"The model took longer than {self._longest_s:g} s and was ended.")

    def _end(self, reason: str) -> None:
        with self._lock:
            if self._reason is not None:
                return
            self._reason = reason
            for stop in self._stops:
                stop()
