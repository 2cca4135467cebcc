"""What reads, embeds and predicts; no database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from ml_service.analysis.language import language_of
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.announcing import announced
from ml_service.bootstrap.encoder import local_encoder
from ml_service.bootstrap.models import career_models
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.transitions.model import FOLDER as NEXT_STEPS
from ml_service.career.transitions.model import NextOccupations
from ml_service.extraction.extractor import OcrLimits, PooledReader, ReadingLimits
from ml_service.inference.encoder import WARM_UP_TEXT, LocalEncoder
from ml_service.settings import Settings
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.career_models import CareerModels

MOST_OCR_THREADS = 4
"""The processors are not there for one scan alone."""


@dataclass(frozen=True, slots=True)
class TextEngine:
    """What reads documents and embeds their text: enough to train on."""

    reader: PooledReader
    encoder: LocalEncoder
    catalogue: Catalogue
    vocabulary: SkillVocabulary


@dataclass(frozen=True, slots=True)
class Engine(TextEngine):
    """What predicts as well, without a database: enough for evaluation."""

    models: CareerModels
    next_occupations: NextOccupations
    analyse_resume: AnalyseResume


@asynccontextmanager
async def running_text_engine(settings: Settings) -> AsyncIterator[TextEngine]:
    """Reader processes, encoder and catalogue, loaded and warmed up.

    Raises ModelUnavailable or WeightsMismatch.
    """
    async with AsyncExitStack() as stack:
        with announced("reading the occupation catalogue"):
            catalogue = await asyncio.to_thread(Catalogue.load, settings.catalogue_dir)
            vocabulary = await asyncio.to_thread(SkillVocabulary, catalogue.technologies())
        with announced("loading the encoder"):
            encoder = local_encoder(settings)
            stack.push_async_callback(encoder.close)
            await encoder.start()
        with announced("starting the reader processes"):
            reader = PooledReader(
                _limits(settings), workers=settings.parse_workers, ocr=_ocr_limits(settings)
            )
            stack.push_async_callback(reader.close)
            await reader.start()
            await asyncio.to_thread(language_of, [WARM_UP_TEXT])
        yield TextEngine(reader=reader, encoder=encoder, catalogue=catalogue, vocabulary=vocabulary)


@asynccontextmanager
async def running_engine(settings: Settings) -> AsyncIterator[Engine]:
    """The same, and the models. Raises ModelUnavailable, ModelNotFound or WeightsMismatch."""
    async with running_text_engine(settings) as text:
        next_occupations = await asyncio.to_thread(
            NextOccupations.load, settings.catalogue_dir / NEXT_STEPS, text.catalogue
        )
        with announced(f"loading the career model {settings.default_model}"):
            models = career_models(settings, text.catalogue)
            await models.start()
        yield Engine(
            reader=text.reader,
            encoder=text.encoder,
            catalogue=text.catalogue,
            vocabulary=text.vocabulary,
            models=models,
            next_occupations=next_occupations,
            analyse_resume=AnalyseResume(
                reader=text.reader,
                encoder=text.encoder,
                models=models,
                next_occupations=next_occupations,
                vocabulary=text.vocabulary,
            ),
        )


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
