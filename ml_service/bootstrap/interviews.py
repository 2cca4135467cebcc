"""Who reads the transcripts of interviews: two services, here or in processes of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_service.analysis.language_model import load_language_model
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.announcing import announced
from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.encoder import AnyEncoder, chosen_encoder
from ml_service.bootstrap.matrices import multiply_on_one_thread
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.interview import InterviewService
from ml_service.domain.interview_records import InterviewStore
from ml_service.inference.remote.requests import RequestBounds
from ml_service.settings import ModelService, Settings
from ml_service.use_cases.browse_interviews import BrowseInterviews
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.read_transcript import ReadTranscript
from ml_service.use_cases.score_interview import ReadInterview, ScoreInterview

if TYPE_CHECKING:
    # A service by itself would load all that reads documents with it.
    from ml_service.bootstrap.engine import TextEngine

FULL = "Too many interviews are being read at this moment. Try again shortly."


@dataclass(frozen=True, slots=True)
class Interviews:
    score: ScoreInterview
    browse: BrowseInterviews
    permits: Permits


@dataclass(frozen=True, slots=True)
class ReadingParts:
    """What a service needs that reads in this process."""

    encoder: AnyEncoder
    vocabulary: SkillVocabulary


@asynccontextmanager
async def running_interviews(
    settings: Settings, engine: TextEngine, store: InterviewStore
) -> AsyncIterator[Interviews]:
    parts = ReadingParts(engine.encoder, engine.vocabulary)
    async with _services(settings, parts) as services:
        yield Interviews(
            score=ScoreInterview(read=ReadInterview(services), store=store, clock=utc_now),
            browse=BrowseInterviews(store=store, services=services),
            permits=Permits(settings.max_uploads_in_work, full=FULL),
        )


@asynccontextmanager
async def reading_interviews(settings: Settings) -> AsyncIterator[ReadInterview]:
    """Without a database. Raises ModelUnavailable or WeightsMismatch."""
    async with AsyncExitStack() as stack:
        parts = None
        if not (settings.model_service_1_url and settings.model_service_2_url):
            parts = await stack.enter_async_context(_running_parts(settings))
        yield ReadInterview(await stack.enter_async_context(_services(settings, parts)))


@asynccontextmanager
async def running_model_service(
    settings: Settings, which: ModelService
) -> AsyncIterator[InterviewService]:
    """One service for others to ask. Raises ModelUnavailable or WeightsMismatch."""
    async with _running_parts(settings) as parts:
        yield _local(which, parts)


@asynccontextmanager
async def _services(
    settings: Settings, parts: ReadingParts | None
) -> AsyncIterator[tuple[InterviewService, InterviewService]]:
    """``parts`` None where both are elsewhere."""
    async with AsyncExitStack() as stack:

        def service(which: ModelService, url: str) -> InterviewService:
            if not url:
                assert parts is not None  # noqa: S101 - see above
                return _local(which, parts)
            from ml_service.inference.remote.interview_service import (  # noqa: PLC0415 - brings an HTTP client
                RemoteInterviewService,
            )

            remote = RemoteInterviewService(which, url, bounds=_bounds(settings))
            stack.push_async_callback(remote.close)
            return remote

        yield (
            service("communication", settings.model_service_1_url),
            service("technical", settings.model_service_2_url),
        )


def _local(which: ModelService, parts: ReadingParts) -> ReadTranscript:
    return ReadTranscript(parts.encoder, parts.vocabulary, which)


def _bounds(settings: Settings) -> RequestBounds:
    return RequestBounds(
        timeout_s=settings.inference_timeout_s, max_retries=settings.inference_max_retries
    )


@asynccontextmanager
async def _running_parts(settings: Settings) -> AsyncIterator[ReadingParts]:
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(multiply_on_one_thread)
        encoder = await asyncio.to_thread(chosen_encoder, settings)
        stack.push_async_callback(encoder.close)
        with announced("loading the encoder"):
            await encoder.start()
        await asyncio.to_thread(load_language_model)
        with announced("reading the occupation catalogue"):
            catalogue = await asyncio.to_thread(Catalogue.load, settings.catalogue_dir)
            vocabulary = await asyncio.to_thread(SkillVocabulary, catalogue.technologies())
        yield ReadingParts(encoder, vocabulary)
