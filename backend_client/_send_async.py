"""The same over httpx's async client."""

from __future__ import annotations

from typing import TypeVar

import anyio
import anyio.to_thread
import httpx

from backend_client._answers import Reply
from backend_client._send import AnswerReading, lower_names, request_of, translated
from backend_client._steps import Send, Step, Steps, Wait

T = TypeVar("T")


class AsyncSender:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def run(self, steps: Steps[T]) -> T:
        """What ``steps`` return. A step that fails is raised where it was asked for."""
        try:
            step = next(steps)
            while True:
                try:
                    outcome = await self._do(step)
                except Exception as failure:  # noqa: BLE001 - the core decides what it means
                    step = steps.throw(failure)
                else:
                    step = steps.send(outcome)
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            steps.close()

    async def _do(self, step: Step) -> object:
        if isinstance(step, Send):
            return await self._send(step)
        if isinstance(step, Wait):
            await anyio.sleep(step.seconds)
            return None
        return await anyio.to_thread.run_sync(step.function, abandon_on_cancel=step.abandon)

    async def _send(self, step: Send) -> Reply:
        reading = AnswerReading(step)
        with translated():
            response = await self._http.send(request_of(self._http, step), stream=True)
            if step.keep_open and response.status_code == 200:
                return Reply(200, lower_names(response), b"", coming=response)
            try:
                async for chunk in response.aiter_bytes():
                    reading.take(chunk)
            finally:
                await response.aclose()
        return reading.reply(response)
