"""The whole story of an upload, from bytes to an explained prediction. Nothing is saved here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from ml_service.analysis.profile import PARSER_VERSION, profile_and_text
from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.report import score_resume
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.explanation import explain
from ml_service.career.passages import Passage, split_into_passages
from ml_service.career.predictor import AnyPredictor, AnySignals
from ml_service.career.transitions.model import NextOccupations
from ml_service.career.transitions.next_steps import next_steps
from ml_service.domain.ats_report import JobDescriptionMatch
from ml_service.domain.document import Document, ExtractedText, Line
from ml_service.domain.ports import DocumentReader, Embeddings, Encoder
from ml_service.domain.prediction import Analysis, CareerPrediction, MatchReason, ModelRef
from ml_service.domain.resume import RedactedText, ResumeProfile
from ml_service.use_cases.career_models import CareerModels
from ml_service.use_cases.match_advert import MatchAdvert
from ml_service.use_cases.stages import UNWATCHED, StageWatch, timed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ResumeUpload:
    """``document_date`` decides what "present" means. ``model`` is ``NAME`` or ``NAME@VERSION``,
    None asks for the default.
    """

    content: bytes
    filename: str
    document_date: date
    job_description: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class AnalysedResume:
    """The analysis with the lines and the evidence it rests on.

    ``predicted_in_s`` is what the model took for its answer.
    """

    analysis: Analysis
    lines: tuple[Line, ...]
    evidence: ResumeEvidence
    predicted_in_s: float = 0.0

    @property
    def vectors(self) -> Embeddings:
        """Of the passages: postings are ranked by them."""
        return self.evidence.vectors


class AnalyseResume:
    """The pure stages of all uploads share one thread beside the event loop.

    They hold the interpreter while they run, so that a second thread would only get in the way.
    """

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
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="analysis")
        self._match_advert = MatchAdvert(encoder=encoder, vocabulary=vocabulary)

    async def __call__(
        self, upload: ResumeUpload, *, by: ModelRef | None = None, watch: StageWatch = UNWATCHED
    ) -> AnalysedResume:
        """The whole journey, predicted ``by`` that very revision; None: what the upload asks for.

        Raises a DocumentRefused, ModelNotFound, ModelUnavailable or Overloaded.
        """
        # A model that is not there is refused before any stage.
        by = by or await self.choose(upload.model)
        document, extracted = await self.read(upload, watch=watch)
        return await self.analyse(upload, document, extracted, by=by, watch=watch)

    async def choose(self, model: str | None, *, who: str | None = None) -> ModelRef:
        """What answers ``who`` asks. Raises ModelNotFound or ModelUnavailable."""
        return await self._models.choose(model, who=who)

    async def model(self, model: str | None) -> AnyPredictor:
        """To look at. Raises ModelNotFound, ModelUnavailable or WeightsMismatch."""
        return await self._models.get(model)

    async def read(
        self, upload: ResumeUpload, *, watch: StageWatch = UNWATCHED
    ) -> tuple[Document, ExtractedText]:
        """Raises UnsupportedType, Corrupt or the like before the first stage where bytes tell."""
        document = await asyncio.to_thread(
            self._reader.identify, upload.content, filename=upload.filename
        )
        with timed(watch, "extract"):
            return document, await self._reader.read(document)

    async def analyse(
        self,
        upload: ResumeUpload,
        document: Document,
        extracted: ExtractedText,
        *,
        by: ModelRef,
        watch: StageWatch = UNWATCHED,
    ) -> AnalysedResume:
        """The stages after reading; the bulk of them pure and run off the event loop."""
        async with self._models.lease(by) as model:
            return await self._analysed_by(model, by, upload, document, extracted, watch)

    async def predict(
        self, extracted: ExtractedText, *, document_date: date, by: ModelRef
    ) -> CareerPrediction:
        """The stages up to the prediction: what it rests on is not told, nothing else is scored."""
        async with self._models.lease(by) as model:
            profile, redacted = await self._off_loop(
                lambda: self._profile(extracted, document_date)
            )
            passages = await self._off_loop(lambda: split_into_passages(redacted))
            evidence = await self._evidence(redacted, passages, profile)
            career, _ = await self._predicted(model, by, evidence, known={})
            return career

    async def _predicted(
        self, model: AnyPredictor, ref: ModelRef, evidence: ResumeEvidence, *, known: AnySignals
    ) -> tuple[CareerPrediction, float]:
        """With the seconds that it took; what was read for it is added to ``known``."""
        career, seconds = await self._off_loop(
            lambda: _clocked(lambda: model.predict(evidence, known=known))
        )
        self._models.note(ref, seconds=seconds)
        return replace(career, model=ref), seconds

    async def _analysed_by(
        self,
        model: AnyPredictor,
        ref: ModelRef,
        upload: ResumeUpload,
        document: Document,
        extracted: ExtractedText,
        watch: StageWatch,
    ) -> AnalysedResume:
        dated = upload.document_date
        with timed(watch, "analyse"):
            profile, redacted = await self._off_loop(lambda: self._profile(extracted, dated))
        with timed(watch, "redact"):
            passages = await self._off_loop(lambda: split_into_passages(redacted))
        with timed(watch, "embed"):
            evidence = await self._evidence(redacted, passages, profile)
        known: AnySignals = {}
        with timed(watch, "predict"):
            career, predicted_in_s = await self._predicted(model, ref, evidence, known=known)
        with timed(watch, "explain"):
            explanation, steps = await self._off_loop(
                lambda: (
                    explain(model, evidence, career, known=known),
                    next_steps(career, evidence, self._next_occupations),
                )
            )
        with timed(watch, "score"):
            ats = await self._off_loop(
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
            degraded_reason=evidence.vectors.degraded_reason,
        )
        return AnalysedResume(analysis, extracted.lines, evidence, predicted_in_s)

    async def _off_loop(self, work: Callable[[], T]) -> T:
        """Pure work of some milliseconds, for which the event loop never waits."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, copy_context().run, work)

    def _profile(
        self, extracted: ExtractedText, document_date: date
    ) -> tuple[ResumeProfile, RedactedText]:
        profile, redacted = profile_and_text(
            extracted, document_date=document_date, vocabulary=self._vocabulary
        )
        refuse_what_is_no_resume(extracted, profile)
        return profile, redacted

    async def _evidence(
        self, redacted: RedactedText, passages: tuple[Passage, ...], profile: ResumeProfile
    ) -> ResumeEvidence:
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


def _clocked(work: Callable[[], T]) -> tuple[T, float]:
    """Without the time that it waited for its turn."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began
