"""The stages of an upload as they happen, for figures and progress."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

Stage = Literal[
    "extract", "analyse", "redact", "embed", "predict", "explain", "score", "match", "save"
]


class StageWatch(Protocol):
    def started(self, stage: Stage) -> None: ...

    def finished(self, stage: Stage, seconds: float) -> None:
        """Called for a stage that ended, not for one that raised."""
        ...


class Unwatched:
    def started(self, stage: Stage) -> None:
        """Nobody looks."""

    def finished(self, stage: Stage, seconds: float) -> None:
        """Nobody looks."""


UNWATCHED = Unwatched()


class _AllOf:
    def __init__(self, watches: tuple[StageWatch, ...]) -> None:
        self._watches = watches

    def started(self, stage: Stage) -> None:
        for watch in self._watches:
            watch.started(stage)

    def finished(self, stage: Stage, seconds: float) -> None:
        for watch in self._watches:
            watch.finished(stage, seconds)


def watching(*watches: StageWatch) -> StageWatch:
    """Tells each of ``watches``, in their order."""
    return _AllOf(watches)


@contextmanager
def timed(watch: StageWatch, stage: Stage) -> Iterator[None]:
    watch.started(stage)
    begin = time.perf_counter()
    yield
    watch.finished(stage, time.perf_counter() - begin)
