"""One interview: both services read it at once, and what they found becomes a report."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from ml_service.domain.errors import (
    InterviewExists,
    InterviewServiceUnavailable,
    ModelError,
    ServiceError,
)
from ml_service.domain.interview import (
    InterviewReport,
    InterviewService,
    ServiceReading,
    StoredInterview,
    Turn,
)
from ml_service.domain.interview_records import InterviewStore, KeptInterview, Said
from ml_service.domain.ports import Claim, Clock
from ml_service.interview.report import report_of
from ml_service.interview.rubric import weights_of
from ml_service.interview.transcript import notes_on, read_turns
from ml_service.use_cases.answer_once import digest_of
from ml_service.use_cases.read_transcript import notes_on_languages, refuse_other_languages

log = logging.getLogger(__name__)

SHARES_COMPARED_TO = 9
"""Digits behind the point: weights that say the same are the same."""


@dataclass(frozen=True, slots=True)
class AskedInterview:
    """``rubric`` None asks for the usual weights; ``candidate`` names who of the speakers it is."""

    said: Said
    rubric: Mapping[str, float] | None = None
    job: str | None = None
    candidate: str | None = None


@dataclass(frozen=True, slots=True)
class InterviewToKeep:
    interview_id: str
    user_id: str | None
    asked: AskedInterview
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class ScoredInterview:
    """``shown`` holds every quotation, ``kept`` those that the service may keep."""

    shown: StoredInterview
    kept: KeptInterview
    created: bool


class ReadInterview:
    """Scores, and keeps nothing."""

    def __init__(self, services: Sequence[InterviewService]) -> None:
        self._services = tuple(services)

    @property
    def services(self) -> tuple[InterviewService, ...]:
        return self._services

    async def __call__(self, asked: AskedInterview) -> InterviewReport:
        """With a service away the report is partial and says so.

        Raises InvalidRequest, TooLarge, and InterviewServiceUnavailable when no service answers.
        """
        weights = weights_of(asked.rubric)
        turns, notes = await asyncio.to_thread(_turns, asked)
        found = await self._readings(turns, job=asked.job)
        answered = {
            name: reading for name, reading in found.items() if isinstance(reading, ServiceReading)
        }
        if not answered:
            raise InterviewServiceUnavailable(_why_none_answers(found.values()))
        return await asyncio.to_thread(
            report_of,
            tuple(answered.values()),
            weights,
            services={name: "ok" if name in answered else "unavailable" for name in found},
            notes=notes,
        )

    async def _readings(
        self, turns: Sequence[Turn], *, job: str | None
    ) -> dict[str, ServiceReading | ServiceError]:
        """By service, why of one that is away; what else fails ends the other, too."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = {
                    service.name: group.create_task(_reading(service, turns, job=job))
                    for service in self._services
                }
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return {name: task.result() for name, task in tasks.items()}


class ScoreInterview:
    def __init__(self, *, read: ReadInterview, store: InterviewStore, clock: Clock) -> None:
        self._read = read
        self._store = store
        self._clock = clock

    async def __call__(
        self, wanted: InterviewToKeep, *, claim: Claim | None = None
    ) -> ScoredInterview:
        """The stored one for the same request; a partial one is first made whole, if it can be.

        Raises InterviewExists where the id names another one, UserErased, KeyInUse, and what
        ReadInterview raises.
        """
        fingerprint, transcript_sha256 = await asyncio.to_thread(_digests, wanted)
        there = await self._store.find(wanted.interview_id)
        if there is not None:
            return await self._again(there, wanted, fingerprint)
        report = await self._read(wanted.asked)
        new = KeptInterview(
            record_id=UUID(str(uuid7())),
            fingerprint=fingerprint,
            interview=StoredInterview(
                interview_id=wanted.interview_id,
                user_id=wanted.user_id,
                transcript_sha256=transcript_sha256,
                created_at=self._clock(),
                report=report,
            ),
        )
        kept = await self._store.add(
            new, transcript=wanted.asked.said, claim=claim, begun_at=wanted.begun_at
        )
        if kept.record_id != new.record_id:
            return _stored(kept, fingerprint)
        return ScoredInterview(new.interview, kept, created=True)

    async def _again(
        self, there: KeptInterview, wanted: InterviewToKeep, fingerprint: str
    ) -> ScoredInterview:
        stored = _stored(there, fingerprint)
        if _is_whole(there.interview.report):
            return stored
        try:
            report = await self._read(wanted.asked)
        except InterviewServiceUnavailable:
            return stored
        if not _is_whole(report):
            return stored
        renewed = await self._store.renew(there, report)
        return ScoredInterview(renewed.interview, renewed, created=False)


def _turns(asked: AskedInterview) -> tuple[tuple[Turn, ...], tuple[str, ...]]:
    """With notes on them. Raises InvalidRequest or TooLarge before a service is asked."""
    turns = read_turns(asked.said, candidate=asked.candidate)
    refuse_other_languages(turns)
    notes = notes_on(asked.said, candidate=asked.candidate)
    return turns, (*notes, *notes_on_languages(turns))


async def _reading(
    service: InterviewService, turns: Sequence[Turn], *, job: str | None
) -> ServiceReading | ServiceError:
    try:
        return await service.read(turns, job=job)
    except (InterviewServiceUnavailable, ModelError) as failure:
        log.warning("the interview service %s did not answer: %s", service.name, failure.message)
        return failure


def _why_none_answers(found: Iterable[ServiceReading | ServiceError]) -> str:
    """What both say is said once: here it is the encoder, as a rule."""
    reasons = (why.message for why in found if isinstance(why, ServiceError))
    return " ".join(dict.fromkeys((InterviewServiceUnavailable.default_message, *reasons)))


def _stored(kept: KeptInterview, fingerprint: str) -> ScoredInterview:
    """Raises InterviewExists."""
    if kept.fingerprint != fingerprint:
        raise InterviewExists
    return ScoredInterview(kept.interview, kept, created=False)


def _is_whole(report: InterviewReport) -> bool:
    return all(state == "ok" for state in report.services.values())


def _digests(wanted: InterviewToKeep) -> tuple[str, str]:
    """Of all that was asked, and of the transcript alone. Raises InvalidRequest."""
    asked = wanted.asked
    transcript = hashlib.sha256(json.dumps(asked.said).encode()).hexdigest()
    shares = {
        name: round(share, SHARES_COMPARED_TO) for name, share in weights_of(asked.rubric).items()
    }
    rubric = json.dumps(shares, sort_keys=True)
    fingerprint = digest_of(transcript, rubric, asked.job, asked.candidate, wanted.user_id)
    return fingerprint, transcript
