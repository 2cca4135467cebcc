"""Taking a refused body off the line without keeping any of it.

A socket that is closed on a client that still writes loses the answer, and once an answer is
given the server reads no more: what is read on, is read before.
"""

from __future__ import annotations

import asyncio

from starlette.types import Receive


async def drain(receive: Receive, *, max_bytes: int, seconds: float) -> None:
    """Discard what is still coming, within both bounds."""
    try:
        async with asyncio.timeout(seconds):
            while max_bytes > 0:
                message = await receive()
                max_bytes -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
