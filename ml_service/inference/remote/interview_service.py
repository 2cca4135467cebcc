"""A service that reads transcripts in a process of its own; satisfies InterviewService."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from tenacity import RetryCallState

from ml_service.contract.interviews import ServiceReadingOut, service_reading
from ml_service.domain.errors import InterviewServiceUnavailable
from ml_service.domain.interview import ServiceReading, ServiceState, Turn
from ml_service.inference.remote.exchange import Answer, Exchange
from ml_service.inference.remote.failures import (
    FailureKind,
    RemoteFailure,
    as_bad_answer,
    bad_answer,
    not_proven,
    of_status,
    too_slow,
)
from ml_service.inference.remote.requests import RequestBounds, tried
from ml_service.inference.remote.standing import Standing

LOOKS_AGAIN_AFTER_S = 5.0
"""While it is known to be away nobody waits for it."""
MOST_REST_S = 60.0
MOST_HEALTH_S = 3.0
MOST_ANSWER_BYTES = 4_000_000

CANDIDATE, INTERVIEWER, OTHER = "candidate", "interviewer", "other"

_WHY: dict[FailureKind, str] = {
    "unreachable": "cannot be reached",
    "timeout": "did not answer in time",
    "overloaded": "has too much to do",
    "unavailable": "answered with an error",
    "refused": "did not take the transcript",
    "bad_answer": "gave an answer that cannot be used",
    "not_proven": "is not ready, or another one answers at its address",
}

log = logging.getLogger(__name__)


class RemoteInterviewService:
    """Asked only while it has said who it is: before the first transcript and after whatever kept
    it from answering. Nobody's transcript is the try that decides.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        bounds: RequestBounds,
        looks_again_after_s: float = LOOKS_AGAIN_AFTER_S,
    ) -> None:
        self._name = name
        self._exchange = Exchange(base_url)
        self._bounds = bounds
        self._looks_again_after_s = looks_again_after_s
        self._standing = Standing()
        self._looking = asyncio.Lock()
        self._looks_again_at = 0.0
        self.retries = 0

    @property
    def name(self) -> str:
        return self._name

    async def read(self, transcript: Sequence[Turn], *, job: str | None) -> ServiceReading:
        try:
            await self._look_if_due()
            self._standing.check()
            return await self._read(transcript, job)
        except RemoteFailure as failure:
            message = f"The service '{self._name}' {_WHY[failure.kind]}."
            raise InterviewServiceUnavailable(message) from failure

    async def state(self) -> ServiceState:
        """By its own word of this moment, which decides whether it is asked, too."""
        async with self._looking:
            await self._look()
        return "ok" if self._standing.why_not is None else "unavailable"

    async def close(self) -> None:
        await self._exchange.close()

    async def _read(self, transcript: Sequence[Turn], job: str | None) -> ServiceReading:
        content = json.dumps(_asked(transcript, job)).encode()
        ends_at = asyncio.get_running_loop().time() + self._bounds.timeout_s

        async def once() -> Answer:
            headers = {"Content-Type": "application/json"}
            answer = await self._exchange.post(
                "/predict", content, headers=headers, max_bytes=MOST_ANSWER_BYTES
            )
            return _good(answer)

        try:
            answer = await tried(once, bounds=self._bounds, ends_at=ends_at, count=self._count)
            with as_bad_answer():
                reading = _reading_in(answer)
                _refuse_what_was_not_asked(reading, self._name, transcript)
        except RemoteFailure as failure:
            self._standing.note(failure)
            if self._standing.why_not is not None:
                self._rest(failure.retry_after_s)
            raise
        self._standing.note_answer()
        return reading

    async def _look_if_due(self) -> None:
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._standing.why_not is not None and now >= self._looks_again_at:
                await self._look()

    async def _look(self) -> None:
        before = self._standing.why_not
        try:
            await self._prove()
        except RemoteFailure as failure:
            self._standing.open(failure)
            self._rest(failure.retry_after_s)
            if before is None or before.kind != failure.kind:
                log.warning("the service '%s' %s", self._name, _WHY[failure.kind])
            return
        if before is not None:
            log.info("the service '%s' answers", self._name)
        self._standing.proven()

    def _rest(self, asked_s: float | None) -> None:
        """At least as long as the service asked to be left alone, within reason."""
        pause_s = max(self._looks_again_after_s, min(asked_s or 0.0, MOST_REST_S))
        self._looks_again_at = asyncio.get_running_loop().time() + pause_s

    async def _prove(self) -> None:
        """Raises RemoteFailure."""
        most_s = min(MOST_HEALTH_S, self._bounds.timeout_s)
        try:
            async with asyncio.timeout(most_s):
                answer = _good(await self._exchange.get("/health"))
                stated = answer.object().get("service")
        except TimeoutError:
            raise too_slow(most_s) from None
        if stated != self._name:
            raise not_proven("it gives another name")

    def _count(self, _: RetryCallState) -> None:
        self.retries += 1


def _asked(transcript: Sequence[Turn], job: str | None) -> dict[str, Any]:
    """Speakers by their roles: nobody's name leaves this process."""
    roles = {True: CANDIDATE, False: INTERVIEWER, None: OTHER}
    turns = [{"speaker": roles[turn.by_candidate], "content": turn.content} for turn in transcript]
    return {"transcript": turns} | ({} if job is None else {"job": job})


def _good(answer: Answer) -> Answer:
    if answer.status != 200:
        raise of_status(answer.status, retry_after=answer.headers.get("retry-after"))
    return answer


def _reading_in(answer: Answer) -> ServiceReading:
    try:
        return service_reading(ServiceReadingOut.model_validate(answer.object(), strict=True))
    except ValidationError:
        raise bad_answer("it has another form") from None  # the cause quotes the transcript


def _refuse_what_was_not_asked(
    reading: ServiceReading, name: str, transcript: Sequence[Turn]
) -> None:
    """Raises RemoteFailure: what a service says must be found in the transcript."""
    if reading.service != name:
        raise not_proven("it gives another name")
    named = [one.criterion for one in reading.criteria]
    if len(set(named)) != len(named):
        raise bad_answer("it scores a criterion twice")
    for said in (said for one in reading.criteria for said in one.evidence):
        if said.turn >= len(transcript) or not transcript[said.turn].by_candidate:
            raise bad_answer("it quotes a turn that is not the candidate's")
        if said.text not in transcript[said.turn].content:
            raise bad_answer("it quotes what nobody said")
