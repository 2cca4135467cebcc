"""One engine for many callers: everybody's texts in turn, within bounds, none lost."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from ml_service.domain.errors import ModelUnavailable, Overloaded
from ml_service.domain.figures import Spread
from ml_service.domain.ports import Float32Array
from ml_service.inference.engines.base import Engine

BYTES_A_TOKEN = 4
"""About, for English; enough to tell much work from little."""

MOST_TOKENS_A_TEXT = 256
MOST_RETRY_AFTER_S = 30
PACE_REMEMBERS = 0.9

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
TEXTS = (1, 2, 4, 8, 16, 32)


@dataclass(slots=True)
class BatchFigures:
    """Since the start. Tokens are estimates; seconds waited are those of a whole call."""

    texts: Spread = field(default_factory=lambda: Spread(TEXTS))
    embedded_s: Spread = field(default_factory=lambda: Spread(SECONDS))
    waited_s: Spread = field(default_factory=lambda: Spread(SECONDS))
    n_tokens: int = 0
    n_refused: int = 0
    n_given_up: int = 0


@dataclass(slots=True, eq=False)
class _Call:
    """One caller's texts, the places of those that wait in the order in which they are taken."""

    texts: Sequence[str]
    tokens: Sequence[int]
    waiting: deque[int]
    ended: asyncio.Future[None]
    vectors: list[Float32Array | None]
    began_at: float
    n_left: int = 0


class Batcher:
    """Callers take turns, a text each; nobody waits for a batch to fill.

    The longest text of a call goes first, so that no processor begins it when the others are done.
    """

    def __init__(self, engine: Engine, *, max_waiting_tokens: int) -> None:
        self._engine = engine
        self._max_waiting_tokens = max_waiting_tokens
        self._threads = ThreadPoolExecutor(engine.n_at_once, thread_name_prefix="encoder")
        # One batch more than there are threads: none of them waits for the event loop.
        self._most_running = engine.n_at_once + 1
        self._calls: deque[_Call] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._tokens_a_s = 0.0
        self.waiting_tokens = 0
        self.figures = BatchFigures()

    @property
    def waiting_texts(self) -> int:
        return sum(len(call.waiting) for call in self._calls)

    async def embed(self, texts: Sequence[str]) -> Float32Array:
        """In the order of ``texts``, at least one. Raises Overloaded before anything is begun."""
        call = self._admitted(texts)
        self._calls.append(call)
        self._pump()
        try:
            await call.ended
        except asyncio.CancelledError:
            self._give_up(call)
            self.figures.n_given_up += 1
            raise
        return np.stack([vector for vector in call.vectors if vector is not None])

    async def close(self) -> None:
        """What is in work ends; what waits is given up."""
        for call in list(self._calls):
            self._give_up(call)
            call.ended.set_exception(ModelUnavailable())
        if self._running:
            await asyncio.wait(self._running)
        await asyncio.to_thread(self._threads.shutdown)

    def _admitted(self, texts: Sequence[str]) -> _Call:
        tokens = [min(MOST_TOKENS_A_TEXT, len(text) // BYTES_A_TOKEN + 2) for text in texts]
        n_tokens = sum(tokens)
        if self.waiting_tokens and self.waiting_tokens + n_tokens > self._max_waiting_tokens:
            self.figures.n_refused += 1
            raise Overloaded(
                "Too many texts wait for the encoder. Try again shortly.",
                retry_after_s=self._until_free_s(),
            )
        self.waiting_tokens += n_tokens
        return _Call(
            texts=texts,
            tokens=tokens,
            waiting=deque(sorted(range(len(texts)), key=lambda at: -len(texts[at]))),
            ended=asyncio.get_running_loop().create_future(),
            vectors=[None] * len(texts),
            began_at=time.perf_counter(),
            n_left=len(texts),
        )

    def _until_free_s(self) -> int:
        if not self._tokens_a_s:
            return 1
        return min(MOST_RETRY_AFTER_S, max(1, math.ceil(self.waiting_tokens / self._tokens_a_s)))

    def _pump(self) -> None:
        while self._calls and len(self._running) < self._most_running:
            task = asyncio.create_task(self._run(self._next_batch()))
            self._running.add(task)
            task.add_done_callback(self._ran)

    def _ran(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._pump()

    def _next_batch(self) -> list[tuple[_Call, int]]:
        batch: list[tuple[_Call, int]] = []
        while self._calls and len(batch) < self._engine.texts_at_once:
            call = self._calls.popleft()
            at = call.waiting.popleft()
            self.waiting_tokens -= call.tokens[at]
            batch.append((call, at))
            if call.waiting:
                self._calls.append(call)
        return batch

    async def _run(self, batch: Sequence[tuple[_Call, int]]) -> None:
        texts = [call.texts[at] for call, at in batch]
        loop = asyncio.get_running_loop()
        try:
            vectors, seconds = await loop.run_in_executor(self._threads, self._timed, texts)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            for call in {call for call, _ in batch}:
                self._give_up(call)
                if not call.ended.done():
                    call.ended.set_exception(error)
            return
        self._note(sum(call.tokens[at] for call, at in batch), len(texts), seconds)
        for (call, at), vector in zip(batch, vectors, strict=True):
            call.vectors[at] = vector
            call.n_left -= 1
            if not call.n_left and not call.ended.done():
                self.figures.waited_s.note(time.perf_counter() - call.began_at)
                call.ended.set_result(None)

    def _timed(self, texts: Sequence[str]) -> tuple[Float32Array, float]:
        """Raises ModelUnavailable where the engine gives more or fewer vectors than texts."""
        begin = time.perf_counter()
        vectors = self._engine.embed_batch(texts)
        seconds = time.perf_counter() - begin
        if len(vectors) != len(texts):
            raise ModelUnavailable(
                f"The encoder gave {len(vectors)} vectors of {len(texts)} texts. Try again."
            )
        return vectors, seconds

    def _note(self, n_tokens: int, n_texts: int, seconds: float) -> None:
        self.figures.n_tokens += n_tokens
        self.figures.texts.note(n_texts)
        self.figures.embedded_s.note(seconds)
        pace = self._engine.n_at_once * n_tokens / max(seconds, 1e-6)
        before = self._tokens_a_s or pace
        self._tokens_a_s = PACE_REMEMBERS * before + (1 - PACE_REMEMBERS) * pace

    def _give_up(self, call: _Call) -> None:
        """What of it waits is not begun any more."""
        if call in self._calls:
            self._calls.remove(call)
        self.waiting_tokens -= sum(call.tokens[at] for at in call.waiting)
        call.waiting.clear()
