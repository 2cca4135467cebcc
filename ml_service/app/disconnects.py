"""Work for a caller who may go away: nobody waits for the rest of it, so it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

Result = TypeVar("Result")


async def while_connected(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of ``work``, which is cancelled when the caller goes away.

    Call it when the body is read to its end: what ``receive`` says then is only that the
    connection is gone. Returns when ``work`` has ended. Raises ClientDisconnect, and what
    ``work`` raises.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        await end(working, leaving)


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel and wait; also while this task itself is being cancelled."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # Marks it as seen: nobody is left to be told.


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
