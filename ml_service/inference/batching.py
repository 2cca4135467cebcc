"""One engine for many callers: everybody's texts in turn, within bounds, none lost."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
    n_left: int


_Batch = Sequence[tuple[_Call, int]]


class Batcher:
    """Callers take turns, a batch each; nobody waits for a batch to fill.

    The engine's threads take the texts themselves: the event loop hears of a call once, when its
    last text is done. The longest text of a call goes first, so that no processor begins it when
    the others are done, and texts of about one length share a batch.
    """

    def __init__(self, engine: Engine, *, max_waiting_tokens: int) -> None:
        self._engine = engine
        self._max_waiting_tokens = max_waiting_tokens
        self._threads = ThreadPoolExecutor(engine.n_at_once, thread_name_prefix="encoder")
        self._turns = threading.Lock()  # over everything below
        self._calls: deque[_Call] = deque()
        self._n_at_work = 0
        self._tokens_a_s = 0.0
        self.waiting_tokens = 0
        self.figures = BatchFigures()

    @property
    def waiting_texts(self) -> int:
        with self._turns:
            return sum(len(call.waiting) for call in self._calls)

    async def embed(self, texts: Sequence[str]) -> Float32Array:
        """In the order of ``texts``, at least one. Raises Overloaded before anything is begun."""
        with self._turns:
            call = self._admitted(texts)
            self._calls.append(call)
            self._call_to_work(len(texts))
        try:
            await call.ended
        except asyncio.CancelledError:
            with self._turns:
                self._give_up(call)
                self.figures.n_given_up += 1
            raise
        return np.stack([vector for vector in call.vectors if vector is not None])

    async def close(self) -> None:
        """What is in work ends; what waits is given up."""
        with self._turns:
            given_up = list(self._calls)
            for call in given_up:
                self._give_up(call)
        for call in given_up:
            _settle(call.ended, ModelUnavailable())
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

    def _call_to_work(self, n_texts: int) -> None:
        """As many idle threads as there are new texts: where one is idle, no others wait."""
        for _ in range(min(n_texts, self._engine.n_at_once - self._n_at_work)):
            self._n_at_work += 1
            self._threads.submit(self._work)

    def _work(self) -> None:
        """In a thread: batch after batch, until nothing waits."""
        while batch := self._next_batch():
            try:
                vectors, seconds = self._timed([call.texts[at] for call, at in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
                self._fail(batch, error)
            else:
                self._hand_out(batch, vectors, seconds)

    def _next_batch(self) -> _Batch:
        """Empty where nothing waits: the thread that asked is then no more at work."""
        batch: list[tuple[_Call, int]] = []
        with self._turns:
            while self._calls and len(batch) < self._engine.texts_at_once:
                call = self._calls.popleft()
                while call.waiting and len(batch) < self._engine.texts_at_once:
                    at = call.waiting.popleft()
                    self.waiting_tokens -= call.tokens[at]
                    batch.append((call, at))
                if call.waiting:
                    self._calls.append(call)
            self._n_at_work -= not batch
        return batch

    def _fail(self, batch: _Batch, error: Exception) -> None:
        """Of several callers in a batch each is told."""
        calls = {call for call, _ in batch}
        with self._turns:
            for call in calls:
                self._give_up(call)
        for call in calls:
            _settle_from_thread(call.ended, error)

    def _hand_out(self, batch: _Batch, vectors: Float32Array, seconds: float) -> None:
        ended: list[_Call] = []
        with self._turns:
            self._note(sum(call.tokens[at] for call, at in batch), len(batch), seconds)
            for (call, at), vector in zip(batch, vectors, strict=True):
                call.vectors[at] = vector
                call.n_left -= 1
                if not call.n_left:
                    self.figures.waited_s.note(time.perf_counter() - call.began_at)
                    ended.append(call)
        for call in ended:
            _settle_from_thread(call.ended)

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


def _settle(ended: asyncio.Future[None], error: Exception | None = None) -> None:
    """Nothing where the caller went away."""
    if ended.done():
        return
    if error is None:
        ended.set_result(None)
    else:
        ended.set_exception(error)


def _settle_from_thread(ended: asyncio.Future[None], error: Exception | None = None) -> None:
    with suppress(RuntimeError):  # the loop ended before the text did: nobody waits any more
        ended.get_loop().call_soon_threadsafe(_settle, ended, error)
