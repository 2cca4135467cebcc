"""How a part of the service is doing: each part says it itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PartState = Literal["ready", "not_ready", "not_configured"]
PartDetail = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Part:
    """``needed``: the service is not ready without it. ``detail`` holds nothing personal."""

    name: str
    state: PartState
    needed: bool
    detail: PartDetail = field(default_factory=dict)


class SharedLook:
    """Whoever asks while a look at the parts is under way gets its answer.

    Health is open to everybody: however many ask at once, one of them keeps the database busy.
    """

    def __init__(self, look: Callable[[], Coroutine[Any, Any, tuple[Part, ...]]]) -> None:
        self._look = look
        self._under_way: asyncio.Task[tuple[Part, ...]] | None = None

    async def __call__(self) -> tuple[Part, ...]:
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._look())
            self._under_way.add_done_callback(self._ended)
        return await asyncio.shield(self._under_way)

    def _ended(self, _: asyncio.Task[tuple[Part, ...]]) -> None:
        self._under_way = None
