"""The whole story of an upload, from bytes to an explained prediction. Nothing is saved here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from ml_service.analysis.profile import PARSER_VERSION, analyse_profile
from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.analysis.redaction import redact
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.report import score_resume
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.explanation import explain
from ml_service.career.passages import split_into_passages
from ml_service.career.predictor import AnyPredictor
from ml_service.career.transitions.model import NextOccupations
from ml_service.career.transitions.next_steps import next_steps
from ml_service.domain.ats_report import JobDescriptionMatch
from ml_service.domain.document import Document, ExtractedText, Line
from ml_service.domain.ports import DocumentReader, Embeddings, Encoder
from ml_service.domain.prediction import Analysis, MatchReason
from ml_service.domain.resume import RedactedText, ResumeProfile
from ml_service.use_cases.career_models import CareerModels
from ml_service.use_cases.match_advert import MatchAdvert
from ml_service.use_cases.stages import UNWATCHED, StageWatch, timed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ResumeUpload:
    """``document_date`` decides what "present" means; ``model_id`` None asks for the default."""

    content: bytes
    filename: str
    document_date: date
    job_description: str | None = None
    model_id: str | None = None


@dataclass(frozen=True, slots=True)
class AnalysedResume:
    """The analysis with the lines it rests on and the vectors that postings are ranked by."""

    analysis: Analysis
    lines: tuple[Line, ...]
    vectors: Embeddings


class AnalyseResume:
    def __init__(
        self,
        *,
        reader: DocumentReader,
        encoder: Encoder,
        models: CareerModels,
        next_occupations: NextOccupations,
        vocabulary: SkillVocabulary,
    ) -> None:
        self._reader = reader
        self._encoder = encoder
        self._models = models
        self._next_occupations = next_occupations
        self._vocabulary = vocabulary
        self._match_advert = MatchAdvert(encoder=encoder, vocabulary=vocabulary)

    async def __call__(
        self, upload: ResumeUpload, *, watch: StageWatch = UNWATCHED
    ) -> AnalysedResume:
        """Raises a DocumentRefused, ModelNotFound, ModelUnavailable or Overloaded."""
        await self.model(upload.model_id)  # one that is not there is refused before any stage
        document, extracted = await self.read(upload, watch=watch)
        return await self.analyse(upload, document, extracted, watch=watch)

    async def model(self, model_id: str | None) -> AnyPredictor:
        """None asks for the default. Raises ModelNotFound, ModelUnavailable, WeightsMismatch."""
        return await self._models.get(model_id)

    async def read(
        self, upload: ResumeUpload, *, watch: StageWatch = UNWATCHED
    ) -> tuple[Document, ExtractedText]:
        """Raises UnsupportedType, Corrupt or the like before the first stage where bytes tell."""
        document = await _off_loop(
            lambda: self._reader.identify(upload.content, filename=upload.filename)
        )
        with timed(watch, "extract"):
            return document, await self._reader.read(document)

    async def analyse(
        self,
        upload: ResumeUpload,
        document: Document,
        extracted: ExtractedText,
        *,
        watch: StageWatch = UNWATCHED,
    ) -> AnalysedResume:
        """The stages after reading; the bulk of them pure and run off the event loop."""
        model, dated = await self.model(upload.model_id), upload.document_date
        with timed(watch, "analyse"):
            profile = await _off_loop(lambda: self._profile(extracted, dated))
        with timed(watch, "redact"):
            redacted = await _off_loop(lambda: redact(extracted, profile))
        with timed(watch, "embed"):
            evidence = await self._evidence(redacted, profile)
        with timed(watch, "predict"):
            career = await _off_loop(lambda: model.predict(evidence))
        with timed(watch, "explain"):
            explanation = await _off_loop(lambda: explain(model, evidence, career))
            steps = await _off_loop(lambda: next_steps(career, evidence, self._next_occupations))
        with timed(watch, "score"):
            ats = await _off_loop(
                lambda: score_resume(extracted, profile, redacted=redacted, document_date=dated)
            )
            match, match_reason = await self._match(upload, extracted, evidence)
        analysis = Analysis(
            resume_filename=document.filename,
            document_sha256=document.sha256,
            document_date=dated,
            reading=extracted.reading,
            profile=profile,
            career=career,
            explanation=explanation,
            next_steps=steps,
            ats=ats,
            match=match,
            parser_version=PARSER_VERSION,
            match_reason=match_reason,
            n_pages=extracted.n_pages,
        )
        return AnalysedResume(analysis=analysis, lines=extracted.lines, vectors=evidence.vectors)

    def _profile(self, extracted: ExtractedText, document_date: date) -> ResumeProfile:
        profile = analyse_profile(
            extracted, document_date=document_date, vocabulary=self._vocabulary
        )
        refuse_what_is_no_resume(extracted, profile)
        return profile

    async def _evidence(self, redacted: RedactedText, profile: ResumeProfile) -> ResumeEvidence:
        passages = split_into_passages(redacted)
        vectors = await self._encoder.embed_documents([passage.text for passage in passages])
        return ResumeEvidence(
            passages=passages, vectors=vectors, redacted=redacted, profile=profile
        )

    async def _match(
        self, upload: ResumeUpload, extracted: ExtractedText, evidence: ResumeEvidence
    ) -> tuple[JobDescriptionMatch | None, MatchReason | None]:
        if upload.job_description is None:
            return None, None
        return await self._match_advert(upload.job_description, extracted, evidence)


async def _off_loop(work: Callable[[], T]) -> T:
    """Pure work of some milliseconds, in a thread: the event loop never waits on it."""
    return await asyncio.to_thread(work)
