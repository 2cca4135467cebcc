"""An inference server made usable as the port ``Encoder``."""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.health import Part
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.inference.canary import Canary
from ml_service.inference.remote.engine import RemoteEngine, RemoteVectors
from ml_service.inference.remote.failures import (
    RemoteFailure,
    as_bad_answer,
    bad_answer,
    not_proven,
)
from ml_service.inference.remote.requests import RequestBounds, Requests, in_parts
from ml_service.inference.remote.standing import Standing

OK = "ok"
LOOKS_EVERY_S = 10.0
FIRST_PROOF_AFTER_S = 0.5
LONGEST_PAUSE_S = 15.0
UNKNOWN = "unknown"

log = logging.getLogger(__name__)


class RemoteEncoder:
    """Answers only while the server has proven that its vectors are of the canary's space.

    The proof stands before the first text and after whatever kept the server from answering.
    One known text goes along with every request besides: also a server that was exchanged
    between two requests, or one replica of many, is found out before its vectors are used.
    """

    def __init__(
        self,
        engine: RemoteEngine,
        canary: Canary,
        *,
        bounds: RequestBounds,
        looks_every_s: float = LOOKS_EVERY_S,
    ) -> None:
        self._engine = engine
        self._canary = canary
        self._requests = Requests(engine, n_dims=canary.n_dims, bounds=bounds)
        self._looks_every_s = looks_every_s
        self._standing = Standing()
        self._witnesses = itertools.cycle(_short_ones(canary))
        self._precision = UNKNOWN
        self._outcomes: Counter[str] = Counter()
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Ask for a first proof. A server that is not there yet is waited for in the background:
        until then the encoder is not ready and says why.
        """
        await self._prove()
        self._watching = asyncio.create_task(self._watch(), name="remote encoder")

    @property
    def ready(self) -> bool:
        return self._standing.why_not is None

    @property
    def ref(self) -> EncoderRef:
        """Raises ModelUnavailable while nothing is proven."""
        try:
            self._standing.check()
        except RemoteFailure as failure:
            raise ModelUnavailable(failure.message) from failure
        return self._ref(self._precision)

    @property
    def space(self) -> ModelRef:
        """The canary's: other vectors are never given."""
        return ModelRef(self._canary.model_id, self._canary.revision)

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Calls since the start: ``ok``, or the kind of failure."""
        return self._outcomes

    @property
    def retries(self) -> int:
        return self._requests.retries

    async def part(self) -> Part:
        """Where the server is stands in nobody's answer."""
        why_not = self._standing.why_not
        detail: dict[str, str | int | float | bool | None] = {
            "model_id": self._canary.model_id,
            "revision": self._canary.revision,
            "precision": self._precision,
            "engine": self._engine.name,
            "where": "remote",
            "breaker": "closed" if why_not is None else "open",
        }
        if why_not is not None:
            detail["missing"] = self._canary.model_id
            detail["reason"] = why_not.message
        return Part("encoder", "ready" if why_not is None else "not_ready", True, detail)

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        try:
            return await self.embed(texts)
        except RemoteFailure as failure:
            raise ModelUnavailable(failure.message) from failure

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        """As ``embed_documents``, with the cause. Raises RemoteFailure."""
        try:
            self._standing.check()
            found = await self._embedded(texts)
        except RemoteFailure as failure:
            self._outcomes[failure.kind] += 1
            raise
        self._outcomes[OK] += 1
        return found

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._engine.close()

    async def _embedded(self, texts: Sequence[str]) -> Embeddings:
        if not texts:
            vectors = np.zeros((0, self._canary.n_dims), dtype=np.float32)
            return Embeddings(vectors=vectors, encoder=self._ref(self._precision))
        witness = next(self._witnesses)
        parts = [[*part, self._canary.texts[witness]] for part in in_parts(texts)]
        try:
            answers = await self._requests.all_of(parts)
            for answer in answers:
                self._doubt_by(witness, answer)
            precision = _the_only_precision(answers)
        except RemoteFailure as failure:
            self._note(failure)
            raise
        self._standing.note_answer()
        vectors = np.concatenate([answer.vectors[:-1] for answer in answers])
        return Embeddings(vectors=vectors, encoder=self._ref(precision))

    def _doubt_by(self, witness: int, answer: RemoteVectors) -> None:
        doubt = self._canary.doubt_one(witness, answer.vectors[-1])
        if doubt is not None:
            raise not_proven(doubt)

    def _ref(self, precision: str) -> EncoderRef:
        return EncoderRef(
            model_id=self._canary.model_id,
            revision=self._canary.revision,
            precision=precision,
            engine=self._engine.name,
        )

    def _note(self, failure: RemoteFailure) -> None:
        was_ready = self.ready
        self._standing.note(failure)
        if was_ready and not self.ready:
            log.warning("the remote encoder is not asked any more: %s", failure.message)

    async def _watch(self) -> None:
        """Prove again when something is wrong, and look now and then whether it is."""
        pause_s = FIRST_PROOF_AFTER_S
        while True:
            if self.ready:
                pause_s = FIRST_PROOF_AFTER_S
                opened = await self._standing.opened_within(self._looks_every_s)
                if opened or await self._says_ready():
                    continue
            else:
                await asyncio.sleep(self._longer(pause_s * random.uniform(0.5, 1.0)))  # noqa: S311 - no secret
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            await self._prove()

    def _longer(self, pause_s: float) -> float:
        """As long as the server asked to be left alone, within reason."""
        why_not = self._standing.why_not
        asked_s = why_not.retry_after_s if why_not is not None else None
        return max(pause_s, min(asked_s or 0.0, 4 * LONGEST_PAUSE_S))

    async def _says_ready(self) -> bool:
        try:
            async with asyncio.timeout(self._looks_every_s):
                with as_bad_answer():
                    return await self._engine.is_ready()
        except (RemoteFailure, TimeoutError):
            return False

    async def _prove(self) -> None:
        try:
            with as_bad_answer():
                answer = await self._requests.proof(self._canary.texts)
                doubt = self._canary.doubt(answer.vectors)
            if doubt is not None:
                raise not_proven(doubt)
        except RemoteFailure as failure:
            was_ready, before = self.ready, self._standing.why_not
            self._standing.open(failure)
            if was_ready or before is None or before.message != failure.message:
                log.warning("the remote encoder cannot be used: %s", failure.message)
            return
        if not self.ready:
            log.info("the remote encoder is proven: %s", self._canary.model_id)
        self._precision = answer.precision or UNKNOWN
        self._standing.proven()


def _short_ones(canary: Canary) -> list[int]:
    """Half of the texts, the shorter ones: they cost every request something."""
    by_length = sorted(range(len(canary.texts)), key=lambda at: len(canary.texts[at]))
    return by_length[: math.ceil(len(by_length) / 2)]


def _the_only_precision(answers: Sequence[RemoteVectors]) -> str:
    stated = {answer.precision or UNKNOWN for answer in answers}
    if len(stated) != 1:
        raise bad_answer("its parts come from encoders of different precisions")
    return stated.pop()
