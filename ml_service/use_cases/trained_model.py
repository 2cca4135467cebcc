"""What training is asked for and what comes of it; needs nothing that training alone needs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ml_service.career.model_card import ModelCard

MIN_EXAMPLES = 2
"""Under each label."""


@dataclass(frozen=True, slots=True)
class Wish:
    """``source`` and ``licence`` are what the card says about the data. The first revision of a
    name answers at once, a later one only with ``promote``.
    """

    model_id: str
    source: str
    licence: str | None = None
    promote: bool = False


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """``left_out`` counts examples by reason, ``unlike`` those that were learned from although the
    service would refuse them, or abstain, if they were uploaded. ``card.metrics`` are
    cross-validated.
    """

    card: ModelCard
    promoted: bool
    left_out: Mapping[str, int]
    unlike: Mapping[str, int]


class TrainingWatch(Protocol):
    def started(self, what: str, total: int) -> None: ...

    def advanced(self, count: int) -> None:
        """May be called from another thread."""
        ...


class Learning:
    """A thread cannot be cancelled: it asks after each step whether anybody still waits."""

    def __init__(self, watch: TrainingWatch) -> None:
        self.watch = watch
        self.given_up = False

    def advance(self) -> None:
        self.go_on()
        self.watch.advanced(1)

    def go_on(self) -> None:
        if self.given_up:
            raise asyncio.CancelledError
