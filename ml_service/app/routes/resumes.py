"""The resume behind a prediction: as JSON Resume, and scored again."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from ml_service.app.conditional import (
    ETAG_HEADER,
    GIVES_ETAG,
    NOT_MODIFIED,
    TAKES_IF_MATCH,
    TAKES_IF_NONE_MATCH,
    ExpectedMoments,
    etag_of,
    not_modified,
)
from ml_service.app.disconnects import while_connected
from ml_service.app.idempotency import (
    REPLAYED,
    Answer,
    IdempotencyKey,
    answer_once,
    keyed_request,
)
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.request_notes import notes_of_request
from ml_service.app.security import may_read, may_write
from ml_service.app.uploads import RESCORE_BODY, read_rescore_request
from ml_service.bootstrap.service import Service
from ml_service.contract.json_resume import JsonResume, json_resume
from ml_service.contract.rescore import RescoredOut, rescored_out
from ml_service.domain.ports import Claim
from ml_service.domain.prediction import Prediction
from ml_service.use_cases.answer_once import digest_of
from ml_service.use_cases.rescore_prediction import RescoreRequest
from ml_service.use_cases.stages import StageWatch, watching

RESCORE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": RescoredOut,
        "headers": {
            **ETAG_HEADER,
            REPLAYED: {
                "description": "true: this is the first answer to the same Idempotency-Key",
                "schema": {"type": "string", "enum": ["true"]},
            },
        },
    },
    **problems(400, 404, 408, 409, 412, 413, 415),
}

router = APIRouter(tags=["predictions"], dependencies=[Depends(refuse_unknown_parameters)])


@router.get(
    "/predictions/{prediction_id:uuid}/resume",
    response_model=JsonResume,
    response_model_exclude_none=True,
    responses={**GIVES_ETAG, **NOT_MODIFIED, **problems(404)},
    openapi_extra=TAKES_IF_NONE_MATCH,
    dependencies=[Depends(may_read)],
)
async def get_resume(
    service: TheService, request: Request, response: Response, prediction_id: UUID
) -> JsonResume | Response:
    """The stored profile as JSON Resume 1.0. What the resume does not say is left out."""
    prediction = await service.history.get(prediction_id)
    etag = etag_of(prediction, service.version)
    return not_modified(request, response, etag) or json_resume(prediction)


@router.post(
    "/predictions/{prediction_id:uuid}/rescore",
    response_model=RescoredOut,
    responses=RESCORE_RESPONSES,
    openapi_extra={**RESCORE_BODY, **TAKES_IF_MATCH},
    dependencies=[Depends(may_write)],
)
async def rescore(
    service: TheService,
    request: Request,
    prediction_id: UUID,
    expected: ExpectedMoments,
    key: IdempotencyKey = None,
) -> Response:
    """Apply the present rubric, parser and model to the stored text, or to a changed resume in
    `file`, and keep the result in place of the former.

    Notes, tags, feedback and the document's date stay; jobs stay unless the resume or the career
    path changed. 409 `text_not_stored` where there is no text and no file comes; 404
    `model_not_found` where the model that predicted is gone.
    """
    with service.upload_permits.take():
        asked = await read_rescore_request(request)
        fingerprint = await asyncio.to_thread(_fingerprint, asked, expected)
        keyed = keyed_request(request, key, fingerprint=fingerprint)
        rescoring = _Rescoring(service, request.app.state.metrics, prediction_id, asked, expected)
        once = service.answer_once
        work = answer_once(once, keyed, rescoring.give, give_again=rescoring.give_again)
        answer = await while_connected(request.receive, work)
    return answer.response()


def _fingerprint(asked: RescoreRequest, expected: Collection[datetime] | None) -> str:
    changed = asked.changed
    return digest_of(
        None if changed is None else hashlib.sha256(changed.content).hexdigest(),
        asked.job_description,
        asked.place.location,
        asked.place.country,
        None if expected is None else ",".join(sorted(at.isoformat() for at in expected)),
    )


@dataclass(frozen=True, slots=True)
class _Rescoring:
    service: Service
    figures: StageWatch
    prediction_id: UUID
    asked: RescoreRequest
    expected: Collection[datetime] | None

    async def give(self, claim: Claim | None) -> Answer:
        prediction = await self.service.rescore_prediction(
            self.prediction_id,
            self.asked,
            expected=self.expected,
            claim=claim,
            watch=watching(self.figures, notes_of_request().stages),
        )
        return self._answer(prediction)

    async def give_again(self, prediction_id: UUID) -> Answer:
        """For what was saved by a process that died before it answered."""
        return self._answer(await self.service.history.get(prediction_id))

    def _answer(self, prediction: Prediction) -> Answer:
        return Answer(
            record_id=prediction.prediction_id,
            status=200,
            headers={"ETag": etag_of(prediction, self.service.version)},
            body=rescored_out(prediction).model_dump_json(),
        )
