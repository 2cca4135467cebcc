"""Uploads."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from ml_service.app.conditional import ETAG_HEADER, etag_of
from ml_service.app.disconnects import while_connected
from ml_service.app.event_stream import MEDIA_TYPE as EVENTS
from ml_service.app.event_stream import EventStream, event
from ml_service.app.idempotency import (
    REPLAYED,
    Answer,
    IdempotencyKey,
    answer_once,
    keyed_request,
)
from ml_service.app.negotiation import most_welcome
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.request_notes import notes_of_request
from ml_service.app.security import may_write
from ml_service.app.uploads import REQUEST_BODY, read_submission
from ml_service.bootstrap.service import Service
from ml_service.contract.prediction import PredictionOut, prediction_out
from ml_service.domain.errors import NotAcceptable
from ml_service.domain.ports import Claim
from ml_service.use_cases.answer_once import KeyedRequest, digest_of
from ml_service.use_cases.stages import UNWATCHED, StageWatch, watching
from ml_service.use_cases.submit_resume import Submission, Submitted, stated

JSON = "application/json"

HEADERS: dict[str, Any] = {
    **ETAG_HEADER,
    "Location": {"description": "where it is kept", "schema": {"type": "string"}},
    REPLAYED: {
        "description": "true: this is the first answer to the same Idempotency-Key",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
STREAM = (
    "Events as they happen: `stage` with `{stage, state: started | finished, seconds?}`, then one "
    "`prediction` with a Prediction, its id as the event's id, or one `problem` with a Problem."
)
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stored one of the same upload; or the stream of events",
        "model": PredictionOut,
        "headers": HEADERS,
        "content": {EVENTS: {"schema": {"type": "string", "description": STREAM}}},
    },
    201: {"description": "The new one", "headers": HEADERS},
    **problems(400, 404, 406, 408, 409, 413, 415, 429),
}

router = APIRouter(tags=["predictions"], dependencies=[Depends(refuse_unknown_parameters)])


async def wanted_form(request: Request) -> str:
    """Raises NotAcceptable."""
    accept = ", ".join(request.headers.getlist("accept"))
    chosen = most_welcome(accept, [JSON, EVENTS])
    if chosen is None:
        raise NotAcceptable("This route answers application/json or text/event-stream.")
    return chosen


@router.post(
    "/predict",
    status_code=201,
    response_model=PredictionOut,
    responses=RESPONSES,
    openapi_extra=REQUEST_BODY,
    dependencies=[Depends(may_write)],
)
async def predict(
    service: TheService,
    request: Request,
    form: Annotated[str, Depends(wanted_form)],
    key: IdempotencyKey = None,
    force: bool = False,
) -> Response:
    """Analyse a resume and keep the result. 200 with the stored one for the same upload.

    With `Accept: text/event-stream` each stage is told as it happens.
    """
    with ExitStack() as held:
        held.enter_context(service.upload_permits.take())
        submission = await read_submission(request)
        fingerprint = digest_of(*stated(submission), submission.upload.model, force)
        keyed = keyed_request(request, key, fingerprint=fingerprint)
        upload = _Upload(service, request.app.state.metrics, submission, keyed, force)
        if form == EVENTS:
            return EventStream(upload.last_event, held=held.pop_all())
        answer = await while_connected(request.receive, upload.answer(UNWATCHED))
        return answer.response()


@dataclass(frozen=True, slots=True)
class _Upload:
    service: Service
    figures: StageWatch
    submission: Submission
    keyed: KeyedRequest | None
    force: bool

    async def last_event(self, watch: StageWatch) -> bytes:
        answer = await self.answer(watch)
        return event("prediction", answer.body, event_id=str(answer.record_id))

    async def answer(self, watch: StageWatch) -> Answer:
        async def give(claim: Claim | None) -> Answer:
            submitted = await self._submitted(claim, watch)
            return _answer_of(submitted, version=self.service.version)

        return await answer_once(self.service.answer_once, self.keyed, give, give_again=self._again)

    async def _submitted(self, claim: Claim | None, watch: StageWatch) -> Submitted:
        submit = self.service.submit_resume
        work = submit.anew if self.force else submit
        notes, figures = notes_of_request(), self.figures
        submitted = await work(
            self.submission, claim=claim, watch=watching(figures, notes.stages, watch)
        )
        notes.upload = "created" if submitted.created else "stored"
        notes.abstained = submitted.prediction.analysis.career.abstained
        return submitted

    async def _again(self, prediction_id: UUID) -> Answer:
        """For what was saved by a process that died before it answered."""
        prediction = await self.service.history.get(prediction_id)
        submitted = Submitted(prediction=prediction, created=True)
        return _answer_of(submitted, version=self.service.version)


def _answer_of(submitted: Submitted, *, version: str) -> Answer:
    prediction = submitted.prediction
    return Answer(
        record_id=prediction.prediction_id,
        status=201 if submitted.created else 200,
        headers={
            "Location": f"/predictions/{prediction.prediction_id}",
            "ETag": etag_of(prediction, version),
        },
        body=prediction_out(prediction).model_dump_json(),
    )
