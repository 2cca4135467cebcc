"""A look at the shelf every second: what others promoted answers here within seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from ml_service.domain.unexpected import where_it_happened
from ml_service.hosting.dropped import DroppedModels
from ml_service.hosting.host import ModelHost

log = logging.getLogger(__name__)

EVERY_S = 1.0


class HostWatch:
    """Looks from ``start`` until ``close``."""

    def __init__(
        self, host: ModelHost, dropped: DroppedModels | None = None, *, every_s: float = EVERY_S
    ) -> None:
        """``dropped`` is looked at beside the shelf: trying what lies there takes seconds."""
        self._host = host
        self._dropped = dropped
        self._every_s = every_s
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks.append(asyncio.create_task(self._repeat(self._follow)))
        if self._dropped is not None:
            look = partial(self._take, self._dropped)
            self._tasks.append(asyncio.create_task(self._repeat(look)))

    async def close(self) -> None:
        """Safe without ``start``."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _repeat(self, look: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await look()
            except Exception as error:  # noqa: BLE001 - nobody waits for it: said here, tried again
                log.error("models: unexpected %s", where_it_happened(error))

    async def _follow(self) -> None:
        await self._host.refresh()
        self._host.unload_idle()

    @staticmethod
    async def _take(dropped: DroppedModels) -> None:
        await asyncio.to_thread(dropped.look)
