"""What reads, embeds and predicts; no database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from ml_service.analysis.language import language_of
from ml_service.analysis.language_model import load_language_model
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.announcing import announced
from ml_service.bootstrap.encoder import AnyEncoder, chosen_encoder, vector_of
from ml_service.bootstrap.matrices import multiply_on_one_thread
from ml_service.bootstrap.models import model_host
from ml_service.bootstrap.new_models import model_intake
from ml_service.bootstrap.occupations import begun_occupations
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.transitions.model import NextOccupations
from ml_service.extraction.extractor import OcrLimits, PooledReader, ReadingLimits
from ml_service.hosting.host import ModelHost
from ml_service.hosting.intake import ModelIntake
from ml_service.hosting.loaded import CANARY
from ml_service.settings import Settings
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.career_models import CareerModels

MOST_OCR_THREADS = 4
"""The processors are not there for one scan alone."""


@dataclass(frozen=True, slots=True)
class TextEngine:
    """What reads documents and embeds their text: enough to train on."""

    reader: PooledReader
    encoder: AnyEncoder
    catalogue: Catalogue
    vocabulary: SkillVocabulary


@dataclass(frozen=True, slots=True)
class Engine(TextEngine):
    """What predicts as well, without a database: enough for evaluation."""

    host: ModelHost
    models: CareerModels
    next_occupations: NextOccupations
    analyse_resume: AnalyseResume


@asynccontextmanager
async def running_text_engine(settings: Settings) -> AsyncIterator[TextEngine]:
    """Reader processes, encoder and catalogue, loaded and warmed up.

    Raises ModelUnavailable or WeightsMismatch.
    """
    async with _starting(settings) as (reader, encoder, started):
        with announced("reading the occupation catalogue"):
            catalogue = await asyncio.to_thread(Catalogue.load, settings.catalogue_dir)
            names = catalogue.technologies()
            vocabulary = await asyncio.to_thread(SkillVocabulary, names)
        await started
        yield TextEngine(reader=reader, encoder=encoder, catalogue=catalogue, vocabulary=vocabulary)


@asynccontextmanager
async def _starting(
    settings: Settings,
) -> AsyncIterator[tuple[PooledReader, AnyEncoder, asyncio.Task[None]]]:
    """With the task that starts both; whoever uses them awaits that first."""
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(multiply_on_one_thread)
        encoder = await asyncio.to_thread(chosen_encoder, settings)
        stack.push_async_callback(encoder.close)
        reader = PooledReader(
            _limits(settings), workers=settings.parse_workers, ocr=_ocr_limits(settings)
        )
        stack.push_async_callback(reader.close)
        started = asyncio.create_task(_start(reader, encoder))
        stack.push_async_callback(_ended, started)  # nothing is closed while it starts
        yield reader, encoder, started


async def _start(reader: PooledReader, encoder: AnyEncoder) -> None:
    """At once what needs nothing of one another. Raises ModelUnavailable or WeightsMismatch."""
    steps = [
        asyncio.create_task(_announced("starting the reader processes", reader.start())),
        asyncio.create_task(_announced("loading the languages", _languages())),
        asyncio.create_task(_announced("loading the encoder", encoder.start())),
    ]
    try:
        await asyncio.gather(*steps)
    finally:
        await asyncio.wait(steps)


async def _languages() -> None:
    await asyncio.to_thread(load_language_model)
    await asyncio.to_thread(language_of, [CANARY])


async def _announced(step: str, work: Awaitable[None]) -> None:
    with announced(step):
        await work


async def _ended(started: asyncio.Task[None]) -> None:
    """Its failure is told where it is awaited."""
    await asyncio.wait([started])
    if not started.cancelled():
        started.exception()


@asynccontextmanager
async def running_engine(settings: Settings) -> AsyncIterator[Engine]:
    """The same, and the models. Raises ModelUnavailable, ModelNotFound or WeightsMismatch."""
    async with _starting(settings) as (reader, encoder, started), AsyncExitStack() as stack:
        with announced("reading what is known of occupations"):
            known = await asyncio.to_thread(begun_occupations.take, settings)
        await started
        with announced(f"loading the career model {settings.default_model}"):
            canary = await vector_of(CANARY, encoder, settings)
            host = model_host(settings, known.catalogue, canary)
            stack.push_async_callback(host.close)
            models = CareerModels(host, default=settings.default_model)
            await models.start(also=settings.preload_models)
        yield Engine(
            reader=reader,
            encoder=encoder,
            catalogue=known.catalogue,
            vocabulary=known.vocabulary,
            host=host,
            models=models,
            next_occupations=known.next_occupations,
            analyse_resume=AnalyseResume(
                reader=reader,
                encoder=encoder,
                models=models,
                next_occupations=known.next_occupations,
                vocabulary=known.vocabulary,
            ),
        )


@asynccontextmanager
async def running_intake(settings: Settings) -> AsyncIterator[ModelIntake]:
    """Into the folder of models, whether or not there is one yet that answers.

    Raises ModelUnavailable or WeightsMismatch.
    """
    async with running_text_engine(settings) as text, AsyncExitStack() as stack:
        canary = await vector_of(CANARY, text.encoder, settings)
        host = model_host(settings, text.catalogue, canary)
        stack.push_async_callback(host.close)
        yield model_intake(settings, host)


def _limits(settings: Settings) -> ReadingLimits:
    return ReadingLimits(
        max_pages=settings.max_pages,
        memory_bytes=settings.parse_memory_bytes,
        wall_s=settings.parse_timeout_s,
    )


def _ocr_limits(settings: Settings) -> OcrLimits | None:
    if not settings.ocr:
        return None
    return OcrLimits(
        wall_s=settings.ocr_timeout_s,
        memory_bytes=settings.ocr_memory_bytes,
        threads=min(settings.parse_workers, MOST_OCR_THREADS),
    )
