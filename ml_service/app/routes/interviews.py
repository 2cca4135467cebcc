"""Interviews: a transcript scored by two services and a rubric, kept and listed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from ml_service.app.conditional import (
    ETAG_HEADER,
    GIVES_ETAG,
    NOT_MODIFIED,
    TAKES_IF_NONE_MATCH,
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
from ml_service.app.interview_paths import InterviewInPath
from ml_service.app.parameters import (
    Cursor,
    Limit,
    TheService,
    link_to_next,
    refuse_unknown_parameters,
)
from ml_service.app.problems import problems
from ml_service.app.security import may_read, may_write
from ml_service.app.user_paths import UserInPath
from ml_service.bootstrap.service import Service
from ml_service.contract.interviews import (
    InterviewIn,
    InterviewList,
    InterviewOut,
    ScoringHealthOut,
    interview_list,
    interview_out,
    scoring_health_out,
)
from ml_service.domain.interview import StoredInterview
from ml_service.domain.ports import Claim
from ml_service.interview.rubric import CARD, InterviewRubricCard
from ml_service.use_cases.answer_once import digest_of
from ml_service.use_cases.score_interview import AskedInterview, InterviewToKeep, ScoredInterview

SERVICES = ("model_service_1", "model_service_2")

HEADERS: dict[str, Any] = {
    **ETAG_HEADER,
    "Location": {"description": "where it is kept", "schema": {"type": "string"}},
    REPLAYED: {
        "description": "true: this is the first answer to the same Idempotency-Key",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
ANALYZED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stored one of the same interview",
        "model": InterviewOut,
        "headers": HEADERS,
    },
    201: {"description": "The new one", "headers": HEADERS},
    **problems(400, 408, 409, 413),
}

router = APIRouter(
    prefix="/api/v1/scoring",
    tags=["interviews"],
    dependencies=[Depends(refuse_unknown_parameters)],
)
reads = Depends(may_read)
writes = Depends(may_write)


@router.post(
    "/analyze",
    status_code=201,
    response_model=InterviewOut,
    responses=ANALYZED,
    dependencies=[writes],
)
async def analyze_interview(
    service: TheService, request: Request, body: InterviewIn, key: IdempotencyKey = None
) -> Response:
    """Score the candidate's turns and keep the report; 200 with the stored one for the same again.

    One service away: the report is partial and says so, and the same request later makes it whole.
    409 `interview_exists` where the id names another interview, 503
    `interview_services_unavailable` where no service answers. Feedback for people, never a
    decision about them.
    """
    with service.interviews.permits.take():
        analysis = _Analysis(service, body)
        keyed = keyed_request(request, key, fingerprint=digest_of(body.model_dump_json()))
        work = answer_once(
            service.answer_once, keyed, analysis.give, give_again=analysis.give_again
        )
        answer = await while_connected(request.receive, work)
    return (analysis.fresh or answer).response()


@router.get("/health", responses=problems(), dependencies=[reads])
async def scoring_health(service: TheService) -> ScoringHealthOut:
    """Whether the two services answer, asked now."""
    states = await service.interviews.browse.states()
    return scoring_health_out(dict(zip(SERVICES, states, strict=True)))


@router.get("/rubric", responses=problems(), dependencies=[reads])
async def get_interview_rubric() -> InterviewRubricCard:
    """How every score is made: signals, thresholds, and where each comes from."""
    return CARD


@router.get("/user/{user_id:user}", responses=problems(), dependencies=[reads])
async def list_interviews_of_user(
    service: TheService,
    request: Request,
    response: Response,
    user_id: UserInPath,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> InterviewList:
    """One user's interviews, newest first; empty for a user nobody has named yet."""
    page = await service.interviews.browse.page(user_id, limit=limit, cursor=cursor)
    link_to_next(request, response, page.next_cursor)
    return interview_list(page)


@router.get(
    "/{interview_id:interview}",
    response_model=InterviewOut,
    responses={**GIVES_ETAG, **NOT_MODIFIED, **problems(404)},
    openapi_extra=TAKES_IF_NONE_MATCH,
    dependencies=[reads],
)
async def get_interview(
    service: TheService, request: Request, response: Response, interview_id: InterviewInPath
) -> InterviewOut | Response:
    interview = await service.interviews.browse.get(interview_id)
    etag = _etag_of(interview, service.version)
    return not_modified(request, response, etag) or interview_out(interview)


@router.delete(
    "/{interview_id:interview}", status_code=204, responses=problems(404), dependencies=[writes]
)
async def delete_interview(service: TheService, interview_id: InterviewInPath) -> None:
    """Report and transcript, at once and for good."""
    await service.interviews.browse.delete(interview_id)


@dataclass(slots=True)
class _Analysis:
    """``fresh`` goes to who asked first; what is kept of it may hold fewer quotations."""

    service: Service
    body: InterviewIn
    fresh: Answer | None = None

    async def give(self, claim: Claim | None) -> Answer:
        scored = await self.service.interviews.score(_wanted(self.body), claim=claim)
        self.fresh = self._answer(scored, scored.shown)
        return self._answer(scored, scored.kept.interview)

    async def give_again(self, record_id: UUID) -> Answer:
        """For what was saved by a process that died before it answered."""
        interview = await self.service.interviews.browse.by_record(record_id)
        return _answer_of(record_id, interview, status=201, version=self.service.version)

    def _answer(self, scored: ScoredInterview, interview: StoredInterview) -> Answer:
        status = 201 if scored.created else 200
        record_id = scored.kept.record_id
        return _answer_of(record_id, interview, status=status, version=self.service.version)


def _wanted(body: InterviewIn) -> InterviewToKeep:
    return InterviewToKeep(
        interview_id=body.interview_id,
        user_id=body.user_id,
        asked=AskedInterview(
            said=body.said(), rubric=body.rubric, job=body.job, candidate=body.candidate
        ),
        begun_at=datetime.now(UTC),
    )


def _answer_of(record_id: UUID, interview: StoredInterview, *, status: int, version: str) -> Answer:
    return Answer(
        record_id=record_id,
        status=status,
        headers={"Location": _location_of(interview), "ETag": _etag_of(interview, version)},
        body=interview_out(interview).model_dump_json(),
    )


def _location_of(interview: StoredInterview) -> str:
    return f"{router.prefix}/{quote(interview.interview_id, safe='')}"


def _etag_of(interview: StoredInterview, version: str) -> str:
    """Strong: of all that is shown, and of the service's version."""
    shown = interview_out(interview).model_dump_json()
    return f'"{hashlib.sha256(f"{shown} {version}".encode()).hexdigest()[:32]}"'
