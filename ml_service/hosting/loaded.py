"""What a process holds of one revision: nothing yet, a model, or why there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from ml_service.domain.errors import ServiceError
from ml_service.domain.prediction import ModelRef

CANARY = "Registered nurse with six years of experience in intensive care."
"""What encoders and career models are asked before they answer anybody else."""

ModelState = Literal["registered", "loading", "ready", "draining", "unloaded", "failed"]
"""``registered`` is on disk and was never asked for, ``draining`` ends what it began."""


class HostedModel(Protocol):
    """What the host asks of a model of any kind. ``memory_bytes`` counts its weights."""

    @property
    def ref(self) -> ModelRef: ...

    @property
    def memory_bytes(self) -> int: ...

    def answer_canary(self) -> None:
        """Answer an input made up for it. Raises ModelUnavailable where that makes no sense."""
        ...


LoadModel = Callable[[Path], HostedModel]
"""From a revision's folder; blocking. Raises ModelUnavailable or WeightsMismatch."""


@dataclass(frozen=True, slots=True)
class RevisionState:
    """As seen from one process; ``reason`` is there where the state is ``failed``."""

    state: ModelState
    reason: str | None = None
    memory_bytes: int | None = None
    requests_in_work: int = 0
    last_used_at: datetime | None = None


@dataclass(slots=True)
class Slot:
    """One revision in one process. ``retires`` once nobody uses it any more."""

    ref: ModelRef
    model: HostedModel | None = None
    loading: asyncio.Task[HostedModel] | None = None
    leases: int = 0
    retires: bool = False
    was_loaded: bool = False
    last_used_at: datetime | None = None
    refusal: ServiceError | None = None
    refused_until: datetime | None = None

    @property
    def state(self) -> ModelState:
        if self.loading is not None:
            return "loading"
        if self.model is not None:
            return "draining" if self.retires else "ready"
        if self.refusal is not None:
            return "failed"
        return "unloaded" if self.was_loaded else "registered"

    @property
    def told(self) -> RevisionState:
        return RevisionState(
            state=self.state,
            reason=None if self.refusal is None else self.refusal.message,
            memory_bytes=None if self.model is None else self.model.memory_bytes,
            requests_in_work=self.leases,
            last_used_at=self.last_used_at,
        )
