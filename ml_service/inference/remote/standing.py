"""Whether a remote encoder is asked: it was proven, and it did not fail several times in a row."""

from __future__ import annotations

import asyncio

from ml_service.inference.remote.failures import RemoteFailure

OPENS_AFTER = 3
_NOT_COUNTED = frozenset({"refused", "overloaded"})
"""The server is there and says what it wants: less, or other texts."""

NOT_ASKED_YET = RemoteFailure("not_proven", "The remote encoder was not asked yet.")


class Standing:
    """A circuit breaker that only a proof closes: nobody's texts are the try that decides."""

    def __init__(self) -> None:
        self._why_not: RemoteFailure | None = NOT_ASKED_YET
        self._n_failures = 0
        self._opened = asyncio.Event()
        self._opened.set()

    @property
    def why_not(self) -> RemoteFailure | None:
        """What keeps it from being asked; None while it is asked."""
        return self._why_not

    def check(self) -> None:
        """Raises RemoteFailure at once while nobody is to wait for it."""
        if self._why_not is not None:
            raise self._why_not.again()

    def proven(self) -> None:
        self._why_not = None
        self._n_failures = 0
        self._opened.clear()

    def note_answer(self) -> None:
        self._n_failures = 0

    def note(self, failure: RemoteFailure) -> None:
        """A doubt about whose vectors they are opens at once, a wish to be left alone as well."""
        if failure.kind == "not_proven" or failure.retry_after_s is not None:
            self.open(failure)
        elif failure.kind not in _NOT_COUNTED:
            self._n_failures += 1
            if self._n_failures >= OPENS_AFTER:
                self.open(failure)

    def open(self, failure: RemoteFailure) -> None:
        self._why_not = failure.again()
        self._opened.set()

    async def opened_within(self, seconds: float) -> bool:
        try:
            # Not wait_for: Python 3.11's may swallow that the caller was cancelled.
            async with asyncio.timeout(seconds):
                await self._opened.wait()
        except TimeoutError:
            return False
        return True
