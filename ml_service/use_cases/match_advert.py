"""A resume against one job description: words first, then meaning for what words leave open."""

from __future__ import annotations

import asyncio

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.evidence import ResumeEvidence
from ml_service.domain.ats_report import JobDescriptionMatch
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.ports import Encoder
from ml_service.domain.prediction import MatchReason
from ml_service.matching import WordMatch, is_calibrated, met_by_meaning, statements_near
from ml_service.matching.statements import Statement


class MatchAdvert:
    """Compares redacted text and quotes what stands there."""

    def __init__(self, *, encoder: Encoder, vocabulary: SkillVocabulary) -> None:
        self._encoder = encoder
        self._vocabulary = vocabulary

    async def __call__(
        self, job_description: str, extracted: ExtractedText, evidence: ResumeEvidence
    ) -> tuple[JobDescriptionMatch | None, MatchReason | None]:
        """An advert that asks for nothing decidable is no reason to refuse the resume.

        Raises ModelUnavailable.
        """
        try:
            words = await asyncio.to_thread(self._by_words, job_description, extracted, evidence)
        except InvalidRequest:
            return None, "no_requirements_found"
        return words.completed(await self._by_meaning(words, evidence)), None

    def _by_words(
        self, job_description: str, extracted: ExtractedText, evidence: ResumeEvidence
    ) -> WordMatch:
        return WordMatch(
            job_description,
            lines=evidence.redacted.lines,
            find_skills=self._vocabulary.names_in,
            shown=extracted.lines,
        )

    async def _by_meaning(self, words: WordMatch, evidence: ResumeEvidence) -> dict[str, Statement]:
        """Apart from the passages: their vectors are the same with and without an advert."""
        if not words.open_phrases or not words.sentences or not is_calibrated(self._encoder.ref):
            return {}
        phrases = await self._encoder.embed_documents(words.open_phrases)
        near = statements_near(
            words.sentences,
            phrases.vectors,
            passages=evidence.vectors.vectors,
            passage_lines=[passage.lines for passage in evidence.passages],
        )
        told = await self._encoder.embed_documents([one.text for one in near])
        if not evidence.vectors.encoder == phrases.encoder == told.encoder:
            return {}  # Another encoder took over meanwhile: words decide alone.
        return met_by_meaning(
            words.open_phrases, near, phrase_vectors=phrases.vectors, statement_vectors=told.vectors
        )
