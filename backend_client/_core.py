"""One call from its first try to its answer, with all that may stand in; no I/O of its own."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar, cast

from backend_client import _requests as requests
from backend_client._answers import Reply, answer_of, refusal_of
from backend_client._calls import EVENTS, Call, Upload, wire
from backend_client._documents import FileInput, read_document
from backend_client._events import PredictionStream, Stage
from backend_client._retries import Tries
from backend_client._steps import OnProgress, Send, Steps, Wait, send, work
from backend_client.breaker import Breaker
from backend_client.errors import (
    BreakerOpen,
    ConnectionFailed,
    LocalAnalysisUnavailable,
    NotFoundError,
    OutboxError,
    ResumeClientError,
    TimedOut,
    UnavailableError,
)
from backend_client.options import Options
from backend_client.outbox import Outbox, OutboxEntry
from backend_client.types import Prediction, Rescored

log = logging.getLogger("backend_client")

T = TypeVar("T")

Analyse = Callable[[Upload, Mapping[str, str]], Prediction]


def in_this_process(upload: Upload, form: Mapping[str, str]) -> Prediction:
    """By ``local_analysis``, which is loaded when it is first needed."""
    from backend_client.local_analysis import analyse_locally  # noqa: PLC0415 - as it says

    return analyse_locally(upload, form)


@dataclass(frozen=True, slots=True)
class UploadFields:
    """What ``POST /predict`` takes beside the document; ``form`` as it goes over the wire."""

    form: Mapping[str, str]
    force: bool
    idempotency_key: str
    on_progress: OnProgress | None = None
    on_stage: Callable[[Stage], None] | None = None


@dataclass(frozen=True, slots=True)
class Core:
    """``breaker`` and ``outbox`` are shared by all that ``with_options`` makes of one client."""

    options: Options
    breaker: Breaker = field(default_factory=Breaker)
    outbox: Outbox | None = None
    analyse: Analyse = in_this_process
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random

    def with_options(self, options: Options) -> Core:
        return replace(self, options=options)

    def call(self, call: Call[T]) -> Steps[T]:
        """Raises a ResumeClientError."""
        return (yield from self._tried(call, self._once(call)))

    def predict(
        self, file: FileInput, filename: str | None, asked: UploadFields
    ) -> Steps[Prediction]:
        """Raises a ResumeClientError, or OSError for a file that cannot be read."""
        begun_at = datetime.now(UTC)
        upload = yield from work(lambda: read_document(file, filename))
        try:
            return (yield from self._uploaded(upload, asked))
        except ResumeClientError as failure:
            reason = degraded_reason(failure)
            if self.options.fallback == "off" or reason is None:
                raise
            prediction = yield from self._stood_in(upload, asked, failure, reason)
        return (yield from self._kept(prediction, upload, asked, begun_at))

    def erase_user(self, user_id: str) -> Steps[None]:
        """What waits in the outbox goes first: it must not bring the user back."""
        outbox = self.outbox
        call = requests.erase_user(user_id)
        if outbox is not None:
            yield from work(lambda: outbox.forget_user(user_id))
        yield from self.call(call)

    def refreshed(self, prediction: Prediction) -> Steps[Prediction]:
        answer = yield from self.call(requests.refresh(prediction))
        # 304: what the caller holds is what there is.
        return cast(Prediction | None, answer) or prediction

    def rescored(
        self,
        prediction_id: requests.PredictionId,
        file: FileInput | None,
        filename: str | None,
        *,
        form: Mapping[str, str],
        idempotency_key: str,
        if_match: str | None,
    ) -> Steps[Rescored]:
        upload = None
        if file is not None:
            upload = yield from work(lambda: read_document(file, filename))
        call = requests.rescore(
            prediction_id, upload, form=form, idempotency_key=idempotency_key, if_match=if_match
        )
        return (yield from self.call(call))

    def opened(self, call: Call[T]) -> Steps[Reply]:
        """A reply whose body still comes, as ``Reply.coming``; whoever asked closes it."""
        request = Send(wire(call, self.options), self.options.timeouts, keep_open=True)

        def once() -> Steps[Reply]:
            reply = yield from send(request)
            if reply.coming is None:
                raise refusal_of(reply)
            return reply

        return (yield from self._tried(cast(Call[Reply], call), once))

    def upload_once(self, upload: Upload, asked: UploadFields) -> Steps[Prediction]:
        """With its retries, without anything that stands in for the service."""
        call = requests.predict(
            upload,
            form=asked.form,
            force=asked.force,
            idempotency_key=asked.idempotency_key,
            form_of_answer="json" if asked.on_stage is None else "events",
        )
        return (yield from self._tried(call, self._once(call, asked)))

    def _uploaded(self, upload: Upload, asked: UploadFields) -> Steps[Prediction]:
        if self.options.fallback == "local" and not self.breaker.admits():
            raise BreakerOpen
        return (yield from self.upload_once(upload, asked))

    def _tried(self, call: Call[T], once: Callable[[], Steps[T]]) -> Steps[T]:
        retries = self.options.retries
        tries = Tries(
            retries,
            0 if call.quick else retries.max_retries,
            call.repeatable,
            repeats_slow=not self._has_other_way(call),
        )
        while True:
            try:
                answer = yield from once()
            except ResumeClientError as failure:
                if is_done_already(call, failure, tries):
                    return cast(T, None)
                delay_s = self._delay_after(failure, call, tries)
                if delay_s is None:
                    raise
            else:
                self.breaker.note_answer()
                return answer
            yield Wait(delay_s)

    def _delay_after(self, failure: ResumeClientError, call: Call[T], tries: Tries) -> float | None:
        self.breaker.note(failure)
        delay_s = tries.delay_after(failure, now_s=self.clock(), chance=self.chance())
        if delay_s is not None and self._has_other_way(call) and self.breaker.is_open:
            return None
        if delay_s is not None:
            log.info("%s: %s, again in %.1f s", call.method, failure.code, delay_s)
        return delay_s

    def _has_other_way(self, call: Call[T]) -> bool:
        return call.path == "/predict" and self.options.fallback == "local"

    def _once(self, call: Call[T], asked: UploadFields | None = None) -> Callable[[], Steps[T]]:
        """One try; the request is built once, its bytes are the same in each."""
        request, timeouts = wire(call, self.options), self.options.timeouts

        def once() -> Steps[T]:
            on_stage = asked.on_stage if asked and call.accept == EVENTS else None
            stream = PredictionStream(on_stage) if on_stage else None
            reply = yield from send(
                Send(
                    request,
                    timeouts,
                    on_progress=asked.on_progress if asked else None,
                    on_chunk=stream.feed if stream else None,
                )
            )
            if stream is not None and is_stream(reply):
                return cast(T, stream.outcome(reply))
            return answer_of(call, reply)

        return once

    def _stood_in(
        self, upload: Upload, asked: UploadFields, failure: ResumeClientError, reason: str
    ) -> Steps[Prediction]:
        """Raises ``failure``, with a note, where this process cannot either."""
        log.warning("the service could not answer (%s): analysing in this process", reason)
        try:
            prediction = yield from work(lambda: self.analyse(upload, asked.form), abandon=True)
        except LocalAnalysisUnavailable as unavailable:
            failure.add_note(f"Local analysis did not stand in: {unavailable.detail}")
            raise failure from unavailable
        return prediction.model_copy(update={"source": "local", "degraded_reason": reason})

    def _kept(
        self, prediction: Prediction, upload: Upload, asked: UploadFields, begun_at: datetime
    ) -> Steps[Prediction]:
        """An outbox that takes nothing costs no answer: the caller sees that nothing waits."""
        outbox = self.outbox
        if outbox is None:
            return prediction
        entry = OutboxEntry.of(
            upload,
            form=asked.form,
            force=asked.force,
            idempotency_key=asked.idempotency_key,
            begun_at=begun_at,
            prediction=prediction,
        )
        try:
            yield from work(lambda: outbox.add(entry))
        except OutboxError as error:
            log.warning("a local answer does not wait to be sent: %s", error.code)
        else:
            prediction.waiting_as(asked.idempotency_key)
        return prediction


def degraded_reason(failure: ResumeClientError) -> str | None:
    """Why this process may answer in the service's place; None where it must not."""
    if isinstance(failure, ConnectionFailed | TimedOut):
        return failure.code
    if isinstance(failure, UnavailableError):
        return f"{failure.status} {failure.code}"
    return None


def is_done_already(call: Call[T], failure: ResumeClientError, tries: Tries) -> bool:
    """A deletion that was repeated because its answer was lost finds nothing any more."""
    return call.method == "DELETE" and tries.maybe_done and isinstance(failure, NotFoundError)


def is_stream(reply: Reply) -> bool:
    return reply.status == 200 and reply.media_type == EVENTS
