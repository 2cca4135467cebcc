"""Work that is not left half done because its caller went away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")


async def to_its_end(
    work: Awaitable[Result], *, given_up: Callable[[], object] = lambda: None
) -> Result:
    """Await ``work``; a caller who is cancelled meanwhile is cancelled after it.

    ``given_up`` is called at once then, for work that can be told to end sooner.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        given_up()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # Marks it as seen: nobody is left to be told.
        raise
